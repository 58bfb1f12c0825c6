"""Measures an exported model directory with greedy decoding, and that sherpa-onnx reads the same text.

    python evaluate.py [--model ../models/an4] [--set test|unheard|dev|synth] [--ours-only] [--write]

`test` is AN4's test split (65 utterances of 5 speakers that no training saw), `unheard` its sentences in espeak-ng
voices that training never heard. `synth` (150 sentences in such voices at many rates and pitches) and `dev` (AN4's
held-out training speakers) served to choose the exported weights. `--write` puts the word error rates into the
model's config.json.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from data import synthesized, test_set, train_and_dev
from decode import edits, word_error_rate
from export import MODEL
from features import SAMPLE_RATE, fbank

SETS = {
    "test": test_set,
    "unheard": lambda: synthesized("unheard"),
    "synth": lambda: synthesized("dev"),
    "dev": lambda: train_and_dev()[1],
}
NAMES = {"test": "an4Test", "unheard": "espeakUnheard", "synth": "espeakHeldOut", "dev": "an4HeldOut"}


class Greedy:
    """sherpa-onnx's greedy search, at most one token per frame, over the three ONNX files."""

    def __init__(self, folder: Path, threads: int = 1):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.encoder, self.decoder, self.joiner = (
            onnxruntime.InferenceSession(folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
            for name in ("encoder", "decoder", "joiner")
        )
        self.context = int(self.decoder.get_modelmeta().custom_metadata_map["context_size"])
        lines = (folder / "tokens.txt").read_text(encoding="utf-8").splitlines()
        self.tokens = [line.rsplit(" ", 1)[0] for line in lines]

    def __call__(self, samples: np.ndarray) -> str:
        x = fbank(torch.from_numpy(samples)).numpy()[None]
        encoded, _ = self.encoder.run(None, {"x": x, "x_lens": np.array([x.shape[1]])})
        history = [-1] * (self.context - 1) + [0]
        (decoded,) = self.decoder.run(None, {"y": np.array([history[-self.context :]])})
        for frame in encoded[0]:
            (logit,) = self.joiner.run(None, {"encoder_out": frame[None], "decoder_out": decoded})
            token = int(logit[0].argmax())
            if token:
                history.append(token)
                (decoded,) = self.decoder.run(None, {"y": np.array([history[-self.context :]])})
        return "".join(self.tokens[i] for i in history[self.context :]).replace("\u2581", " ").strip()


class Sherpa:
    """The same directory through sherpa-onnx itself: its features, its search."""

    def __init__(self, folder: Path):
        import sherpa_onnx

        files = {name: str(folder / f"{name}.onnx") for name in ("encoder", "decoder", "joiner")}
        self.recognizer = sherpa_onnx.OfflineRecognizer.from_transducer(
            **files, tokens=str(folder / "tokens.txt"), num_threads=1, decoding_method="greedy_search"
        )

    def __call__(self, samples: np.ndarray) -> str:
        stream = self.recognizer.create_stream()
        stream.accept_waveform(SAMPLE_RATE, samples)
        self.recognizer.decode_stream(stream)
        return stream.result.text.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--set", choices=list(SETS), action="append")
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print the wrong utterances")
    args = parser.parse_args()
    torch.set_num_threads(1)
    recognizers = {"onnx": Greedy(args.model)}
    if not args.ours_only:
        recognizers["sherpa-onnx"] = Sherpa(args.model)
    rates = {}
    for name in args.set or list(SETS):
        utterances = SETS[name]()
        references = [u.text for u in utterances]
        audio = [u.samples[0].astype(np.float32) / 32768 for u in utterances]
        texts = {}
        for label, recognize in recognizers.items():
            began = time.time()
            texts[label] = [recognize(samples) for samples in audio]
            seconds = time.time() - began
            rate = word_error_rate(references, texts[label])
            factor = seconds * SAMPLE_RATE / sum(map(len, audio))
            print(
                f"{name:6s} {label:12s} WER {100 * rate:5.2f} %  {len(audio)} utterances, real-time factor {factor:.4f}"
            )
        rates[NAMES[name]] = round(word_error_rate(references, texts["onnx"]), 4)
        if len(texts) == 2:
            differ = sum(a != b for a, b in zip(*texts.values(), strict=True))
            print(f"{name:6s} {differ} utterances differ between the two")
        if args.errors:
            for utterance, text in zip(utterances, texts["onnx"], strict=True):
                if edits(utterance.text.split(), text.split()):
                    print(f"  {utterance.name} {utterance.speaker}\n    said  {utterance.text}\n    heard {text}")
    if args.write:
        path = args.model / "config.json"
        config = json.loads(path.read_text(encoding="utf-8"))
        config["wer"] = {**config.get("wer", {}), **rates}
        path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
