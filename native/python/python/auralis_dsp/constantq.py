"""librosa.core.constantq: constant-Q and variable-Q transforms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from ._arrays import check_audio, complex_dtype, flat, is_positive_int, paired, precision, real_dtype
from ._types import AnyArray, ComplexArray, PadMode, RealArray, WindowSpec
from ._version import CORE, VERSION
from ._warn import warn
from .errors import parameter_error
from .pitch import estimate_tuning
from .windows import window_option

__all__ = ["cqt", "hybrid_cqt", "icqt", "pseudo_cqt", "vqt"]

#: The note C1 in hertz.
C1 = _native.C1


def cqt(
    y: RealArray,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str | None = "soxr_hq",
    dtype: npt.DTypeLike | None = None,
) -> ComplexArray:
    """The constant-Q transform; ``librosa.cqt``.

    C. Schoerkhuber, A. Klapuri, "Constant-Q transform toolbox for music processing", SMC 2010.

    Parameters
    ----------
    y : ``(..., n)``, floating-point.
    sr : sample rate in Hz.
    hop_length : samples between frames.
    fmin : lowest frequency in hertz; C1 by default.
    n_bins : number of frequencies; None, since librosa 1.0, for all that fit below half the rate.
    bins_per_octave : how many of them make an octave.
    tuning : deviation from A440 in fractions of a bin; None to estimate it.
    filter_scale : a factor for the filters' lengths.
    norm : of the filters.
    sparsity : the part of each filter's magnitudes that is dropped.
    window : a window that the core has; see :mod:`auralis_dsp.windows`.
    scale : whether responses are divided by the square root of their filters' lengths.
    pad_mode : padding at the edges.
    res_type : how the rate is halved: ``soxr_vhq``, ``soxr_hq``, ``soxr_mq``, ``soxr_lq``, ``soxr_qq``, ``fft``,
        ``scipy``, ``polyphase``.
    dtype : complex type of the result.

    Returns
    -------
    ``(..., n_bins, frames)``, complex.

    Raises
    ------
    ParameterError
        for bins above half the rate, invalid audio, invalid options.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> auralis_dsp.cqt(np.sin(np.arange(22050))).shape
    (84, 44)
    """
    return vqt(
        y,
        sr=sr,
        hop_length=hop_length,
        fmin=fmin,
        n_bins=n_bins,
        intervals="equal",
        gamma=0,
        bins_per_octave=bins_per_octave,
        tuning=tuning,
        filter_scale=filter_scale,
        norm=norm,
        sparsity=sparsity,
        window=window,
        scale=scale,
        pad_mode=pad_mode,
        res_type=res_type,
        dtype=dtype,
    )


def vqt(
    y: RealArray,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = None,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str | None = "soxr_hq",
    dtype: npt.DTypeLike | None = None,
) -> ComplexArray:
    """The variable-Q transform; ``librosa.vqt``.

    Parameters
    ----------
    intervals : how an octave is divided: ``equal``, ``pythagorean``, ``ji3``, ``ji5``, ``ji7``, or ratios.
    gamma : bandwidth in hertz that is added to each filter's; None for the ear's equivalent rectangular bandwidth.

    The others are those of :func:`cqt`.

    Returns
    -------
    ``(..., n_bins, frames)``, complex.
    """
    target = _check(y, dtype)
    res_type = _res_type(res_type)
    if not isinstance(intervals, str):
        bins_per_octave = len(intervals)
    options = cqt_options(
        y, sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode,
        res_type, intervals=intervals, gamma=gamma,
    )  # fmt: skip
    single = precision(y.dtype) is np.float32 and target == np.complex64
    values = _native.vqt(flat(y, np.float32 if single else np.float64), y.shape[-1], options)
    return paired(values, (*y.shape[:-1], options["n_bins"], -1)).astype(target, copy=False)


def hybrid_cqt(
    y: RealArray,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str = "soxr_hq",
    dtype: npt.DTypeLike | None = None,
) -> RealArray:
    """Magnitudes by :func:`pseudo_cqt` where filters are short and by :func:`cqt` elsewhere; ``librosa.hybrid_cqt``.

    Parameters are those of :func:`cqt`. Returns ``(..., n_bins, frames)``, real.
    """
    target = real_dtype(_check(y, dtype))
    res_type = _res_type(res_type)
    options = cqt_options(
        y, sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode,
        res_type,
    )  # fmt: skip
    return _magnitudes(_native.hybrid_cqt, y, target, options)


def pseudo_cqt(
    y: RealArray,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    n_bins: int | None = 84,
    bins_per_octave: int = 12,
    tuning: float | None = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    dtype: npt.DTypeLike | None = None,
) -> RealArray:
    """Magnitudes by one Fourier transform for all filters; ``librosa.pseudo_cqt``.

    Parameters are those of :func:`cqt`. Returns ``(..., n_bins, frames)``, real.
    """
    target = real_dtype(_check(y, dtype))
    options = cqt_options(
        y, sr, hop_length, fmin, n_bins, bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale, pad_mode,
        "soxr_hq",
    )  # fmt: skip
    return _magnitudes(_native.pseudo_cqt, y, target, options)


def icqt(
    C: ComplexArray,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    length: int | None = None,
    res_type: str = "soxr_hq",
    dtype: npt.DTypeLike | None = None,
) -> RealArray:
    """The signal of which ``C`` is the constant-Q transform, nearly; ``librosa.icqt``.

    Parameters
    ----------
    C : ``(..., n_bins, frames)``.
    length : samples of the result; by default all that the frames cover.
    dtype : real type of the result.

    The others are those of :func:`cqt`, and as they were there.

    Returns
    -------
    ``(..., samples)``, real.
    """
    C = np.asarray(C)
    # librosa's filters are weighted in double precision, whatever the transform's is.
    target = np.dtype(np.float64 if dtype is None else dtype)
    options = cqt_options(
        None, sr, hop_length, fmin, C.shape[-2], bins_per_octave, tuning, filter_scale, norm, sparsity, window, scale,
        "constant", res_type,
    )  # fmt: skip
    single = precision(C.dtype) is np.float32 and target == np.float32
    values = flat(C, np.complex64 if single else np.complex128)
    options["length"] = int(length) if length else None
    y = _native.icqt(values, C.shape[-2], C.shape[-1], options)
    return y.reshape((*C.shape[:-2], -1)).astype(target, copy=False)


def _check(y: Any, dtype: npt.DTypeLike | None) -> np.dtype[Any]:
    check_audio(y, finite=False)
    return complex_dtype(y.dtype if dtype is None else dtype)


def _res_type(res_type: str | None) -> str:
    if res_type is not None:
        return res_type
    if VERSION >= (1, 0):
        raise parameter_error("res_type must be the name of a resampling mode, got None")
    warn(
        "Support for VQT with res_type=None is deprecated in librosa 0.10\nand will be removed in version 1.0.",
        FutureWarning,
    )
    return "soxr_hq"


def _magnitudes(
    transform: Any, y: RealArray, target: np.dtype[Any], options: dict[str, Any]
) -> RealArray:
    single = precision(y.dtype) is np.float32 and target == np.float32
    values: AnyArray = transform(flat(y, np.float32 if single else np.float64), y.shape[-1], options)
    return values.reshape((*y.shape[:-1], options["n_bins"], -1)).astype(target, copy=False)


def cqt_options(
    y: RealArray | None,
    sr: float,
    hop_length: int,
    fmin: float | None,
    n_bins: int | None,
    bins_per_octave: int,
    tuning: float | None,
    filter_scale: float = 1,
    norm: float | None = 1,
    sparsity: float = 0.01,
    window: WindowSpec = "hann",
    scale: bool = True,
    pad_mode: PadMode = "constant",
    res_type: str = "soxr_hq",
    *,
    intervals: str | Collection[float] = "equal",
    gamma: float | None = 0,
) -> dict[str, Any]:
    """The core's options of a transform."""
    scale_of = scale_options(y, sr, hop_length, fmin, bins_per_octave, tuning, intervals, gamma)
    if not isinstance(pad_mode, str):
        raise parameter_error(f"pad_mode must be a name, got {pad_mode!r}")
    options = {
        **scale_of,
        # Without a number, which librosa 1.0 takes, none is set yet.
        "n_bins": None if n_bins is None and VERSION >= (1, 0) else int(n_bins),  # type: ignore[arg-type]
        "filter_scale": float(filter_scale),
        "norm": norm_option(norm),
        "sparsity": float(sparsity),
        **window_option("window", window),
        "scale": bool(scale),
        "pad_mode": pad_mode,
        "res_type": res_type,
    }
    if options["n_bins"] is None:
        options["n_bins"] = _native.count_bins(options)
    return options


def scale_options(
    y: RealArray | None,
    sr: float,
    hop_length: int,
    fmin: float | None,
    bins_per_octave: int,
    tuning: float | None,
    intervals: str | Collection[float],
    gamma: float | None,
) -> dict[str, Any]:
    """Options of every transform. Without a tuning, that of ``y`` is estimated here, where warnings are made."""
    if not is_positive_int(hop_length):
        raise parameter_error(f"hop_length={hop_length} must be a positive integer")
    if tuning is None and y is not None:
        tuning = estimate_tuning(y=y, sr=sr, bins_per_octave=bins_per_octave)
    return {
        "sr": float(sr),
        "hop_length": int(hop_length),
        "fmin": C1 if fmin is None else float(fmin),
        "intervals": intervals if isinstance(intervals, str) else [float(ratio) for ratio in intervals],
        "bins_per_octave": int(bins_per_octave),
        "gamma": None if gamma is None else float(gamma),
        "tuning": 0.0 if tuning is None else float(tuning),
        "librosa": CORE,
    }


def norm_option(norm: Any) -> float | None:
    """A norm as the core takes it."""
    if norm is None:
        return None
    if isinstance(norm, (int, float, np.number)) and not isinstance(norm, bool) and (norm >= 0 or norm == -np.inf):
        return float(norm)
    raise parameter_error(f"Unsupported norm: {norm!r}")
