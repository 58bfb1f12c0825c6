"""Puts the functions of this package in librosa's place, and takes them away again."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from . import _version, registry

__all__ = ["patch_librosa", "patched_librosa", "unpatch_librosa"]

#: librosa's functions by the identity of ours, and ours by theirs; empty until the first patch.
_theirs: dict[int, Callable[..., Any]] = {}
_ours: dict[int, Callable[..., Any]] = {}
#: librosa's functions by the names under which pickle finds them while ours have their places.
_by_name: dict[str, Callable[..., Any]] = {}
#: Modules beside librosa's that are patched now; None where nothing is.
_patched: list[ModuleType] | None = None


def patch_librosa(modules: Iterable[ModuleType] = (), *, force: bool = False) -> None:
    """Makes librosa use the functions of this package, wherever it has them: its public names (``librosa.stft``,
    ``librosa.core.stft``, ``librosa.effects.hpss``, …) and the names by which its own modules call each other.

    A name that other code took out of librosa before (``from librosa import yin``) stays what it was, unless its module is
    among ``modules``. Calling it again does no harm.

    Parameters
    ----------
    modules : further modules, in which librosa's functions are replaced as well.
    force : whether a librosa is patched, too, that this package does not know: with the functions of the version next to it,
        as far as it has them.

    Raises
    ------
    RuntimeError
        for a librosa of another version than 0.10, 0.11 and 1.0, without ``force``.

    Examples
    --------
    >>> import auralis_dsp
    >>> auralis_dsp.patch_librosa()
    >>> import librosa
    >>> librosa.stft is auralis_dsp.stft
    True
    >>> auralis_dsp.unpatch_librosa()
    """
    global _patched
    if not force:
        _check_version()
    _pair()
    _patched = [*(_patched or []), *modules]
    for name, theirs in _by_name.items():
        theirs.__module__, theirs.__qualname__ = "auralis_dsp._originals", name
    _replace([*librosa_modules(), *_patched], _ours)


def unpatch_librosa() -> None:
    """Undoes :func:`patch_librosa`, however often it was called."""
    global _patched
    if _patched is not None:
        # Not from a list of changes: librosa's packages look names up when they are asked for and then keep them, so that
        # ours may stand where nothing stood before.
        _replace([*librosa_modules(), *_patched], _theirs)
        for home, names in registry.FUNCTIONS.items():
            for name in names:
                if theirs := _by_name.get(_name(home, name)):
                    theirs.__module__, theirs.__qualname__ = f"librosa.{home}", name
        _patched = None


@contextmanager
def patched_librosa(modules: Iterable[ModuleType] = (), *, force: bool = False) -> Iterator[None]:
    """:func:`patch_librosa` for the time of a ``with`` block.

    Examples
    --------
    >>> import auralis_dsp, librosa
    >>> with auralis_dsp.patched_librosa():
    ...     librosa.stft is auralis_dsp.stft
    True
    >>> librosa.stft is auralis_dsp.stft
    False
    """
    global _patched
    before = None if _patched is None else list(_patched)
    modules = list(modules)
    patch_librosa(modules, force=force)
    try:
        yield
    finally:
        if before is None:
            unpatch_librosa()
        else:  # an outer patch stays
            _replace([module for module in modules if module not in before], _theirs)
            _patched = before


def originals() -> list[Callable[..., Any]]:
    """librosa's functions that this package has as well."""
    _pair()
    return list(_theirs.values())


def _check_version() -> None:
    found: str = importlib.import_module("librosa").__version__
    if _version.minor(found) != _version.VERSION:
        known = ", ".join(f"{major}.{minor}" for major, minor in _version.KNOWN)
        raise RuntimeError(
            f"librosa {found} is none of those that auralis_dsp knows ({known}), so that results could change without a word. "
            "patch_librosa(force=True) patches it nevertheless."
        )


def original(name: str) -> Callable[..., Any]:
    """The one that pickle names so."""
    _pair()
    return _by_name[name]


def _name(home: str, name: str) -> str:
    return f"{home}.{name}".replace(".", "_")


def _pair() -> None:
    """Finds librosa's functions and ours, once: later, ours may stand in librosa's place."""
    if _ours:
        return
    for home, names in registry.FUNCTIONS.items():
        theirs = importlib.import_module(f"librosa.{home}")
        ours = importlib.import_module(f"auralis_dsp.{registry.FILES[home]}")
        for name in filter(theirs.__dict__.__contains__, names):
            _ours[id(getattr(theirs, name))] = getattr(ours, name)
            _theirs[id(getattr(ours, name))] = getattr(theirs, name)
            _by_name[_name(home, name)] = getattr(theirs, name)


def _replace(modules: Iterable[ModuleType], replacements: dict[int, Callable[..., Any]]) -> None:
    for module in modules:
        for name, value in list(vars(module).items()):
            if id(value) in replacements:
                setattr(module, name, replacements[id(value)])


def librosa_modules() -> list[ModuleType]:
    """Those of librosa's modules that are loaded. Others, when they come, find ours in the modules that they import from."""
    names = [name for name in sys.modules if name == "librosa" or name.startswith("librosa.")]
    return [sys.modules[name] for name in names]
