"""A small pack of made-up voices, and the training code on the path. Without torch, the whole folder is skipped."""

import importlib.util
import sys
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TRAINING))
collect_ignore_glob = [] if importlib.util.find_spec("torch") else ["test_*.py"]


def voice(rng, speaker: int, seconds: float):
    """A buzz with the speaker's pitch and formant, int16."""
    import numpy as np

    time = np.arange(int(seconds * 16000)) / 16000
    pitch = 90 + 25 * speaker
    phase = 2 * np.pi * pitch * time + np.cumsum(rng.standard_normal(len(time))) * 1e-3
    samples = sum(np.sin(k * phase) / (1 + abs(k * pitch - 500 - 130 * speaker) / 200) for k in range(1, 20))
    return (samples / np.abs(samples).max() * 9000 + rng.standard_normal(len(time)) * 30).astype(np.int16)


@pytest.fixture(scope="session")
def pack(tmp_path_factory) -> Path:
    import numpy as np

    from prepare import pack_speeds

    folder = tmp_path_factory.mktemp("pack")
    rng = np.random.default_rng(0)
    rows, audio = [], []
    for speaker in range(8):
        for word in ("a", "b", "c"):
            audio.append(voice(rng, speaker, rng.uniform(0.6, 2.5)))
            rows.append((f"s{speaker}/{word}.flac", f"s{speaker}", "keywords", word))
    lengths = np.array([len(samples) for samples in audio])
    path, who, source, word = (np.array(column) for column in zip(*rows, strict=True))
    split = np.array([0] * 18 + [1] * 6, dtype=np.int8)
    np.save(folder / "audio-100.npy", np.concatenate(audio))
    starts = np.cumsum(lengths) - lengths
    np.savez(
        folder / "index.npz",
        start=starts,
        length=lengths,
        split=split,
        path=path,
        speaker=who,
        source=source,
        word=word,
    )
    np.save(folder / "music.npy", voice(rng, 20, 5.0))
    pack_speeds(folder, Serial(), speeds=(90, 100))
    rows = {f"centred-{speed:03d}": _unit(rng.standard_normal((24, 256))) for speed in (90, 100)}
    np.savez(folder / "teacher.npz", mean=np.zeros(256), **rows)
    return folder


class Serial:
    """A pool of no processes."""

    map = staticmethod(map)


def _unit(rows):
    import numpy as np

    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
