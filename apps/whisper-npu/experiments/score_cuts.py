"""Scores what cuts.ts wrote, as Markdown.

    python score_cuts.py DATA CUTS.jsonl

Each error belongs to the utterance in which it was made, so that the difference to the app's own cut, at the quietest moment, is paired: 95 % of 10,000 bootstrap
samples of the utterances. Units and tools are those of score.py.
"""

import json
import re
import sys

import numpy as np
from score import SAMPLES, interval, references


def owners(reference, heard):
    """For each insertion, deletion and substitution, the place in the reference."""
    n, m = len(reference), len(heard)
    table = np.zeros((n + 1, m + 1), np.int32)
    table[:, 0], table[0] = range(n + 1), range(m + 1)
    heard = np.array(heard)
    for i in range(1, n + 1):
        row = np.minimum(table[i - 1, 1:] + 1, table[i - 1, :-1] + (heard != reference[i - 1]))
        # an insertion costs one more than what stands left of it
        steps = np.arange(1, m + 1)
        table[i, 1:] = np.minimum(np.minimum.accumulate(row - steps), table[i, 0]) + steps
    i, j, places = n, m, []
    while i > 0 or j > 0:
        if i > 0 and j > 0 and table[i, j] == table[i - 1, j - 1] + (reference[i - 1] != heard[j - 1]):
            if reference[i - 1] != heard[j - 1]:
                places.append(i - 1)
            i, j = i - 1, j - 1
        elif i > 0 and table[i, j] == table[i - 1, j] + 1:
            places.append(i - 1)
            i -= 1
        else:
            places.append(max(i - 1, 0))
            j -= 1
    return places


def main(data, lines):
    units, texts = references(data)
    errors, rows = {}, []
    for line in open(lines):
        one = json.loads(line)
        corpus = re.match("[a-z0-9]+", one["recording"])[0]
        split = units[corpus]
        utterances = [split(text) for text in texts[corpus].values()]
        bounds = np.cumsum([len(utterance) for utterance in utterances])
        places = owners([unit for utterance in utterances for unit in utterance], split(one["text"]))
        counts = np.bincount(np.searchsorted(bounds, places, "right"), minlength=len(utterances))
        errors[one["recording"], one["frontEnd"], one["cut"]] = counts
        rows.append((one, counts, np.array([len(utterance) for utterance in utterances])))
    print("| recording | front end | cut | windows | error rate (%) | paired difference to quietest |\n|---|---|---|---|---|---|")
    for one, counts, lengths in rows:
        draws = np.random.default_rng(1).integers(0, len(counts), (SAMPLES, len(counts)))
        base = errors.get((one["recording"], one["frontEnd"], "quietest"))
        difference = ""
        if one["cut"] != "quietest" and base is not None:
            low, high = interval(100 * (counts - base)[draws].sum(1) / lengths[draws].sum(1))
            difference = f"{low:+} to {high:+}"
        rate = round(100 * counts.sum() / lengths.sum(), 1)
        print(f"| {one['recording']} | {one['frontEnd']} | {one['cut']} | {one['windows']} | {rate} | {difference} |")


main(*sys.argv[1:])
