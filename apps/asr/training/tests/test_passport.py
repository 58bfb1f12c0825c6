"""dsp.json as the training writes it. Needs numpy only; what needs torch is in test_training.py."""

import json
import sys
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

ASR = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ASR / "training"))
sys.path.insert(0, str(ASR / "test" / "golden"))

import make_passport  # noqa: E402
import passport  # noqa: E402

FRONT_END = {"kind": "fbank", "options": {"numMelBins": 12, "windowType": "povey"}, "logZeroGuard": None}


def numbers(value):
    """All numbers of a passport in order."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        yield from [value] if isinstance(value, (int, float)) else []
        return
    for inner in value:
        yield from numbers(inner)


def test_the_golden_is_what_this_code_writes():
    # @dsp/asr computes the same statistics from the same formula (test/passport.test.ts)
    golden = json.loads((ASR / "test" / "golden" / "passport.json").read_text(encoding="utf-8"))
    made = json.loads(passport.text_of(make_passport.statistics().passport(16000, FRONT_END)))
    assert list(numbers(made)) == pytest.approx(list(numbers(golden)), rel=1e-5)
    for name in ("format", "frontEnd", "normalize"):
        assert made[name] == golden[name]


def test_statistics_are_those_of_the_definition():
    rng = np.random.default_rng(1)
    recordings = [rng.normal(1e4, 3, (n, 5)) for n in (40, 7, 300)]
    statistics = passport.Statistics(5)
    for features in recordings:
        statistics.add(features)
    made = statistics.passport(16000, FRONT_END)
    everything = np.concatenate(recordings)
    assert made["features"]["mean"] == pytest.approx(everything.mean(axis=0), rel=1e-5)
    assert made["features"]["std"] == pytest.approx(everything.std(axis=0), rel=1e-5)
    means = np.array([features.mean(axis=0) for features in recordings])
    levels = means.mean(axis=1)
    assert made["recordings"]["level"]["std"] == pytest.approx(levels.std(ddof=1), rel=1e-5)
    assert made["recordings"]["shape"]["std"] == pytest.approx((means - levels[:, None]).std(axis=0, ddof=1), rel=1e-5)
    assert made["recordings"]["blanks"] is None


def test_silence_and_nonsense():
    statistics = passport.Statistics(4)
    statistics.add(np.full((10, 4), -15.9))
    statistics.add(np.zeros((0, 4)))
    with pytest.raises(ValueError, match="no recordings"):
        statistics.passport(16000, FRONT_END)
    with pytest.raises(ValueError, match=r"\[frames, 4\]"):
        statistics.add(np.zeros((4, 5)))
    with pytest.raises(ValueError, match="finite"):
        statistics.add(np.full((2, 4), np.nan))


def test_the_file_is_written_whole(tmp_path):
    made = make_passport.statistics().passport(16000, FRONT_END)
    passport.write(tmp_path, made)
    assert [path.name for path in tmp_path.iterdir()] == ["dsp.json"]
    assert json.loads((tmp_path / "dsp.json").read_text(encoding="utf-8")) == made
