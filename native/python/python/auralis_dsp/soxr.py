"""soxr's resampling; the README says how near the results are."""

from __future__ import annotations

import numpy as np

from . import _native
from ._arrays import as_audio, flat
from ._types import AudioLike, RealArray
from .audio import resample as band_limited
from .audio import sample_rate
from .errors import parameter_error

__all__ = ["resample"]

#: The qualities of which soxr's chain of filters is not known: one filter instead, by its cutoff as a part of the lower Nyquist
#: frequency, the zero crossings on either side and Kaiser's beta.
_SINGLE = {
    "VHQ": (0.95566415995, 127, 18.4334962),
    "MQ": (0.9579405246, 76, 10.3627075),
    "LQ": (0.83813474, 17, 10.4277491),
}


def resample(x: AudioLike, in_rate: float, out_rate: float, quality: str = "HQ") -> RealArray:
    """Resamples with a sharp filter; ``soxr.resample``.

    ``"HQ"`` gives soxr's values, to within 3e-6 of the peak of a recording at the usual rates. The other qualities do not: they
    pass and stop what soxr's do, by one filter where soxr chains several, and differ by up to 1e-4 (``"VHQ"``) or 1e-3 of the peak.

    Parameters
    ----------
    x : ``(n,)`` or ``(n, channels)``, floating-point; a tensor of torch is accepted, too.
    in_rate, out_rate : rates of the input and the output, whole numbers of hertz.
    quality : ``"VHQ"``, ``"HQ"``, ``"MQ"`` or ``"LQ"``, also as ``"soxr_hq"`` and so on. soxr's ``"QQ"`` is not here.

    Returns
    -------
    ``(round(n * out_rate / in_rate),)`` or with channels; float64 for float64, float32 otherwise.

    Raises
    ------
    ParameterError
        for NaN or infinity, no samples, another quality, rates that are not whole or out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from auralis_dsp import soxr
    >>> soxr.resample(np.zeros((44100, 2), np.float32), 44100, 16000).shape
    (16000, 2)
    """
    name = str(quality).upper().removeprefix("SOXR_")
    if name != "HQ" and name not in _SINGLE:
        raise parameter_error(f"quality must be one of HQ, {', '.join(_SINGLE)}, got {quality!r}")
    orig, new = sample_rate(in_rate, "in_rate"), sample_rate(out_rate, "out_rate")
    given = as_audio(x, "x")
    if given.ndim not in (1, 2):
        raise parameter_error(f"x must have shape (n,) or (n, channels), got {given.shape}")
    if given.size == 0:
        raise parameter_error(f"x must have samples, got shape {given.shape}")
    if name != "HQ":
        return _single(given, orig, new, *_SINGLE[name])
    values: RealArray = _native.resample_soxr(flat(given.T, given.dtype), given.shape[0], orig, new)
    return np.ascontiguousarray(values.reshape(*given.shape[1:], -1).T)


def _single(given: RealArray, orig: int, new: int, cutoff: float, crossings: int, beta: float) -> RealArray:
    """By one filter."""
    samples = given.shape[0]
    wanted = (2 * samples * new + orig) // (2 * orig)
    # The length of the other's result is rounded to float32: with some silence behind, it is long enough.
    more = (8 + (wanted >> 20)) * (orig // new + 1)
    padded = np.zeros((*given.shape[1:], samples + more), dtype=given.dtype)
    padded[..., :samples] = given.T
    result = band_limited(padded, orig, new, crossings, cutoff, "sinc_interp_kaiser", beta)
    return np.ascontiguousarray(result[..., :wanted].T)
