"""Whisper, from samples at 16 kHz to text, by the weights of a faster-whisper directory."""

import os
from importlib.metadata import version

import numpy as np
from peers import peer


@peer("whisper-text:graphs")
def graphs(params, threads):
    """No contestant: writes the directory that transformers.js reads."""
    from whisper_graphs import Model

    folder = os.path.join(params["folder"], "whisper-transformers-js")
    return version("onnx"), lambda: Model(params["model"]).for_transformers_js(folder), lambda _: [folder]


@peer("whisper-text:sherpa-onnx")
def sherpa(params, threads):
    import sherpa_onnx
    from whisper_graphs import Model

    folder = os.path.join(params["folder"], "whisper-sherpa-onnx")
    Model(params["model"]).for_sherpa_onnx(folder)
    recognizer = sherpa_onnx.OfflineRecognizer.from_whisper(
        encoder=f"{folder}/encoder.onnx",
        decoder=f"{folder}/decoder.onnx",
        tokens=f"{folder}/tokens.txt",
        language="en",
        num_threads=threads,
        tail_paddings=params.get("padding", -1),
    )
    recordings = [np.fromfile(path, dtype="float32") for path in params["recordings"]]

    def transcribe(x):
        stream = recognizer.create_stream()
        stream.accept_waveform(16000, x)
        recognizer.decode_stream(stream)
        return stream.result.text

    return version("sherpa-onnx"), lambda: [transcribe(x) for x in recordings], lambda value: value
