"""How far our yin and pyin stand from librosa's in float64: all recordings of ../shared/data with the usual options, and
random options from the whole space on excerpts and synthesised sounds. Prints the numbers of the README.

Needs librosa and soundfile (apps/bench/.venv has them): python packages/yin/test/parity/parity.py [CASES]
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from draw import pyin_case, recordings, valid, yin_case
from ties import same, tied

HERE = pathlib.Path(__file__).resolve().parent
warnings.simplefilter("ignore")


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def plain(value):
    """NaN, the default of fill_na, is nothing that JSON has."""
    return {camel(key): one for key, one in value.items() if not (isinstance(one, float) and math.isnan(one))}


def by_us(what, cases):
    """Our answers as `[values, frames]`."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for i, (y, options) in enumerate(cases):
            file, out = (str(pathlib.Path(folder, f"{i}.{end}")) for end in ("y", "out"))
            np.ascontiguousarray(y, np.float64).tofile(file)
            jobs.append({"file": file, "shape": y.shape, "what": what, "options": plain(options), "out": out})
        path = pathlib.Path(folder, "cases.json")
        path.write_text(json.dumps(jobs))
        subprocess.run(["node", HERE / "estimate.mjs", path], check=True)
        return [np.fromfile(job["out"]).reshape(3 if what == "pyin" else 1, -1) for job in jobs]


def compare(title, what, cases):
    """Runs librosa and ours on `(y, options)` and says how they differ."""
    pairs = [(case, valid(case[0], what, case[1])) for case in cases]
    pairs = [(case, theirs) for case, theirs in pairs if theirs is not None]
    frames = differing = ties = voicing = voiced = 0
    nearest, probability = 0.0, 0.0
    for ((y, options), theirs), ours in zip(pairs, by_us(what, [case for case, _ in pairs]), strict=True):
        equal = same(ours, theirs)
        frames += equal.size
        differing += np.sum(~equal)
        if not equal.all():
            ties += np.sum(tied(y, what, options, ours, theirs))
        if what == "pyin":
            voicing += np.sum(ours[1] != theirs[1])
            voiced += np.sum(theirs[1] > 0)
            probability = max(probability, np.abs(ours[2] - theirs[2]).max())
        heard = equal if what == "yin" else equal & (theirs[1] > 0)
        relative = np.abs(ours[0] - theirs[0])[heard] / theirs[0][heard]
        nearest = max(nearest, relative.max(initial=0))
    text = f"{title}: {len(pairs)} signals, {frames} frames; another answer on {differing}, {ties} of them ties"
    if what == "pyin":
        text += f"; another voicing on {voicing}; {voiced} voiced; probabilities within {probability:.1e}"
    print(f"{text}; f0 of the others within {nearest:.1e}", flush=True)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    compare("yin, recordings", "yin", recordings())
    compare("yin, random options", "yin", [yin_case() for _ in range(count)])
    compare("pyin, recordings", "pyin", recordings(20))
    cases = [pyin_case() for _ in range(count)]
    whole = [all(float(shape).is_integer() for shape in options["beta_parameters"]) for _, options in cases]
    for title, group in ("whole", True), ("other", False):
        those = [case for case, is_whole in zip(cases, whole, strict=True) if is_whole == group]
        compare(f"pyin, random options, {title} beta_parameters", "pyin", those)
