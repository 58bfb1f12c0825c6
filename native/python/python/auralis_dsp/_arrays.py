"""Checks and conversions between arrays of any layout and the flat ones of the core."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from ._types import AnyArray, PadMode, RealArray
from .errors import parameter_error

#: Ways of continuing a signal that the core knows.
CORE_PADDING = ("constant", "edge", "reflect", "symmetric")


def check_audio(y: Any, *, finite: bool = True) -> None:
    """What librosa asks of audio: a floating-point array of at least one axis, finite everywhere.

    ``finite=False`` where the core looks at every sample anyway.
    """
    if not isinstance(y, np.ndarray):
        raise parameter_error("Audio data must be of type numpy.ndarray")
    if not np.issubdtype(y.dtype, np.floating):
        raise parameter_error("Audio data must be floating-point")
    if y.ndim == 0:
        raise parameter_error(f"Audio data must be at least one-dimensional, given y.shape={y.shape}")
    if finite and not np.isfinite(y).all():
        raise parameter_error("Audio buffer is not finite everywhere")


def as_audio(x: Any, name: str) -> RealArray:
    """An array of float32 or float64 of any floating-point array, numpy's or another library's.

    A tensor of torch is known by its methods, so that torch need not be imported; what needs a gradient is detached, and
    what lies on a GPU is copied from there.
    """
    if not isinstance(x, np.ndarray):
        if hasattr(x, "detach") and hasattr(x, "cpu"):
            x = x.detach().cpu()
        if not (hasattr(x, "__array__") or hasattr(x, "__dlpack__")):
            raise parameter_error(f"{name} must be an array or a tensor, got {type(x).__name__}")
        try:
            x = np.asarray(x) if hasattr(x, "__array__") else np.from_dlpack(x)
        except (TypeError, RuntimeError, BufferError) as error:
            raise parameter_error(f"{name} cannot be read as an array: {error}") from error
    if x.dtype.kind != "f":
        raise parameter_error(
            f"{name} must be floating-point, got {x.dtype}; divide integers by their full scale, as in x / 32768"
        )
    return np.require(x, dtype=precision(x.dtype))


def precision(dtype: npt.DTypeLike) -> type[np.float32] | type[np.float64]:
    """The precision in which the core takes an array: single for everything of at most single precision."""
    kind = np.dtype(dtype)
    if kind.kind == "c":
        return np.float32 if kind.itemsize <= 8 else np.float64
    return np.float32 if kind.kind == "f" and kind.itemsize <= 4 else np.float64


def flat(x: AnyArray, dtype: npt.DTypeLike) -> AnyArray:
    """The elements in row-major order, complex ones as pairs; without a copy where they lie so already.

    Arrays whose elements begin at any byte (a memory map behind a header of 58 bytes) are copied, too.
    """
    kind = np.dtype(dtype)
    values = np.require(x, dtype=kind, requirements=("C", "A"))
    if kind.kind == "c":
        return values.view(np.float32 if kind.itemsize == 8 else np.float64).reshape(-1)
    return values.reshape(-1)


def paired(values: AnyArray, shape: tuple[int, ...]) -> AnyArray:
    """Pairs as complex numbers of a shape."""
    return values.view(np.complex64 if values.dtype == np.float32 else np.complex128).reshape(shape)


def complex_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """The complex type of a real type's precision, complex64 for those that have none."""
    kind = np.dtype(dtype)
    if kind.kind == "c":
        return kind
    return np.dtype(np.complex128 if kind == np.float64 else np.complex64)


def real_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """The real type of a complex type's precision, float32 for those that have none."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return kind
    return np.dtype(np.float64 if kind == np.complex128 else np.float32)


def pad_ends(y: RealArray, before: int, after: int, mode: PadMode) -> RealArray:
    """``numpy.pad`` along the last axis."""
    widths = [(0, 0)] * (y.ndim - 1) + [(before, after)]
    padded: RealArray = np.pad(y, widths, mode=mode)  # type: ignore[call-overload]
    return padded


def size(shape: tuple[int, ...]) -> int:
    """How many elements an array of this shape has."""
    return prod(shape)


def is_positive_int(x: Any) -> bool:
    """As librosa's check of that name."""
    return isinstance(x, (int, np.integer)) and bool(x > 0)
