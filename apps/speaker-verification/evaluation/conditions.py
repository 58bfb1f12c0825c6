"""
Writes the recordings of ../trials/files.tsv under every condition as 16-bit WAV, so that every encoder hears the same samples:

    python3 conditions.py OUT [--data ../../../../shared/data] [--only full,3s]

This writes OUT/CONDITION/PATH.wav. Needs numpy, scipy, soundfile and, for mp3, lame. Existing files are kept.

Every condition starts from the trimmed speech: from the first to the last frame (25 ms, every 10 ms) that is at most 40 dB below the
loudest, plus 50 ms at either end.

    full           that
    3s, 2s, 1s     its middle; shorter recordings are left whole
    noise-20 … -0  full in pink noise at that signal-to-noise ratio in dB; the noise is seeded by path and ratio, so that the two
                   recordings of a trial never have the same noise
    mp3            full at a constant 32 kbit/s (lame -m m -b 32)
    telephone      full at 8 kHz through 300-3400 Hz (Butterworth of order 4, both ways) and 8-bit mu-law, then back to 16 kHz

The cohort (../trials/README.md) is written under full only.
"""
import argparse
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, resample_poly, sosfiltfilt

TRIALS = Path(__file__).resolve().parent.parent / "trials"
RATE = 16000
CONDITIONS = ("full", "3s", "2s", "1s", "noise-20", "noise-10", "noise-5", "noise-0", "mp3", "telephone")


def manifest():
    """The rows of files.tsv as (path, speaker, source)."""
    lines = (TRIALS / "files.tsv").read_text().splitlines()[1:]
    return [tuple(line.split("\t")[:3]) for line in lines]


def files_digest():
    """What ties a file of embeddings to the order of files.tsv."""
    paths = "".join(f"{path}\n" for path, _, _ in manifest())
    return np.frombuffer(hashlib.sha256(paths.encode()).digest(), np.uint8)


def trim(x, below=40.0, margin=0.05):
    length, hop = RATE // 40, RATE // 100
    if len(x) < length:
        return x
    frames = np.lib.stride_tricks.sliding_window_view(x, length)[::hop]
    power = (frames.astype(np.float64) ** 2).mean(axis=1)
    active = np.flatnonzero(power >= power.max() * 10 ** (-below / 10))
    more = int(margin * RATE)
    return x[max(0, active[0] * hop - more) : active[-1] * hop + length + more]


def middle(x, seconds):
    length = int(seconds * RATE)
    start = max(0, (len(x) - length) // 2)
    return x[start : start + length]


def pink_noise(length, rng):
    """Noise whose power falls by 3 dB an octave, of power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, length)
    return noise / np.sqrt((noise**2).mean())


def noisy(x, decibels, path):
    seed = hashlib.sha256(f"{path} {decibels}".encode()).digest()
    rng = np.random.Generator(np.random.PCG64(int.from_bytes(seed[:16], "big")))
    mixed = x + np.sqrt((x**2).mean() * 10 ** (-decibels / 10)) * pink_noise(len(x), rng)
    return mixed / max(1.0, np.abs(mixed).max())


def mp3(x):
    with tempfile.TemporaryDirectory() as folder:
        before, coded, after = (f"{folder}/{name}" for name in ("a.wav", "b.mp3", "c.wav"))
        soundfile.write(before, x, RATE, "PCM_16")
        subprocess.run(["lame", "--quiet", "-m", "m", "-b", "32", before, coded], check=True)
        subprocess.run(["lame", "--quiet", "--decode", coded, after], check=True)
        return soundfile.read(after, dtype="float64")[0]


def telephone(x):
    narrow = sosfiltfilt(butter(4, (300, 3400), "bandpass", fs=8000, output="sos"), resample_poly(x, 1, 2))
    sign, level = np.sign(narrow), np.log1p(255 * np.minimum(np.abs(narrow), 1)) / np.log(256)
    coded = np.round(127 * level) / 127
    return resample_poly(sign * (256**coded - 1) / 255, 2, 1)


def under(condition, x, path):
    if condition == "full":
        return x
    if condition == "mp3":
        return mp3(x)
    if condition == "telephone":
        return telephone(x)
    if condition.startswith("noise-"):
        return noisy(x, int(condition[6:]), path)
    return middle(x, float(condition[:-1]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=TRIALS.parents[2].parent / "shared" / "data")
    parser.add_argument("--only", default=",".join(CONDITIONS))
    args = parser.parse_args()
    for path, _, source in manifest():
        wanted = [c for c in args.only.split(",") if source != "cohort" or c == "full"]
        missing = [(c, args.out / c / f"{path}.wav") for c in wanted]
        missing = [(condition, target) for condition, target in missing if not target.exists()]
        if not missing:
            continue
        x, rate = soundfile.read(args.data / path, dtype="float64")
        if rate != RATE or x.ndim != 1:
            raise SystemExit(f"{path}: one channel at {RATE} Hz expected")
        x = trim(x)
        for condition, target in missing:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            soundfile.write(part, np.clip(under(condition, x, path), -1, 1), RATE, "PCM_16", format="WAV")
            part.rename(target)


if __name__ == "__main__":
    main()
