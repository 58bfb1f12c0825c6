"""The exception for wrong arguments and wrong audio.

Where librosa is installed, what is raised is its ``ParameterError`` (by inheritance), so that code written for librosa
catches it. It is a ``ValueError`` in every case. librosa is not imported before something is raised.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from functools import cache
from typing import Any


class DspError(ValueError):
    """The parent of everything that this module raises by itself."""


class OwnParameterError(DspError):
    """A wrong argument, where librosa is not installed."""


@cache
def librosa_error() -> type[Exception] | None:
    """librosa's ``ParameterError``, or None if there is no (working) librosa."""
    try:
        if importlib.util.find_spec("librosa") is None:
            return None
        found: type[Exception] = importlib.import_module("librosa.util.exceptions").ParameterError
        return found
    except (ImportError, AttributeError, ValueError):
        return None


@cache
def raised() -> type[Exception]:
    """The class that is raised: both librosa's and our own, if librosa is installed."""
    theirs = librosa_error()
    if theirs is None:
        return OwnParameterError
    return type("ParameterError", (theirs, OwnParameterError), {"__module__": "auralis_dsp", "__reduce__": _pickled})


def _pickled(error: Exception) -> tuple[Any, ...]:
    # By the function that makes one: the class has no name of its own, as auralis_dsp.ParameterError is librosa's.
    return parameter_error, error.args, error.__dict__ or None


def parameter_error(*message: str) -> Exception:
    """An exception to raise: an argument is wrong, and ``message`` says which and how."""
    return raised()(*message)


def from_core(code: str, argument: str, message: str) -> Exception:
    """The exception for an error of the core, whose option names are written as TypeScript's."""
    if code == "ERR_DSP_IO":
        return OSError(message)
    if code == "ERR_DSP_INTERNAL":
        return RuntimeError(message)
    if code == "ERR_DSP_NOT_FINITE" and argument == "y":
        return parameter_error(f"Audio buffer is not finite everywhere: {message}")
    return parameter_error(re.sub(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b", _snake_case, message))


def _snake_case(match: re.Match[str]) -> str:
    return re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), match[0])


def __getattr__(name: str) -> Any:
    if name == "ParameterError":
        return librosa_error() or OwnParameterError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
