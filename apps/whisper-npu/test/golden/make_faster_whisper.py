"""Writes faster-whisper.json: the tokens of faster-whisper where it is fed our features instead of its own.

    python make_faster_whisper.py DATA TINY_EN BASE

DATA is the folder of recordings (see ../../../../CONTRIBUTING.md), the others are faster-whisper directories with their
vocabulary.txt. Our features come from
`dsp features --kind whisper`, for which the command line must be built. faster-whisper's own extractor pads with zeros after the
logarithm, which changes a text here and there; everything behind it is its own: encoder, decoder and rules of CTranslate2, greedy.
Made with faster-whisper 1.2.1, ctranslate2 4.8.5 and numpy 2.4.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile

import ctranslate2
import faster_whisper
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
DSP = os.path.join(HERE, "../../../cli/bin/dsp.js")
RATE = 16000


def features_of(path):
    """Our features of a window, `[80, 3000]`."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "features.npy")
        options = ["--kind", "whisper", "--rate", str(RATE), "--out", out]
        subprocess.run(["node", DSP, "features", path, *options], check=True, capture_output=True)
        return np.load(out)


class Ours:
    """Stands in for faster-whisper's feature extractor."""

    def __init__(self, original, features):
        self.__dict__.update(original.__dict__)
        # the last frame is its padding, which it takes away again
        self.features = np.concatenate([features, features[:, -1:]], axis=1)

    def __call__(self, audio, *_, **__):
        return self.features


def main(data, *folders):
    files = [entry["file"] for entry in json.load(open(os.path.join(HERE, "tokens.json")))["models"]["tiny.en"]]
    golden = {"versions": {"faster-whisper": faster_whisper.__version__, "ctranslate2": ctranslate2.__version__}}
    golden["models"] = {}
    inputs = {file: features_of(os.path.join(data, file)) for file in files}
    for model_name, folder in zip(("tiny.en", "base"), folders):
        model = faster_whisper.WhisperModel(folder, device="cpu", compute_type="float32", cpu_threads=1)
        original = model.feature_extractor
        golden["models"][model_name] = results = []
        for file, features in inputs.items():
            assert features.shape == (80, 3000), features.shape
            model.feature_extractor = Ours(original, features)
            entry = {"file": file}
            for timestamps in (False, True):
                segments, _ = model.transcribe(
                    np.zeros(30 * RATE, np.float32),
                    language="en",
                    beam_size=1,
                    temperature=0,
                    without_timestamps=not timestamps,
                    condition_on_previous_text=False,
                )
                # what it hears again begins later
                first = itertools.takewhile(lambda segment: segment.seek == 0, segments)
                tokens = [token for segment in first for token in segment.tokens]
                entry["timestamps" if timestamps else "plain"] = tokens
            results.append(entry)
            print(model_name, file, len(entry["plain"]), flush=True)
    with open(os.path.join(HERE, "faster-whisper.json"), "w") as out:
        body = json.dumps(golden, separators=(",", ":"))
        out.write(body.replace('{"file"', '\n{"file"') + "\n")


main(*sys.argv[1:])
