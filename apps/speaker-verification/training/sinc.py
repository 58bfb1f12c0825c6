"""Learnable band-pass filters over the waveform: the first layer of `raw` and `raw-pairs`.

M. Ravanelli, Y. Bengio, "Speaker recognition from raw waveform with SincNet", SLT 2018. A filter has two learned
numbers, its lower cutoff and its bandwidth. In `pairs`, every filter has a partner in quadrature, and the pair's log
energy goes on, which does not depend on the phase at which a hop of 10 ms meets the carrier.
"""

import math

import torch
from torch import nn

RATE = 16000
TAPS = 251
HOP = 160
FILTERS = 80
LOWEST, NARROWEST = 5.0, 5.0  # Hz
FLOOR = 1e-6


def initial_cutoffs(
    count: int = FILTERS, first: float = 30.0, last: float = 7900.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Lower cutoffs and bandwidths in Hz: neighbouring bands, equally wide on the mel scale."""
    mels = torch.linspace(*(2595 * math.log10(1 + hz / 700) for hz in (first, last)), count + 1, dtype=torch.float64)
    hz = 700 * (10 ** (mels / 2595) - 1)
    return hz[:-1], hz.diff()


def frame_count(samples: int) -> int:
    return max(0, (samples - TAPS) // HOP + 1)


class SincConv(nn.Module):
    def __init__(self, pairs: bool) -> None:
        super().__init__()
        self.pairs = pairs
        low, band = initial_cutoffs()
        # Cycles per sample, so that one learning rate suits both numbers.
        self.low = nn.Parameter((low / RATE).float())
        self.band = nn.Parameter((band / RATE).float())
        n = torch.arange(TAPS, dtype=torch.float64) - TAPS // 2
        window = 0.54 + 0.46 * torch.cos(2 * math.pi * n / (TAPS - 1))
        self.register_buffer("right", n[TAPS // 2 + 1 :], persistent=False)
        self.register_buffer("window", window, persistent=False)

    def cutoffs(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Lower and upper cutoffs in cycles per sample, kept inside (0, Nyquist)."""
        low = self.low.clamp(LOWEST / RATE, 0.5 - (LOWEST + NARROWEST) / RATE)
        band = self.band.clamp(min=NARROWEST / RATE)
        return low, torch.clamp(low + band, max=0.5 - LOWEST / RATE)

    def hertz(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Lower cutoffs and bandwidths in Hz, as they act."""
        low, high = self.cutoffs()
        return low.detach().double() * RATE, (high - low).detach().double() * RATE

    def filters(self) -> torch.Tensor:
        """`[80, 251]`, or `[160, 251]` with the partners after all the filters.

        In float64, because a narrow band is a small difference of sines, divided by its width.
        """
        low, high = (value.double() for value in self.cutoffs())
        scale = 1 / (2 * (high - low))[:, None]
        low, high = 2 * math.pi * low[:, None] * self.right, 2 * math.pi * high[:, None] * self.right
        even = (high.sin() - low.sin()) / (math.pi * self.right) * scale
        bank = torch.cat([even.flip(1), torch.ones_like(even[:, :1]), even], dim=1)
        if self.pairs:
            odd = (low.cos() - high.cos()) / (math.pi * self.right) * scale
            bank = torch.cat([bank, torch.cat([-odd.flip(1), torch.zeros_like(odd[:, :1]), odd], dim=1)])
        return (bank * self.window).float()

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Features `[batch, 80, frames]` of samples `[batch, n]`."""
        frames = samples.unfold(1, TAPS, HOP)
        found = (frames.reshape(-1, TAPS) @ self.filters().T).view(*frames.shape[:2], -1).transpose(1, 2)
        if not self.pairs:
            return found
        real, imaginary = found.chunk(2, dim=1)
        return torch.log(real.square() + imaginary.square() + FLOOR)
