"""Chooses how much the joiner's blank is lowered before export.

Greedy decoding takes the best token of a frame, while the transducer's loss spreads a token over several frames, where
blank then wins each time: nearly all errors are deletions. A constant on the blank logit, chosen on the held-out
speakers and the held-out voices (never on the test set) and written into the joiner's bias, balances them.
"""

import copy

import torch

from data import Utterance, plain_batches
from decode import edits, transducer_greedy
from model import Transducer

CANDIDATES = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5]


def lowered(model: Transducer, shift: float) -> Transducer:
    """A copy of the model whose blank logit is lower by `shift`."""
    changed = copy.deepcopy(model)
    with torch.no_grad():
        changed.joiner.out.bias[0] -= shift
    return changed


def wrong_words(model: Transducer, utterances: list[Utterance]) -> float:
    """The share of wrong words."""
    wrong = words = 0
    for pick, batch in plain_batches(utterances):
        texts, _ = transducer_greedy(model, batch["x"], batch["x_lens"])
        for utterance, text in zip(pick, texts, strict=True):
            wrong += edits(utterance.text.split(), text.split())
            words += len(utterance.text.split())
    return wrong / words


def choose(model: Transducer, sets: list[list[Utterance]]) -> float:
    """The shift with the lowest mean word error rate over the sets; of equals the smallest."""
    rates = []
    for shift in CANDIDATES:
        each = [wrong_words(lowered(model, shift), utterances) for utterances in sets]
        rates.append(sum(each) / len(each))
        print(f"blank - {shift:.2f}: " + "  ".join(f"{100 * rate:.2f} %" for rate in each), flush=True)
    return CANDIDATES[rates.index(min(rates))]
