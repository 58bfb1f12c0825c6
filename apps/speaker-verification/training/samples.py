"""Samples as training takes them: one channel of int16 at 16 kHz, silence trimmed, at several speeds."""

from fractions import Fraction
from typing import BinaryIO

import numpy as np

RATE = 16000
SPEEDS = (80, 90, 100, 110, 120)  # per cent
FRAME = 160
SHORTEST = 10 * FRAME


def trim(samples: np.ndarray, below: float = 35.0, floor: float = -65.0, margin: int = 800) -> np.ndarray:
    """Without the silence at both ends: frames `below` dB under the loud ones, or under `floor` dBFS."""
    frames = len(samples) // FRAME
    if frames == 0:
        return samples
    power = np.square(samples[: frames * FRAME].astype(np.float64) / 32768).reshape(frames, FRAME).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    active = np.flatnonzero(level > max(np.percentile(level, 95) - below, floor))
    if len(active) == 0:
        return samples
    start = max(0, active[0] * FRAME - margin)
    return samples[start : (active[-1] + 1) * FRAME + margin]


def decode(path: str | BinaryIO) -> np.ndarray:
    """Mono int16 at 16 kHz, from a file or the bytes of one."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        exact = file.subtype in ("PCM_16", "PCM_S8", "PCM_U8") and file.channels == 1
        samples, rate = file.read(dtype="int16" if exact else "float32", always_2d=True), file.samplerate
    mono = samples[:, 0] if samples.shape[1] == 1 else samples.mean(axis=1)
    return mono if rate == RATE and exact else to_int16(resample(as_float(mono), rate, RATE))


def as_float(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32) / 32768 if samples.dtype == np.int16 else samples.astype(np.float32)


def to_int16(samples: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def resample(samples: np.ndarray, source: int, target: int) -> np.ndarray:
    from scipy.signal import resample_poly

    ratio = Fraction(target, source)
    if ratio == 1:
        return samples
    return resample_poly(samples, ratio.numerator, ratio.denominator).astype(np.float32)


def at_speed(samples: np.ndarray, speed: int) -> np.ndarray:
    """The clip `speed` per cent as fast, and so higher or lower too."""
    return samples if speed == 100 else to_int16(resample(as_float(samples), speed, 100))
