"""Chroma; librosa.feature has these functions under the same names."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import check_audio, flat, precision
from ._frames import Frames, stft_options
from ._types import AnyArray, PadMode, RealArray, WindowSpec
from ._warn import warn
from .constantq import norm_option, scale_options
from .errors import parameter_error
from .pitch import estimate_tuning
from .spectrum import magnitudes
from .windows import window_option

__all__ = ["chroma_cens", "chroma_cqt", "chroma_stft", "chroma_vqt", "tonnetz"]


def chroma_stft(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    S: RealArray | None = None,
    norm: float | None = np.inf,
    n_fft: int = 2048,
    hop_length: int = 512,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
    tuning: float | None = None,
    n_chroma: int = 12,
    **kwargs: Any,
) -> RealArray:
    """Chroma of a Fourier transform; ``librosa.feature.chroma_stft``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    S : ``(..., bins, frames)``, powers.
    sr : sample rate in Hz.
    norm : of each frame: infinity, a positive number, 0, minus infinity, or None.
    n_fft, hop_length, win_length, window, center, pad_mode : of the transform; see :func:`auralis_dsp.stft`.
    tuning : deviation from A440 in fractions of a bin; None to estimate it.
    n_chroma : pitch classes.
    kwargs : of the filters, as for ``librosa.filters.chroma``: ``ctroct=5.0``, ``octwidth=2``, ``norm=2``, ``base_c=True``,
        ``dtype=numpy.float32``.

    Returns
    -------
    ``(..., n_chroma, frames)``.
    """
    filters, weights = _chroma_filters(**kwargs)
    options = {"sr": float(sr), "norm": norm_option(norm), "n_chroma": int(n_chroma), **filters}
    if S is None:
        if n_fft is None:
            raise parameter_error(f"Unable to compute spectrogram with n_fft={n_fft}")
        if y is None:
            raise parameter_error("Input signal must be provided to compute a spectrogram")
        frames = Frames(y, n_fft, hop_length, win_length, window, center, pad_mode)
        if frames.in_core:
            options |= {**frames.for_core()[1], "tuning": _number(tuning)}
            target = np.result_type(precision(y.dtype), weights)
            values = flat(y, precision(target))
            if tuning is None and not values.any():
                _warn_of_silence()
            result = _native.chroma_stft(values, y.shape[-1], options)
            return result.reshape((*y.shape[:-1], n_chroma, -1)).astype(target, copy=False)
        S = magnitudes(frames, 2)
    S = np.asarray(S)
    if n_fft is None or n_fft // 2 + 1 != S.shape[-2]:
        n_fft = 2 * (S.shape[-2] - 1)
    if tuning is None:
        tuning = estimate_tuning(S=S, sr=sr, bins_per_octave=n_chroma)
    options |= {**stft_options(n_fft, 1, np.ones(max(n_fft, 1)), True, "constant"), "tuning": _number(tuning)}
    target = np.result_type(_spectral(S), weights)
    bins, length = S.shape[-2:]
    result = _native.chroma_stft_from_spectrogram(flat(S, precision(target)), bins, length, options)
    return result.reshape((*S.shape[:-2], n_chroma, -1)).astype(target, copy=False)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _warn_of_silence() -> None:
    warn("Trying to estimate tuning from empty frequency set.")


def _spectral(S: AnyArray) -> np.dtype[Any]:
    """The type in which a spectrogram of this type is computed."""
    if S.dtype.kind == "f":
        return np.dtype(np.float32) if S.dtype == np.float16 else S.dtype
    return np.result_type(S.dtype, np.float32) if S.dtype.kind in "iub" else np.dtype(np.float64)


def _chroma_filters(
    *,
    ctroct: float = 5.0,
    octwidth: float | None = 2,
    norm: float | None = 2,
    base_c: bool = True,
    dtype: npt.DTypeLike = np.float32,
) -> tuple[dict[str, Any], np.dtype[Any]]:
    """The core's options of a filter bank, and the type of its weights."""
    return {
        "ctroct": float(ctroct),
        "octwidth": _number(octwidth),
        "filter_norm": norm_option(norm),
        "base_c": bool(base_c),
    }, np.dtype(dtype)


def chroma_cqt(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    C: RealArray | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    window: npt.ArrayLike | None = None,
    bins_per_octave: int | None = 36,
    cqt_mode: str = "full",
) -> RealArray:
    """Chroma of a constant-Q transform; ``librosa.feature.chroma_cqt``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    C : ``(..., bins, frames)``, magnitudes of such a transform.
    sr : sample rate in Hz.
    hop_length : samples between frames.
    fmin : lowest frequency in hertz; C1 by default.
    norm : of each frame: infinity, a positive number, 0, minus infinity, or None.
    threshold : smaller values become 0; None for none.
    tuning : deviation from A440 in fractions of a bin; None to estimate it.
    n_chroma : pitch classes.
    n_octaves : octaves above ``fmin``.
    window : a kernel by which the folding is smoothed.
    bins_per_octave : a multiple of ``n_chroma``; None for as many.
    cqt_mode : ``full`` or ``hybrid``.

    Returns
    -------
    ``(..., n_chroma, frames)``.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> int(auralis_dsp.chroma_cqt(y=y)[:, 20].argmax())
    9
    """
    work = _ByCqt(
        y, C, "C", sr, hop_length, fmin, norm, threshold, tuning, n_chroma, n_octaves, window, bins_per_octave, cqt_mode
    )
    return work.run(_native.chroma_cqt, _native.chroma_cqt_from_cqt)


class _ByCqt:
    """Chroma to be computed by a constant-Q transform: of a signal, or of magnitudes."""

    def __init__(
        self,
        y: RealArray | None,
        C: RealArray | None,
        name: str,
        sr: float,
        hop_length: int,
        fmin: float | None,
        norm: Any,
        threshold: float | None,
        tuning: float | None,
        n_chroma: int,
        n_octaves: int,
        window: Any,
        bins_per_octave: int | None,
        cqt_mode: str = "full",
        intervals: str | Collection[float] = "equal",
        gamma: float | None = 0,
    ) -> None:
        if bins_per_octave is None:
            bins_per_octave = n_chroma
        elif np.remainder(bins_per_octave, n_chroma) != 0:
            raise parameter_error(
                f"bins_per_octave={bins_per_octave} must be an integer multiple of n_chroma={n_chroma}"
            )
        self.from_signal = C is None
        if C is None:
            if y is None:
                raise parameter_error(f"At least one of {name} or y must be provided to compute chroma")
            if cqt_mode not in ("full", "hybrid"):
                raise KeyError(cqt_mode)
            check_audio(y, finite=False)
            self.values = y
        else:
            self.values = np.asarray(C)
        tuning = tuning if C is None else 0.0
        self.rows = n_chroma
        self.options = {
            **scale_options(y, sr, hop_length, fmin, bins_per_octave, tuning, intervals, gamma),
            "n_octaves": n_octaves,
            "cqt_mode": cqt_mode if C is None else "full",
            "norm": norm_option(norm),
            "threshold": _number(threshold),
            "n_chroma": int(n_chroma),
            **_kernel(window),
        }
        self.target = _spectral(self.values)
        if self.target.itemsize < 4 or self.target.itemsize > 8:
            self.target = np.dtype(np.float32 if self.from_signal else np.float64)

    def run(self, signal: Any, spectrogram: Any) -> RealArray:
        values = flat(self.values, precision(self.target))
        if self.from_signal:
            result = signal(values, self.values.shape[-1], self.options)
            lead = self.values.shape[:-1]
        else:
            result = spectrogram(values, *self.values.shape[-2:], self.options)
            lead = self.values.shape[:-2]
        chroma: RealArray = result.reshape((*lead, self.rows, -1)).astype(self.target, copy=False)
        return chroma


def _kernel(window: Any) -> dict[str, Any]:
    if window is None:
        return {}
    values = np.atleast_2d(np.asarray(window, dtype=np.float64))
    return {"window": values.reshape(-1), "window_rows": values.shape[0]}


def chroma_cens(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    C: RealArray | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    tuning: float | None = None,
    n_chroma: int = 12,
    n_octaves: int = 7,
    bins_per_octave: int = 36,
    cqt_mode: str = "full",
    window: npt.ArrayLike | None = None,
    norm: float | None = 2,
    win_len_smooth: int | None = 41,
    smoothing_window: WindowSpec = "hann",
) -> RealArray:
    """Chroma, quantised and smoothed; ``librosa.feature.chroma_cens``.

    M. Mueller, S. Ewert, "Chroma toolbox: MATLAB implementations for extracting variants of chroma-based audio features",
    ISMIR 2011.

    Parameters
    ----------
    win_len_smooth : number of frames to smooth over; None for none.
    smoothing_window : a window that the core has; see :mod:`auralis_dsp.windows`.
    norm : of each frame, at the end.

    The others are those of :func:`chroma_cqt`.

    Returns
    -------
    ``(..., n_chroma, frames)``.
    """
    if not (win_len_smooth is None or (isinstance(win_len_smooth, (int, np.integer)) and win_len_smooth > 0)):
        raise parameter_error(f"win_len_smooth={win_len_smooth} must be a positive integer or None")
    work = _ByCqt(
        y, C, "C", sr, hop_length, fmin, None, 0.0, tuning, n_chroma, n_octaves, window, bins_per_octave, cqt_mode
    )
    work.options |= {
        "norm": norm_option(norm),
        "win_len_smooth": None if win_len_smooth is None else int(win_len_smooth),
        **window_option("smoothing_window", smoothing_window),
    }
    return work.run(_native.chroma_cens, _native.chroma_cens_from_cqt)


def chroma_vqt(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    V: RealArray | None = None,
    hop_length: int = 512,
    fmin: float | None = None,
    intervals: str | Collection[float],
    norm: float | None = np.inf,
    threshold: float | None = 0.0,
    n_octaves: int = 7,
    bins_per_octave: int = 12,
    gamma: float = 0,
) -> RealArray:
    """Chroma of a variable-Q transform; ``librosa.feature.chroma_vqt``.

    Parameters
    ----------
    V : ``(..., bins, frames)``, magnitudes of such a transform, in place of ``y``.
    intervals, gamma : see :func:`auralis_dsp.vqt`.

    The others are those of :func:`chroma_cqt`; there are ``bins_per_octave`` pitch classes.

    Returns
    -------
    ``(..., bins_per_octave, frames)``.
    """
    if not isinstance(intervals, str):
        bins_per_octave = len(intervals)
    work = _ByCqt(
        y, V, "V", sr, hop_length, fmin, norm, threshold, 0.0, bins_per_octave, n_octaves, None, bins_per_octave,
        intervals=intervals, gamma=gamma,
    )  # fmt: skip
    return work.run(_native.chroma_vqt, _native.chroma_vqt_from_vqt)


def tonnetz(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    chroma: RealArray | None = None,
    **kwargs: Any,
) -> RealArray:
    """Tonal centroids: chroma on the circles of fifths, minor thirds and major thirds; ``librosa.feature.tonnetz``.

    C. Harte, M. Sandler, M. Gasser, "Detecting harmonic change in musical audio", 2006.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    chroma : ``(..., n_chroma, frames)``.
    sr : sample rate in Hz.
    kwargs : further arguments of :func:`chroma_cqt`.

    Returns
    -------
    ``(..., 6, frames)``, float64.
    """
    if y is None and chroma is None:
        raise parameter_error("Either the audio samples or the chromagram must be passed as an argument.")
    if chroma is None:
        chroma = chroma_cqt(y=y, sr=sr, **kwargs)
    chroma = np.asarray(chroma)
    classes, length = chroma.shape[-2:]
    centroids = _native.tonnetz(flat(chroma, np.float64), classes, length)
    return centroids.reshape((*chroma.shape[:-2], 6, -1))
