"""librosa.util: the masks of a separation."""

from __future__ import annotations

import numpy as np

from . import _native
from ._arrays import precision
from ._types import AnyArray
from .errors import parameter_error

__all__ = ["softmask"]


def softmask(X: AnyArray, X_ref: AnyArray, *, power: float = 1, split_zeros: bool = False) -> AnyArray:
    """How much of each cell belongs to ``X`` rather than to ``X_ref``; ``librosa.util.softmask``.

    ``X**power / (X**power + X_ref**power)``, or ``X > X_ref`` where the power is infinite.

    Parameters
    ----------
    X, X_ref : arrays of one shape, not negative and finite.
    power : exponent, above 0.
    split_zeros : whether cells in which both are (nearly) zero get 1/2 instead of 0.

    Returns
    -------
    An array of the shape of ``X``, floating-point, or boolean for an infinite power.

    Raises
    ------
    ParameterError
        for different shapes, negative values, a power of at most 0.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.util.softmask(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    array([0.5 , 0.75])
    """
    if X.shape != X_ref.shape:
        raise parameter_error(f"Shape mismatch: {X.shape}!={X_ref.shape}")
    if np.any(X < 0) or np.any(X_ref < 0):
        raise parameter_error("X and X_ref must be non-negative")
    if power <= 0:
        raise parameter_error("power must be strictly positive")
    target = (X.dtype if X.dtype.kind == "f" else np.result_type(X.dtype, np.float32)).newbyteorder("=")
    if np.isinf(power):
        return np.asarray(X > X_ref)
    if X.size == 0:
        return np.zeros(X.shape, dtype=target)
    single = precision(X.dtype) is np.float32 and precision(X_ref.dtype) is np.float32
    both = np.empty((2, *X.shape), np.float32 if single else np.float64)
    both[0], both[1] = X, X_ref
    return _native.softmask(both, float(power), bool(split_zeros)).reshape(X.shape).astype(target, copy=False)
