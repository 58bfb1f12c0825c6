"""Windows as librosa takes them: a name, a tuple, a number, a function, or the values themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _native
from ._types import AnyArray, Float64Array, WindowSpec
from .errors import parameter_error

#: The longest transform that the core computes.
MAX_LENGTH = 1 << 22

#: The core's windows without a parameter, and scipy's names for each.
_ALIASES = {
    "hann": ("hann", "hanning", "han"),
    "hamming": ("hamming", "hamm", "ham"),
    "blackman": ("blackman", "black", "blk"),
    "rectangular": ("boxcar", "box", "ones", "rect", "rectangular"),
    "bartlett": ("bartlett", "bart", "brt"),
    "triangular": ("triang", "triangle", "tri"),
    "blackmanharris": ("blackmanharris", "blackharr", "bkh"),
    "nuttall": ("nuttall", "nutl", "nut"),
    "flattop": ("flattop", "flat", "flt"),
    "cosine": ("cosine", "halfcosine", "sine"),
    "bohman": ("bohman", "bman", "bmn"),
    "parzen": ("parzen", "parz", "par"),
    "barthann": ("barthann", "brthan", "bth"),
}
_NAMES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
#: Those with one parameter: scipy's names, and the values that the core takes.
_PARAMETRIC = {
    "kaiser": ("kaiser", 0.0, 700.0),
    "ksr": ("kaiser", 0.0, 700.0),
    "gaussian": ("gaussian", 1e-300, 1e300),
    "gauss": ("gaussian", 1e-300, 1e300),
    "gss": ("gaussian", 1e-300, 1e300),
    "tukey": ("tukey", 0.0, 1.0),
    "tuk": ("tukey", 0.0, 1.0),
}


def get_window(window: WindowSpec, Nx: int, *, fftbins: bool | None = True) -> AnyArray:
    """The ``Nx`` values of a window, as ``librosa.filters.get_window`` gives them.

    The core computes most of scipy's windows; the others come from scipy, which must then be installed.
    """
    if callable(window):
        return np.asarray(window(Nx))
    if isinstance(window, (np.ndarray, list)):
        if len(window) == Nx:
            return np.asarray(window)
        raise parameter_error(f"Window size mismatch: {len(window):d} != {Nx:d}")
    if not (isinstance(window, (str, tuple)) or np.isscalar(window)):
        raise parameter_error(f"Invalid window specification: {window!r}")

    known = core_window(window)
    if known is None:
        return _from_scipy(window, Nx, fftbins)
    name, parameter = known
    return _native.window(name, Nx, parameter, bool(fftbins))


def padded_window(window: WindowSpec, win_length: int, n_fft: int) -> Float64Array:
    """A window of ``win_length`` values, in the middle of ``n_fft``."""
    # Before anything of that length is made.
    if not 0 < win_length <= MAX_LENGTH or not 0 < n_fft <= MAX_LENGTH:
        raise parameter_error(f"n_fft={n_fft} and win_length={win_length} must be between 1 and {MAX_LENGTH}")
    values = np.ascontiguousarray(get_window(window, win_length), dtype=np.float64)
    if values.shape[-1] > n_fft:
        raise parameter_error(f"Target size ({n_fft:d}) must be at least input size ({values.shape[-1]:d})")
    before = (n_fft - values.shape[-1]) // 2
    return np.pad(values, (before, n_fft - values.shape[-1] - before))


def core_window(window: Any) -> tuple[str, float] | None:
    """The core's name and parameter of a window, if it has it."""
    if isinstance(window, str):
        name = _NAMES.get(window)
        return None if name is None else (name, 0.0)
    if isinstance(window, tuple):
        if len(window) == 1 and isinstance(window[0], str):
            return core_window(window[0])
        if len(window) == 2 and window[0] in _PARAMETRIC:
            return _parametric(window[0], window[1])
        return None
    return _parametric("kaiser", window)


def window_option(option: str, window: Any) -> dict[str, Any]:
    """A window as an option of the core, for functions whose windows change their length: the core must have it."""
    known = None if callable(window) or isinstance(window, (np.ndarray, list)) else core_window(window)
    if known is None:
        names = ", ".join([*_ALIASES, "('kaiser', beta)", "('gaussian', std)", "('tukey', alpha)"])
        raise parameter_error(f"the window of a constant-Q transform must be one of {names}; got {window!r}")
    return {option: known[0], f"{option}_parameter": known[1]}


def _parametric(alias: str, parameter: Any) -> tuple[str, float] | None:
    name, least, most = _PARAMETRIC[alias]
    try:
        value = float(parameter)
    except (TypeError, ValueError):
        return None
    # scipy takes any parameter; the core those that give numbers.
    return (name, value) if least <= value <= most else None


def _from_scipy(window: Any, Nx: int, fftbins: bool | None) -> AnyArray:
    try:
        from scipy.signal import get_window as scipy_window
    except ImportError:
        raise parameter_error(
            f"the window {window!r} needs scipy, which is not installed: install it, or give the window's values, or one "
            f"of {', '.join(sorted(_NAMES))}, ('kaiser', beta), ('gaussian', std), ('tukey', alpha)"
        ) from None
    return np.asarray(scipy_window(window, Nx, fftbins=fftbins))
