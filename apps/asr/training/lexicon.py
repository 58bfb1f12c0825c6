"""The closed vocabulary and its tokens: one word piece per word.

AN4 is spelled letters, digits, numbers, dates and a few commands. A word is the shortest unit whose sound is
stable ("W" has three syllables and one letter), so every word is one piece, written with sherpa's word mark.
The number and month families are complete: a model that knows MAY and FOURTEEN must not lack NOVEMBER and
THIRTEEN, which the training recordings happen not to contain and the synthesized ones do.
"""

from pathlib import Path

MARK = "\u2581"
BLANK = 0

LETTERS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE".split()
TEENS = "TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN".split()
TENS = "TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY".split()
SCALES = "HUNDRED THOUSAND AND OH".split()
COMMANDS = "ENTER RUBOUT ERASE REPEAT STOP START HELP GO YES NO".split()
MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split()
ORDINALS = (
    "FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH "
    "FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH TWENTIETH THIRTIETH"
).split()
OTHERS = "OF HALF AREA CODE APOSTROPHE".split()

WORDS = [*LETTERS, *DIGITS, *TEENS, *TENS, *SCALES, *COMMANDS, *MONTHS, *ORDINALS, *OTHERS]
TOKENS = ["<blk>", *(MARK + word for word in WORDS)]
IDS = {word: i + 1 for i, word in enumerate(WORDS)}


def encode(text: str) -> list[int]:
    """Token ids of a transcript; a word outside the vocabulary is a ValueError that names it."""
    missing = [word for word in text.split() if word not in IDS]
    if missing:
        raise ValueError(f"not in the vocabulary: {' '.join(missing)}")
    return [IDS[word] for word in text.split()]


def decode(ids: list[int]) -> str:
    """The text of token ids; blanks are skipped."""
    return "".join(TOKENS[i] for i in ids if i != BLANK).replace(MARK, " ").strip()


def write_tokens(path: Path) -> None:
    """`tokens.txt` as sherpa-onnx reads it: a token, a space, its id on each line."""
    path.write_text("".join(f"{token} {i}\n" for i, token in enumerate(TOKENS)), encoding="utf-8")
