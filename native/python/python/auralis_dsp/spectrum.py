"""librosa.core.spectrum: the short-time Fourier transform and its inverse."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import complex_dtype, flat, paired, precision, real_dtype
from ._frames import Frames, stft_options
from ._types import AnyArray, ComplexArray, PadMode, RealArray, WindowSpec
from .db import amplitude_to_db, power_to_db
from .errors import parameter_error
from .windows import padded_window

__all__ = ["amplitude_to_db", "istft", "power_to_db", "stft"]

def stft(
    y: RealArray,
    *,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    dtype: npt.DTypeLike | None = None,
    pad_mode: PadMode = "constant",
    out: ComplexArray | None = None,
) -> ComplexArray:
    """The short-time Fourier transform; ``librosa.stft``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point. float64 is computed and returned in double precision; everything else is computed in
        double precision and rounded once.
    n_fft : length of the transform, in samples.
    hop_length : samples between frames; by default a quarter of the window.
    win_length : length of the window, at most ``n_fft`` (the default); a shorter one is padded with zeros on both sides.
    window : name, tuple, number, function or values.
    center : whether frame ``t`` is centred at sample ``t * hop_length`` or begins there.
    dtype : complex type of the result.
    pad_mode : padding at the edges of centred frames; any mode of ``numpy.pad`` that depends on the ends alone.
    out : where to write the result; its last axis may be longer than needed.

    Returns
    -------
    ``(..., 1 + n_fft // 2, frames)``, complex.

    Raises
    ------
    ParameterError
        for audio that is not a finite floating-point array, a window longer than ``n_fft``, a signal shorter than a frame
        if frames are not centred, an ``out`` of another shape or type.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.stft(np.ones(22050, dtype=np.float32)).shape
    (1025, 44)
    """
    target = None if dtype is None else complex_dtype(dtype)
    frames_of = Frames(y, n_fft, hop_length, win_length, window, center, pad_mode)
    target = complex_dtype(y.dtype) if target is None else target
    single = precision(y.dtype) is np.float32 and target == np.complex64
    y, options = frames_of.for_core()
    bins = 1 + n_fft // 2
    if y.size == 0:
        result = np.zeros((*y.shape[:-1], bins, frames_of.count()), dtype=target)
    else:
        spectrum = _native.stft(flat(y, np.float32 if single else np.float64), y.shape[-1], options)
        result = paired(spectrum, (*y.shape[:-1], bins, -1)).astype(target, copy=False)
    return result if out is None else _into(out, result)


def _into(out: AnyArray, result: AnyArray) -> AnyArray:
    """Writes a result to the beginning of an array whose last axis may be longer."""
    if out.shape[:-1] != result.shape[:-1] or out.shape[-1] < result.shape[-1]:
        raise parameter_error(
            f"Shape mismatch for provided output array out.shape={out.shape} and target shape={list(result.shape)}"
        )
    if not np.iscomplexobj(out):
        raise parameter_error(f"output with dtype={out.dtype} is not of complex type")
    part = out if out.shape == result.shape else out[..., : result.shape[-1]]
    part[...] = result
    return part


def istft(
    stft_matrix: ComplexArray,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    n_fft: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    dtype: npt.DTypeLike | None = None,
    length: int | None = None,
    out: RealArray | None = None,
) -> RealArray:
    """The inverse of :func:`stft`, which minimises the mean squared error of its result's transform; ``librosa.istft``.

    Parameters
    ----------
    stft_matrix : ``(..., 1 + n_fft // 2, frames)``, finite.
    hop_length, win_length, window, center : as they were for :func:`stft`.
    n_fft : needed if it was odd; by default ``2 * (bins - 1)``.
    dtype : real type of the result; by default that of the input's precision.
    length : samples of the result, which is cut or filled with zeros; by default all that the frames cover.
    out : where to write the result.

    Returns
    -------
    ``(..., samples)``, real.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> y = np.sin(np.arange(22050))
    >>> bool(np.allclose(auralis_dsp.istft(auralis_dsp.stft(y), length=22050), y))
    True
    """
    stft_matrix = np.asarray(stft_matrix)
    n_fft = 2 * (stft_matrix.shape[-2] - 1) if n_fft is None else n_fft
    win_length = n_fft if win_length is None else win_length
    hop_length = int(win_length // 4) if hop_length is None else int(hop_length)
    values = padded_window(window, win_length, n_fft)
    frames = stft_matrix.shape[-1]
    target = real_dtype(stft_matrix.dtype) if dtype is None else np.dtype(dtype)
    lead = stft_matrix.shape[:-2]

    spectrum = _bins(stft_matrix, 1 + n_fft // 2)
    single = precision(stft_matrix.dtype) is np.float32 and target == np.float32
    flattened = flat(spectrum, np.complex64 if single else np.complex128)
    wanted = int(length) if length else None
    if flattened.size == 0:
        covered = n_fft + hop_length * (frames - 1) - (2 * (n_fft // 2) if center else 0)
        y = np.zeros((*lead, max(covered, 0) if wanted is None else wanted), dtype=target)
    else:
        options = stft_options(n_fft, hop_length, values, center, "constant")
        y = _native.istft(flattened, frames, options, wanted)
        y = y.reshape((*lead, -1)).astype(target, copy=False)
    if out is None:
        return y
    if out.shape != y.shape:
        raise parameter_error(f"Shape mismatch for provided output array out.shape={out.shape} != {list(y.shape)}")
    out[...] = y
    return out


def _bins(spectrum: AnyArray, bins: int) -> AnyArray:
    """The first bins, with zeros where some are missing: what an inverse transform of that length reads."""
    have = spectrum.shape[-2]
    if have > bins:
        return spectrum[..., :bins, :]
    if have < bins:
        widths: list[Any] = [(0, 0)] * (spectrum.ndim - 2) + [(0, bins - have), (0, 0)]
        return np.pad(spectrum, widths)
    return spectrum


def magnitudes(frames: Frames, power: float) -> RealArray:
    """The magnitudes of a transform to some power, for what the core does not do in one go."""
    y, options = frames.for_core()
    return np.abs(stft(y, **options)) ** power
