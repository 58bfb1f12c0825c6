"""Warnings that name the caller's line, however deep in this package they arise."""

from __future__ import annotations

import sys
import warnings


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warns at the first line outside this package."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "auralis_dsp":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
