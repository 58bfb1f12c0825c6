"""Augmentation of a whole batch at once, on the training device. Every draw is made per clip.

Room, colour and bandwidth are products in the spectrum; noise is added between room and bandwidth, as a microphone and
a line do it; then clipping, mu-law and level follow in time. No step depends on values on the host, so that the whole
of it can be captured in a CUDA graph.
"""

from dataclasses import dataclass

import torch

RATE = 16000
TAIL = 6400  # samples of reverberation


@dataclass
class Augmentation:
    """Probabilities for each clip; all 0 leaves the samples as they are, apart from their level."""

    noise: float = 0.5
    room: float = 0.3
    colour: float = 0.5
    band: float = 0.15
    clip: float = 0.1
    mu_law: float = 0.1
    level: bool = True
    snr: tuple[float, float] = (0.0, 25.0)
    masks: float = 0.3  # of features, as in SpecAugment


class Augmenter:
    def __init__(self, options: Augmentation, music: torch.Tensor) -> None:
        self.options, self.music, self.device = options, music, music.device

    def _uniform(self, count: int, low: float = 0.0, high: float = 1.0) -> torch.Tensor:
        return torch.rand(count, 1, device=self.device) * (high - low) + low

    def _happens(self, count: int, probability: float) -> torch.Tensor:
        return torch.rand(count, 1, device=self.device) < probability

    def _room(self, count: int, size: int) -> torch.Tensor:
        """Spectra of rooms: the direct sound and a decaying noise after it."""
        time = torch.arange(TAIL, device=self.device) / RATE
        decay = torch.exp(-6.9 * time / self._uniform(count, 0.1, 0.7))
        tail = torch.randn(count, TAIL, device=self.device) * decay * (time > self._uniform(count, 0.001, 0.02))
        # The power of the reverberation over that of the direct sound: -15 to +3 dB.
        ratio = 10 ** (self._uniform(count, -15.0, 3.0) / 20)
        tail = tail * ratio / tail.square().sum(dim=1, keepdim=True).clamp(min=1e-9).sqrt()
        tail[:, 0] += 1.0
        spectrum = torch.fft.rfft(tail, n=size)
        return torch.where(self._happens(count, self.options.room), spectrum, torch.ones_like(spectrum))

    def _colour(self, count: int, bins: int) -> torch.Tensor:
        """Smooth random gains over a logarithmic frequency axis, 4 dB rms, as microphones have them."""
        knots = 10
        axis = torch.log1p(torch.arange(bins, device=self.device) / bins * 40) / 3.7136
        hats = (1 - (axis[None] * (knots - 1) - torch.arange(knots, device=self.device)[:, None]).abs()).clamp(min=0)
        gains = torch.randn(count, knots, device=self.device) * 4 * self._happens(count, self.options.colour)
        return 10 ** (gains @ hats / 20)

    def _band(self, count: int, bins: int) -> torch.Tensor:
        """Telephone (300 to 3400 Hz), 8 kHz sampling, or a low pass anywhere between."""
        hz = torch.arange(bins, device=self.device) * (RATE / 2 / (bins - 1))
        pick = self._uniform(count)
        low = torch.where(pick < 0.4, 300.0, 0.0)
        high = torch.where(pick < 0.4, 3400.0, torch.where(pick < 0.6, 3900.0, self._uniform(count, 2500.0, 7600.0)))
        high = torch.where(self._happens(count, self.options.band), high, 2e4)
        low = torch.where(high < 1e4, low, -1e4)
        return torch.sigmoid((hz - low) / 30) * torch.sigmoid((high - hz) / 60)

    def _noise(self, speech: torch.Tensor, size: int) -> torch.Tensor:
        """Spectra of one of: white to brown noise, babble of three other clips of the batch, music."""
        count, samples = speech.shape
        bins = size // 2 + 1
        shape = torch.arange(1, bins + 1, device=self.device).float() ** -self._uniform(count, 0.0, 1.0)
        coloured = torch.randn(count, bins, 2, device=self.device)
        coloured = torch.view_as_complex(coloured) * shape
        coloured = coloured / _power(coloured).sqrt()
        start = (self._uniform(count) * (len(self.music) - samples)).long()
        music = self.music[start + torch.arange(samples, device=self.device)].float() / 32768
        loud = speech / speech.square().mean(dim=1, keepdim=True).clamp(min=1e-9).sqrt()
        others = sum(loud.roll(shift, dims=0).roll(samples // (shift + 1), dims=1) for shift in (1, 3, 7))
        pick = self._uniform(count)
        recorded = torch.fft.rfft(torch.where(pick < 0.65, others, music), n=size)
        recorded = recorded / _power(recorded).clamp(min=1e-12).sqrt()
        return torch.where(pick < 0.4, coloured, recorded)

    def __call__(self, speech: torch.Tensor) -> torch.Tensor:
        """Samples `[batch, n]` in [-1, 1], augmented."""
        options = self.options
        count, samples = speech.shape
        size = samples + TAIL + (samples + TAIL) % 2
        bins = size // 2 + 1
        spectrum = torch.fft.rfft(speech, n=size)
        if options.room:
            spectrum = spectrum * self._room(count, size)
        if options.noise:
            snr = self._uniform(count, *options.snr)
            gain = (_power(spectrum) * 10 ** (-snr / 10)).sqrt() * self._happens(count, options.noise)
            spectrum = spectrum + gain * self._noise(speech, size)
        if options.colour:
            spectrum = spectrum * self._colour(count, bins)
        if options.band:
            spectrum = spectrum * self._band(count, bins)
        result = torch.fft.irfft(spectrum, n=size)[:, :samples]
        result = result / result.square().mean(dim=1, keepdim=True).clamp(min=1e-10).sqrt()  # rms 1
        if options.clip:
            ceiling = self._uniform(count, 0.8, 2.5)
            result = torch.where(self._happens(count, options.clip), torch.clamp(result, -ceiling, ceiling), result)
        if options.mu_law:
            scaled = (result / 5).clamp(-1, 1)
            coded = torch.log1p(255 * scaled.abs()) / 5.545177 * scaled.sign()
            coded = torch.round(coded * 127) / 127
            coded = ((coded.abs() * 5.545177).exp() - 1) / 255 * coded.sign() * 5
            result = torch.where(self._happens(count, options.mu_law), coded, result)
        if options.level:
            # -46 to -16 dBFS, either polarity, and the rounding to 16 bits that quiet recordings carry.
            level = 10 ** (self._uniform(count, -46.0, -16.0) / 20)
            sign = torch.where(self._happens(count, 0.5), 1.0, -1.0)
            result = result * level * sign
            result = result + torch.rand_like(result) / 32768
        else:
            result = result * speech.square().mean(dim=1, keepdim=True).sqrt()
        return result.clamp(-1, 1)

    def mask(self, count: int, channels: int, frames: int) -> torch.Tensor:
        """`[batch, channels, frames]` of zeros and ones: one band and two stretches of time hidden in some clips."""
        active = self._happens(count, self.options.masks)
        result = ~self._stripe(count, channels, 14) | ~active
        keep = result[:, :, None]
        for _ in range(2):
            keep = keep & (~self._stripe(count, frames, max(1, frames // 8)) | ~active)[:, None]
        return keep.float()

    def _stripe(self, count: int, size: int, widest: int) -> torch.Tensor:
        width = self._uniform(count, 0.0, widest)
        start = self._uniform(count) * (size - width)
        place = torch.arange(size, device=self.device)
        return (place >= start) & (place < start + width)


def _power(spectrum: torch.Tensor) -> torch.Tensor:
    return (spectrum.real.square() + spectrum.imag.square()).mean(dim=1, keepdim=True)
