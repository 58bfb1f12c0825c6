"""soxr's resampling, by one filter of the design of its sharp stage; the README says how near the results are."""

from __future__ import annotations

import numpy as np

from ._arrays import as_audio
from ._types import AudioLike, RealArray
from .audio import resample as band_limited
from .audio import sample_rate
from .errors import parameter_error

__all__ = ["resample"]

#: Of each quality: the cutoff as a part of the lower Nyquist frequency, the zero crossings on either side, Kaiser's beta.
_DESIGNS = {
    "VHQ": (0.95566415995, 127, 18.4334962),
    "HQ": (0.956871825, 93, 13.0400291),
    "MQ": (0.9579405246, 76, 10.3627075),
    "LQ": (0.83813474, 17, 10.4277491),
}


def resample(x: AudioLike, in_rate: float, out_rate: float, quality: str = "HQ") -> RealArray:
    """Resamples with a sharp filter; ``soxr.resample``.

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
    if name not in _DESIGNS:
        raise parameter_error(f"quality must be one of {', '.join(_DESIGNS)}, got {quality!r}")
    orig, new = sample_rate(in_rate, "in_rate"), sample_rate(out_rate, "out_rate")
    given = as_audio(x, "x")
    if given.ndim not in (1, 2):
        raise parameter_error(f"x must have shape (n,) or (n, channels), got {given.shape}")
    if orig == new:
        return given.copy()
    samples = given.shape[0]
    wanted = (2 * samples * new + orig) // (2 * orig)
    if given.size == 0:
        raise parameter_error(f"x must have samples, got shape {given.shape}")
    # The length of the other's result is rounded to float32: with some silence behind, it is long enough.
    more = (8 + (wanted >> 20)) * (orig // new + 1)
    padded = np.zeros((*given.shape[1:], samples + more), dtype=given.dtype)
    padded[..., :samples] = given.T
    cutoff, crossings, beta = _DESIGNS[name]
    result = band_limited(padded, orig, new, crossings, cutoff, "sinc_interp_kaiser", beta)
    return np.ascontiguousarray(result[..., :wanted].T)
