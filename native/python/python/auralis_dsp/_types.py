"""Types that several files name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

AnyArray = npt.NDArray[Any]
RealArray = npt.NDArray[np.floating[Any]]
ComplexArray = npt.NDArray[np.complexfloating[Any, Any]]
Float64Array = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]


class SupportsArray(Protocol):
    """What numpy makes an array of, such as a tensor of torch."""

    def __array__(self) -> Any: ...


class SupportsDLPack(Protocol):
    """What is shared by DLPack."""

    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any: ...


#: Samples as an array of any library.
AudioLike = RealArray | SupportsArray | SupportsDLPack
#: What librosa takes as a window.
WindowSpec = str | tuple[Any, ...] | float | Callable[[int], npt.NDArray[Any]] | npt.ArrayLike
#: What ``numpy.pad`` takes as a mode.
PadMode = str | Callable[..., Any]
#: Two numbers, or one for both.
Pair = float | tuple[float, float] | list[float]


class Deprecated:
    """The default of arguments that librosa is going to remove."""

    def __repr__(self) -> str:
        return "<DEPRECATED parameter>"
