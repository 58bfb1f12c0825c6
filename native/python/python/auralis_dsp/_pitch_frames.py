"""How a signal is cut into the frames of a pitch detector: the checks and warnings of the librosa that is followed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arrays import check_audio, flat, is_positive_int, pad_ends, precision
from ._types import AnyArray, PadMode, RealArray
from ._version import VERSION
from ._warn import warn
from .errors import parameter_error

#: Ways of continuing a signal that the core knows here.
_PADDING = (
    *("constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"),
)


def cut(
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
    """librosa's checks and warnings; the flat signal, its samples a channel, the leading axes, the core's options."""
    if fmin is None or fmax is None:
        raise parameter_error('both "fmin" and "fmax" must be provided')
    if VERSION == (0, 11) and type(win_length).__name__ != "Deprecated":
        warn(
            "The win_length parameter has been deprecated in version 0.11.0 and has no effect. It will be removed in "
            "version 1.0.0.",
            FutureWarning,
        )
    if fmax > sr / 2:
        raise parameter_error(f"fmax={fmax:.3f} cannot exceed Nyquist frequency {sr / 2}")
    if fmin >= fmax:
        raise parameter_error(f"fmin={fmin:.3f} must be less than fmax={fmax:.3f}")
    if fmin <= 0:
        raise parameter_error(f"fmin={fmin:.3f} must be strictly positive")
    if VERSION < (0, 11):
        win_length = frame_length // 2 if win_length is None else win_length
        _check_compared(sr, fmax, frame_length, win_length)
    else:
        win_length = None
        _check_periods(sr, fmin, frame_length)
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
        "win_length": win_length,
    }
    return flat(y, precision(y.dtype)), y.shape[-1], lead, options


def _check_periods(sr: float, fmin: float, frame_length: int) -> None:
    """That a period of the lowest frequency fits into a frame, and better two."""
    period = int(np.ceil(sr / fmin))
    if sr / fmin >= frame_length - 1:
        feasible = sr / (frame_length - 1) if frame_length > 1 else np.inf
        raise parameter_error(
            f"fmin={fmin:.3f} is too small for frame_length={frame_length} and sr={sr}. "
            f"Either increase to fmin={feasible:.3f} or frame_length={period + 1}"
        )
    if sr / fmin >= frame_length // 2:
        warn(
            f"With fmin={fmin:.3f}, sr={sr} and frame_length={frame_length}, less than two periods of fmin fit into the "
            f"frame, which can cause inaccurate pitch detection. Consider increasing to fmin={2 * sr / frame_length:.3f} "
            f"or frame_length={2 * period + 1}.",
        )


def _check_compared(sr: float, fmax: float, frame_length: int, win_length: int) -> None:
    """That the frame's rest is longer than a period of the highest frequency, as librosa 0.10 asks."""
    if win_length >= frame_length:
        raise parameter_error(f"win_length={win_length} must be less than frame_length={frame_length}")
    rest = frame_length - win_length - 1
    if rest <= sr // fmax:
        feasible = sr / rest if rest > 0 else np.inf
        raise parameter_error(
            f"fmax={fmax:.3f} is too small for frame_length={frame_length}, win_length={win_length}, and sr={sr}. "
            f"Either increase to fmax={feasible:.3f} or frame_length={int(np.ceil(sr / fmax) + win_length + 1)}"
        )
