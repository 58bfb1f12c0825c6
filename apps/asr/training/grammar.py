"""Sentences of AN4's kinds, drawn from a seeded generator: what the synthesized voices are asked to say."""

import random

from lexicon import COMMANDS, DIGITS, LETTERS, MONTHS, ORDINALS, TEENS, TENS, WORDS

SINGLE = "REPEAT STOP START HELP GO YES NO".split()
EDITS = ["RUBOUT", "ERASE"]
# Letter pairs inside spelled names are not uniform; a crude consonant-vowel alternation is enough variety here.
VOWELS, CONSONANTS = list("AEIOUY"), [c for c in LETTERS if c not in "AEIOUY"]


def below_hundred(rng: random.Random) -> list[str]:
    kind = rng.random()
    if kind < 0.3:
        return [rng.choice(DIGITS[1:])]
    if kind < 0.55:
        return [rng.choice(TEENS)]
    return [rng.choice(TENS), *([rng.choice(DIGITS[1:])] if rng.random() < 0.7 else [])]


def number(rng: random.Random) -> list[str]:
    kind = rng.random()
    if kind < 0.45:
        return below_hundred(rng)
    if kind < 0.65:
        return [rng.choice(DIGITS[1:]), *below_hundred(rng)]
    hundreds = [rng.choice(DIGITS[1:]), "HUNDRED"]
    if rng.random() < 0.6:
        hundreds += [*(["AND"] if rng.random() < 0.5 else []), *below_hundred(rng)]
    if kind < 0.85:
        return hundreds
    return [*below_hundred(rng), "THOUSAND", *(hundreds if rng.random() < 0.7 else [])]


def digits(rng: random.Random, count: int) -> list[str]:
    zero = rng.choice(["OH", "ZERO"])
    return [zero if d == "ZERO" else d for d in rng.choices(DIGITS, k=count)]


def name(rng: random.Random) -> list[str]:
    if rng.random() < 0.4:
        return rng.choices(LETTERS, k=rng.randint(1, 10))
    vowel = rng.random() < 0.3
    spelled = []
    for _ in range(rng.randint(3, 10)):
        spelled.append(rng.choice(VOWELS if vowel else CONSONANTS))
        vowel = not vowel if rng.random() < 0.8 else vowel
    if rng.random() < 0.03:
        spelled.insert(1, "APOSTROPHE")
    return spelled


def date(rng: random.Random) -> list[str]:
    day = [rng.choice(ORDINALS)]
    if rng.random() < 0.4:
        day = [rng.choice(["TWENTY", "THIRTY"]), rng.choice(ORDINALS[:9])]
    year = [rng.choice(["NINETEEN", "TWENTY", "EIGHTEEN"]), *below_hundred(rng)]
    kind = rng.random()
    if kind < 0.15:
        return [*day, "OF", rng.choice(MONTHS), *year]
    return [rng.choice(MONTHS), *(day if kind < 0.85 else below_hundred(rng)), *(year if kind < 0.7 else [])]


def sentence(rng: random.Random) -> list[str]:
    """One utterance as a list of words."""
    kind = rng.random()
    if kind < 0.08:
        return [rng.choice(SINGLE)]
    if kind < 0.2:
        return ["ENTER", *number(rng)]
    if kind < 0.36:
        edit = [rng.choice(EDITS)] if rng.random() < 0.6 else []
        tail = below_hundred(rng) if rng.random() < 0.7 else digits(rng, rng.randint(1, 3))
        return [*edit, *rng.choices(LETTERS, k=rng.randint(1, 5)), *tail]
    if kind < 0.62:
        return name(rng)
    if kind < 0.76:
        area = ["AREA", "CODE"] if rng.random() < 0.05 else []
        return [*area, *digits(rng, rng.choice([3, 5, 5, 7, 7, 10]))]
    if kind < 0.86:
        return date(rng)
    if kind < 0.94:
        return [
            *(["ENTER"] if rng.random() < 0.1 else []),
            *number(rng),
            *(["AND", "HALF"] if rng.random() < 0.05 else []),
        ]
    # A few words in any order, so that no word is known only by its neighbours.
    return rng.choices([*WORDS, *COMMANDS], k=rng.randint(1, 6))
