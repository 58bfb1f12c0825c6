"""Scores what word-errors.ts wrote: a table as JSON and Markdown, and a picture.

    python score.py DATA WORD_ERRORS.jsonl RESULTS.json PICTURE.png

LibriSpeech is judged by words after Whisper's English normaliser, AN4 by characters without spaces (Whisper writes its letters and
digits in its own way). Lines with "earlier": true come from an earlier form of the kernel: a dagger marks their cells. Intervals are 95 % of 10,000 bootstrap samples of the utterances; differences to float are paired.
Needs numpy 2.4, matplotlib 3.11 and whisper-normalizer 0.1.15.
"""

import json
import re
import sys

import matplotlib
import numpy as np
from whisper_normalizer.english import EnglishTextNormalizer

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SAMPLES = 10_000
CONDITIONS = ["clean", "noise 20 dB", "noise 10 dB", "noise 5 dB", "music 10 dB"]
PROFILES = ["whisper", "whisper-512", "accurate", "classic-fixed", "classic"]
FRONT_ENDS = ["float", "linear"]
FRONT_ENDS += [f"{profile} {output}" for output in ("log2-int8", "log2-int16", "linear-int8") for profile in PROFILES]


def distance(a, b):
    """Insertions, deletions and substitutions."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def references(data):
    normalise = EnglishTextNormalizer()

    def rows(path):
        return [line.split("\t") for line in open(f"{data}/{path}").read().splitlines()]

    def words(text):
        return normalise(text).split()

    def characters(text):
        return list(re.sub(r"[^a-z0-9]", "", normalise(text).lower()))

    corpora = {"librispeech": words, "an4": characters}
    texts = {"librispeech": {row[0]: row[-1] for row in rows("librispeech/test-other.tsv")}}
    texts["an4"] = {row[0]: row[-1] for row in rows("an4/test.tsv")[1:]}
    return corpora, texts


def interval(values):
    low, high = np.percentile(values, [2.5, 97.5])
    return [round(float(low), 1), round(float(high), 1)]


def main(data, lines, results, picture):
    units, texts = references(data)
    errors, earlier = {}, set()
    for line in open(lines):
        one = json.loads(line)
        split = units[one["corpus"]]
        reference = split(texts[one["corpus"]][one["utterance"]])
        column = errors.setdefault((one["corpus"], one["condition"], one["frontEnd"]), {})
        if one.get("earlier"):
            earlier.add((one["corpus"], one["condition"], one["frontEnd"]))
        column[one["utterance"]] = (distance(reference, split(one["text"])), len(reference))
    table = []
    order = sorted(errors, key=lambda key: (key[0] != "librispeech", CONDITIONS.index(key[1]), FRONT_ENDS.index(key[2])))
    for corpus, condition, front in order:
        column = errors[corpus, condition, front]
        names = sorted(texts[corpus])
        if len(column) < len(names):
            print(f"left out, {len(column)} of {len(names)} utterances: {corpus} {condition} {front}")
            continue
        counts = np.array([column[name] for name in names], float)
        draws = np.random.default_rng(1).integers(0, len(names), (SAMPLES, len(names)))
        rate = 100 * counts[draws, 0].sum(1) / counts[draws, 1].sum(1)
        row = {"corpus": corpus, "condition": condition, "frontEnd": front, "utterances": len(names)}
        row |= {"units": int(counts[:, 1].sum()), "rate": round(100 * counts[:, 0].sum() / counts[:, 1].sum(), 1)}
        row["interval"] = interval(rate)
        if (corpus, condition, front) in earlier:
            row["earlier"] = True
        base = errors.get((corpus, condition, "float"), {})
        if front != "float" and len(base) == len(names):
            reference = np.array([base[name] for name in names], float)
            other = 100 * reference[draws, 0].sum(1) / reference[draws, 1].sum(1)
            row["difference"] = interval(rate - other)
        table.append(row)
    with open(results, "w") as out:
        out.write("[\n" + ",\n".join("  " + json.dumps(row) for row in table) + "\n]\n")
    show(table)
    draw([row for row in table if row["corpus"] == "librispeech"], picture)


def show(table):
    for corpus in ("librispeech", "an4"):
        rows = [row for row in table if row["corpus"] == corpus]
        conditions = [c for c in CONDITIONS if any(row["condition"] == c for row in rows)]
        print(f"\n{corpus}\n\n| front end | " + " | ".join(conditions) + " |\n|---" * 1 + "|---" * len(conditions) + "|")
        for front in [front for front in FRONT_ENDS if any(row["frontEnd"] == front for row in rows)]:
            cells = []
            for condition in conditions:
                row = next((r for r in rows if r["condition"] == condition and r["frontEnd"] == front), None)
                cells.append("" if row is None else cell(row))
            print(f"| {front} | " + " | ".join(cells) + " |")


def cell(row):
    low, high = row["interval"]
    text = f"{row['rate']} [{low}, {high}]"
    if "difference" in row:
        text += "; {:+} to {:+}".format(*row["difference"])
    return text + (" †" if row.get("earlier") else "")


def draw(rows, picture):
    fronts = [front for front in FRONT_ENDS if any(row["frontEnd"] == front for row in rows)]
    conditions = [c for c in CONDITIONS if any(row["condition"] == c for row in rows)]
    figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
    width = 0.8 / len(fronts)
    for i, front in enumerate(fronts):
        own = [row for row in rows if row["frontEnd"] == front]
        x = np.array([conditions.index(row["condition"]) for row in own]) + (i - (len(fronts) - 1) / 2) * width
        y = np.array([row["rate"] for row in own])
        bars = np.abs(np.array([row["interval"] for row in own]).T - y)
        axes.bar(x, y, width * 0.9, yerr=bars, label=front, color=plt.cm.tab20(i), error_kw={"lw": 0.8})
    axes.set_xticks(range(len(conditions)), conditions)
    # what is beyond is words that nobody said, again and again
    axes.set_ylim(0, 105)
    axes.set_ylabel("word error rate (%), 95 % interval")
    axes.set_title("tiny.en on 50 utterances of LibriSpeech test-other")
    figure.legend(loc="outside lower center", fontsize=7, ncols=4)
    figure.savefig(picture, dpi=120)


if __name__ == "__main__":
    main(*sys.argv[1:])
