"""Averages weights of checkpoints from different times of the run, chosen greedily on the held-out sets.

Checkpoints of one run lie in one basin, and the mean of distant ones stands flatter in it and errs less on speakers
that training did not see (Izmailov et al. 2018; the greedy choice is Wortsman et al. 2022, "model soups"). The test set
has no part in it.
"""

from pathlib import Path

import torch

from data import Utterance
from model import Config, Transducer
from shift import lowered, wrong_words

MAX_CANDIDATES = 16  # candidates, spread evenly over the run
SHIFT = 1.0  # the blank's constant while choosing; the final one is chosen afterwards


def mean(states: list[dict]) -> dict:
    """The mean of state dicts; counters are the first one's."""
    return {
        key: torch.stack([s[key].float() for s in states]).mean(0) if value.is_floating_point() else value
        for key, value in states[0].items()
    }


def build(config: dict, weights: dict) -> Transducer:
    model = Transducer(Config(**config))
    model.load_state_dict(weights)
    return model.eval()


def choose(folder: Path, sets: list[list[Utterance]]) -> Transducer:
    """The mean of the chosen `average-*.pt` of a run's folder."""
    paths = sorted(folder.glob("average-*.pt"))
    if len(paths) > MAX_CANDIDATES:
        paths = [paths[round(i * (len(paths) - 1) / (MAX_CANDIDATES - 1))] for i in range(MAX_CANDIDATES)]
    states = [torch.load(path, map_location="cpu", weights_only=True) for path in paths]
    config = states[0]["config"]

    def score(picked: list[dict]) -> float:
        model = lowered(build(config, mean([s["average"] for s in picked])), SHIFT)
        rates = [wrong_words(model, utterances) for utterances in sets]
        epochs = " ".join(str(s["epoch"]) for s in picked)
        print(f"epochs {epochs}: " + "  ".join(f"{100 * rate:.2f} %" for rate in rates), flush=True)
        return sum(rates) / len(rates)

    ranked = sorted(states, key=lambda state: score([state]))
    picked, best = ranked[:1], score(ranked[:1])
    for state in ranked[1:]:
        now = score([*picked, state])
        if now <= best:
            picked, best = [*picked, state], now
    print("chosen: epochs " + " ".join(str(s["epoch"]) for s in picked))
    return build(config, mean([s["average"] for s in picked]))
