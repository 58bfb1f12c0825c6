"""Sounds of which the pitch is known to the sample: synthesised notes, and recordings resynthesised on a known pitch."""

import pathlib

import librosa
import numpy as np
import soundfile
import soxr

RATE = 22050
DATA = pathlib.Path(__file__).resolve().parents[5] / "shared/data"
VOICES = [
    "speech/jfk.flac",
    "speech/198-209-0000.ogg",
    "speech/3436-172162-0000.ogg",
    "speech/5703-47212-0000.ogg",
    "an4/test/fcaw/an406-fcaw-b.flac",
    "an4/test/fvap/an426-fvap-b.flac",
    "an4/test/marh/an431-marh-b.flac",
    "an4/test/menk/an421-menk-b.flac",
]


def harmonics(f0, amplitudes, random):
    """Adds up partials `k * f0`, of which `amplitudes[k - 1]` are given for every sample, below the Nyquist frequency."""
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    y = np.zeros(len(f0))
    for k, amplitude in enumerate(amplitudes, 1):
        y += amplitude * (k * f0 < 0.45 * RATE) * np.sin(k * phase + random.uniform(0, 2 * np.pi))
    return y


def notes(count, random):
    """Notes of one second from C2 to C6 with the spectra of plucked, blown, closed-tube and thin sounds, and vibrato."""
    ks = np.arange(1, 31)
    spectra = [ks**-1.0, ks**-2.0, ks**-1.0 * (ks % 2), np.exp(-((ks - 4) ** 2) / 8.0), np.where(ks == 1, 0.05, ks**-0.7)]
    t = np.arange(RATE) / RATE
    for i in range(count):
        cents = 100 * random.uniform(36, 84) + random.uniform(0, 40) * np.sin(2 * np.pi * random.uniform(4, 7) * t)
        f0 = 440 * 2 ** ((cents - 6900) / 1200)
        envelope = np.minimum(1, t / 0.02) * np.exp(-t * random.uniform(0.2, 3))
        y = harmonics(f0, spectra[i % len(spectra)][:, None] * envelope, random)
        yield y / np.abs(y).max(), f0


def noisy(sounds, decibels, random):
    """The same under white noise."""
    for y, f0 in sounds:
        noise = random.standard_normal(len(y))
        yield y + noise * np.sqrt(np.mean(y**2) / np.mean(noise**2)) * 10 ** (-decibels / 20), f0


def resynthesised(path, random):
    """A recording's harmonics on the melody that librosa's pYIN finds in it: its loudness, its spectrum, a pitch that is known."""
    y, rate = soundfile.read(DATA / path, always_2d=True)
    y = soxr.resample(y.mean(1), rate, RATE)[: 12 * RATE]
    hop = 128
    track, voiced, _ = librosa.pyin(y, sr=RATE, fmin=65, fmax=1000, hop_length=hop, fill_na=None)
    log = np.log2(track)
    # The grid of pYIN's pitches becomes a smooth line.
    smooth = np.convolve(np.pad(log, 8, mode="edge"), np.hanning(17) / np.hanning(17).sum(), mode="valid")
    at = np.arange(len(y)) / hop
    grid = np.arange(len(track))
    f0 = 2 ** np.interp(at, grid, smooth)
    on = np.interp(at, grid, voiced.astype(float)) >= 1
    spectrum = np.abs(librosa.stft(y, n_fft=2048, hop_length=hop))[:, : len(track)]
    bins = np.arange(1, 41)[:, None] * (2**smooth)[None] * 2048 / RATE
    rows = np.minimum(np.round(bins).astype(int), spectrum.shape[0] - 1)
    levels = spectrum[rows, grid[None]]
    amplitudes = [np.interp(at, grid, level) * on for level in levels]
    out = harmonics(f0, amplitudes, random)
    return out / np.abs(out).max(), np.where(on, f0, np.nan)


def sets(random):
    clean = list(notes(60, random))
    return {
        "synthesised notes": clean,
        "the same, white noise 10 dB below": list(noisy(clean, 10, random)),
        "recorded trumpet, resynthesised": [resynthesised("music/solo-trumpet.ogg", random)],
        "recorded voices, resynthesised": [resynthesised(path, random) for path in VOICES],
    }
