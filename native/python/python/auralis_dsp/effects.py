"""librosa.effects: harmonic and percussive parts of a signal."""

from __future__ import annotations

from typing import Any

from . import _native, decompose
from ._arrays import flat, precision
from ._frames import Frames
from ._types import PadMode, Pair, RealArray, WindowSpec
from .decompose import mask_options
from .spectrum import istft, stft

__all__ = ["harmonic", "hpss", "percussive"]


def hpss(
    y: RealArray,
    *,
    kernel_size: Pair = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Pair = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
) -> tuple[RealArray, RealArray]:
    """Separates a signal into its harmonic and its percussive part; ``librosa.effects.hpss``.

    Parameters
    ----------
    y : ``(..., n)``, floating-point.
    kernel_size : frames of the harmonic median and bins of the percussive one; one number for both.
    power : exponent of the masks; ``numpy.inf`` makes them 0 or 1.
    mask : whether to return the masks themselves instead of applying them.
    margin : how much larger one part must be than the other, for harmonic and percussive; at least 1. Above 1 there is a
        rest that belongs to neither.
    n_fft, hop_length, win_length, center, pad_mode : of the transform; see :func:`auralis_dsp.stft`.
    window : not used, as in librosa: the window is a Hann window.

    Returns
    -------
    Two signals of the shape and type of ``y``.

    Raises
    ------
    ParameterError
        for margins below 1, kernels below 1, powers of at most 0, and as :func:`auralis_dsp.stft` does.

    Examples
    --------
    >>> import numpy as np, auralis_dsp
    >>> harmonic, percussive = auralis_dsp.hpss(np.sin(np.arange(22050)))
    >>> harmonic.shape
    (22050,)
    """
    parts = _separate(y, (True, True), kernel_size, power, mask, margin, n_fft, hop_length, win_length, center, pad_mode)
    return parts[0], parts[1]


def harmonic(
    y: RealArray,
    *,
    kernel_size: Pair = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Pair = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
) -> RealArray:
    """The harmonic part of :func:`hpss` alone; ``librosa.effects.harmonic``."""
    return _separate(
        y, (True, False), kernel_size, power, mask, margin, n_fft, hop_length, win_length, center, pad_mode
    )[0]


def percussive(
    y: RealArray,
    *,
    kernel_size: Pair = 31,
    power: float = 2.0,
    mask: bool = False,
    margin: Pair = 1.0,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: WindowSpec = "hann",
    center: bool = True,
    pad_mode: PadMode = "constant",
) -> RealArray:
    """The percussive part of :func:`hpss` alone; ``librosa.effects.percussive``."""
    return _separate(
        y, (False, True), kernel_size, power, mask, margin, n_fft, hop_length, win_length, center, pad_mode
    )[0]


def _separate(
    y: RealArray,
    wanted: tuple[bool, bool],
    kernel_size: Pair,
    power: float,
    mask: bool,
    margin: Pair,
    n_fft: int,
    hop_length: int | None,
    win_length: int | None,
    center: bool,
    pad_mode: PadMode,
) -> list[RealArray]:
    frames = Frames(y, n_fft, hop_length, win_length, "hann", center, pad_mode)
    masks = mask_options(kernel_size, power, mask, margin)
    if frames.in_core:
        _, options = frames.for_core()
        signal = flat(y, precision(y.dtype))
        parts = _native.hpss(signal, y.shape[-1], options | masks, *wanted)
        return [part.reshape(y.shape).astype(y.dtype, copy=False) for part in parts]
    shared: dict[str, Any] = {"n_fft": n_fft, "hop_length": hop_length, "win_length": win_length, "center": center}
    spectrum = stft(y, pad_mode=pad_mode, **shared)
    spectra = decompose.hpss(spectrum, kernel_size=kernel_size, power=power, mask=mask, margin=margin)
    chosen = [part for part, want in zip(spectra, wanted) if want]
    return [istft(part, dtype=y.dtype, length=y.shape[-1], **shared) for part in chosen]
