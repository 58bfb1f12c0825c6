"""Writes the files that the tests of npy and npz read, by numpy itself.

    python make_goldens.py      (the version of numpy is in the entry "versions")

npy.npz        numpy.save's own bytes (as u1 arrays) for every type, order and byte order
compressed.npz numpy.savez_compressed of a few arrays;  stored.npz: numpy.savez of the same
"""

import io
import json
from pathlib import Path

import numpy as np

here = Path(__file__).parent
rng = np.random.default_rng(3)


def saved(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return np.frombuffer(file.getvalue(), np.uint8)


def values(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return rng.integers(limits.min, limits.max, shape, dtype.newbyteorder("="), endpoint=True).astype(dtype)
    if dtype.kind == "c":
        return (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(dtype)
    return (rng.standard_normal(shape) * 10 ** rng.uniform(-4, 4, shape)).astype(dtype)


files, index = {}, []


def add(name, array, **options):
    files[name] = saved(array, options.get("version"))
    plain = array.astype(array.dtype.newbyteorder("=")).ravel()
    if plain.dtype.kind == "c":
        plain = np.stack([plain.real, plain.imag], -1).ravel()
    texts = [repr(float(x)) if plain.dtype.kind == "f" else str(int(x)) for x in plain]
    index.append({"name": name, "descr": array.dtype.str, "shape": array.shape, "fortran": bool(
        array.flags.f_contiguous and not array.flags.c_contiguous), "values": texts, **options})


for kind in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 b1 c8 c16".split():
    for order in "CF":
        for endian in "<>":
            if endian == ">" and kind[1:] == "1":
                continue
            add(f"{kind}-{order}-{'little' if endian == '<' else 'big'}",
                np.asarray(values(endian + kind, (3, 4)), order=order))
for shape in [(), (0,), (1,), (5,), (0, 3), (1, 5), (5, 1), (2, 1, 3), (2, 3, 2, 2)]:
    add(f"shape-{'x'.join(map(str, shape)) or 'none'}", values("<f4", shape))
    add(f"shape-F-{'x'.join(map(str, shape)) or 'none'}", np.asfortranarray(values("<f8", shape)))
add("special", np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324]))
add("special-f2", np.array([np.nan, np.inf, -np.inf, -0.0, 6e-8, 65504, 1.5], np.float16))
for version in (1, 2, 3):
    add(f"version-{version}", values("<f4", (2, 2)), version=(version, 0))
add("wide", values("<i2", (1, 12345)))
files["index"] = np.frombuffer(json.dumps(index).encode(), np.uint8)
files["versions"] = np.array([f"numpy {np.__version__}"])
np.savez_compressed(here / "npy.npz", **files)

some = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "empty": np.zeros((0, 4)), "deep/name é": np.arange(3)}
np.savez(here / "stored.npz", **some)
np.savez_compressed(here / "compressed.npz", **some)
