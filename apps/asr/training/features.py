"""Kaldi's fbank with the preset `sherpa-onnx`, in torch, fast enough to compute after augmentation in every step.

Equal to torchaudio.compliance.kaldi.fbank with the options below (tests/test_training.py) and to the project's own
`dsp features --kind fbank --set preset=sherpa-onnx` (check_features.py).
"""

import functools
import math

import torch

SAMPLE_RATE = 16000
OPTIONS = {
    "num_mel_bins": 80,
    "low_freq": 20.0,
    "high_freq": -400.0,
    "snip_edges": False,
    "dither": 0.0,
    "window_type": "povey",
    "preemphasis_coefficient": 0.97,
    "remove_dc_offset": True,
    "frame_length": 25.0,
    "frame_shift": 10.0,
    "use_power": True,
    "use_energy": False,
    "energy_floor": 0.0,
    "sample_frequency": float(SAMPLE_RATE),
}
WINDOW, SHIFT, FFT, BINS = 400, 160, 512, 80
FLOOR = 2.0**-23


@functools.cache
def povey() -> torch.Tensor:
    n = torch.arange(WINDOW, dtype=torch.float64)
    return (0.5 - 0.5 * torch.cos(2 * math.pi * n / (WINDOW - 1))).pow(0.85).float()


def _mel(hz: torch.Tensor) -> torch.Tensor:
    return 1127.0 * torch.log(1.0 + hz / 700.0)


@functools.cache
def filters(warp: float = 1.0) -> torch.Tensor:
    """The mel filters `[257, 80]`; `warp` scales the frequency axis (a longer or shorter vocal tract)."""
    low, high = _mel(torch.tensor([20.0, SAMPLE_RATE / 2 - 400.0], dtype=torch.float64))
    step = (high - low) / (BINS + 1)
    left = low + torch.arange(BINS) * step
    hz = torch.arange(FFT // 2 + 1, dtype=torch.float64) * SAMPLE_RATE / FFT
    # Piecewise: full warp up to 4.8 kHz, then a line that meets the Nyquist frequency, so that nothing leaves the band.
    knee = 4800.0
    rest = SAMPLE_RATE / 2
    bent = torch.where(hz <= knee, hz * warp, rest - (rest - warp * knee) / (rest - knee) * (rest - hz))
    mel = _mel(bent)[:, None]
    up, down = (mel - left) / step, (left + 2 * step - mel) / step
    bank = torch.minimum(up, down).clamp(min=0)
    bank[-1] = 0  # Kaldi has no Nyquist bin
    return bank.float()


def frame_count(samples: int) -> int:
    return (samples + SHIFT // 2) // SHIFT


def fbank(samples: torch.Tensor, warp: float = 1.0) -> torch.Tensor:
    """Log mel energies `[frames, 80]` of samples `[n]` in [-1, 1]."""
    frames = frame_count(samples.numel())
    if frames == 0:
        return samples.new_zeros(0, BINS)
    before = WINDOW // 2 - SHIFT // 2
    after = max(0, (frames - 1) * SHIFT + WINDOW - before - samples.numel())
    # Kaldi mirrors with the edge sample repeated, as often as a very short signal needs it.
    index = torch.arange(-before, samples.numel() + after)
    period = 2 * samples.numel()
    index = index.remainder(period)
    index = torch.where(index < samples.numel(), index, period - 1 - index)
    cut = samples[index].unfold(0, WINDOW, SHIFT)[:frames]
    cut = cut - cut.mean(dim=1, keepdim=True)
    previous = torch.cat([cut[:, :1], cut[:, :-1]], dim=1)
    spectrum = torch.fft.rfft((cut - 0.97 * previous) * povey(), n=FFT)
    power = spectrum.real.square() + spectrum.imag.square()
    return (power @ filters(warp)).clamp(min=FLOOR).log()
