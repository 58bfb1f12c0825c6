"""librosa's own functions, under names that remain theirs while ours have their places.

pickle writes a function as a module and a name, and refuses where another object is found there.
"""

from __future__ import annotations

from typing import Any

from . import patch


def __getattr__(name: str) -> Any:
    try:
        return patch.original(name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
