"""Writes the goldens of @dsp/yin beside itself: signals.npz, yin.npz and pyin.npz, by librosa in float64.

Needs numpy 2.4.6, librosa 0.11.0 and soundfile; the versions that ran are written into every file. Recordings come from
../shared/data beside the checkout. Signals are kept as int16 (divided by 32768 they are the same in float32 and float64).
"""

import json
import pathlib
import warnings

import librosa
import numpy as np
import soundfile

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[4] / "shared/data"
RANDOM = np.random.default_rng(20261121)
VERSIONS = np.array([f"numpy {np.__version__}", f"librosa {librosa.__version__}"])
PAD_MODES = ["constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"]
warnings.simplefilter("ignore")


def recording(path, start, seconds):
    with soundfile.SoundFile(DATA / path) as file:
        file.seek(int(start * file.samplerate))
        return file.read(int(seconds * file.samplerate), always_2d=True).T, file.samplerate


def glide(rate, seconds, vibrato):
    """A harmonic tone that glides, with vibrato, a pause and noise."""
    t = np.arange(int(rate * seconds)) / rate
    frequency = 110 * 2 ** (1.5 * t / seconds + vibrato * np.sin(2 * np.pi * 5.5 * t) / 12)
    phase = 2 * np.pi * np.cumsum(frequency) / rate
    y = sum(np.sin(k * phase) / k for k in range(1, 7)) * (np.abs(t - 0.6 * seconds) > 0.05)
    return (y + 0.02 * RANDOM.standard_normal(len(t)))[None], rate


def signals():
    sounds = [
        recording("music/solo-trumpet.ogg", 0.7, 0.16),
        recording("music/brahms-hungarian-dance.ogg", 20, 0.14),
        recording("music/vibe-ace.ogg", 12, 0.14),
        recording("speech/jfk.flac", 1.0, 0.12),
        recording("speech/198-209-0000.ogg", 2.0, 0.4),
        recording("an4/test/fcaw/an406-fcaw-b.flac", 0.3, 0.4),
        glide(16000, 0.4, 0.5),
        glide(22050, 0.3, 0.0),
    ]
    return [(np.round(y / np.abs(y).max() * 30000).astype(np.int16), rate) for y, rate in sounds]


SIGNALS = signals()


def framing(sample_rate, longest):
    frame_length = int(RANDOM.choice([n for n in (512, 1000, 1537, 2048, 4096) if n <= longest]))
    lowest = sample_rate / (frame_length - 2)
    fmin = float(np.exp(RANDOM.uniform(np.log(max(lowest, 30)), np.log(max(1.2 * lowest, 300)))))
    options = {
        "fmin": fmin,
        "fmax": float(min(sample_rate / 2, fmin * RANDOM.uniform(1.3, 40))),
        "sr": sample_rate,
        "frame_length": frame_length,
        "center": bool(RANDOM.random() < 0.7),
        "pad_mode": str(RANDOM.choice(PAD_MODES)),
    }
    if RANDOM.random() < 0.7:
        options["hop_length"] = int(RANDOM.integers(max(1, frame_length // 8), frame_length + 200))
    return options


def save(name, compute, draw, count):
    arrays, cases = {}, []
    for i in range(count):
        which = i % len(SIGNALS)
        samples, rate = SIGNALS[which]
        # The first ones have the defaults.
        options = {"fmin": 60.0, "fmax": 1500.0, "sr": rate} if i < len(SIGNALS) else draw(rate, samples.shape[-1])
        for key, value in zip(("f0", "flag", "prob"), compute(samples / 32768, options), strict=False):
            arrays[f"{key}_{i}"] = value
        cases.append(json.dumps({"name": i, "signal": which, "options": options}))
    np.savez_compressed(HERE / f"{name}.npz", versions=VERSIONS, cases=np.array(cases), **arrays)


def yin_options(rate, longest):
    return {**framing(rate, longest), "trough_threshold": float(RANDOM.choice([0.01, 0.05, 0.1, 0.2, 0.5, 1.1]))}


def pyin_options(rate, longest):
    n_thresholds = int(RANDOM.choice([1, 3, 10, 20, 50, 100, 200]))
    # Few thresholds make voices certain. Whether they are to the last bit is then the choice of scipy's incomplete beta function,
    # which ours is to the bit for whole shapes only.
    first, second = ([1, 2, 3.5], [1, 8, 11, 18, 34 / 3]) if n_thresholds >= 20 else ([1, 2, 3], [1, 8, 11, 18])
    return {
        **framing(rate, min(longest, 2048)),
        "n_thresholds": n_thresholds,
        "beta_parameters": [float(RANDOM.choice(first)), float(RANDOM.choice(second))],
        "boltzmann_parameter": float(RANDOM.choice([0.2, 0.5, 2, 5])),
        "resolution": float(RANDOM.choice([0.1, 0.25, 0.5, 0.07, 1, 2])),
        "max_transition_rate": float(RANDOM.choice([35.92, 5, 1, 0])),
        "switch_prob": float(RANDOM.choice([0.01, 0.1, 0.5, 0, 1])),
        "no_trough_prob": float(RANDOM.choice([0.01, 0, 0.3, 0.9, 1])),
        "fill_na": [None, 0.0, "nan"][RANDOM.integers(3)],
    }


def run_yin(y, options):
    return [librosa.yin(y, **options)]


def run_pyin(y, options):
    given = {**options, "fill_na": np.nan} if options.get("fill_na") == "nan" else options
    while True:
        try:
            return list(np.asarray(part, np.float64) for part in librosa.pyin(y, **given))
        except librosa.ParameterError:
            # The grid is smaller than the reach of one hop: slower changes, then.
            given["max_transition_rate"] = options["max_transition_rate"] = given["max_transition_rate"] / 2


if __name__ == "__main__":
    kept = {f"signal_{i}": samples for i, (samples, _) in enumerate(SIGNALS)}
    np.savez_compressed(HERE / "signals.npz", versions=VERSIONS, **kept)
    save("yin", run_yin, yin_options, 72)
    save("pyin", run_pyin, pyin_options, 48)
