"""Times ours against librosa on the same input, one thread each, and ours on all cores; seconds and ratios.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 python scripts/speed.py [RECORDINGS]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import librosa
import numpy as np

import auralis_dsp

RECORDINGS = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[4] / "shared" / "data")
SECONDS = 240


def track(rate: int) -> np.ndarray:
    parts = [librosa.load(path, sr=rate)[0] for path in sorted((RECORDINGS / "music").glob("*.ogg"))]
    return np.resize(np.concatenate(parts), SECONDS * rate)


def best(call: Callable[[], Any], times: int) -> float:
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return min(spent)


def main() -> None:
    y22, y44 = track(22050), track(44100)
    minute = y22[: 60 * 22050]
    work = [
        ("stft", librosa.stft, auralis_dsp.stft, (y22,), {}),
        ("effects.hpss", librosa.effects.hpss, auralis_dsp.hpss, (y22,), {}),
        ("yin, 44.1 kHz", librosa.yin, auralis_dsp.yin, (y44,), {"fmin": 50, "fmax": 2000, "sr": 44100}),
        ("pyin, 60 s", librosa.pyin, auralis_dsp.pyin, (minute,), {"fmin": 65, "fmax": 2093}),
        ("chroma_cqt", librosa.feature.chroma_cqt, auralis_dsp.chroma_cqt, (), {"y": y22}),
        ("chroma_stft", librosa.feature.chroma_stft, auralis_dsp.chroma_stft, (), {"y": y22}),
        ("melspectrogram", librosa.feature.melspectrogram, auralis_dsp.melspectrogram, (), {"y": y22}),
        ("mfcc", librosa.feature.mfcc, auralis_dsp.mfcc, (), {"y": y22}),
        ("cqt", librosa.cqt, auralis_dsp.cqt, (y22,), {}),
    ]
    print("| function | librosa, s | ours, s | times as fast | all cores, s |\n|---|---|---|---|---|")
    for name, theirs, ours, arguments, options in work:
        slow = best(lambda: theirs(*arguments, **options), 1 if name.startswith("pyin") else 2)
        auralis_dsp.set_num_threads(1)
        fast = best(lambda: ours(*arguments, **options), 5)
        auralis_dsp.set_num_threads(None)
        wide = best(lambda: ours(*arguments, **options), 5)
        print(f"| {name} | {slow:.2f} | {fast:.3f} | {slow / fast:.1f} | {wide:.3f} |", flush=True)


if __name__ == "__main__":
    main()
