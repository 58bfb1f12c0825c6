"""Augmentation: what a room, a microphone, a distance and a vocal tract do, drawn again for every utterance.

Samples first (level, noise, reverberation), then the features (colour of the microphone, SpecAugment), so that the
model is not tied to the one room and two microphones of AN4.
"""

import math

import numpy as np
import torch

from features import BINS, SAMPLE_RATE, fbank


def coloured_noise(rng: np.random.Generator, seconds: float = 20.0) -> np.ndarray:
    """Noise of unit power with a random spectral tilt and sometimes a hum, float32."""
    n = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hz = np.fft.rfftfreq(n, 1 / SAMPLE_RATE)
    spectrum *= (hz + 40.0) ** -rng.uniform(0.0, 1.0)
    noise = np.fft.irfft(spectrum, n)
    noise /= noise.std()
    if rng.random() < 0.4:
        mains = rng.choice([50.0, 60.0])
        time = np.arange(n) / SAMPLE_RATE
        hum = sum(np.sin(2 * math.pi * mains * k * time + rng.uniform(0, 6)) / k for k in (1, 2, 3, 5))
        noise += rng.uniform(0.2, 1.0) * hum
    return (noise / noise.std()).astype(np.float32)


def babble(rng: np.random.Generator, speech: list[np.ndarray], seconds: float = 20.0) -> np.ndarray:
    """Six to ten training voices at once, unit power."""
    n = int(seconds * SAMPLE_RATE)
    mix = np.zeros(n, np.float32)
    for _ in range(rng.integers(6, 11)):
        at = 0
        while at < n:
            voice = speech[rng.integers(len(speech))].astype(np.float32)
            piece = voice[: n - at] / (voice.std() + 1e-3)
            mix[at : at + len(piece)] += piece
            at += len(piece)
    return mix / mix.std()


def room(rng: np.random.Generator) -> torch.Tensor:
    """A room's impulse response: the direct sound and an exponentially decaying noise tail."""
    decay = rng.uniform(0.08, 0.5)
    n = int(decay * SAMPLE_RATE)
    tail = rng.standard_normal(n) * np.exp(-6.9 * np.arange(n) / n)
    delay = int(rng.uniform(0.001, 0.01) * SAMPLE_RATE)
    tail[:delay] = 0
    tail *= rng.uniform(0.1, 0.9) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    return torch.from_numpy(tail.astype(np.float32))


def convolve(samples: torch.Tensor, response: torch.Tensor) -> torch.Tensor:
    size = 1 << (samples.numel() + response.numel() - 1).bit_length()
    return torch.fft.irfft(torch.fft.rfft(samples, size) * torch.fft.rfft(response, size), size)[: samples.numel()]


class Augmenter:
    """Turns samples into augmented features; all randomness comes from the given generator."""

    def __init__(self, rng: np.random.Generator, speech: list[np.ndarray]):
        self.rng = rng
        self.strength = 1.0  # chances and ranges are scaled by this; training lowers it towards its end
        self.noises = [torch.from_numpy(coloured_noise(rng)) for _ in range(24)]
        self.noises += [torch.from_numpy(babble(rng, speech)) for _ in range(8)]

    def __call__(self, samples: torch.Tensor, hard: bool = True) -> torch.Tensor:
        rng = self.rng
        power = samples.square().mean().sqrt().clamp(min=1e-4)
        if hard and rng.random() < 0.25 * self.strength:
            samples = convolve(samples, room(rng))
        if hard and rng.random() < 0.6 * self.strength:
            noise = self.noises[rng.integers(len(self.noises))]
            start = rng.integers(noise.numel() // 2)
            piece = noise[start:].repeat(1 + samples.numel() // (noise.numel() // 2))[: samples.numel()]
            snr = rng.uniform(20 - 15 * self.strength, 40)
            samples = samples + piece * (power * 10 ** (-snr / 20))
        if rng.random() < 0.8:
            samples = samples * (10 ** (rng.uniform(-40, -12) / 20) / power)
        samples = (samples.clamp(-1, 1) * 32768).round() / 32768
        features = fbank(samples, self.warp() if hard else 1.0)
        features = self.colour(features)
        return self.mask(features) if hard else features

    def warp(self) -> float:
        """A vocal tract: how much the frequency axis is stretched, in steps, so that the filters can be kept."""
        return 1.0 + 0.02 * round(self.rng.uniform(-8, 8) * self.strength)

    def colour(self, features: torch.Tensor) -> torch.Tensor:
        """A smooth random frequency response in the log domain; rarely a telephone's band."""
        rng = self.rng
        if rng.random() < 0.6:
            knots = rng.normal(0.0, rng.uniform(0.3, 1.2), rng.integers(3, 9))
            curve = np.interp(np.linspace(0, 1, BINS), np.linspace(0, 1, len(knots)), knots)
            features = features + torch.from_numpy(curve.astype(np.float32))
        if rng.random() < 0.08 * self.strength:
            features = features.clone()
            features[:, rng.integers(58, 78) :] = features.min()
            features[:, : rng.integers(1, 8)] = features.min()
        return features

    def mask(self, features: torch.Tensor) -> torch.Tensor:
        """SpecAugment; time masks stay shorter than a spoken letter."""
        rng, frames = self.rng, len(features)
        features = features.clone()
        fill = features.mean()
        for _ in range(2):
            width = rng.integers(0, 3 + round(16 * self.strength))
            start = rng.integers(0, BINS - width)
            features[:, start : start + width] = fill
        for _ in range(rng.integers(0, 2 + round(self.strength * frames / 120))):
            width = rng.integers(1, 4 + round(9 * self.strength))
            start = rng.integers(0, max(1, frames - width))
            features[start : start + width] = fill
        return features
