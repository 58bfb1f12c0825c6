"""librosa.core.pitch: fundamental frequencies, peaks of spectra, tuning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import flat, precision
from ._frames import Frames, stft_options
from ._pitch_frames import cut
from ._types import AnyArray, Deprecated, Float64Array, PadMode, RealArray, WindowSpec
from ._version import VERSION, since, until
from ._warn import warn
from .errors import parameter_error
from .spectrum import magnitudes

#: librosa's default: the length matters until 0.10, and has no effect in 0.11.
WIN_LENGTH = None if VERSION < (0, 11) else Deprecated()

__all__ = ["estimate_tuning", "piptrack", "pitch_tuning", "pyin", "yin"]


@until((1, 0), "win_length")
def yin(
    y: RealArray,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    win_length: int | Deprecated | None = WIN_LENGTH,
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
    win_length : samples of a frame that are compared at every lag, half of it by default, in librosa 0.10; without effect in
        0.11, and dropped in 1.0.
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
    signal, samples, lead, options = cut(y, fmin, fmax, sr, frame_length, win_length, hop_length, center, pad_mode)
    f0 = _native.yin(signal, samples, options | {"trough_threshold": float(trough_threshold)})
    return f0.reshape((*lead, -1))


@until((1, 0), "win_length")
@since((1, 0), "transition_min_prob")
def pyin(
    y: RealArray,
    *,
    fmin: float,
    fmax: float,
    sr: float = 22050,
    frame_length: int = 2048,
    win_length: int | Deprecated | None = WIN_LENGTH,
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
    transition_min_prob: float | None = 1e-4,
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
    max_transition_rate : fastest change of pitch, in octaves a second.
    switch_prob : probability that voice begins or ends from one frame to the next.
    no_trough_prob : probability that the lowest trough is the period where none is below the threshold.
    fill_na : frequency of frames without voice; None for the best guess.
    transition_min_prob : less probable changes of pitch and voicing are left out of account; None or 0 for none. librosa has
        it since 1.0.

    Returns
    -------
    Frequencies in hertz (float64), whether each frame is voiced (bool), and the probability of that (float64):
    ``(..., frames)`` each.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> y = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> f0, voiced, probability = auralis_dsp.pyin(y, fmin=110, fmax=880)
    >>> bool(voiced[1:].all())
    True
    """
    signal, samples, lead, options = cut(y, fmin, fmax, sr, frame_length, win_length, hop_length, center, pad_mode)
    options |= {
        "n_thresholds": int(n_thresholds),
        "beta_parameters": (float(beta_parameters[0]), float(beta_parameters[1])),
        "boltzmann_parameter": float(boltzmann_parameter),
        "resolution": float(resolution),
        "max_transition_rate": float(max_transition_rate),
        "switch_prob": float(switch_prob),
        "no_trough_prob": float(no_trough_prob),
        "fill_na": None if fill_na is None else float(fill_na),
        "transition_min_prob": None if transition_min_prob is None or VERSION < (1, 0) else float(transition_min_prob),
    }
    f0, voiced_flag, voiced_prob = _native.pyin(signal, samples, options)
    shape = (*lead, -1)
    return f0.reshape(shape), voiced_flag.reshape(shape), voiced_prob.reshape(shape)


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
            frames = Frames(y, n_fft, hop_length, win_length, window, center, pad_mode)
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
        warn("Trying to estimate tuning from empty frequency set.")
        return 0.0
    return np.float64(found)
