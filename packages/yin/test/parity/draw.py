"""Signals and options for parity.py: recordings and synthesised sounds, options from the whole space with its ends."""

import math

import librosa
import numpy as np
import soundfile
from signals import DATA, RATE, notes

RANDOM = np.random.default_rng(11)
PAD_MODES = ["constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"]
RECORDINGS = sorted([*DATA.glob("music/*.ogg"), *DATA.glob("speech/*.ogg"), *DATA.glob("speech/*.flac")]) + sorted(
    DATA.glob("an4/test/*/*.flac")
)
# librosa's pyin multiplies out a matrix of all pitches: this many of them, and so many products, are enough.
MAX_BINS, MAX_WORK = 500, 3e8


def recordings(seconds=None):
    """All recordings with the usual options."""
    for path in RECORDINGS:
        y, rate = soundfile.read(path)
        yield np.ascontiguousarray(y[: seconds and seconds * rate].T), {"sr": rate, "fmin": 60.0, "fmax": 2000.0}


def log_uniform(low, high):
    return float(np.exp(RANDOM.uniform(np.log(low), np.log(high))))


def one_of(values, share, otherwise):
    return values[RANDOM.integers(len(values))] if RANDOM.random() < share else otherwise()


def excerpt():
    if RANDOM.random() < 0.3:
        y, _ = next(notes(1, RANDOM))
        return y + RANDOM.choice([0, 1e-3, 0.1]) * RANDOM.standard_normal(len(y)), RATE
    y, rate = soundfile.read(RECORDINGS[RANDOM.integers(len(RECORDINGS))])
    length = int(rate * RANDOM.uniform(0.5, 6))
    start = int(RANDOM.integers(0, max(1, len(y) - length)))
    return np.ascontiguousarray(y[start : start + length].T), rate


def framing(rate, longest):
    frame_length = int(RANDOM.choice([n for n in (512, 1000, 1024, 1537, 2048, 3000, 4096) if n <= longest]))
    lowest = rate / (frame_length - 2)
    fmin = log_uniform(max(lowest, 20), max(1.2 * lowest, 400))
    options = {"sr": rate, "frame_length": frame_length, "fmin": fmin, "center": bool(RANDOM.random() < 0.7)}
    options |= {"fmax": float(min(rate / 2, fmin * RANDOM.uniform(1.3, 40))), "pad_mode": str(RANDOM.choice(PAD_MODES))}
    if RANDOM.random() < 0.7:
        options["hop_length"] = int(RANDOM.integers(max(1, frame_length // 16), frame_length + 200))
    return options


def yin_case():
    y, rate = excerpt()
    threshold = float(one_of([0.1, 0.0, 1.1], 0.4, lambda: log_uniform(1e-3, 2)))
    return y, {**framing(rate, min(4096, y.shape[-1])), "trough_threshold": threshold}


def pyin_case():
    """The usual values and the ends of what is allowed often, all between them as well."""
    while True:
        y, rate = excerpt()
        options = {
            **framing(rate, min(2048, y.shape[-1])),
            "n_thresholds": int(one_of([1, 2, 3, 5, 10, 20, 50, 100, 100, 200], 0.4, lambda: round(log_uniform(1, 300)))),
            "beta_parameters": one_of(
                [[2, 18], [2, 34 / 3], [2, 8], [1, 18], [1, 1]], 0.5, lambda: [log_uniform(0.3, 30), log_uniform(0.3, 30)]
            ),
            "boltzmann_parameter": float(one_of([2, 2, 0.01, 0.1, 10], 0.4, lambda: log_uniform(0.01, 20))),
            "resolution": float(one_of([0.1, 0.25, 0.5, 1, 2], 0.4, lambda: log_uniform(0.05, 1.5))),
            "max_transition_rate": float(one_of([35.92, 0], 0.4, lambda: log_uniform(0.3, 100))),
            "switch_prob": float(one_of([0.01, 0.01, 0, 0.5, 1], 0.4, lambda: one_of([log_uniform(1e-6, 1)], 0.5, RANDOM.random))),
            "no_trough_prob": float(one_of([0.01, 0.01, 0, 1], 0.4, RANDOM.random)),
            "fill_na": one_of([None, 0.0, math.nan], 1, None),
        }
        per_semitone = math.ceil(1 / options["resolution"])
        bins = math.floor(12 * per_semitone * math.log2(options["fmax"] / options["fmin"])) + 1
        hop = options.get("hop_length", options["frame_length"] // 4)
        reach = round(options["max_transition_rate"] * 12 * hop / rate) * per_semitone + 1
        work = y.size / hop * bins**2
        if reach <= bins and 2 <= bins <= MAX_BINS and work <= MAX_WORK:
            return y, options


def valid(y, what, options):
    """librosa's answer as float64 `[values, frames]`; None where it refuses."""
    try:
        found = getattr(librosa, what)(np.asarray(y, np.float64), **options)
    except librosa.ParameterError:
        return None
    return np.stack([np.asarray(part, np.float64).ravel() for part in (found if what == "pyin" else [found])])
