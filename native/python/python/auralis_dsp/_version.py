"""Which librosa this package follows: the one that is installed, or 1.0 where there is none.

What is asked for is the name of the distribution: librosa itself is not imported.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from importlib import metadata
from typing import Any, TypeVar

import numpy as np

#: The versions whose signatures, defaults, results and errors are known.
KNOWN = ((0, 10), (0, 11), (1, 0))

F = TypeVar("F", bound=Callable[..., Any])


def minor(version: str) -> tuple[int, int]:
    """The first two numbers of a version; zeros where they cannot be read."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _followed() -> tuple[int, int]:
    try:
        installed = minor(metadata.version("librosa"))
    except metadata.PackageNotFoundError:
        return KNOWN[-1]
    # An older one is taken for the oldest known, a newer one for the newest.
    return max((known for known in KNOWN if known <= installed), default=KNOWN[0])


#: The version that is followed.
VERSION = _followed()
#: What the core calls it. 0.10 differs from 0.11 there in the filters of constant-Q transforms, which it hands to numpy.fft: in
#: double precision until numpy 2.
CORE = "1.0" if VERSION >= (1, 0) else "0.10" if VERSION < (0, 11) and minor(np.__version__) < (2, 0) else "0.11"


def since(version: tuple[int, int], name: str) -> Callable[[F], F]:
    """A parameter that librosa has from a version on."""
    return _without(name) if version > VERSION else _as_it_is


def until(version: tuple[int, int], name: str) -> Callable[[F], F]:
    """A parameter that librosa dropped in a version."""
    return _without(name) if version <= VERSION else _as_it_is


def _as_it_is(function: F) -> F:
    return function


def _without(name: str) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        rest = [parameter for parameter in signature.parameters.values() if parameter.name != name]

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if name in kwargs:
                raise TypeError(f"{function.__name__}() got an unexpected keyword argument '{name}'")
            return function(*args, **kwargs)

        wrapper.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        return wrapper  # type: ignore[return-value]

    return decorate
