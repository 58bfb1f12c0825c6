"""How far our yin and pyin stand from librosa's in float64: all recordings of ../shared/data with the usual options, and
random options from the whole space on excerpts and synthesised sounds. Prints the numbers of the README.

Needs librosa and soundfile (apps/bench/.venv has them): python packages/yin/bench/parity.py [CASES]
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import librosa
import numpy as np
import soundfile
from signals import DATA, RATE, notes

HERE = pathlib.Path(__file__).resolve().parent
RANDOM = np.random.default_rng(11)
PAD_MODES = ["constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap"]
RECORDINGS = sorted([*DATA.glob("music/*.ogg"), *DATA.glob("speech/*.ogg"), *DATA.glob("speech/*.flac")]) + sorted(
    DATA.glob("an4/test/*/*.flac")
)
warnings.simplefilter("ignore")


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def excerpt(seconds):
    if RANDOM.random() < 0.2:
        y, _ = next(notes(1, RANDOM))
        return y + RANDOM.choice([0, 1e-3, 0.1]) * RANDOM.standard_normal(len(y)), RATE
    y, rate = soundfile.read(RECORDINGS[RANDOM.integers(len(RECORDINGS))])
    length = int(rate * RANDOM.uniform(0.3, seconds))
    start = int(RANDOM.integers(0, max(1, len(y) - length)))
    return np.ascontiguousarray(y[start : start + length].T), rate


def framing(rate, longest):
    frame_length = int(RANDOM.choice([n for n in (512, 1000, 1024, 1537, 2048, 3000, 4096) if n <= longest]))
    lowest = rate / (frame_length - 2)
    fmin = float(np.exp(RANDOM.uniform(np.log(max(lowest, 20)), np.log(max(1.2 * lowest, 400)))))
    options = {"sr": rate, "frame_length": frame_length, "fmin": fmin, "center": bool(RANDOM.random() < 0.7)}
    options |= {"fmax": float(min(rate / 2, fmin * RANDOM.uniform(1.3, 40))), "pad_mode": str(RANDOM.choice(PAD_MODES))}
    if RANDOM.random() < 0.7:
        options["hop_length"] = int(RANDOM.integers(max(1, frame_length // 8), frame_length + 200))
    return options


def pyin_options():
    return {
        "n_thresholds": int(RANDOM.choice([20, 50, 100, 200])),
        "beta_parameters": [float(RANDOM.choice([1, 2, 3.5])), float(RANDOM.choice([1, 8, 11, 18, 34 / 3]))],
        "boltzmann_parameter": float(RANDOM.choice([0.5, 2, 5])),
        "resolution": float(RANDOM.choice([0.1, 0.25, 0.5, 0.07, 1])),
        "max_transition_rate": float(RANDOM.choice([35.92, 5, 1])),
        "switch_prob": float(RANDOM.choice([0.01, 0.1, 0.3])),
        "no_trough_prob": float(RANDOM.choice([0.01, 0, 0.3, 0.9])),
    }


def compare(title, what, cases):
    """Runs librosa and ours on `(y, options)` and says how they differ."""
    wanted, jobs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for y, options in cases:
            try:
                found = getattr(librosa, what)(np.asarray(y, np.float64), **options)
            except librosa.ParameterError:
                continue
            wanted.append([np.asarray(part, np.float64).ravel() for part in (found if what == "pyin" else [found])])
            file, out = (str(pathlib.Path(folder, f"{len(jobs)}.{end}")) for end in ("y", "out"))
            np.ascontiguousarray(y, np.float64).tofile(file)
            given = {camel(key): value for key, value in options.items()}
            jobs.append({"file": file, "shape": y.shape, "what": what, "options": given, "out": out})
        path = pathlib.Path(folder, "cases.json")
        path.write_text(json.dumps(jobs))
        subprocess.run(["node", HERE / "estimate.mjs", path], check=True)
        ours = [np.fromfile(job["out"]).reshape(len(want), -1) for job, want in zip(jobs, wanted, strict=True)]
    mine, theirs = np.concatenate(ours, axis=1), np.concatenate(wanted, axis=1)
    frames = mine.shape[1]
    both = np.ones(frames, bool) if what == "yin" else (mine[1] > 0) & (theirs[1] > 0)
    relative = np.abs(mine[0] - theirs[0])[both] / theirs[0][both]
    near = relative[relative <= 1e-4]
    text = f"{title}: {len(jobs)} signals, {frames} frames"
    if what == "pyin":
        text += f", other voicing on {np.sum(mine[1] != theirs[1])}, probabilities within {np.abs(mine[2] - theirs[2]).max():.1e}"
        text += f", {both.sum()} voiced in both"
    print(f"{text}; f0 beyond 1e-4 on {np.sum(relative > 1e-4)}, the others within {near.max():.1e}", flush=True)


def whole(seconds):
    for path in RECORDINGS:
        y, rate = soundfile.read(path)
        yield np.ascontiguousarray(y[: int(seconds * rate)].T), {"sr": rate, "fmin": 60.0, "fmax": 2000.0}


def drawn(count, longest, more):
    for _ in range(count):
        y, rate = excerpt(4)
        yield y, {**framing(rate, min(longest, y.shape[-1])), **more()}


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    thresholds = [0.01, 0.05, 0.1, 0.2, 0.5, 1.1]
    compare("yin, recordings", "yin", whole(1e9))
    compare("yin, random options", "yin", drawn(count, 4096, lambda: {"trough_threshold": float(RANDOM.choice(thresholds))}))
    compare("pyin, recordings", "pyin", whole(20))
    compare("pyin, random options", "pyin", drawn(count, 2048, pyin_options))
