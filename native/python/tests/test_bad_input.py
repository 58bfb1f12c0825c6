"""Invalid input is an error where it is one in librosa, warnings are librosa's, and silence gives no NaN."""

import warnings

import librosa
import numpy as np
import pytest

import auralis_dsp as ours
from auralis_dsp._version import VERSION

GOOD = np.sin(np.arange(22050) / 5)
PITCH = {"fmin": 100, "fmax": 1000}

#: A function, its arguments, its keyword arguments.
WRONG = [
    (name, arguments, options)
    for y in (np.full(8000, np.nan), np.r_[GOOD, np.inf], np.arange(8000), [0.0] * 8000, np.array(1.0), GOOD * 1j)
    for name, arguments, options in (
        ("hpss", (y,), {}),
        ("harmonic", (y,), {}),
        ("yin", (y,), PITCH),
        ("pyin", (y,), PITCH),
        ("cqt", (y,), {}),
        ("chroma_cqt", (), {"y": y}),
        ("chroma_stft", (), {"y": y}),
        ("melspectrogram", (), {"y": y}),
        ("mfcc", (), {"y": y}),
        ("piptrack", (), {"y": y}),
    )
] + [
    ("hpss", (GOOD,), {"margin": 0.5}),
    ("hpss", (GOOD,), {"margin": (1.0, 0.9)}),
    ("hpss", (GOOD,), {"power": 0}),
    ("hpss", (GOOD,), {"hop_length": 0}),
    ("yin", (GOOD,), {"fmin": 500, "fmax": 400}),
    ("yin", (GOOD,), {"fmin": 400, "fmax": 400}),
    ("yin", (GOOD,), {"fmin": 100, "fmax": 20000}),
    ("yin", (GOOD,), {"fmin": 0, "fmax": 400}),
    ("yin", (GOOD,), {"fmin": -5, "fmax": 400}),
    *([("yin", (GOOD,), {"fmin": 5, "fmax": 400})] if VERSION >= (0, 11) else []),
    ("yin", (GOOD,), {"fmin": None, "fmax": 400}),
    ("yin", (GOOD,), {"fmin": 100, "fmax": None}),
    ("yin", (GOOD,), {"hop_length": 0, **PITCH}),
    ("yin", (GOOD[:100],), {"center": False, **PITCH}),
    ("pyin", (GOOD,), {"fmin": 500, "fmax": 400}),
    ("cqt", (GOOD,), {"n_bins": 120}),
    ("cqt", (GOOD,), {"fmin": 9000.0}),
    ("chroma_cqt", (), {"y": GOOD, "bins_per_octave": 13}),
    ("chroma_cqt", (), {}),
    ("chroma_vqt", (), {"intervals": "ji5"}),
    ("chroma_cens", (), {"y": GOOD, "win_len_smooth": 0}),
    ("chroma_cens", (), {"y": GOOD, "win_len_smooth": 1.5}),
    ("chroma_stft", (), {"y": GOOD, "norm": -2}),
    ("chroma_stft", (), {}),
    ("tonnetz", (), {}),
    ("melspectrogram", (), {}),
    ("melspectrogram", (), {"y": GOOD, "norm": "no such norm"}),
    ("mfcc", (), {"y": GOOD, "lifter": -1}),
    ("piptrack", (), {}),
    ("estimate_tuning", (), {"y": GOOD, "win_length": 2, "center": False}),
    ("estimate_tuning", (), {"y": GOOD, "n_fft": None}),
]


def theirs(name):
    for place in (librosa.effects if name == "hpss" else librosa, librosa.effects, librosa.feature, librosa.util):
        if hasattr(place, name):
            return getattr(place, name)
    raise AttributeError(name)


@pytest.mark.parametrize("i", range(len(WRONG)))
def test_errors(i):
    name, arguments, options = WRONG[i]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # librosa asks a list for its type before it looks at what it has got.
        with pytest.raises((librosa.ParameterError, AttributeError)):
            theirs(name)(*arguments, **options)
        with pytest.raises(librosa.ParameterError) as ours_error:
            getattr(ours, name)(*arguments, **options)
    assert isinstance(ours_error.value, ValueError)


#: Where librosa computes on, or fails in its own depths, and ours says what is wrong.
@pytest.mark.parametrize(
    ("name", "arguments", "options"),
    [
        ("hpss", (GOOD,), {"kernel_size": 0}),
        ("hpss", (GOOD,), {"kernel_size": (31, -1)}),
        ("cqt", (GOOD,), {"hop_length": 0}),
        ("cqt", (GOOD,), {"n_bins": 0}),
        ("cqt", (GOOD,), {"window": np.ones(9)}),
        ("pyin", (GOOD,), {"resolution": -1.0, **PITCH}),
        ("melspectrogram", (), {"y": GOOD, "fmin": 5000.0, "fmax": 100.0}),
        ("melspectrogram", (), {"y": GOOD, "n_mels": 0}),
    ],
)
def test_our_errors(name, arguments, options):
    with pytest.raises(ValueError):
        getattr(ours, name)(*arguments, **options)


def test_unknown_arguments():
    for call in (
        lambda: ours.stft(GOOD, nfft=5),
        lambda: ours.melspectrogram(y=GOOD, mels=5),
        lambda: ours.mfcc(y=GOOD, nope=5),
        lambda: ours.chroma_stft(y=GOOD, nope=5),
        lambda: ours.estimate_tuning(y=GOOD, nope=5),
        lambda: ours.tonnetz(y=GOOD, nope=5),
        lambda: ours.yin(GOOD, 50, 100),
    ):
        with pytest.raises(TypeError):
            call()
    with pytest.raises(KeyError):
        ours.chroma_cqt(y=GOOD, cqt_mode="nope")


@pytest.mark.parametrize(
    ("name", "arguments", "options", "category"),
    [
        ("stft", (GOOD[:100],), {}, UserWarning),
        ("hpss", (GOOD[:1000],), {}, UserWarning),
        *([("yin", (GOOD,), {"fmin": 15, "fmax": 400}, UserWarning)] if VERSION >= (0, 11) else []),
        *([("yin", (GOOD,), {"win_length": 1024, **PITCH}, FutureWarning)] if VERSION == (0, 11) else []),
        *([("pyin", (GOOD,), {"win_length": None, **PITCH}, FutureWarning)] if VERSION == (0, 11) else []),
        ("estimate_tuning", (), {"y": np.zeros(8000)}, UserWarning),
        ("pitch_tuning", ([],), {}, UserWarning),
        ("pitch_tuning", ([0.0, -3.0],), {}, UserWarning),
        ("chroma_stft", (), {"y": np.zeros(8000)}, UserWarning),
        ("chroma_cqt", (), {"y": np.zeros(88200)}, UserWarning),
        *([("cqt", (GOOD,), {"res_type": None}, FutureWarning)] if VERSION < (1, 0) else []),
        ("melspectrogram", (), {"y": GOOD, "n_fft": 256, "n_mels": 200}, UserWarning),
        ("mfcc", (), {"y": GOOD, "n_fft": 256, "n_mels": 200}, UserWarning),
    ],
)
def test_warnings(name, arguments, options, category):
    messages = []
    for function in (theirs(name), getattr(ours, name)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            function(*arguments, **options)
        messages.append({str(w.message)[:40] for w in caught if issubclass(w.category, category)})
    assert messages[0] <= messages[1] and messages[1]


def test_warnings_point_at_the_caller():
    for call in (lambda: ours.stft(GOOD[:99]), lambda: ours.hpss(GOOD[:99]), lambda: ours.mfcc(y=GOOD[:99]), lambda: ours.estimate_tuning(y=GOOD[:99])):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        assert caught[0].filename == __file__


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_silence(dtype):
    y = np.zeros(22050, dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("hpss", "harmonic", "percussive", "cqt", "hybrid_cqt", "pseudo_cqt"):
            for part in np.atleast_2d(getattr(ours, name)(y)):
                assert np.isfinite(part).all() and not part.any()
        for name in ("chroma_stft", "chroma_cqt", "chroma_cens", "tonnetz", "melspectrogram", "mfcc"):
            mine, judge = getattr(ours, name)(y=y), theirs(name)(y=y)
            np.testing.assert_allclose(mine, judge, atol=1e-4)
        np.testing.assert_allclose(ours.yin(y, **PITCH), librosa.yin(y, **PITCH), rtol=1e-6)
        np.testing.assert_array_equal(ours.pyin(y, **PITCH)[1], librosa.pyin(y, **PITCH)[1])


@pytest.mark.parametrize("samples", [1, 2, 300])
def test_short_signals(samples):
    y = np.linspace(0.1, 1, samples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("hpss", "yin", "melspectrogram"):
            options = PITCH if name == "yin" else {}
            if name == "melspectrogram":
                mine, judge = ours.melspectrogram(y=y), librosa.feature.melspectrogram(y=y)
            else:
                mine, judge = getattr(ours, name)(y, **options), theirs(name)(y, **options)
            np.testing.assert_allclose(mine, judge, rtol=1e-6, atol=1e-9)
