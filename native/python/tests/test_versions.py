"""Where versions of librosa differ, we give what the installed one gives."""

import librosa
import numpy as np
import pytest

import auralis_dsp as ours
from auralis_dsp._version import VERSION
from conftest import TRACKS, recording
from test_functions import CEPSTRUM, DTYPES, PITCH, TRANSFORM, TRANSFORM_ANY, VOICING, both, near, signal

since_1_0 = pytest.mark.skipif(VERSION < (1, 0), reason="librosa has transition_min_prob since 1.0")


def test_decibels_of_channels_in_mfcc():
    n = min(signal(1).size, signal(2).size)
    y = np.stack([signal(1)[:n], 1e-4 * signal(2)[:n]])
    theirs = librosa.feature.mfcc(y=y.astype(np.float64))
    near(ours.mfcc(y=y.astype(np.float64)), theirs, CEPSTRUM[np.float64], theirs)
    # Where the signal is padded here, not in the core.
    theirs = librosa.feature.mfcc(y=y.astype(np.float64), pad_mode="linear_ramp")
    near(ours.mfcc(y=y.astype(np.float64), pad_mode="linear_ramp"), theirs, CEPSTRUM[np.float64], theirs)
    both = np.stack([ours.mfcc(y=channel) for channel in y])
    assert np.array_equal(ours.mfcc(y=y), both) == (VERSION >= (1, 0))


@since_1_0
@pytest.mark.parametrize("least", [None, 0, 1e-5, 1e-4, 1e-3])
def test_pyin_without_improbable_transitions(least):
    y = recording(TRACKS[2], seconds=3.0).astype(np.float64)
    options = {"fmin": 80, "fmax": 1000, "transition_min_prob": least}
    for mine, theirs in zip(ours.pyin(y, **options), librosa.pyin(y, **options)):
        if mine.dtype == bool:
            assert np.mean(mine != theirs) <= VOICING
        else:
            np.testing.assert_allclose(mine, theirs, rtol=PITCH, atol=1e-9)


@since_1_0
@pytest.mark.parametrize("least", [-0.1, np.nan, 0.5])
def test_transitions_of_which_none_is_left(least):
    for module in (librosa, ours):
        with pytest.raises(librosa.ParameterError):
            module.pyin(signal(1, 0.5), fmin=80, fmax=1000, transition_min_prob=least)


@pytest.mark.skipif(VERSION >= (0, 11), reason="librosa heeds win_length until 0.10")
@pytest.mark.parametrize("win_length", [None, 512, 700, 1600])
@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_yin_by_a_part_of_the_frame(win_length, scale):
    y = scale * recording(TRACKS[2]).astype(np.float64)
    options = {"fmin": 80, "fmax": 1000, "win_length": win_length}
    theirs = librosa.yin(y, **options)
    # What rounding makes of values close to librosa's 1e-6 decides in quiet frames.
    assert np.mean(np.abs(ours.yin(y, **options) / theirs - 1) > PITCH) <= 2e-3
    for wrong in ({"win_length": 2048}, {"win_length": 2030}):
        for module in (librosa, ours):
            with pytest.raises(librosa.ParameterError):
                module.yin(y, fmin=80, fmax=1000, **wrong)


@pytest.mark.parametrize("name", ["cqt", "vqt", "hybrid_cqt", "pseudo_cqt"])
def test_as_many_bins_as_fit(name):
    y = signal(3, 2.0).astype(np.float64)
    options = {"fmin": 200.0, "n_bins": None, "bins_per_octave": 24}
    if VERSION < (1, 0):
        with pytest.raises(TypeError):
            getattr(ours, name)(y, **options)
        return
    for more in ({}, {"tuning": None}, {"fmin": 3000.0, "window": "hamming"}):
        theirs = getattr(librosa, name)(y, **options | more)
        near(getattr(ours, name)(y, **options | more), theirs, TRANSFORM, theirs)
    for module in (librosa, ours):
        with pytest.raises(librosa.ParameterError):
            getattr(module, name)(y, fmin=11025.0, n_bins=None)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n_bins", [24, 28, 36, 40])
def test_transforms_up_to_half_of_the_rate(n_bins, dtype):
    """Where librosa 1.0 keeps the rate for an octave more, and refuses what reaches beyond half of it."""
    y = signal(5, 2.0).astype(np.float64)
    for name in ("cqt", "vqt", "hybrid_cqt", "pseudo_cqt"):
        options = {"fmin": 1200.0, "n_bins": n_bins, "bins_per_octave": 12}
        try:
            mine, judge, like = both(name, y, dtype, **options)
        except librosa.ParameterError:
            with pytest.raises(librosa.ParameterError):
                getattr(librosa, name)(y, **options)
            continue
        near(mine, judge, TRANSFORM_ANY[dtype], like)
