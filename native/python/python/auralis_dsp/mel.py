"""Mel spectrograms and cepstra; librosa.feature has them under the same names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import flat, precision
from ._frames import Frames
from ._types import PadMode, RealArray, WindowSpec
from ._version import CORE, VERSION, since
from ._warn import warn
from .db import power_to_db
from .errors import parameter_error
from .spectrum import magnitudes

__all__ = ["melspectrogram", "mfcc"]


def melspectrogram(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    S: RealArray | None = None,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
    power: float = 2.0,
    **kwargs: Any,
) -> RealArray:
    """The energies of mel bands; ``librosa.feature.melspectrogram``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    S : ``(..., bins, frames)``, magnitudes or powers, which are used as they are.
    sr : sample rate in Hz.
    n_fft, hop_length, win_length, window, center, pad_mode : of the transform; see :func:`auralis_dsp.stft`.
    power : exponent of the magnitudes.
    kwargs : of the filters, as for ``librosa.filters.mel``: ``n_mels=128``, ``fmin=0.0``, ``fmax=None`` (half the rate),
        ``htk=False``, ``norm="slaney"`` (or None, or a number), ``dtype=numpy.float32``.

    Returns
    -------
    ``(..., n_mels, frames)``.

    Raises
    ------
    ParameterError
        for invalid audio, an unsupported norm, invalid bands.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.melspectrogram(y=np.sin(np.arange(22050)), n_mels=80).shape
    (80, 44)
    """
    work = _Mel(y, sr, S, n_fft, hop_length, win_length, window, center, pad_mode, power, kwargs)
    return work.energies()


class _Mel:
    """A mel spectrogram to be computed: of a signal, or of a spectrogram."""

    def __init__(
        self,
        y: RealArray | None,
        sr: float,
        S: RealArray | None,
        n_fft: int | None,
        hop_length: int | None,
        win_length: int | None,
        window: WindowSpec,
        center: bool,
        pad_mode: PadMode,
        power: float,
        bank: dict[str, Any],
    ) -> None:
        self.power = power
        self.frames: Frames | None = None
        if S is None:
            if n_fft is None:
                raise parameter_error(f"Unable to compute spectrogram with n_fft={n_fft}")
            if y is None:
                raise parameter_error("Input signal must be provided to compute a spectrogram")
            self.frames = Frames(y, n_fft, hop_length, win_length, window, center, pad_mode)
            self.values: RealArray = y
            if not self.frames.in_core:
                self.values, self.frames = magnitudes(self.frames, power), None
        else:
            self.values = np.asarray(S)
            if n_fft is None or n_fft // 2 + 1 != self.values.shape[-2]:
                n_fft = 2 * (self.values.shape[-2] - 1)
        self.bank, dtype = _bank(sr=sr, n_fft=n_fft, **bank)
        spectral = self.values.dtype if self.values.dtype.kind in "fiub" else np.dtype(np.float64)
        self.target = np.result_type(np.float32 if spectral == np.float16 else spectral, dtype)
        self.kind = np.float32 if self.target == np.float32 else np.float64

    def energies(self) -> RealArray:
        values = flat(self.values, self.kind)
        if self.frames is not None:
            samples, options = self.values.shape[-1], self.frames.for_core()[1]
            options |= {"power": float(self.power), **self.bank}
            energies, empty = _native.melspectrogram(values, samples, options)
            lead = self.values.shape[:-1]
        else:
            energies, empty = _native.mel_from_spectrogram(values, self.values.shape[-1], self.bank)
            lead = self.values.shape[:-2]
        _warn_of(empty)
        return energies.reshape((*lead, self.bank["n_mels"], -1)).astype(self.target, copy=False)


def _warn_of(empty: bool) -> None:
    if empty:
        warn(
            "Empty filters detected in mel frequency basis. Some channels will produce empty responses. Try increasing "
            "your sampling rate (and fmax) or reducing n_mels.",
        )


def _bank(
    *,
    sr: float,
    n_fft: int,
    n_mels: int = 128,
    fmin: float = 0.0,
    fmax: float | None = None,
    htk: bool = False,
    norm: Any = "slaney",
    dtype: npt.DTypeLike = np.float32,
) -> tuple[dict[str, Any], np.dtype[Any]]:
    """The core's options of a filter bank, and the type of its weights."""
    if isinstance(norm, str):
        if norm != "slaney":
            raise parameter_error(f"Unsupported norm={norm}")
    elif norm is True or (
        norm is not None and not (isinstance(norm, (int, float, np.number)) and (norm >= 0 or norm == -np.inf))
    ):
        raise parameter_error(f"Unsupported norm: {norm!r}")
    return {
        "sr": float(sr),
        "n_fft": int(n_fft),
        "n_mels": int(n_mels),
        "fmin": float(fmin),
        "fmax": float(sr) / 2 if fmax is None else float(fmax),
        "htk": bool(htk),
        "norm": norm if norm is None or isinstance(norm, str) else float(norm),
        "triangles": "hertz",
        "dtype": precision(dtype).__name__,
    }, np.dtype(dtype)


@since((0, 11), "mel_norm")
def mfcc(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    S: RealArray | None = None,
    n_mfcc: int = 20,
    dct_type: int = 2,
    norm: str | None = "ortho",
    lifter: float = 0,
    mel_norm: str | float | None = "slaney",
    **kwargs: Any,
) -> RealArray:
    """Mel-frequency cepstral coefficients; ``librosa.feature.mfcc``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    S : ``(..., n_mels, frames)``, a mel spectrogram in decibels.
    sr : sample rate in Hz.
    n_mfcc : coefficients that are kept.
    dct_type : 1, 2 or 3.
    norm : ``"ortho"``, or None for the unscaled transform.
    lifter : coefficient ``i`` is scaled by ``1 + lifter / 2 * sin(pi * (i + 1) / lifter)``; 0 for none.
    mel_norm : ``norm`` of the mel filters; librosa 0.10 lacks it.
    kwargs : further arguments of :func:`melspectrogram`.

    Returns
    -------
    ``(..., n_mfcc, frames)``.

    Raises
    ------
    ParameterError
        for a negative lifter, an unknown type of transform, and as :func:`melspectrogram` does.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.mfcc(y=np.sin(np.arange(22050)), n_mfcc=13).shape
    (13, 44)
    """
    norms = (None, "ortho", "backward") if VERSION >= (0, 11) else (None, "ortho")
    if norm not in norms:
        raise parameter_error(f"norm={norm!r} must be one of {norms}")
    if not lifter >= 0:
        raise parameter_error(f"MFCC lifter={lifter} must be a non-negative number")
    cepstrum = {
        "n_mfcc": int(n_mfcc),
        "dct_type": int(dct_type),
        "norm": "ortho" if norm == "ortho" else None,
        "lifter": float(lifter),
    }
    if S is not None:
        return _of_decibels(np.asarray(S), cepstrum)
    work = _Mel(y, sr, **{**_MEL_DEFAULTS, **_split({**kwargs, "norm": mel_norm})})
    if work.frames is None:
        return _of_decibels(power_to_db(work.energies()), cepstrum)
    _warn_of(_native.has_empty_filters(work.bank))
    samples, options = work.values.shape[-1], work.frames.for_core()[1]
    options |= {"power": float(work.power), **work.bank, "mel_norm": work.bank["norm"], **cepstrum, "librosa": CORE}
    values = _native.mfcc(flat(work.values, work.kind), samples, options)
    return _shaped(values, work.values.shape[:-1], work.bank["n_mels"], cepstrum).astype(work.target, copy=False)


#: melspectrogram's own, but for those that come with every call.
_MEL_DEFAULTS: dict[str, Any] = {
    "S": None,
    "n_fft": 2048,
    "hop_length": 512,
    "win_length": None,
    "window": "hann",
    "center": True,
    "pad_mode": "constant",
    "power": 2.0,
    "bank": {},
}


def _split(given: dict[str, Any]) -> dict[str, Any]:
    """melspectrogram's arguments, with those of the filters apart."""
    own = {name: value for name, value in given.items() if name in _MEL_DEFAULTS and name != "bank"}
    return {**own, "bank": {name: value for name, value in given.items() if name not in own}}


def _of_decibels(s: RealArray, cepstrum: dict[str, Any]) -> RealArray:
    target = np.result_type(s.dtype, np.float32) if s.dtype.kind == "f" else np.dtype(np.float64)
    mels, frames = s.shape[-2:]
    values = _native.mfcc_from_spectrogram(flat(s, precision(target)), mels, frames, cepstrum)
    return _shaped(values, s.shape[:-2], mels, cepstrum).astype(target, copy=False)


def _shaped(values: RealArray, lead: tuple[int, ...], mels: int, cepstrum: dict[str, Any]) -> RealArray:
    return values.reshape((*lead, min(cepstrum["n_mfcc"], mels), -1))
