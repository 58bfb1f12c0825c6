"""Kaldi's features equal torchaudio's within the tolerance that the TypeScript package promises (packages/mel-kaldi/test/parity.ts)."""

import inspect
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import auralis_dsp
from auralis_dsp import kaldi
from conftest import RECORDINGS

GOLDEN = Path(__file__).resolve().parents[3] / "packages" / "mel-kaldi" / "test" / "golden" / "torchaudio.npz"
FLOOR = np.log(2.0**-23)
#: The 99.9th percentile over the recordings of all option sets, the maximum, and that where some filters are empty.
TOLERANCE = {np.float32: (2e-4, 1e-3, 1e-3), np.float64: (5e-5, 2.5e-4, 5e-4)}
SIGNATURES = json.loads((Path(__file__).parent / "golden" / "signatures.json").read_text())["signatures"]
SECOND = np.sin(np.arange(16000) / 5).astype(np.float32)


@cache
def samples(name):
    if not (RECORDINGS / name).exists():
        pytest.skip(f"no recordings at {RECORDINGS}")
    return auralis_dsp.decode(RECORDINGS / name)[0]


def signal(source, file):
    if "synthetic" in source:
        x = file[f"synthetic{source['synthetic']}"][None, : source.get("length")]
    else:
        x = samples(source["file"])[:, source["start"] : source["start"] + source["length"]]
    return x * np.float32(source["scale"])


def has_empty_filters(kind, options):
    """Whether an impulse, whose spectrum is flat, leaves a filter on the floor."""
    if kind == "spectrogram":
        return False
    plain = {"window_type": "rectangular", "preemphasis_coefficient": 0.0, "remove_dc_offset": False, "use_log_fbank": False}
    names = [*inspect.signature(kaldi.fbank).parameters]
    bank = {k: v for k, v in options.items() if k in names} | plain | {"use_energy": False, "snip_edges": True, "subtract_mean": False}
    impulse = np.zeros(1 << 14)
    impulse[0] = 1
    return bool((kaldi.fbank(impulse, **bank)[0] < 1e-6).any())


def distances(actual, expected, kind, options):
    """Of all cells that are not on the floor; linear energies as logarithms."""
    assert actual.shape == expected.shape
    a, b = actual.astype(np.float64).ravel(), expected.astype(np.float64).ravel()
    subtract = options.get("subtract_mean", False)
    if options.get("use_log_fbank") is False and not subtract:
        both = (a > 0) & (b > 0)
        a, b = np.log(a, where=both, out=a), np.log(b, where=both, out=b)
    keep = (np.abs(b - FLOOR) > 1e-6) | (kind == "mfcc") | subtract
    return np.abs(a - b)[keep]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("where", ["synthetic", "recorded"])
def test_torchaudio(dtype, where):
    file = np.load(GOLDEN)
    every, worst = [], {False: 0.0, True: 0.0}
    for i, case in enumerate(map(json.loads, file["cases"])):
        if ("synthetic" in case["source"]) != (where == "synthetic"):
            continue
        kind = case["kind"]
        options = {re.sub("[A-Z]", lambda c: "_" + c[0].lower(), name): x for name, x in case["options"].items()}
        actual = getattr(kaldi, kind)(signal(case["source"], file).astype(dtype), **options)
        assert actual.dtype == dtype
        apart = distances(actual, file[f"case{i}"], kind, options)
        every.append(apart)
        narrow = has_empty_filters(kind, options)
        worst[narrow] = max(worst[narrow], apart.max(initial=0))
    p999, most, most_narrow = TOLERANCE[dtype]
    assert len(every) > 30
    assert worst[False] <= most and worst[True] <= most_narrow
    if where == "recorded":
        assert np.quantile(np.concatenate(every), 0.999) <= p999


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_are_torchaudios(name):
    function = getattr(kaldi, name.partition(".")[2]) if "." in name else getattr(auralis_dsp, name)
    parameters = list(inspect.signature(function).parameters.values())
    ours = [[p.name, None if p.default is p.empty else p.default, p.default is p.empty] for p in parameters if p.name != "seed"]
    assert ours == SIGNATURES[name]
    assert function.__doc__ and f"torchaudio.{'compliance.' if '.' in name else 'functional.'}{name}" in function.__doc__


def test_one_channel_of_several():
    both = np.stack([SECOND, SECOND[::-1]])
    for channel, row in ((-1, 0), (0, 0), (1, 1)):
        expected = kaldi.fbank(both[row])
        for x in (both, np.asfortranarray(both), both.astype(">f4"), both.repeat(2, axis=1)[:, ::2]):
            np.testing.assert_array_equal(kaldi.fbank(x, channel=channel), expected)


def test_dither_is_seeded():
    a, b, c = (kaldi.fbank(SECOND, dither=1e-3, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, c)


def test_below_the_least_duration():
    assert kaldi.mfcc(SECOND, min_duration=1.5).shape == (0, 13)


class Tensor:
    """A tensor of torch, as far as this module asks it."""

    def __init__(self, values, on_gpu=False):
        self.values, self.on_gpu = values, on_gpu

    def detach(self):
        return self

    def cpu(self):
        return Tensor(self.values)

    def __array__(self, dtype=None, copy=None):
        if self.on_gpu:
            raise TypeError("can't convert cuda:0 device type tensor to numpy")
        return self.values


class OnlyDlpack:
    """What speaks DLPack alone."""

    def __init__(self, values):
        self.values = values

    def __dlpack__(self, **given):
        return self.values.__dlpack__(**given)

    def __dlpack_device__(self):
        return self.values.__dlpack_device__()


def test_tensors():
    expected = kaldi.fbank(SECOND)
    for x in (Tensor(SECOND), Tensor(SECOND, on_gpu=True), OnlyDlpack(SECOND), SECOND[None].astype(np.float16).astype(np.float32)):
        assert isinstance(kaldi.fbank(x), np.ndarray)
    np.testing.assert_array_equal(kaldi.fbank(Tensor(SECOND, on_gpu=True)), expected)
    assert auralis_dsp.resample(Tensor(SECOND), 2, 1).shape == (8000,)


@pytest.mark.parametrize(
    ("waveform", "options", "says"),
    [
        ([0.0] * 16000, {}, "array or a tensor"),
        (None, {}, "array or a tensor"),
        (np.zeros(16000, np.int16), {}, "floating-point"),
        (np.zeros(16000, complex), {}, "floating-point"),
        (np.zeros((1, 1, 16000)), {}, "shape"),
        (np.zeros((16000, 2)), {}, "shape"),
        (np.float32(0), {}, "shape"),
        (np.zeros((0, 16000)), {}, "channel"),
        (np.zeros((2, 16000)), {"channel": 2}, "channel must be below 2"),
        (np.zeros((2, 16000)), {"channel": 0.5}, "channel must be a whole number"),
        (np.zeros(0), {}, "waveform"),
        (np.zeros(399), {}, "snip_edges"),
        (np.full(16000, np.nan), {}, "waveform must hold finite"),
        (np.full(16000, np.inf, np.float32), {}, "waveform must hold finite"),
        (SECOND, {"num_mel_bins": 2}, "num_mel_bins"),
        (SECOND, {"num_mel_bins": 23.5}, "num_mel_bins"),
        (SECOND, {"num_mel_bins": 2**62}, "num_mel_bins"),
        (SECOND, {"num_mel_bins": 10**400}, "num_mel_bins"),
        (SECOND, {"frame_length": 1e300}, "frame_length"),
        (SECOND, {"frame_length": np.nan}, "frame_length"),
        (SECOND, {"frame_shift": 0.0}, "frame_shift"),
        (SECOND, {"frame_shift": 1e-9}, "frame_shift"),
        (SECOND, {"sample_frequency": -16000.0}, "sample_frequency"),
        (SECOND, {"sample_frequency": "16k"}, "sample_frequency"),
        (SECOND, {"window_type": "kaiser"}, "window_type"),
        (SECOND, {"snip_edges": 1}, "snip_edges"),
        (SECOND, {"high_freq": 9000.0}, "high_freq"),
        (SECOND, {"low_freq": None}, "low_freq"),
        (SECOND, {"seed": 0.5}, "seed"),
    ],
)  # fmt: skip
def test_bad_input(waveform, options, says):
    with pytest.raises(auralis_dsp.ParameterError, match=says):
        kaldi.fbank(waveform, **options)
    for other in (kaldi.mfcc, kaldi.spectrogram):
        if options.keys() <= inspect.signature(other).parameters.keys():
            with pytest.raises(ValueError, match=says):
                other(waveform, **options)


@pytest.mark.parametrize("size", [2**31, 2**53, 2**62, 2**63, 2**70])
@pytest.mark.parametrize("option", ["frame_length", "frame_shift", "num_mel_bins", "sample_frequency", "num_ceps", "channel"])
def test_hostile_sizes(option, size):
    with pytest.raises((ValueError, OverflowError)):
        kaldi.mfcc(SECOND, **{option: size})
