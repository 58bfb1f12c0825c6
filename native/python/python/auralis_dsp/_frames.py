"""How a signal is cut into the frames of a short-time transform: librosa's checks and warnings, the core's options."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._arrays import CORE_PADDING, check_audio, is_positive_int, pad_ends
from ._types import Float64Array, PadMode, RealArray, WindowSpec
from ._warn import warn
from .errors import parameter_error
from .windows import padded_window

#: Modes whose padding depends on more of the signal than its ends.
_WHOLE_SIGNAL = ("wrap", "maximum", "mean", "median", "minimum")


def stft_options(n_fft: int, hop_length: int, window: Float64Array, center: bool, pad_mode: Any) -> dict[str, Any]:
    """The core's options of a transform."""
    return {
        "n_fft": int(n_fft),
        "hop_length": int(hop_length),
        "win_length": len(window),
        "window": window,
        "center": bool(center),
        "pad_mode": pad_mode,
    }


class Frames:
    """A signal and how it is cut. Making one checks everything, as ``librosa.stft`` does, and warns."""

    def __init__(
        self,
        y: RealArray,
        n_fft: int,
        hop_length: int | None,
        win_length: int | None,
        window: WindowSpec,
        center: bool,
        pad_mode: PadMode,
    ) -> None:
        win_length = n_fft if win_length is None else win_length
        if hop_length is None:
            hop_length = int(win_length // 4)
        if not is_positive_int(hop_length):
            raise parameter_error(f"hop_length={hop_length} must be a positive integer")
        check_audio(y, finite=False)
        self.window: Float64Array = padded_window(window, win_length, n_fft)
        self.y: RealArray = y
        self.n_fft: int = n_fft
        self.hop_length: int = hop_length
        self.center: bool = bool(center)
        self.pad_mode: PadMode = pad_mode
        samples = y.shape[-1]
        if self.center:
            if pad_mode in _WHOLE_SIGNAL:
                raise parameter_error(f"pad_mode='{pad_mode}' is not supported by librosa.stft")
            if n_fft > samples:
                message = f"n_fft={n_fft} is too large for input signal of length={samples}"
                warn(message)
        elif n_fft > samples:
            raise parameter_error(
                f"n_fft={n_fft} is too large for uncentered analysis of input signal of length={samples}"
            )

    @property
    def in_core(self) -> bool:
        """Whether the core can do all of it."""
        return self.y.size > 0 and (not self.center or self.pad_mode in CORE_PADDING)

    def for_core(self) -> tuple[RealArray, dict[str, Any]]:
        """The signal, padded here where the core knows no such padding, and the core's options."""
        y, center, mode = self.y, self.center, self.pad_mode
        if center and (mode not in CORE_PADDING or y.shape[-1] == 0):
            y, center = pad_ends(y, self.n_fft // 2, self.n_fft // 2, mode), False
        mode = mode if center else "constant"
        return y, stft_options(self.n_fft, self.hop_length, self.window, center, mode)

    def count(self) -> int:
        """How many frames there are."""
        padding = 2 * (self.n_fft // 2) if self.center else 0
        return 1 + int(self.y.shape[-1] + padding - self.n_fft) // int(self.hop_length)
