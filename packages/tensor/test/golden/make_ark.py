"""Writes kaldiio.ark (binary), kaldiio.txt (text) and compressed-ark.npz by kaldiio 2, for the tests of readArk and writeArk.

    pip install numpy==2.4.6 kaldiio==2.18.1
"""

from importlib.metadata import version
from pathlib import Path

import kaldiio
import numpy as np

here = Path(__file__).parent
entries = {
    "matrix": np.array([[0.1, -2.5, 3e-9], [4.0, 1e10, -0.0]], np.float32),
    "wide": np.array([[1 / 3], [2 / 3]], np.float64),
    "vector": np.array([1.5, -2.25, 3.125], np.float32),
}
kaldiio.save_ark(str(here / "kaldiio.ark"), entries)
kaldiio.save_ark(str(here / "kaldiio.txt"), {k: v for k, v in entries.items() if k != "wide"}, text=True)

METHODS = [
    "automatic", "speech-feature", "two-byte-auto", "two-byte-signed-integer",
    "one-byte-auto", "one-byte-unsigned-integer", "one-byte-zero-one",
]
rng = np.random.default_rng(20261127)
shapes = {"long": (97, 7), "nine": (9, 3), "eight": (8, 3), "four": (4, 2), "column": (31, 1), "same": (6, 2)}


def matrix(name, method):
    x = rng.standard_normal(shapes[name])
    if name == "same":
        x = np.full(shapes[name], 0.5)
    elif method == "two-byte-signed-integer":
        x = x * 9000
    elif method == "one-byte-unsigned-integer":
        x = rng.uniform(0, 255, shapes[name])
    elif method == "one-byte-zero-one":
        x = rng.uniform(0, 1, shapes[name])
    else:
        x = x * 5 - 12
    return x.astype(np.float32)


arrays = {"versions": np.array([f"kaldiio {version('kaldiio')}", f"numpy {version('numpy')}"])}
mixed = here / "mixed.ark"
mixed.unlink(missing_ok=True)
for number, method in enumerate(METHODS, 1):
    path = here / "one.ark"
    inputs = {name: matrix(name, method) for name in shapes}
    kaldiio.save_ark(str(path), inputs, compression_method=number)
    arrays[method] = np.frombuffer(path.read_bytes(), np.uint8)
    for name, x in kaldiio.load_ark(str(path)):
        arrays[f"{method}/{name}/in"] = inputs[name]
        arrays[f"{method}/{name}/out"] = x.astype(np.float32)
    path.unlink()
    kaldiio.save_ark(str(mixed), {f"{method}-nine": inputs["nine"]}, append=True, compression_method=number)
    kaldiio.save_ark(str(mixed), {f"{method}-plain": inputs["four"]}, append=True)
arrays["mixed"] = np.frombuffer(mixed.read_bytes(), np.uint8)
for name, x in kaldiio.load_ark(str(mixed)):
    arrays[f"mixed/{name}/out"] = x.astype(np.float32)
mixed.unlink()
np.savez_compressed(here / "compressed-ark.npz", **arrays)
