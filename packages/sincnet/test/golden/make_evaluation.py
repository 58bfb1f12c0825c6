"""
Makes evaluation.json: trials, scores and embeddings drawn at random, and what apps/speaker-verification/evaluation/reference.py says of
them. Run with numpy; the versions stand in the file. EER and curves are checked here against scikit-learn's roc_curve where it is installed.
"""
import json
import platform
import sys
from pathlib import Path
from statistics import NormalDist

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "apps" / "speaker-verification" / "evaluation"))
import reference  # noqa: E402


def case(rng, speakers, each, share, digits):
    """A list over `speakers` speakers with `each` recordings; `digits` decimals make ties."""
    size = 6
    voices = rng.standard_normal((speakers, size))
    files = [f"s{i}/{j}.flac" for i in range(speakers) for j in range(each)]
    rows = {f: (voices[int(f[1 : f.index('/')])] + 1.5 * rng.standard_normal(size)).round(3) for f in files}
    pairs = [(a, b) for i, a in enumerate(files) for b in files[i + 1 :] if rng.random() < share]
    speaker = {f: f.split("/")[0] for f in files}
    targets = np.array([int(speaker[a] == speaker[b]) for a, b in pairs])
    cosine = lambda a, b: float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    scores = np.array([round(cosine(rows[a], rows[b]), digits) for a, b in pairs])
    cohort = rng.standard_normal((12, size)).round(3)
    points = reference.curve(scores, targets)
    trials = (targets, pairs, scores, speaker)
    value, low, high, replicates = reference.bootstrap([trials], replicates=200, seed=7)
    return trials, {
        "trials": "".join(f"{t} {a} {b}\n" for t, (a, b) in zip(targets, pairs)),
        "scores": scores.tolist(),
        "embeddings": {f: row.tolist() for f, row in rows.items()},
        "cosines": [cosine(rows[a], rows[b]) for a, b in pairs],
        "cohort": cohort.tolist(),
        "sNorm": reference.normalise(pairs, scores, rows, cohort).tolist(),
        "asNorm5": reference.normalise(pairs, scores, rows, cohort, 5).tolist(),
        "eer": reference.equal_error_rate(*points),
        "minDcf": {prior: reference.minimum_cost(*points, prior) for prior in (0.01, 0.05, 0.5)},
        "interval": [value, low, high],
        "replicates": replicates[:5].tolist(),
    }


def check_by_sklearn(scores, targets, rate):
    try:
        from sklearn.metrics import roc_curve
    except ImportError:
        return "not checked"
    alarm, hit, _ = roc_curve(targets, scores, drop_intermediate=False)
    # The crossing of the polyline by bisection.
    low, high = 0.0, 1.0
    for _ in range(100):
        x = (low + high) / 2
        place = np.linspace(0, 1, len(alarm))
        gap = np.interp(x, place, alarm) - (1 - np.interp(x, place, hit))
        low, high = (x, high) if gap < 0 else (low, x)
    assert abs(np.interp(low, np.linspace(0, 1, len(alarm)), alarm) - rate) < 1e-12
    import sklearn

    return sklearn.__version__


def main():
    rng = np.random.default_rng(20261127)
    drawn = [case(rng, *shape) for shape in ((5, 6, 1, 12), (8, 5, 0.5, 1), (3, 4, 1, 2))]
    checked = {check_by_sklearn(t[2], t[0], result["eer"][0]) for t, result in drawn}
    mean = reference.bootstrap([trials for trials, _ in drawn[:2]], replicates=100, seed=3)
    cost = reference.bootstrap(
        [drawn[1][0]], lambda points: reference.minimum_cost(*points, 0.05)[0], replicates=100, seed=2**32 - 1, confidence=0.8
    )
    probabilities = [1e-300, 1e-12, 1e-4, 0.001, 0.01, 0.05, 0.0749, 0.0751, 0.2, 0.4, 0.5, 0.7, 0.93, 0.99, 1 - 1e-9]
    result = {
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "sklearn": ", ".join(checked)},
        "cases": [result for _, result in drawn],
        "mean": mean[:3],
        "cost": cost[:3],
        "probit": [[p, NormalDist().inv_cdf(p)] for p in probabilities],
    }
    (HERE / "evaluation.json").write_text(json.dumps(result).replace("Infinity", '"Infinity"') + "\n")


main()
