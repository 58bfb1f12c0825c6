"""The NPU's front end in fixed point: our C kernel and the same steps around other transforms (`../q15/q15.c`), called a batch at a time."""

import ctypes
import os

import numpy as np
from peers import peer

FRAME, FILTERS = 400, 80
LIBRARY = os.path.join(os.path.dirname(__file__), "..", "q15", "build", "libq15.so")


def library():
    if not os.path.exists(LIBRARY):
        raise ImportError("peers/q15 is not built")
    loaded = ctypes.CDLL(LIBRARY)
    failed = loaded.bench_q15_prepare()
    if failed:
        raise RuntimeError(f"bench_q15_prepare: {failed}")
    return loaded


def q15(name, version):
    @peer(f"q15:{name}")
    def make(params, threads):
        frames = np.fromfile(params["frames"], dtype="int16").reshape(-1, FRAME)
        codes = np.zeros((len(frames), FILTERS), dtype="int16")
        function = getattr(library(), f"bench_q15_{name}")
        given = frames.ctypes.data_as(ctypes.c_void_p), ctypes.c_int32(len(frames)), codes.ctypes.data_as(ctypes.c_void_p)
        return version, lambda: (function(*given), frames), lambda _: codes / np.float32(256)


q15("ours", "0.1.0")
q15("kiss", "kissfft-sys 0.1.0")
q15("cmsis", "cmsisdsp 1.10.3")
