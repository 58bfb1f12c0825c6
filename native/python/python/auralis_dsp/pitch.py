"""librosa.core.pitch: fundamental frequencies, peaks of spectra, tuning."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import check_audio, flat, is_positive_int, pad_ends, precision
from ._frames import Frames, stft_options
from ._types import AnyArray, Deprecated, Float64Array, PadMode, RealArray, WindowSpec
from .errors import parameter_error
from .spectrum import magnitudes

__all__ = ["estimate_tuning", "piptrack", "pitch_tuning", "pyin", "yin"]

#: Ways of continuing a signal that the core knows here.
_PADDING = (
    *("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"),
)


def yin(
    y: RealArray,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    win_length: int | Deprecated | None = Deprecated(),
    hop_length: int | None = None,
    trough_threshold: float = 0.1,
    center: bool = True,
    pad_mode: PadMode = "constant",
) -> Float64Array:
    """The fundamental frequency of every frame by YIN; ``librosa.yin``.

    A. de Cheveigné, H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", JASA 111(4), 2002.

    Parameters
    ----------
    y : ``(..., n)``, floating-point.
    fmin, fmax : the lowest and the highest frequency in hertz, above 0 and at most ``sr / 2``.
    sr : sample rate in Hz.
    frame_length : samples in a frame: more than one period of ``fmin``, better two.
    win_length : without effect; librosa is going to remove it.
    hop_length : samples between frames; by default a quarter of a frame.
    trough_threshold : the first trough of the normalised difference below this is the period.
    center : whether frame ``t`` is centred at sample ``t * hop_length`` or begins there.
    pad_mode : padding at the edges of centred frames; any mode of ``numpy.pad``.

    Returns
    -------
    ``(..., frames)``, hertz, float64; a frequency for every frame, whether there is a pitch or not.

    Raises
    ------
    ParameterError
        for invalid frequencies, a ``fmin`` too low for the frame, invalid audio.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> bool(np.all(np.abs(auralis_dsp.yin(y, fmin=110, fmax=880)[2:-2] - 440) < 1))
    True
    """
    signal, samples, lead, options = _frames(y, fmin, fmax, sr, frame_length, win_length, hop_length, center, pad_mode)
    f0 = _native.yin(signal, samples, options | {"trough_threshold": float(trough_threshold)})
    return f0.reshape((*lead, -1))


def pyin(
    y: RealArray,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    win_length: int | Deprecated | None = Deprecated(),
    hop_length: int | None = None,
    n_thresholds: int = 100,
    beta_parameters: tuple[float, float] = (2, 18),
    boltzmann_parameter: float = 2,
    resolution: float = 0.1,
    max_transition_rate: float = 35.92,
    switch_prob: float = 0.01,
    no_trough_prob: float = 0.01,
    fill_na: float | None = np.nan,
    center: bool = True,
    pad_mode: PadMode = "constant",
) -> tuple[Float64Array, npt.NDArray[np.bool_], Float64Array]:
    """The fundamental frequency of every frame by probabilistic YIN; ``librosa.pyin``.

    M. Mauch, S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold distributions", ICASSP 2014.

    Parameters
    ----------
    y, fmin, fmax, sr, frame_length, win_length, hop_length, center, pad_mode : as for :func:`yin`.
    n_thresholds : thresholds between 0 and 1 that are tried.
    beta_parameters : shapes of their prior, a beta distribution.
    boltzmann_parameter : decay of the prior over troughs.
    resolution : width of a pitch bin in semitones.
    max_transition_rate : fastest change of pitch, in octaves per second.
    switch_prob : probability of a change between voiced and unvoiced from one frame to the next.
    no_trough_prob : probability that the lowest trough is the period if none is below the threshold.
    fill_na : frequency of unvoiced frames; None for the best guess.

    Returns
    -------
    Frequencies in hertz (float64), whether each frame is voiced (bool), and the probability of that (float64):
    ``(..., frames)`` each.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> f0, voiced, probability = auralis_dsp.pyin(y, fmin=110, fmax=880)
    >>> bool(voiced.all())
    True
    """
    signal, samples, lead, options = _frames(y, fmin, fmax, sr, frame_length, win_length, hop_length, center, pad_mode)
    options |= {
        "n_thresholds": int(n_thresholds),
        "beta_parameters": (float(beta_parameters[0]), float(beta_parameters[1])),
        "boltzmann_parameter": float(boltzmann_parameter),
        "resolution": float(resolution),
        "max_transition_rate": float(max_transition_rate),
        "switch_prob": float(switch_prob),
        "no_trough_prob": float(no_trough_prob),
        "fill_na": None if fill_na is None else float(fill_na),
    }
    f0, voiced_flag, voiced_prob = _native.pyin(signal, samples, options)
    shape = (*lead, -1)
    return f0.reshape(shape), voiced_flag.reshape(shape), voiced_prob.reshape(shape)


def _frames(
    y: RealArray,
    fmin: float,
    fmax: float,
    sr: float,
    frame_length: int,
    win_length: Any,
    hop_length: int | None,
    center: bool,
    pad_mode: PadMode,
) -> tuple[AnyArray, int, tuple[int, ...], dict[str, Any]]:
    """librosa's checks and warnings; the flat signal, its samples per channel, the leading axes, the core's options."""
    if fmin is None or fmax is None:
        raise parameter_error('both "fmin" and "fmax" must be provided')
    if type(win_length).__name__ != "Deprecated":
        warnings.warn(
            "The win_length parameter has been deprecated in version 0.11.0 and has no effect. It will be removed in "
            "version 1.0.0.",
            category=FutureWarning,
            stacklevel=3,
        )
    if fmax > sr / 2:
        raise parameter_error(f"fmax={fmax:.3f} cannot exceed Nyquist frequency {sr / 2}")
    if fmin >= fmax:
        raise parameter_error(f"fmin={fmin:.3f} must be less than fmax={fmax:.3f}")
    if fmin <= 0:
        raise parameter_error(f"fmin={fmin:.3f} must be strictly positive")
    period = int(np.ceil(sr / fmin))
    if sr / fmin >= frame_length - 1:
        feasible = sr / (frame_length - 1) if frame_length > 1 else np.inf
        raise parameter_error(
            f"fmin={fmin:.3f} is too small for frame_length={frame_length} and sr={sr}. "
            f"Either increase to fmin={feasible:.3f} or frame_length={period + 1}"
        )
    if sr / fmin >= frame_length // 2:
        warnings.warn(
            f"With fmin={fmin:.3f}, sr={sr} and frame_length={frame_length}, less than two periods of fmin fit into the "
            f"frame, which can cause inaccurate pitch detection. Consider increasing to fmin={2 * sr / frame_length:.3f} "
            f"or frame_length={2 * period + 1}.",
            stacklevel=3,
        )
    hop_length = frame_length // 4 if hop_length is None else hop_length
    check_audio(y, finite=False)
    lead = y.shape[:-1]
    if center and (pad_mode not in _PADDING or y.shape[-1] == 0):
        y, center = pad_ends(y, frame_length // 2, frame_length // 2, pad_mode), False
    if y.shape[-1] + (2 * (frame_length // 2) if center else 0) < frame_length:
        raise parameter_error(f"Input is too short (n={y.shape[-1]:d}) for frame_length={frame_length:d}")
    if not is_positive_int(hop_length):
        raise parameter_error(f"Invalid hop_length: {hop_length}")
    options = {
        "sr": float(sr),
        "fmin": float(fmin),
        "fmax": float(fmax),
        "frame_length": int(frame_length),
        "hop_length": int(hop_length),
        "center": bool(center),
        "pad_mode": pad_mode if center else "constant",
    }
    return flat(y, precision(y.dtype)), y.shape[-1], lead, options


def piptrack(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    S: AnyArray | None = None,
    n_fft: int | None = 2048,
    hop_length: int | None = None,
    fmin: float = 150.0,
    fmax: float = 4000.0,
    threshold: float = 0.1,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
    ref: float | Callable[..., Any] | None = None,
) -> tuple[RealArray, RealArray]:
    """Pitches of the peaks of a spectrum, interpolated by parabolas; ``librosa.piptrack``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point; or
    S : ``(..., bins, frames)``, magnitudes (or complex).
    sr : sample rate in Hz.
    n_fft, hop_length, win_length, window, center, pad_mode : of the transform; see :func:`auralis_dsp.stft`.
    fmin, fmax : the lowest frequency that counts, and the first one that does not, in hertz.
    threshold : the part of ``ref`` that a peak must exceed.
    ref : the magnitude that peaks must exceed (then ``threshold`` has no effect), or a function of the spectrogram and an
        axis; by default each frame's maximum.

    Returns
    -------
    Pitches in hertz and magnitudes, ``(..., bins, frames)`` each; 0 where there is no peak.
    """
    work = _Peaks(y, sr, S, n_fft, hop_length, fmin, fmax, threshold, win_length, window, center, pad_mode, ref)
    pitches, magnitudes = work.run(_native.piptrack, _native.piptrack_from_spectrogram)
    return pitches.reshape(work.shape), magnitudes.reshape(work.shape)


class _Peaks:
    """A search for peaks in a signal or in a spectrogram."""

    def __init__(
        self,
        y: RealArray | None,
        sr: float,
        S: AnyArray | None,
        n_fft: int | None,
        hop_length: int | None,
        fmin: float,
        fmax: float,
        threshold: float,
        win_length: int | None,
        window: WindowSpec,
        center: bool,
        pad_mode: PadMode,
        ref: Any,
    ) -> None:
        self.from_signal = S is None
        if S is None:
            if n_fft is None:
                raise parameter_error(f"Unable to compute spectrogram with n_fft={n_fft}")
            if y is None:
                raise parameter_error("Input signal must be provided to compute a spectrogram")
            frames = Frames(y, n_fft, hop_length, win_length, window, center, pad_mode, stacklevel=4)
            if callable(ref) or not frames.in_core:
                S = magnitudes(frames, 1)
                self.from_signal = False
            else:
                self.values, stft = frames.for_core()
                self.shape = (*y.shape[:-1], 1 + n_fft // 2, frames.count())
        if S is not None:
            self.values = np.abs(S)
            if n_fft is None or 1 + n_fft // 2 != S.shape[-2]:
                n_fft = 2 * (S.shape[-2] - 1)
            self.shape = S.shape
            stft = stft_options(n_fft, 1, np.ones(max(n_fft, 1)), True, "constant")
        reference = None if ref is None else _reference(ref, self.values, threshold)
        if reference is not None and not isinstance(reference, float):
            threshold = 1.0
        self.options = {
            "sr": float(sr),
            **stft,
            "fmin": float(fmin),
            "fmax": float(fmax),
            "threshold": float(threshold),
            "ref": reference,
        }

    def run(self, signal: Callable[..., Any], spectrogram: Callable[..., Any]) -> Any:
        values = flat(self.values, precision(self.values.dtype))
        if self.from_signal:
            return signal(values, self.values.shape[-1], self.options)
        return spectrogram(values, *self.shape[-2:], self.options)


def _reference(ref: Any, spectrogram: AnyArray, threshold: float) -> float | list[float]:
    """The magnitude that peaks must exceed: one, or one for every frame of every channel."""
    if not callable(ref):
        level = np.abs(ref)
        if np.ndim(level) == 0:
            return float(level)
    else:
        level = np.expand_dims(threshold * ref(spectrogram, axis=-2), -2)
    shape = (*spectrogram.shape[:-2], 1, spectrogram.shape[-1])
    values: list[float] = np.broadcast_to(level, shape).astype(np.float64).reshape(-1).tolist()
    return values


def estimate_tuning(
    *,
    y: RealArray | None = None,
    sr: float = 22050,
    S: AnyArray | None = None,
    n_fft: int | None = 2048,
    resolution: float = 0.01,
    bins_per_octave: int = 12,
    **kwargs: Any,
) -> float:
    """How far a signal or a spectrogram is out of tune, as a fraction of a bin; ``librosa.estimate_tuning``.

    Parameters
    ----------
    y, sr, S, n_fft : as for :func:`piptrack`.
    resolution : width of the histogram's bins, as a fraction of a bin of the scale.
    bins_per_octave : bins of the scale per octave.
    kwargs : further arguments of :func:`piptrack`.

    Returns
    -------
    A number from -0.5 to 0.5; 0, and a warning, where there is no peak.
    """
    options = {**_PIPTRACK_DEFAULTS, **_known("piptrack", kwargs, _PIPTRACK_DEFAULTS)}
    work = _Peaks(y, sr, S, n_fft, **options)
    work.options |= _histogram(resolution, bins_per_octave)
    found = work.run(_native.estimate_tuning, _native.estimate_tuning_from_spectrogram)
    return _or_zero(found)


_PIPTRACK_DEFAULTS: dict[str, Any] = {
    "hop_length": None,
    "fmin": 150.0,
    "fmax": 4000.0,
    "threshold": 0.1,
    "win_length": None,
    "window": "hann",
    "center": True,
    "pad_mode": "constant",
    "ref": None,
}


def _known(function: str, given: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in known:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
    return given


def pitch_tuning(frequencies: npt.ArrayLike, *, resolution: float = 0.01, bins_per_octave: int = 12) -> float:
    """How far most frequencies are out of tune, as a fraction of a bin; ``librosa.pitch_tuning``.

    Parameters
    ----------
    frequencies : hertz; those that are not positive do not count.
    resolution : width of the histogram's bins, as a fraction of a bin of the scale.
    bins_per_octave : bins of the scale per octave.

    Returns
    -------
    A number from -0.5 to 0.5; 0, and a warning, where no frequency is positive.
    """
    values = np.atleast_1d(np.asarray(frequencies))
    values = flat(values[np.isfinite(values)], precision(values.dtype))
    found = _native.pitch_tuning(values, _histogram(resolution, bins_per_octave)) if values.size else None
    return _or_zero(found)


def _histogram(resolution: float, bins_per_octave: int) -> dict[str, Any]:
    return {"resolution": float(resolution), "bins_per_octave": int(bins_per_octave)}


def _or_zero(found: float | None) -> float:
    if found is None:
        warnings.warn("Trying to estimate tuning from empty frequency set.", stacklevel=3)
        return 0.0
    return np.float64(found)
