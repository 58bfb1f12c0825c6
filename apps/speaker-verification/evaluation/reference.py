"""
What @dsp/sincnet's evaluation computes, in Python with numpy and no code in common: the reference that it is tested against.

    python3 reference.py TRIALS SCORES [SPEAKERS.tsv]

prints EER, minDCF and, with a file of `path<TAB>speaker` lines (such as ../trials/files.tsv), the interval over speakers, as JSON.
"""
import json
import sys

import numpy as np


def read(trials, scores):
    """Labels, pairs and scores of the two files."""
    rows = [line.split() for line in open(trials)]
    scored = [line.split() for line in open(scores)]
    assert [row[1:] for row in rows] == [row[1:] for row in scored], "not the same trials"
    return np.array([int(r[0]) for r in rows]), [tuple(r[1:]) for r in rows], np.array([float(r[0]) for r in scored])


def curve(scores, targets, weights=None):
    """Thresholds from infinity down, the share of non-targets at or above each and the share of targets below."""
    weights = np.ones(len(scores)) if weights is None else weights
    levels, place = np.unique(-scores, return_inverse=True)
    shares = []
    for kind in (0, 1):
        mass = np.bincount(place[targets == kind], weights[targets == kind], len(levels))
        shares.append(np.concatenate([[0], np.cumsum(mass)]) / mass.sum())
    return np.concatenate([[np.inf], -levels]), shares[0], 1 - shares[1]


def equal_error_rate(threshold, alarm, miss):
    i = int(np.argmax(alarm >= miss))
    # The line between the two points around the crossing, cut with the diagonal.
    slope = np.array([alarm[i] - alarm[i - 1], miss[i] - miss[i - 1]])
    part = (miss[i - 1] - alarm[i - 1]) / (slope[0] - slope[1])
    at = threshold[i] if np.isinf(threshold[i - 1]) else threshold[i - 1] + part * (threshold[i] - threshold[i - 1])
    return float(alarm[i - 1] + part * slope[0]), float(at)


def minimum_cost(threshold, alarm, miss, prior):
    cost = prior * miss + (1 - prior) * alarm
    return float(cost.min() / min(prior, 1 - prior)), float(threshold[cost.argmin()])


def normalise(pairs, scores, embeddings, cohort, top=None):
    """S-norm, or AS-norm with the `top` highest of each recording's cosines; embeddings by path."""
    unit = lambda rows: rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    statistics = {}
    for path in {path for pair in pairs for path in pair}:
        cosines = np.sort(unit(cohort) @ unit(embeddings[path]))[-(top or len(cohort)) :]
        statistics[path] = cosines.mean(), cosines.std()
    return np.array([sum((s - statistics[p][0]) / statistics[p][1] for p in pair) / 2 for s, pair in zip(scores, pairs)])


def uniform(seed):
    """mulberry32."""
    mask = 0xFFFFFFFF
    while True:
        seed = (seed + 0x6D2B79F5) & mask
        t = ((seed ^ (seed >> 15)) * (seed | 1)) & mask
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & mask)) & mask
        yield (t ^ (t >> 14)) / 2**32


def bootstrap(lists, measure=lambda points: equal_error_rate(*points)[0], replicates=1000, seed=1, confidence=0.95):
    """Each list is (targets, pairs, scores, speaker by path). Returns value, low, high and the replicates."""
    groups = {}
    for targets, pairs, scores, speaker in lists:
        names = sorted({speaker[path] for pair in pairs for path in pair})
        sides = np.array([[names.index(speaker[path]) for path in pair] for pair in pairs])
        groups.setdefault(tuple(names), []).append((targets, scores, sides))
    total = np.zeros(replicates)
    for number, (names, members) in enumerate(groups.items()):
        numbers = uniform((seed + number * 0x9E3779B9) & 0xFFFFFFFF)
        for replicate in range(replicates):
            while True:
                drawn = np.bincount([int(next(numbers) * len(names)) for _ in names], minlength=len(names))
                weighed = []
                for targets, scores, sides in members:
                    one, other = drawn[sides[:, 0]], drawn[sides[:, 1]]
                    weighed.append(np.where(targets == 1, one, one * other))
                if all(w[t == kind].sum() > 0 for w, (t, _, _) in zip(weighed, members) for kind in (0, 1)):
                    break
            total[replicate] += sum(measure(curve(s, t, w)) for w, (t, s, _) in zip(weighed, members))
    value = np.mean([measure(curve(scores, targets)) for targets, _, scores, _ in lists])
    found = total / len(lists)
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(value), float(low), float(high), found


def main():
    targets, pairs, scores = read(*sys.argv[1:3])
    points = curve(scores, targets)
    result = {"eer": equal_error_rate(*points)}
    result |= {f"minDcf{prior}": minimum_cost(*points, prior) for prior in (0.01, 0.05)}
    if len(sys.argv) > 3:
        speaker = dict(line.split("\t")[:2] for line in open(sys.argv[3]))
        result["interval"] = bootstrap([(targets, pairs, scores, speaker)])[1:3]
    print(json.dumps(result))


if __name__ == "__main__":
    main()
