"""Writes kaldiio.ark (binary) and kaldiio.txt (text) by kaldiio 2, for the test of readArk and writeArk."""

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
