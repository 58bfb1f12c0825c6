"""Writes the golden of @dsp/sincnet's filters and first layer beside itself: sinc.npz.

Filters, responses and frames by numpy in float64, from the definition; frames by PyTorch's conv1d in float32 as well.
Needs numpy 2.4.6 and torch 2.11.0 (CPU); the versions that ran are written into the file. The signal is kept as int16
(divided by 32768 it is the same in float32 and float64).
"""

import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(20261127)
RATE = 16000


def filters(low, band, size, rate=RATE):
    """The filters and their partners in quadrature, [filters, size]."""
    n = np.arange(size) - size // 2
    f1, f2 = (low / rate)[:, None], ((low + band) / rate)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        real = (np.sin(2 * np.pi * f2 * n) - np.sin(2 * np.pi * f1 * n)) / (np.pi * n)
        partner = (np.cos(2 * np.pi * f1 * n) - np.cos(2 * np.pi * f2 * n)) / (np.pi * n)
    real[:, size // 2] = 2 * (f2 - f1)[:, 0]
    partner[:, size // 2] = 0
    scale = np.hamming(size) / (2 * (f2 - f1))
    return real * scale, partner * scale


def convolve(x, h, stride):
    frames = np.lib.stride_tricks.sliding_window_view(x, h.shape[1])[::stride]
    return h @ frames.T


def torch_convolve(x, h, stride):
    x = torch.from_numpy(x.astype(np.float32))[None, None]
    h = torch.from_numpy(h.astype(np.float32))[:, None]
    return torch.nn.functional.conv1d(x, h, stride=stride)[0].numpy()


def mel_bands(count, lowest, highest):
    mel = np.linspace(*(2595 * np.log10(1 + np.array([lowest, highest]) / 700)), count + 1)
    hertz = 700 * (10 ** (mel / 2595) - 1)
    return hertz[:-1], np.diff(hertz)


def speechlike(samples):
    """Harmonics of a gliding voice under a slow envelope, with noise, as int16."""
    t = np.arange(samples) / RATE
    phase = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 1.3 * t)) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 40)) * (0.2 + np.abs(np.sin(2 * np.pi * 1.7 * t)))
    y = voice + 0.02 * RANDOM.standard_normal(samples)
    return np.round(y / np.abs(y).max() * 20000).astype(np.int16)


signal = speechlike(8000)
x = signal / 32768
out = {"signal": signal, "versions": np.array([f"numpy {np.__version__}", f"torch {torch.__version__}"])}
start_low, start_band = mel_bands(80, 30, 7900)
out |= {"start_low": start_low, "start_band": start_band}
shapes = [(80, 251, 160), (7, 101, 40), (33, 31, 77)]
for case, (count, size, stride) in enumerate(shapes):
    low, band = start_low, start_band
    if case > 0:
        low, band = RANDOM.uniform(0, 7000, count), RANDOM.uniform(5, 900, count)
    real, partner = filters(low, band, size)
    a, b = convolve(x, real, stride), convolve(x, partner, stride)
    ta, tb = torch_convolve(x, real, stride), torch_convolve(x, partner, stride)
    out |= {
        f"low_{case}": low,
        f"band_{case}": band,
        f"shape_{case}": np.array([size, stride], dtype=np.int32),
        f"real_{case}": real[::8],
        f"partner_{case}": partner[::8],
        f"frames_{case}": a,
        f"energies_{case}": np.log(a**2 + b**2 + 1e-6),
        f"torch_frames_{case}": ta,
        f"torch_energies_{case}": np.log(ta**2 + tb**2 + np.float32(1e-6)),
        f"responses_{case}": np.abs(np.fft.rfft(real[:8], 256)),
    }
np.savez_compressed(HERE / "sinc.npz", **out)
