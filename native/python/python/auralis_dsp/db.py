"""librosa.core.spectrum: powers and amplitudes in decibels."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import flat
from ._version import VERSION, since
from ._warn import warn
from .errors import parameter_error

__all__ = ["amplitude_to_db", "power_to_db"]

#: What ``axes`` may be.
Axes = int | tuple[int, ...] | None | Literal["auto"]


@since((1, 0), "axes")
def power_to_db(
    S: npt.ArrayLike,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-10,
    top_db: float | None = 80.0,
    axes: Axes = "auto",
) -> Any:
    """Powers in decibels, ``10 log10(S / ref)``; ``librosa.power_to_db``.

    Parameters
    ----------
    S : powers, of any shape; of complex ones the magnitude counts.
    ref : what is 0 dB: a power, or a function of ``S`` such as ``numpy.max``.
    amin : the least power, above 0: smaller ones are raised to it.
    top_db : how far below the loudest power the result may go; None for no limit.
    axes : what ``ref`` and ``top_db`` look at together, since librosa 1.0: by default the last two axes, so that every
        channel has its own; None for all of them, as it was before.

    Returns
    -------
    An array of the shape of ``S``.

    Raises
    ------
    ParameterError
        for ``amin`` of at most 0 and a negative ``top_db``.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.power_to_db(np.array([1.0, 10.0, 1e-20]))
    array([  0.,  10., -70.])
    """
    powers = np.asarray(S)
    if amin <= 0:
        raise parameter_error("amin must be strictly positive")
    if powers.dtype.kind == "c":
        warn(
            "power_to_db was called on complex input so phase information will be discarded. To suppress this warning, "
            "call power_to_db(np.abs(D)**2) instead.",
        )
        powers = np.abs(powers)
    axes = _together(axes, powers.ndim)
    return _decibels(powers, _level(ref, powers, axes), amin, top_db, axes, amplitudes=False)


@since((1, 0), "axes")
def amplitude_to_db(
    S: npt.ArrayLike,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-5,
    top_db: float | None = 80.0,
    axes: Axes = "auto",
) -> Any:
    """Amplitudes in decibels, ``20 log10(|S| / ref)``; ``librosa.amplitude_to_db``.

    Parameters are those of :func:`power_to_db`, for amplitudes.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.amplitude_to_db(np.array([1.0, -10.0]))
    array([ 0., 20.])
    """
    amplitudes = np.asarray(S)
    if amplitudes.dtype.kind == "c":
        warn(
            "amplitude_to_db was called on complex input so phase information will be discarded. To suppress this warning, "
            "call amplitude_to_db(np.abs(S)) instead.",
        )
    amplitudes = np.abs(amplitudes)
    axes = _together(axes, amplitudes.ndim)
    level = _level(ref, amplitudes, axes)
    if amin == 0:
        raise parameter_error("amin must be strictly positive")
    return _decibels(amplitudes, level, abs(amin), top_db, axes, amplitudes=True)


def _together(axes: Axes, ndim: int) -> int | tuple[int, ...] | None:
    """The axes over which there is one reference and one limit."""
    if VERSION < (1, 0) or axes is None or ndim == 0:
        return None
    if isinstance(axes, str):
        if axes != "auto":
            raise parameter_error(f"axes={axes!r} must be 'auto', None, an axis or a tuple of axes")
        return (-2, -1) if ndim > 1 else (-1,)
    return axes


def _level(ref: float | Callable[..., Any], values: Any, axes: int | tuple[int, ...] | None) -> Any:
    if not callable(ref):
        return np.abs(ref)
    if VERSION < (1, 0):
        return ref(values)
    try:
        return ref(values, axis=axes, keepdims=True)
    except TypeError as error:
        raise parameter_error(
            "The provided reference function must support 'axis' and 'keepdims' arguments for proper multichannel processing."
        ) from error


def _decibels(
    values: Any, level: Any, amin: float, top_db: float | None, axes: int | tuple[int, ...] | None, *, amplitudes: bool
) -> Any:
    if top_db is not None and top_db < 0:
        raise parameter_error("top_db must be non-negative")
    lead = values.shape[: -len(axes)] if axes in ((-2, -1), (-1,)) else () if axes is None else None
    levels = None if lead is None else _one_each(level, lead, values.ndim)
    if levels is not None and values.ndim > 0 and values.size and values.dtype in (np.float32, np.float64):
        if np.isfinite(levels).all() and np.isfinite(values).all():
            options = {"amin": float(amin), "top_db": None if top_db is None else float(top_db)}
            numbers = flat(values, values.dtype.newbyteorder("=")).reshape(levels.size, -1)
            parts = [_native.decibels(x, amplitudes, options | {"ref": float(r)}) for x, r in zip(numbers, levels)]
            return (parts[0] if len(parts) == 1 else np.concatenate(parts)).reshape(values.shape)
    # What the core does not take goes librosa's way: other types, a reference for every value, NaN (which stays NaN).
    if amplitudes:
        # A level of half precision squared by ``**`` is of double precision until numpy 2, as librosa has it.
        values, level, amin = np.square(values), level**2, amin**2
    db = 10.0 * np.log10(np.maximum(amin, values))
    db -= 10.0 * np.log10(np.maximum(amin, level))
    if top_db is not None:
        db = np.maximum(db, db.max(axis=axes, keepdims=True) - top_db)
    return db if VERSION < (1, 0) else db[()]


def _one_each(level: Any, lead: tuple[int, ...], ndim: int) -> Any:
    """A reference for each channel, flat; None where they are not so."""
    level = np.asarray(level)
    if level.ndim not in (0, ndim) or prod(level.shape[len(lead) :]) != 1:
        return None
    return np.broadcast_to(level.reshape(level.shape[: len(lead)]), lead).reshape(-1)
