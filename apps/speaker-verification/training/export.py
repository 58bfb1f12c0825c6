"""Writes a trained encoder as @dsp/sincnet loads it: `python export.py runs/NAME`.

`frames.onnx`, `head.onnx`, `speaker-encoder.json` and `dsp.json`, its passport (levels.py), go to
packages/sincnet/model. ONNX Runtime's embeddings are compared with PyTorch's, in one piece and in streamed stretches,
before anything is written.
"""

import argparse
import hashlib
import json
import pickle
from pathlib import Path

import numpy as np
import torch
from torch import nn

from calibrate import REPEAT, calibrate
from data import Pack
from fold import fold
from levels import passport_module, passport_of
from model import TEACHER, Encoder, Shape, build
from onnx_graph import frames_model, head_model
from paths import MODEL, PACK
from samples import RATE
from sinc import HOP, TAPS, initial_cutoffs

TOLERANCE = 1e-4  # of unit embeddings, by a network of the same weights
COSINE = 0.999  # at least, to the network before its weights are rounded to half precision
TOKEN = 9  # frames


def load(folder: Path) -> tuple[nn.Module, dict]:
    """The encoder of a run's `weights.pt` and what is known about the run."""
    path = folder / "weights.pt" if folder.is_dir() else folder
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        encoder = build(Shape(**saved["shape"]))
        encoder.load_state_dict(saved["encoder"])
    except (KeyError, TypeError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        raise SystemExit(f"{path} holds no encoder of this training: {type(error).__name__} {error}") from None
    return encoder.float().eval(), saved["facts"]


def context_frames(shape: Shape) -> int:
    """Frames on each side that a token depends on, in whole tokens."""
    tokens = shape.blocks * (shape.identity_kernel // 2 + shape.token_kernel // 2)
    return (tokens + 1) * TOKEN


def merge(parts: list[list[np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation from the sums of several stretches."""
    high = np.max([peak for peak, *_ in parts], axis=0)
    weight, first, second = (sum(p[i] * np.exp(p[0] - high) for p in parts) for i in (1, 2, 3))
    mean = first / weight
    return mean, np.sqrt(np.maximum(second / weight - mean**2, 1e-6))


class Runtime:
    """The two graphs in ONNX Runtime."""

    def __init__(self, frames: bytes, head: bytes, context: int) -> None:
        import onnxruntime

        self.frames, self.head = (onnxruntime.InferenceSession(graph) for graph in (frames, head))
        self.context = context

    def sums(self, features: np.ndarray, start: int, end: int) -> list[np.ndarray]:
        return self.frames.run(None, {"features": features, "start": np.array([start]), "end": np.array([end])})

    def embed(self, features: np.ndarray) -> np.ndarray:
        return self.finish([self.sums(features, 0, features.shape[2] // 3 // 3)])

    def finish(self, parts: list[list[np.ndarray]]) -> np.ndarray:
        mean, deviation = merge(parts)
        return self.head.run(None, {"mean": mean, "deviation": deviation})[0]

    def embed_streamed(self, features: np.ndarray, tokens: int) -> np.ndarray:
        """In stretches of so many tokens, each with its context."""
        total, parts = features.shape[2] // 9, []
        for first in range(0, total, tokens):
            last = min(first + tokens, total)
            low = max(0, first - self.context // TOKEN)
            high = features.shape[2] if last == total else min(last * TOKEN + self.context, features.shape[2])
            parts.append(self.sums(features[:, :, low * TOKEN : high], first - low, last - low))
        return self.finish(parts)


def check(encoder: Encoder, runtime: Runtime) -> tuple[float, float]:
    """The largest difference and the smallest cosine of unit embeddings between PyTorch and ONNX Runtime."""
    torch.manual_seed(0)
    difference, cosine = 0.0, 1.0
    for seconds in (0.5, 2.0, 3.01, 13.7):
        samples = torch.randn(2, int(seconds * RATE)) * 0.05
        with torch.inference_mode():
            features = encoder.features(samples)
            wanted = torch.nn.functional.normalize(encoder(samples), dim=1).numpy()
        for found in (runtime.embed(features.numpy()), runtime.embed_streamed(features.numpy(), 30)):
            found = found / np.linalg.norm(found, axis=1, keepdims=True)
            difference = max(difference, float(np.abs(found - wanted).max()))
            cosine = min(cosine, float((found * wanted).sum(axis=1).min()))
    return difference, cosine


def description(encoder: Encoder, facts: dict, threshold: float, calibration: dict, hashes: dict) -> dict:
    shape, numbers = encoder.shape, {}
    if shape.kind != "mel":
        low, band = encoder.front.hertz()
        first, width = initial_cutoffs()
        numbers = {"low": low, "band": band, "initialLow": first, "initialBand": width}
        numbers = {name: [round(float(x), 6) for x in value] for name, value in numbers.items()}
    return {
        "format": 1,
        "name": facts["name"],
        "kind": shape.kind,
        "sampleRate": RATE,
        "taps": TAPS,
        "hop": HOP,
        **numbers,
        "channels": shape.pooled,
        "embedding": shape.embedding,
        "contextFrames": context_frames(shape),
        "framesPerToken": TOKEN,
        "minimumFrames": TOKEN,
        "repeatSamples": REPEAT,
        "threshold": threshold,
        "calibration": calibration,
        "parameters": sum(encoder.parts().values()),
        "trained": f"{facts['step']} steps",
        "sha256": hashes,
    }


def graphs(folded: Encoder) -> dict[str, bytes]:
    models = {"frames.onnx": frames_model(folded), "head.onnx": head_model(folded)}
    return {name: model.SerializeToString() for name, model in models.items()}


def export(encoder: Encoder, facts: dict, out: Path, threshold: float, calibration: dict) -> tuple[float, float]:
    """Writes the three files; the graphs' difference from PyTorch, and their cosine to the network before rounding."""
    folded = fold(encoder)
    blobs = graphs(folded)
    runtime = Runtime(*blobs.values(), context_frames(encoder.shape))
    difference, _ = check(folded, runtime)
    if not difference <= TOLERANCE:
        raise SystemExit(f"ONNX Runtime differs from PyTorch by {difference:.2g}, which is more than {TOLERANCE:g}")
    _, cosine = check(encoder, runtime)
    if not cosine >= COSINE:
        raise SystemExit(f"rounding to half precision leaves a cosine of {cosine:.5f}, less than {COSINE}")
    out.mkdir(parents=True, exist_ok=True)
    for name, blob in blobs.items():
        (out / name).write_bytes(blob)
    hashes = {name: hashlib.sha256(blob).hexdigest() for name, blob in blobs.items()}
    content = description(encoder, facts, threshold, calibration, hashes)
    (out / "speaker-encoder.json").write_text(json.dumps(content, indent=2) + "\n")
    return difference, cosine


def write_golden(encoder: Encoder, path: Path) -> None:
    """Waveforms and PyTorch's unit embeddings of them, for the package's test."""
    rng = np.random.default_rng(1)
    folded, arrays = fold(encoder), {}
    for number, size in enumerate((4000, 20000, 40000)):
        time = np.arange(size) / RATE
        tone = 0.1 * np.sin(2 * np.pi * (200 + 150 * number) * time * (1 + 0.1 * time))
        wave = (tone + 0.02 * rng.standard_normal(size)).astype(np.float32)
        with torch.inference_mode():
            found = folded(torch.from_numpy(np.resize(wave, max(size, REPEAT)))[None])
        arrays |= {f"wave{number}": wave, f"embedding{number}": torch.nn.functional.normalize(found, dim=1)[0].numpy()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--pack", type=Path, default=PACK, help="the pack whose set-aside speakers calibrate the threshold")
    parser.add_argument("--name", help="the model's name (default: the run's)")
    parser.add_argument("--golden", type=Path, help="write waveforms and their embeddings here, for the package's test")
    args = parser.parse_args()
    torch.set_num_threads(1)  # clips come one at a time, which is too little for two
    encoder, facts = load(args.run)
    if encoder.shape.kind == TEACHER:
        raise SystemExit(f"{args.run} is a teacher: it is distilled from (teacher.py --run), never shipped")
    facts["name"] = args.name or facts["name"]
    pack = Pack(args.pack, "cpu", (100,), teacher=False)
    threshold, calibration, rates = calibrate(encoder, pack)
    difference, cosine = export(encoder, facts, args.out, threshold, calibration)
    passport_module().write(args.out, passport_of(encoder, pack))
    if args.golden:
        write_golden(encoder, args.golden)
    print(
        f"wrote {args.out}: within {difference:.2g} of PyTorch, and a cosine of {cosine:.6f} to the unrounded network"
    )
    print(f"threshold {threshold:.4f}; equal error rates of the calibration speakers: {rates}")


if __name__ == "__main__":
    main()
