"""Calls every function many times on a short sound, with a wrong call now and then, and prints a line of JSON for each: the
resident bytes of the process when warm, at most, and after the last call.

    python scripts/memory.py [CALLS] [FUNCTION...]
"""

from __future__ import annotations

import gc
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import auralis_dsp

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from calls import CALLS  # noqa: E402  (after the path)

PAGE = 4096


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def many(call: Callable[[np.ndarray], Any], y: np.ndarray, wrong: np.ndarray, times: int) -> int:
    most = 0
    step = max(1, times // 100)
    for i in range(times):
        call(y)
        if i % step == 0:
            try:
                call(wrong)
            except ValueError:
                most = max(most, resident())
            else:
                raise AssertionError("NaN was taken")
    return most


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    auralis_dsp.set_num_threads(1)
    warnings.simplefilter("ignore")
    y = np.sin(np.arange(600) * 0.13) * 0.3
    wrong = np.full(600, np.nan)
    for name, call in CALLS.items():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        many(call, y, wrong, -(-times // 10))
        gc.collect()
        before = resident()
        start = time.perf_counter()
        peak = many(call, y, wrong, times)
        milliseconds = (time.perf_counter() - start) * 1000
        gc.collect()
        looks = {"before": {"resident": before}, "peak": peak, "after": {"resident": resident()}}
        print(json.dumps({"name": name, "calls": times, **looks, "milliseconds": milliseconds}), flush=True)


if __name__ == "__main__":
    main()
