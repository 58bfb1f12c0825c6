"""Signals for the tests: recordings where the test data is there, synthetic ones always."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import librosa
import numpy as np
import pytest

RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "data"
TRACKS = (
    "music/brahms-hungarian-dance.ogg",
    "music/lets-go-fishin.ogg",
    "music/solo-trumpet.ogg",
    "music/sugar-plum-fairy.ogg",
    "music/vibe-ace.ogg",
    "speech/198-209-0000.ogg",
    "speech/jfk.flac",
)


@cache
def recording(name: str, rate: float | None = 22050, seconds: float = 5.0) -> np.ndarray:
    """Seconds 2 and following of a recording, `[samples]`."""
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"no recordings at {RECORDINGS}")
    y, _ = librosa.load(path, sr=rate, offset=2.0, duration=seconds)
    y.flags.writeable = False
    return y


@cache
def synthetic(seconds: float = 2.0, rate: float = 22050) -> np.ndarray:
    """A tone that glides from A2 to A4 with harmonics, clicks and a little noise."""
    random = np.random.default_rng(7)
    t = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(110 * 2 ** (2 * t / seconds)) / rate
    y = sum(np.sin(k * phase) / k for k in range(1, 8)) * 0.2
    y[:: int(rate / 4)] += 0.7
    y = y + 0.003 * random.standard_normal(t.size)
    y = y.astype(np.float32)
    y.flags.writeable = False
    return y


@pytest.fixture(params=TRACKS)
def track(request: pytest.FixtureRequest) -> np.ndarray:
    return recording(request.param)


@pytest.fixture
def signal() -> np.ndarray:
    return synthetic()


@pytest.fixture(autouse=True)
def _threads():
    """Whatever a test sets, the next begins with the default."""
    import auralis_dsp

    yield
    auralis_dsp.set_num_threads(None)
