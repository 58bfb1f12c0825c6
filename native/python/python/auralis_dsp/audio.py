"""Files to samples, and samples to another rate."""

from __future__ import annotations

import os
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import as_audio, flat
from ._types import AudioLike, Float32Array, RealArray
from ._warn import warn
from .errors import parameter_error

__all__ = ["decode", "resample"]

#: torchaudio's beta of the Kaiser window if none is given.
_BETA = 14.769656459379492
#: The highest sample rate that is accepted, in Hz.
MAX_RATE = 100_000_000


class BinaryFile(Protocol):
    """What is open for reading bytes."""

    def read(self) -> bytes: ...


def decode(
    file: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryFile,
    *,
    start: int = 0,
    stop: int | None = None,
    sr: int | None = None,
    mono: bool = False,
) -> tuple[Float32Array, int]:
    """Decodes an audio file to float32 samples in [-1, 1], with channels first, as ``torchaudio.load`` does.

    Reads WAV (RF64 and W64 too), AIFF and AIFC, AU, CAF, FLAC, Ogg Vorbis, MP3 (encoder delay and padding removed) and
    NIST SPHERE, recognised by their first bytes. Samples, rate and number of channels equal those of
    ``soundfile.read(dtype="float32")``, whose result is ``samples.T``.

    Parameters
    ----------
    file : path, bytes, or a file open for reading bytes, which is read from its position to its end.
    start, stop : the samples to return, as in a slice: negative numbers count from the end; None is the end. At the file's
        own rate.
    sr : rate in Hz to convert to with :func:`resample` and its defaults; None for the file's own.
    mono : whether to average the channels.

    Returns
    -------
    samples : ``(channels, n)``, float32; one channel with ``mono``.
    sr : rate in Hz.

    Raises
    ------
    OSError
        if the file cannot be read; ``FileNotFoundError`` if there is none.
    ParameterError
        for what is no audio or damaged; for more than 2**30 samples in all channels. What a file that was cut short still
        holds is returned where that is known to be all, with a warning that says what is missing.

    Examples
    --------
    >>> import io, wave, auralis_dsp
    >>> with wave.open(file := io.BytesIO(), "wb") as wav:
    ...     wav.setnchannels(1), wav.setsampwidth(2), wav.setframerate(16000)
    ...     wav.writeframes(b"\\x00\\x40" * 100)
    (None, None, None)
    >>> samples, sr = auralis_dsp.decode(file.getvalue(), start=20)
    >>> samples.shape, float(samples[0, 0]), sr
    ((1, 80), 0.5, 16000)
    """
    source, name = _source(file)
    wanted = None if sr is None else sample_rate(sr, "sr")
    start, stop = _index(start, "start"), None if stop is None else _index(stop, "stop")
    counted_from_end = start < 0 or (stop is not None and stop < 0)
    values, channels, rate, lack = _native.decode(source, *((0, None) if counted_from_end else (start, stop)))
    samples: Float32Array = values.reshape(channels, -1)
    if counted_from_end:
        samples = np.ascontiguousarray(samples[:, start:stop])
    if lack is not None:
        warn(f"{name} is cut short: {lack}")
    if mono and channels > 1:
        samples = samples.mean(axis=0, dtype=np.float64, keepdims=True).astype(np.float32)
    if wanted is None or wanted == rate:
        return samples, rate
    if samples.size == 0:
        return samples, wanted
    return resample(samples, rate, wanted), wanted


def _source(file: Any) -> tuple[str | bytes, str]:
    """What the core reads, and how to speak of it."""
    if isinstance(file, (str, os.PathLike)):
        path = os.fspath(file)
        if not isinstance(path, str):
            path = os.fsdecode(path)
        os.stat(path)  # Python's own exception if there is no such file.
        return path, path
    if isinstance(file, (bytearray, memoryview)):
        return bytes(file), "the input"
    if not isinstance(file, bytes) and hasattr(file, "read"):
        file = file.read()
        if not isinstance(file, bytes):
            raise TypeError(f"file must be open for reading bytes, not text: read() gave {type(file).__name__}")
    if not isinstance(file, bytes):
        raise TypeError(f"file must be a path, bytes or a file open for reading, not {type(file).__name__}")
    return file, "the input"


def _index(value: Any, name: str) -> int:
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise parameter_error(f"{name} must be a whole number of samples, got {value!r}")
    # More samples than any file has are as good as the end.
    return max(-(2**62), min(2**62, int(value)))


def sample_rate(value: Any, name: str) -> int:
    """A whole number of hertz."""
    rate = _whole(value, name)
    if not 1 <= rate <= MAX_RATE:
        raise parameter_error(f"{name} must be between 1 and {MAX_RATE} Hz, got {value!r}")
    return rate


def _whole(value: Any, name: str) -> int:
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    # The remainder of NaN and infinity is NaN.
    if not number or value % 1 != 0:
        raise parameter_error(f"{name} must be a whole number, got {value!r}")
    return int(value)


def resample(
    waveform: AudioLike,
    orig_freq: int,
    new_freq: int,
    lowpass_filter_width: int = 6,
    rolloff: float = 0.99,
    resampling_method: str = "sinc_interp_hann",
    beta: float | None = None,
) -> RealArray:
    """Resamples by a windowed sinc; ``torchaudio.functional.resample``.

    Parameters
    ----------
    waveform : ``(..., n)``, floating-point; a tensor of torch is accepted, too.
    orig_freq, new_freq : rates of the input and the output, whole numbers of hertz.
    lowpass_filter_width : zero crossings of the sinc on either side, 1 to 4096: more are sharper and slower.
    rolloff : cutoff as a fraction of the lower Nyquist frequency.
    resampling_method : ``"sinc_interp_hann"`` or ``"sinc_interp_kaiser"``.
    beta : shape of the Kaiser window; None is torchaudio's 14.769656459379492.

    Returns
    -------
    ``(..., ceil(n * new_freq / orig_freq))``, float64 for float64, float32 otherwise. The quotient is rounded to float32
    before, as torchaudio does.

    Raises
    ------
    ParameterError
        for NaN or infinity, an empty waveform, rates that are not whole or out of range, a ratio whose filter would not
        fit in memory.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.resample(np.zeros((2, 44100), np.float32), 44100, 16000).shape
    (2, 16000)
    """
    x = as_audio(waveform, "waveform")
    if x.ndim == 0:
        raise parameter_error("waveform must have at least one axis")
    options = {
        "orig_freq": sample_rate(orig_freq, "orig_freq"),
        "new_freq": sample_rate(new_freq, "new_freq"),
        "resampling_method": str(resampling_method),
        "lowpass_filter_width": _whole(lowpass_filter_width, "lowpass_filter_width"),
        "rolloff": float(rolloff),
        "beta": _BETA if beta is None else float(beta),
    }
    values = _native.resample(flat(x, x.dtype), x.shape[-1], options)
    return values.reshape(*x.shape[:-1], -1)
