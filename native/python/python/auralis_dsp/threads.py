"""How many threads the work is shared among."""

from __future__ import annotations

from . import _native

__all__ = ["get_num_threads", "set_num_threads"]


def set_num_threads(n: int | None) -> None:
    """Sets the number of threads; None or 0 means the default: as many as the environment variable ``RAYON_NUM_THREADS`` said
    when this module was imported, or else one for every processor.

    Results are the same bits whatever the number.
    """
    if n is not None and n < 0:
        raise ValueError(f"the number of threads must not be negative, got {n}")
    _native.set_num_threads(n or 0)


def get_num_threads() -> int:
    """The number of threads in use."""
    return _native.get_num_threads()
