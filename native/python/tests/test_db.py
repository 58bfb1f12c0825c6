"""power_to_db and amplitude_to_db are librosa's."""

import warnings

import librosa
import numpy as np
import pytest

import auralis_dsp
from auralis_dsp._version import VERSION

RNG = np.random.default_rng(3)
S = RNG.exponential(size=(2, 30, 7)) ** 4
CASES = [
    {},
    {"top_db": None},
    {"top_db": 0},
    {"ref": np.max},
    {"ref": lambda x, **axes: np.median(x, **axes)},
    {"ref": 3.5},
    {"ref": -2.0},
    {"ref": 0},
    {"amin": 1e-2},
    {"amin": 1e-30, "top_db": None},
    {"ref": S.max(axis=-2, keepdims=True)},
]


@pytest.mark.parametrize("name", ["power_to_db", "amplitude_to_db"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int64, np.complex64])
@pytest.mark.parametrize("case", range(len(CASES)))
def test_equal(name, dtype, case):
    results = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for module in (librosa, auralis_dsp):
            results.append(getattr(module, name)(S.astype(dtype), **CASES[case]))
    theirs, ours = results
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-4 if ours.dtype != np.float16 else 0.1)
    messages = [str(w.message)[:40] for w in caught if w.category is UserWarning]
    assert len(messages) == len(set(messages)) * (2 if messages else 1)


@pytest.mark.parametrize("name", ["power_to_db", "amplitude_to_db"])
def test_edges(name):
    theirs, ours = getattr(librosa, name), getattr(auralis_dsp, name)
    assert type(ours(2.0)) is type(theirs(2.0)) and ours(2.0) == pytest.approx(theirs(2.0))
    np.testing.assert_allclose(ours([1.0, 2.0]), theirs([1.0, 2.0]))
    np.testing.assert_array_equal(ours(np.array([1.0, np.nan])), theirs(np.array([1.0, np.nan])))
    np.testing.assert_allclose(ours(np.zeros(5)), theirs(np.zeros(5)))
    for wrong in ({"amin": 0}, {"top_db": -1}):
        for function in (theirs, ours):
            with pytest.raises(librosa.ParameterError):
                function(S, **wrong)


AXES = ["auto", None, -1, (-2, -1), (0,), (0, 1, 2), (1, 2)]


@pytest.mark.skipif(VERSION < (1, 0), reason="librosa has axes since 1.0")
@pytest.mark.parametrize("name", ["power_to_db", "amplitude_to_db"])
@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("options", [{}, {"ref": np.max}, {"ref": np.median, "top_db": 20}, {"ref": 2.0}])
def test_axes(name, axes, options):
    for shape in ((2, 30, 7), (30, 7), (210,), (2, 3, 10, 7)):
        s = np.resize(S, shape) * np.logspace(0, 6, shape[0]).reshape(-1, *[1] * (len(shape) - 1))
        if isinstance(axes, tuple) and len(axes) > len(shape):
            continue
        if isinstance(axes, tuple) and max(axes) >= len(shape):
            continue
        expected = getattr(librosa, name)(s, axes=axes, **options)
        np.testing.assert_allclose(getattr(auralis_dsp, name)(s, axes=axes, **options), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ["power_to_db", "amplitude_to_db"])
def test_references_that_know_no_axes(name):
    for function in (getattr(librosa, name), getattr(auralis_dsp, name)):
        if VERSION < (1, 0):
            assert function(S, ref=lambda x: 1.0).shape == S.shape
            with pytest.raises(TypeError):
                function(S, axes=None)
        else:
            with pytest.raises(librosa.ParameterError, match="keepdims"):
                function(S, ref=lambda x: 1.0)
