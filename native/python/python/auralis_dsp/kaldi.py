"""Kaldi's features, as ``torchaudio.compliance.kaldi`` has them: arrays or tensors in, numpy arrays out.

To migrate, change the import. Names, order and defaults of the arguments are torchaudio's, and so are the values, which
the Rust core computes in double precision as far as the window::

    from auralis_dsp import kaldi                      # was: from torchaudio.compliance import kaldi

What differs: the result is a numpy array; a waveform ``(n,)`` of one channel is accepted, too; NaN and infinity are
errors; a waveform below ``min_duration`` gives ``(0, columns)``; with ``snip_edges=False`` a waveform may be shorter than
a frame, as in Kaldi. ``dither`` draws its noise from ``seed``.
"""

from __future__ import annotations

import errno
import inspect
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypedDict, overload

import numpy as np

from . import _native
from ._arrays import as_audio, flat
from ._types import AudioLike, Float32Array, RealArray
from ._warn import warn
from .audio import sample_rate
from .errors import parameter_error

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["FbankOptions", "fbank", "fbank_files", "mfcc", "spectrogram"]

#: What kaldi-native-fbank and lhotse have besides, and torchaudio has not.
_FIXED = {
    "padding": "kaldi",
    "htk_mode": False,
    "is_librosa": False,
    "norm": "slaney",
    "use_slaney_mel_scale": True,
    "floor_to_int_bin": False,
}


class FbankOptions(TypedDict, total=False):
    """The arguments of :func:`fbank` that :func:`fbank_files` hands on."""

    blackman_coeff: float
    dither: float
    energy_floor: float
    frame_length: float
    frame_shift: float
    high_freq: float
    htk_compat: bool
    low_freq: float
    min_duration: float
    num_mel_bins: int
    preemphasis_coefficient: float
    raw_energy: bool
    remove_dc_offset: bool
    round_to_power_of_two: bool
    sample_frequency: float
    snip_edges: bool
    subtract_mean: bool
    use_energy: bool
    use_log_fbank: bool
    use_power: bool
    vtln_high: float
    vtln_low: float
    vtln_warp: float
    window_type: str
    seed: int


def fbank(
    waveform: AudioLike,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    use_log_fbank: bool = True,
    use_power: bool = True,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
    *,
    seed: int = 0,
) -> RealArray:
    """Log mel filter bank energies; ``torchaudio.compliance.kaldi.fbank``.

    Parameters
    ----------
    waveform : ``(channels, n)`` or ``(n,)``, float32 or float64, in [-1, 1] as :func:`auralis_dsp.decode` and
        ``torchaudio.load`` give it.
    blackman_coeff : constant of the Blackman window.
    channel : row of the waveform; -1 takes the first.
    dither : standard deviation of the Gaussian noise added to every sample of every frame, in the samples' unit: 3e-5 for
        [-1, 1] is Kaldi's 1.0 for 16-bit integers.
    energy_floor : floor under the energy, absolute; 0 for none. The filters' energies have their own, 2**-23.
    frame_length, frame_shift : length of a frame and distance between neighbouring frames, in milliseconds.
    htk_compat : whether the energy is the last column, not the first.
    low_freq, high_freq : edges of the filters in Hz; a ``high_freq`` of 0 or less counts from the Nyquist frequency.
    min_duration : seconds that a waveform must last to have any frame.
    num_mel_bins : number of filters, at least 3.
    preemphasis_coefficient : coefficient of the pre-emphasis in each frame, 0 to 1.
    raw_energy : whether the energy is taken before pre-emphasis and window.
    remove_dc_offset : whether each frame's mean is subtracted.
    round_to_power_of_two : whether frames are zero-padded to a power of two; if not, their length must be even.
    sample_frequency : the waveform's sample rate in Hz.
    snip_edges : whether there are only frames that lie within the waveform; if not, its edges are mirrored.
    subtract_mean : whether each column's mean over time is subtracted.
    use_energy : whether the log energy is a column, too.
    use_log_fbank : whether the result is the natural logarithm of the energies.
    use_power : whether the filters weight the power spectrum; if not, the magnitudes.
    vtln_low, vtln_high, vtln_warp : inflection points in Hz (negative: from the Nyquist frequency) and factor of the
        vocal tract warp; 1 is none.
    window_type : ``"hamming"``, ``"hanning"``, ``"povey"``, ``"rectangular"`` or ``"blackman"``; also
        kaldi-native-fbank's ``"hann"`` (periodic) and ``"sine"``.
    seed : of the noise, a whole number; the same seed gives the same noise.

    Returns
    -------
    ``(frames, num_mel_bins)``, one column more with ``use_energy``; float64 for float64, float32 otherwise.

    Raises
    ------
    ParameterError
        for NaN or infinity, a waveform too short for a frame, options out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from auralis_dsp import kaldi
    >>> kaldi.fbank(np.sin(np.arange(16000, dtype=np.float32))[None], num_mel_bins=80).shape
    (98, 80)
    """
    return _features(_native.fbank, locals())


def mfcc(
    waveform: AudioLike,
    blackman_coeff: float = 0.42,
    cepstral_lifter: float = 22.0,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    num_ceps: int = 13,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
    *,
    seed: int = 0,
) -> RealArray:
    """Mel-frequency cepstral coefficients; ``torchaudio.compliance.kaldi.mfcc``.

    Parameters
    ----------
    waveform : ``(channels, n)`` or ``(n,)``, float32 or float64.
    cepstral_lifter : strength of the lifter that scales the coefficients; 0 for none.
    htk_compat : whether the zeroth coefficient comes last; without ``use_energy`` it is scaled by sqrt(2).
    low_freq, high_freq : edges of the filters in Hz; a ``high_freq`` of 0 or less counts from the Nyquist frequency.
    num_ceps : number of coefficients, the zeroth included; at most ``num_mel_bins``.
    num_mel_bins : number of filters, at least 3.
    use_energy : whether the log energy replaces the zeroth coefficient.
    vtln_low, vtln_high, vtln_warp : inflection points in Hz (negative: from the Nyquist frequency) and factor of the
        vocal tract warp; 1 is none.

    The other arguments are those of :func:`fbank`.

    Returns
    -------
    ``(frames, num_ceps)``; float64 for float64, float32 otherwise.

    Raises
    ------
    ParameterError
        as :func:`fbank` does.

    Examples
    --------
    >>> import numpy as np
    >>> from auralis_dsp import kaldi
    >>> kaldi.mfcc(np.sin(np.arange(16000, dtype=np.float32))[None]).shape
    (98, 13)
    """
    return _features(_native.kaldi_mfcc, locals())


def spectrogram(
    waveform: AudioLike,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    min_duration: float = 0.0,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    window_type: str = "povey",
    *,
    seed: int = 0,
) -> RealArray:
    """Log power spectra, with the log energy as the first column; ``torchaudio.compliance.kaldi.spectrogram``.

    Parameters
    ----------
    waveform : ``(channels, n)`` or ``(n,)``, float32 or float64.

    The other arguments are those of :func:`fbank`.

    Returns
    -------
    ``(frames, 1 + points // 2)``; float64 for float64, float32 otherwise.

    Raises
    ------
    ParameterError
        as :func:`fbank` does.

    Examples
    --------
    >>> import numpy as np
    >>> from auralis_dsp import kaldi
    >>> kaldi.spectrogram(np.sin(np.arange(16000, dtype=np.float32))[None]).shape
    (98, 257)
    """
    return _features(_native.spectrogram, locals())


def _features(compute: Callable[[Any, dict[str, Any]], tuple[RealArray, int]], given: dict[str, Any]) -> RealArray:
    """The features of the arguments that were given."""
    x = as_audio(given.pop("waveform"), "waveform")
    if x.ndim not in (1, 2) or (x.ndim == 2 and x.shape[1] <= 8 < x.shape[0]):
        raise parameter_error(f"waveform must have shape (channels, samples) or (samples,), got {x.shape}")
    rows = x[None] if x.ndim == 1 else x
    channel = _channel(given.pop("channel"))
    if channel >= len(rows):
        raise parameter_error(f"channel must be below {len(rows)}, the number of channels, got {channel}")
    values, columns = compute(flat(rows[channel], x.dtype), _FIXED | given)
    return values.reshape(-1, columns)


def _channel(channel: Any) -> int:
    """The index of the row; negative ones mean the first, as in torchaudio."""
    if isinstance(channel, (bool, np.bool_)) or not isinstance(channel, (int, np.integer)):
        raise parameter_error(f"channel must be a whole number, got {channel!r}")
    return max(int(channel), 0)


@overload
def fbank_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    channel: int = -1,
    resample: bool = False,
    errors: Literal["raise"] = "raise",
    progress: Callable[[int, int], object] | None = None,
    **options: Unpack[FbankOptions],
) -> list[Float32Array]: ...
@overload
def fbank_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    channel: int = -1,
    resample: bool = False,
    errors: Literal["return"],
    progress: Callable[[int, int], object] | None = None,
    **options: Unpack[FbankOptions],
) -> list[Float32Array | Exception]: ...
def fbank_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    channel: int = -1,
    resample: bool = False,
    errors: Literal["raise", "return"] = "raise",
    progress: Callable[[int, int], object] | None = None,
    **options: Any,
) -> list[Float32Array] | list[Float32Array | Exception]:
    """:func:`fbank` of many files, on as many threads as :func:`auralis_dsp.set_num_threads` says, without Python's lock.

    Parameters
    ----------
    paths : audio files of any format that :func:`auralis_dsp.decode` reads.
    channel : the channel of every file; -1 takes the first.
    resample : whether files of another rate than ``sample_frequency`` are converted with :func:`auralis_dsp.resample`'s
        defaults; if not, they are errors.
    errors : ``"raise"`` raises the error of the first file that has one; ``"return"`` puts the exception in the place of
        that file's result.
    progress : called with the number of files that are done and of all files, on the calling thread; an exception that it
        raises ends the work.
    options : further arguments of :func:`fbank`.

    Returns
    -------
    One ``(frames, num_mel_bins)`` of float32 for every path, in order; equal to :func:`fbank` of
    :func:`auralis_dsp.decode`'s samples.

    Raises
    ------
    OSError, ParameterError
        as :func:`auralis_dsp.decode` and :func:`fbank` do; the message names the file. ``KeyboardInterrupt`` ends the
        work after the files that are in progress. Wrong options are raised whatever ``errors`` is.

    Examples
    --------
    >>> from auralis_dsp import kaldi
    >>> kaldi.fbank_files([], num_mel_bins=80)
    []
    >>> [result] = kaldi.fbank_files(["missing.wav"], errors="return")
    >>> type(result).__name__
    'FileNotFoundError'
    """
    if isinstance(paths, (str, bytes, os.PathLike)):
        raise TypeError("paths must be a list of paths, not one path")
    if errors not in ("raise", "return"):
        raise parameter_error(f"errors must be 'raise' or 'return', got {errors!r}")
    unknown = options.keys() - FbankOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"fbank_files() got an unexpected keyword argument {min(unknown)!r}")
    names = [os.fsdecode(path) for path in paths]
    given: dict[str, Any] = _FIXED | _DEFAULTS | options
    if resample:
        given["sample_frequency"] = sample_rate(given["sample_frequency"], "sample_frequency")
    done = None if progress is None else lambda count: progress(count, len(names))
    everything = errors == "return"
    results = _native.fbank_files(names, given, _channel(channel), bool(resample), everything, done)
    return [_result(name, result, everything) for name, result in zip(names, results)]


#: The defaults of what :func:`fbank_files` hands on.
_DEFAULTS: dict[str, Any] = {
    name: parameter.default
    for name, parameter in inspect.signature(fbank).parameters.items()
    if name not in ("waveform", "channel")
}


def _result(name: str, result: Any, everything: bool) -> Any:
    """A file's features; raises its exception, or returns it."""
    if isinstance(result, OSError) and not os.path.exists(name):
        result = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    if isinstance(result, Exception):
        if everything:
            return result
        raise result
    values, columns, lack = result
    if lack is not None:
        warn(f"{name} is cut short: {lack}")
    return values.reshape(-1, columns)
