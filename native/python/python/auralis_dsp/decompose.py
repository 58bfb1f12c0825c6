"""librosa.decompose: harmonic and percussive parts of a spectrogram."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from . import _native
from ._arrays import flat, paired, precision
from ._types import AnyArray, Pair
from .errors import parameter_error

__all__ = ["hpss"]


def hpss(
    S: AnyArray,
    *,
    kernel_size: Pair = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Pair = 1.0,
) -> tuple[AnyArray, AnyArray]:
    """Separates a spectrogram by medians along time (harmonic) and frequency (percussive); ``librosa.decompose.hpss``.

    D. Fitzgerald, "Harmonic/percussive separation using median filtering", DAFx 2010; the margins are of J. Driedger,
    M. Mueller, S. Disch, "Extending harmonic-percussive separation of audio signals", ISMIR 2014.

    Parameters
    ----------
    S : ``(..., bins, frames)``, magnitudes or complex.
    kernel_size : frames of the harmonic median and bins of the percussive one; one number for both.
    power : exponent of the masks; ``numpy.inf`` makes them 0 or 1.
    mask : whether to return the masks instead.
    margin : how much larger one part must be than the other, for harmonic and percussive; at least 1.

    Returns
    -------
    Two arrays of the shape and type of ``S``, or two masks (boolean where ``power`` is infinite).

    Raises
    ------
    ParameterError
        for margins below 1, kernels below 1, powers of at most 0, magnitudes that are negative or not finite.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> S = np.ones((5, 7))
    >>> auralis_dsp.decompose.hpss(S)[0][0]
    array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    """
    S = np.asarray(S)
    options = mask_options(kernel_size, power, mask, margin)
    real = S.dtype if S.dtype.kind == "f" else np.dtype(np.float64 if S.dtype == np.complex128 else np.float32)
    is_complex = np.iscomplexobj(S)
    kind = precision(S.dtype)
    if is_complex:
        values = flat(S, np.complex64 if kind is np.float32 else np.complex128)
    else:
        values = flat(S, kind)
    if S.size > 0:
        parts = _native.decompose(values, S.shape[-2], S.shape[-1], is_complex, options)
    else:
        parts = (values, values.copy())

    def shaped(part: AnyArray) -> AnyArray:
        if mask:
            return part.reshape(S.shape).astype(bool if np.isinf(power) else real, copy=False)
        if is_complex:
            return paired(part, S.shape).astype(S.dtype, copy=False)
        # Integers times a mask: floating-point, but for masks of 0 and 1.
        kind = S.dtype if S.dtype.kind == "f" or np.isinf(power) else np.result_type(S.dtype, real)
        return part.reshape(S.shape).astype(kind, copy=False)

    return shaped(parts[0]), shaped(parts[1])


def mask_options(kernel_size: Pair, power: float, mask: bool, margin: Pair) -> dict[str, Any]:
    """The core's options of the masks."""
    kernels = _pair(kernel_size)
    margins = _pair(margin)
    if min(margins) < 1:
        raise parameter_error("Margins must be >= 1.0. A typical range is between 1 and 10.")
    if power <= 0:
        raise parameter_error("power must be strictly positive")
    return {
        "kernel_size": (index(kernels[0]), index(kernels[1])),
        "power": float(power),
        "margin": (float(margins[0]), float(margins[1])),
        "mask": bool(mask),
    }


def _pair(value: Any) -> tuple[Any, Any]:
    if isinstance(value, (tuple, list)):
        return value[0], value[1]
    return value, value
