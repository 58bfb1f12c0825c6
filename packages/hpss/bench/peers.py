"""What bench.mjs measures against: librosa and scipy, on one thread.

    peers.py track MUSIC OUT.npy    the music, repeated to 240 s at 22.05 kHz
    peers.py times OUT.npy          processor times in milliseconds, as JSON
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time

import librosa
import numpy as np
import scipy
import scipy.ndimage


def best(run, rounds=3):
    least = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        run()
        least = min(least, time.process_time() - start)
    return least * 1000


if sys.argv[1] == "track":
    y, _ = librosa.load(sys.argv[2], sr=22050, mono=True)
    np.save(sys.argv[3], np.resize(y, 240 * 22050).astype(np.float32))
else:
    y = np.load(sys.argv[2])
    D = librosa.stft(y)
    M = np.random.default_rng(1).random((1025, 1292)).astype(np.float32)
    median = lambda size: lambda: scipy.ndimage.median_filter(M, size=size, mode="reflect")
    times = {
        "hpss 240 s": best(lambda: librosa.effects.hpss(y), 1),
        "hpss 240 s, margin (1, 5)": best(lambda: librosa.effects.hpss(y, margin=(1.0, 5.0)), 1),
        "median 31 along rows, 1025 x 1292": best(median((1, 31)), 1),
        "median 31 along columns, 1025 x 1292": best(median((31, 1)), 1),
        "stft 240 s": best(lambda: librosa.stft(y)),
        "istft 240 s": best(lambda: librosa.istft(D, length=len(y))),
    }
    versions = f"librosa {librosa.__version__}, scipy {scipy.__version__}, numpy {np.__version__}"
    json.dump({"times": times, "versions": versions}, sys.stdout)
