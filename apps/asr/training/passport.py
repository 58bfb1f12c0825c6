"""dsp.json, a model's passport: its front end, and what the features look like that it was trained on.

The form is that of @dsp/asr (src/passport/passport.ts), which reads it and warns where a recording is far from it. Both
training folders of the repository use this file. Needs numpy only.
"""

import json
import os
import re
from pathlib import Path

import numpy as np


class Spread:
    """Mean and deviation of numbers, or of arrays of them, that come one by one (Welford 1962)."""

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, value) -> None:
        self.count += 1
        step = value - self.mean
        self.mean = self.mean + step / self.count
        self.squares = self.squares + step * (value - self.mean)

    def std(self):
        return np.sqrt(self.squares / max(1, self.count - 1))


class Statistics:
    """The statistics of a passport, of recordings that come one by one."""

    def __init__(self, bins: int) -> None:
        self.bins, self.frames = bins, 0
        self.mean, self.squares = np.zeros(bins), np.zeros(bins)
        self.level, self.shape, self.spread, self.blanks = Spread(), Spread(), Spread(), Spread()

    def add(self, features: np.ndarray) -> None:
        """Takes a recording's features `[frames, bins]`. Frames of equal bins (digital silence) do not count."""
        features = np.asarray(features, np.float64)
        if features.ndim != 2 or features.shape[1] != self.bins:
            raise ValueError(f"features must have the shape [frames, {self.bins}], got {list(features.shape)}")
        if not np.isfinite(features).all():
            raise ValueError("features must be finite")
        if self.bins > 1:
            features = features[(features != features[:, :1]).any(axis=1)]
        count = len(features)
        if count == 0:
            return
        mean, squares = features.mean(axis=0), features.var(axis=0) * count
        step, total = mean - self.mean, self.frames + count
        self.squares += squares + step**2 * (self.frames * count / total)
        self.mean += step * (count / total)
        self.frames = total
        self.level.add(mean.mean())
        self.shape.add(mean - mean.mean())
        self.spread.add(np.sqrt(squares / count).mean())

    def add_outputs(self, blanks: int, outputs: int) -> None:
        """Takes how many of a recording's outputs are blank."""
        if outputs > 0:
            self.blanks.add(blanks / outputs)

    def passport(self, sample_rate: int, front_end: dict, normalize: str = "none") -> dict:
        """The passport. `front_end`: `kind`, `options` and `logZeroGuard` (None for the front end's own floor)."""
        if self.level.count == 0:
            raise ValueError("there are no recordings but digital silence")
        return {
            "format": "dsp-passport",
            "version": 1,
            "sampleRate": sample_rate,
            "frontEnd": {"logZeroGuard": None} | front_end,
            "normalize": normalize,
            "features": {
                "frames": self.frames,
                "mean": _short(self.mean),
                "std": _short(np.sqrt(np.maximum(self.squares, 0) / self.frames)),
            },
            "recordings": {
                "count": self.level.count,
                "level": _pair(self.level),
                "shape": _pair(self.shape),
                "spread": _pair(self.spread),
                "blanks": _pair(self.blanks) if self.blanks.count else None,
            },
        }


def _short(value):
    return [_short(v) for v in value] if np.ndim(value) else float(f"{float(value):.6g}")


def _pair(spread: Spread) -> dict:
    return {"mean": _short(spread.mean), "std": _short(np.broadcast_to(spread.std(), np.shape(spread.mean)))}


def text_of(passport: dict) -> str:
    text = json.dumps(passport, indent=2, allow_nan=False)
    # each list on one line
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda match: "[" + " ".join(match[1].split()) + "]", text) + "\n"


def write(folder: Path, passport: dict) -> None:
    """Writes `dsp.json` into a model's folder, whole or not at all."""
    part = folder / "dsp.json.part"
    part.write_text(text_of(passport), encoding="utf-8")
    os.replace(part, folder / "dsp.json")
