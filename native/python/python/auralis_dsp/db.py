"""librosa.core.spectrum: powers and amplitudes in decibels."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import flat
from .errors import parameter_error

__all__ = ["amplitude_to_db", "power_to_db"]


def power_to_db(
    S: npt.ArrayLike,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-10,
    top_db: float | None = 80.0,
) -> Any:
    """Powers in decibels, ``10 log10(S / ref)``; ``librosa.power_to_db``.

    Parameters
    ----------
    S : powers, of any shape; of complex ones the magnitude counts.
    ref : what is 0 dB: a power, or a function of ``S`` such as ``numpy.max``.
    amin : the least power, above 0: smaller ones are raised to it.
    top_db : how far below the loudest power the result may go; None for no limit.

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
        warnings.warn(
            "power_to_db was called on complex input so phase information will be discarded. To suppress this warning, "
            "call power_to_db(np.abs(D)**2) instead.",
            stacklevel=2,
        )
        powers = np.abs(powers)
    level = ref(powers) if callable(ref) else np.abs(ref)
    return _decibels(powers, level, amin, top_db, amplitudes=False)


def amplitude_to_db(
    S: npt.ArrayLike,
    *,
    ref: float | Callable[..., Any] = 1.0,
    amin: float = 1e-5,
    top_db: float | None = 80.0,
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
        warnings.warn(
            "amplitude_to_db was called on complex input so phase information will be discarded. To suppress this warning, "
            "call amplitude_to_db(np.abs(S)) instead.",
            stacklevel=2,
        )
    amplitudes = np.abs(amplitudes)
    level = ref(amplitudes) if callable(ref) else np.abs(ref)
    if amin == 0:
        raise parameter_error("amin must be strictly positive")
    return _decibels(amplitudes, level, abs(amin), top_db, amplitudes=True)


def _decibels(values: Any, level: Any, amin: float, top_db: float | None, *, amplitudes: bool) -> Any:
    if top_db is not None and top_db < 0:
        raise parameter_error("top_db must be non-negative")
    if np.ndim(level) == 0 and values.ndim > 0 and values.size and values.dtype in (np.float32, np.float64):
        reference = float(level)
        if np.isfinite(reference) and np.isfinite(values).all():
            numbers = flat(values, values.dtype.newbyteorder("="))
            options = {"ref": reference, "amin": float(amin), "top_db": None if top_db is None else float(top_db)}
            return _native.decibels(numbers, amplitudes, options).reshape(values.shape)
    # What the core does not take goes librosa's way: other types, a reference for every value, NaN (which stays NaN).
    if amplitudes:
        values, level, amin = np.square(values), np.square(level), amin**2
    db = 10.0 * np.log10(np.maximum(amin, values))
    db -= 10.0 * np.log10(np.maximum(amin, level))
    return db if top_db is None else np.maximum(db, db.max() - top_db)
