"""Out-of-range sizes are errors and do not crash the process; layouts of arrays make no difference."""

import warnings

import librosa
import numpy as np
import pytest

import auralis_dsp as ours
from calls import CALLS

Y = np.sin(np.arange(6000) / 5)
HUGE = (2**31, 2**53, 2**62, 2**63, 2**70, 10**300)


@pytest.mark.parametrize("size", HUGE)
@pytest.mark.parametrize(
    ("name", "option"),
    [
        *((name, option) for name in ("stft", "hpss", "melspectrogram", "mfcc", "chroma_stft", "piptrack") for option in ("n_fft", "win_length", "hop_length")),
        *((name, "hop_length") for name in ("pseudo_cqt", "hybrid_cqt", "icqt")),
        *((name, "n_bins") for name in ("cqt", "vqt", "hybrid_cqt", "pseudo_cqt")),
        ("icqt", "length"),
        ("hpss", "kernel_size"),
        ("melspectrogram", "n_mels"),
        ("yin", "frame_length"),
        ("pyin", "n_thresholds"),
        ("istft", "n_fft"),
        ("istft", "win_length"),
        ("istft", "length"),
    ],
)  # fmt: skip
def test_sizes(name, option, size):
    arguments = {"y": Y, option: size}
    if name in ("icqt", "istft"):
        arguments = {"C" if name == "icqt" else "stft_matrix": np.ones((84, 3), complex), option: size}
    if name in ("yin", "pyin"):
        arguments |= {"fmin": 100, "fmax": 2000}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A hop beyond the end is one frame, for the functions that need nothing of the size of a hop.
        try:
            result = getattr(ours, name)(**arguments)
        except (ValueError, OverflowError, MemoryError, TypeError):
            return
    assert option == "hop_length", result


def test_layouts():
    a, b = np.abs(np.random.default_rng(1).standard_normal((2, 5, 7)))
    expected = librosa.util.softmask(a, b)
    for x, x_ref in (
        (np.asfortranarray(a), np.asfortranarray(b)),
        (np.repeat(a, 2, axis=1)[:, ::2], b),
        (a.astype(">f8"), b.astype(">f8")),
    ):
        np.testing.assert_allclose(ours.softmask(x, x_ref), expected, rtol=1e-12)
    wide = np.broadcast_to(a, (3, *a.shape))
    np.testing.assert_allclose(ours.softmask(wide, wide), 0.5)


def misaligned(x):
    """The same elements, at addresses that no processor would choose."""
    raw = np.zeros(x.nbytes + 64, np.uint8)
    raw = raw[-raw.ctypes.data % 64 + 2 :][: x.nbytes]
    there = raw.view(x.dtype).reshape(x.shape) if x.itemsize <= 2 else np.ndarray(x.shape, x.dtype, raw)
    there[...] = x
    assert not there.flags.aligned and there.flags.c_contiguous
    return there


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_misaligned_arrays(name, dtype):
    y = Y.astype(dtype)
    expected, actual = CALLS[name](y), CALLS[name](misaligned(y))
    for a, b in zip(*(part if isinstance(part, tuple) else (part,) for part in (expected, actual))):
        assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


def test_misaligned_spectrograms():
    S = np.abs(ours.stft(Y, n_fft=512))
    for function, key in ((ours.melspectrogram, "S"), (ours.chroma_stft, "S"), (ours.piptrack, "S"), (ours.mfcc, "S")):
        np.testing.assert_array_equal(function(**{key: misaligned(S)}), function(**{key: S}))
    D = ours.stft(Y, n_fft=512)
    for a, b in ((ours.istft(misaligned(D)), ours.istft(D)), (ours.power_to_db(misaligned(S)), ours.power_to_db(S))):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(ours.decompose.hpss(misaligned(D))[0], ours.decompose.hpss(D)[0])


def test_a_memory_map_of_a_wav_file(tmp_path):
    wavfile = pytest.importorskip("scipy.io.wavfile")
    wavfile.write(tmp_path / "y.wav", 22050, Y.astype(np.float32))
    _, mapped = wavfile.read(tmp_path / "y.wav", mmap=True)
    assert not mapped.flags.aligned
    np.testing.assert_array_equal(ours.stft(mapped), ours.stft(np.array(mapped)))


@pytest.mark.parametrize("name", ["piptrack", "estimate_tuning"])
@pytest.mark.parametrize("limits", [{"fmax": 100}, {"fmin": 12000}, {"fmin": 5000, "fmax": 300}, {"fmin": 1e9, "fmax": -5}])
def test_frequencies_between_which_there_is_nothing(name, limits):
    S = np.abs(librosa.stft(Y))
    for given in ({"y": Y}, {"S": S}):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs, mine = (getattr(module, name)(**given, **limits) for module in (librosa, ours))
        np.testing.assert_array_equal(mine, theirs)
        assert not np.any(mine)


@pytest.mark.parametrize("size", [1e19, 1e25, 1e38])
def test_samples_whose_powers_overflow(size):
    y = (size * Y).astype(np.float32)
    for module in (librosa.feature, ours):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(librosa.ParameterError):
                module.chroma_stft(y=y)
    if size == 1e38:
        for name in ("chroma_cqt", "chroma_cens", "tonnetz"):
            for module in (librosa.feature, ours):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    with pytest.raises(librosa.ParameterError):
                        getattr(module, name)(y=y)


def test_silence_beside_sound():
    """Towards 0, where librosa has the resampler's rounding noise: that of three times the signal is another."""
    y = np.zeros(110250)
    y[30000:60000] = np.sin(np.arange(30000) / 9) * 0.3
    theirs, thrice = (librosa.feature.chroma_cqt(y=k * y, tuning=0.0) for k in (1, 3))
    different = np.abs(ours.chroma_cqt(y=y, tuning=0.0) - theirs).max(axis=0) > 1e-3
    assert np.mean((np.abs(thrice - theirs).max(axis=0) > 1e-3)[different]) > 0.9
    mine, theirs = (np.abs(m.cqt(y, n_bins=252, bins_per_octave=36))[:, different] for m in (ours, librosa))
    assert np.abs(mine - theirs).max() < 1e-7 * 7.7 and mine.max(axis=0).min() < 1e-12 < theirs.max(axis=0).min()


def test_no_channels():
    assert ours.decompose.hpss(np.zeros((0, 5, 7)))[0].shape == (0, 5, 7)
    assert ours.hpss(np.zeros((2, 0, 6000), np.float32))[1].shape == (2, 0, 6000)


@pytest.mark.parametrize("dtype", [np.int16, np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_types_of_spectrograms(dtype):
    S = np.arange(1025 * 2).reshape(1025, 2) % 100
    mine, judge = ours.melspectrogram(S=S.astype(dtype)), librosa.feature.melspectrogram(S=S.astype(dtype))
    assert mine.dtype == judge.dtype
    np.testing.assert_allclose(mine, judge, rtol=1e-4)
    C = S[:84].astype(dtype)
    if dtype != np.float16:
        assert ours.chroma_cqt(C=C).dtype == librosa.feature.chroma_cqt(C=C).dtype


def test_what_librosa_calls_no_window_and_no_norm():
    with pytest.raises(ValueError):
        ours.stft(Y, window="HANN")
    with pytest.raises(librosa.ParameterError):
        ours.melspectrogram(y=Y, norm=True)
    with pytest.raises(TypeError):
        ours.hpss(Y, kernel_size=31.5)
    for hop_length in (512.0, np.nan, 0):
        with pytest.raises(librosa.ParameterError):
            ours.cqt(Y, hop_length=hop_length)
