"""Kaldi's fbank with @dsp/mel-kaldi's defaults at 16 kHz and 80 bins, in torch: the input of `mel`."""

import math

import torch
from torch import nn

RATE, WINDOW, HOP, FFT, BINS = 16000, 400, 160, 512, 80
FLOOR = 1.1920928955078125e-07


def _mel(hz: torch.Tensor) -> torch.Tensor:
    return 1127.0 * torch.log(1.0 + hz / 700.0)


class Fbank(nn.Module):
    """Log mel energies `[batch, 80, frames]` of samples `[batch, n]` in [-1, 1]; frames = (n - 400) // 160 + 1."""

    def __init__(self) -> None:
        super().__init__()
        n = torch.arange(WINDOW, dtype=torch.float64)
        window = (0.5 - 0.5 * torch.cos(2 * math.pi * n / (WINDOW - 1))).pow(0.85)
        low, high = _mel(torch.tensor([20.0, RATE / 2], dtype=torch.float64))
        step = (high - low) / (BINS + 1)
        left = low + torch.arange(BINS) * step
        mel = _mel(torch.arange(FFT // 2 + 1, dtype=torch.float64) * RATE / FFT)[:, None]
        bank = torch.minimum((mel - left) / step, (left + 2 * step - mel) / step).clamp(min=0)
        bank[-1] = 0  # Kaldi has no Nyquist bin
        self.register_buffer("window", window.float(), persistent=False)
        self.register_buffer("bank", bank.float(), persistent=False)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        frames = samples.unfold(1, WINDOW, HOP)
        frames = frames - frames.mean(dim=2, keepdim=True)
        before = torch.cat([frames[..., :1], frames[..., :-1]], dim=2)
        spectrum = torch.fft.rfft((frames - 0.97 * before) * self.window, n=FFT)
        power = spectrum.real.square() + spectrum.imag.square()
        return (power @ self.bank).clamp(min=FLOOR).log().transpose(1, 2)
