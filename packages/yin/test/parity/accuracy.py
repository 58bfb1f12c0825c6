"""How right the pitches are: ours against librosa's, aubio's, essentia's and pitchfinder's, on sounds of known pitch.

Prints the table of the README. Run it with the Python and Node peers of apps/bench (install-peers.sh python node):
    apps/bench/.venv/bin/python packages/yin/test/parity/accuracy.py
A peer that is not installed is left out.
"""

import json
import pathlib
import subprocess
import tempfile
import warnings

import librosa
import numpy as np
from signals import RATE, sets

HERE = pathlib.Path(__file__).resolve().parent
FRAME, HOP, FMIN, FMAX = 2048, 512, 60.0, 1200.0
warnings.simplefilter("ignore")


def by_node(what):
    def estimate(y):
        with tempfile.TemporaryDirectory() as folder:
            paths = [str(pathlib.Path(folder, name)) for name in ("y", "out", "cases.json")]
            y.astype(np.float64).tofile(paths[0])
            options = {"sr": RATE, "fmin": FMIN, "fmax": FMAX, "frameLength": FRAME, "hopLength": HOP}
            case = {"file": paths[0], "shape": [len(y)], "what": what, "options": options, "out": paths[1]}
            pathlib.Path(paths[2]).write_text(json.dumps([case]))
            subprocess.run(["node", HERE / "estimate.mjs", paths[2]], check=True, capture_output=True)
            values = np.fromfile(paths[1])
        f0 = values[: len(values) // 3] if what == "pyin" else values
        return np.arange(len(f0)) * HOP, f0

    return estimate


def by_librosa(function):
    def estimate(y):
        found = function(y, sr=RATE, fmin=FMIN, fmax=FMAX, frame_length=FRAME, hop_length=HOP)
        f0 = found[0] if isinstance(found, tuple) else found
        return np.arange(len(f0)) * HOP, f0

    return estimate


def by_aubio(method):
    import aubio

    def estimate(y):
        detector = aubio.pitch(method, FRAME, HOP, RATE)
        detector.set_unit("Hz")
        blocks = np.pad(y, (0, -len(y) % HOP)).astype(np.float32).reshape(-1, HOP)
        f0 = np.array([detector(block)[0] for block in blocks], float)
        # A frame ends with the block that completes it.
        return (np.arange(len(f0)) + 1) * HOP - FRAME // 2, np.where(f0 > 0, f0, np.nan)

    return estimate


def by_essentia(name):
    import essentia
    import essentia.standard as standard

    essentia.log.infoActive = False
    ranged = {"frameSize": FRAME, "sampleRate": RATE, "minFrequency": FMIN, "maxFrequency": FMAX}
    algorithm = getattr(standard, name)(**ranged)
    window = standard.Windowing(type="hann", zeroPadding=0)
    spectrum = standard.Spectrum(size=FRAME)

    def estimate(y):
        frames = standard.FrameGenerator(y.astype(np.float32), frameSize=FRAME, hopSize=HOP, startFromZero=False)
        found = [algorithm(spectrum(window(frame)) if name == "PitchYinFFT" else frame)[0] for frame in frames]
        f0 = np.array(found, float)
        return np.arange(len(f0)) * HOP, np.where(f0 > 0, f0, np.nan)

    return estimate


def contestants():
    makers = [
        ("@dsp/yin `yin`", lambda: by_node("yin")),
        ("@dsp/yin `pyin`", lambda: by_node("pyin")),
        ("librosa `yin`", lambda: by_librosa(librosa.yin)),
        ("librosa `pyin`", lambda: by_librosa(librosa.pyin)),
        ("aubio `yin`", lambda: by_aubio("yin")),
        ("aubio `yinfft`", lambda: by_aubio("yinfft")),
        ("essentia `PitchYin`", lambda: by_essentia("PitchYin")),
        ("essentia `PitchYinFFT`", lambda: by_essentia("PitchYinFFT")),
        *((name, lambda name=name: by_node(name)) for name in ("pitchfinder YIN", "pitchfinder Macleod", "pitchfinder AMDF")),
    ]
    for name, make in makers:
        try:
            estimate = make()
            estimate(np.sin(np.arange(RATE) / 10))
            yield name, estimate
        except (ImportError, subprocess.CalledProcessError) as error:
            print(f"{name} is not here: {type(error).__name__}")


def judge(sounds, estimate):
    """Cents away from the truth in every frame that has one pitch throughout; NaN where none was found."""
    errors = []
    for y, f0 in sounds:
        at, found = estimate(y)
        inside = (at >= FRAME // 2) & (at + FRAME // 2 < len(f0))
        at, found = at[inside], found[inside]
        whole = np.array([np.isfinite(f0[a - FRAME // 2 : a + FRAME // 2]).all() for a in at], bool)
        errors.append(1200 * np.log2(found[whole] / f0[at[whole]]))
    return np.concatenate(errors)


def main():
    random = np.random.default_rng(7)
    sounds = sets(random)
    rows = list(contestants())
    for title, group in sounds.items():
        print(f"\n**{title}**, {len(judge(group, rows[0][1]))} frames\n")
        print("| | found nothing | octave errors | other gross errors | median error of the rest | 90 % of it within |")
        print("|---|---|---|---|---|---|")
        for name, estimate in rows:
            cents = judge(group, estimate)
            found = cents[np.isfinite(cents)]
            gross = np.abs(found) > 50
            octave = gross & (np.abs(found - 1200 * np.round(found / 1200)) <= 50)
            fine = np.abs(found[~gross])
            share = [100 * count / len(cents) for count in (len(cents) - len(found), octave.sum(), (gross & ~octave).sum())]
            shares = " | ".join(f"{value:.2f} %" for value in share)
            print(f"| {name} | {shares} | {np.median(fine):.2f} cents | {np.quantile(fine, 0.9):.2f} cents |", flush=True)


if __name__ == "__main__":
    main()
