"""stft and istft against librosa: options drawn at random, every form of array, errors, warnings."""

import librosa
import numpy as np
import pytest

import auralis_dsp as ours
from conftest import TRACKS, recording

#: |ours - librosa| <= TOLERANCE x peak, float32 and float64.
TOLERANCE = {np.dtype(np.float32): 5e-7, np.dtype(np.float64): 1e-13}

WINDOWS = ["hann", "hamming", "blackman", "ones", ("kaiser", 8.6), 5.0, "bartlett", ("gaussian", 90.0), ("general_hamming", 0.7), np.ones]
PADS = ["constant", "edge", "reflect", "symmetric", "linear_ramp"]


def close(actual, expected):
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    tolerance = TOLERANCE[np.zeros(0, expected.dtype).real.dtype]
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance * max(np.abs(expected).max(), 1e-30))


def draw(random):
    n_fft = int(random.choice([16, 63, 255, 400, 512, 1000, 2048, 4096]))
    win_length = int(random.integers(max(2, n_fft // 3), n_fft + 1)) if random.random() < 0.5 else None
    hop = int(random.integers(1 + n_fft // 16, n_fft)) if random.random() < 0.7 else None
    return {
        "n_fft": n_fft,
        "win_length": win_length,
        "hop_length": hop,
        "window": WINDOWS[random.integers(len(WINDOWS))],
        "center": bool(random.random() < 0.7),
        "pad_mode": PADS[random.integers(len(PADS))],
    }


@pytest.mark.parametrize("seed", range(40))
def test_options(seed):
    random = np.random.default_rng(seed)
    options = draw(random)
    y = recording(TRACKS[seed % len(TRACKS)])[: int(random.integers(5000, 60000))]
    y = y.astype(np.float64) if seed % 2 else y
    expected = librosa.stft(y, **options)
    close(ours.stft(y, **options), expected)

    del options["pad_mode"]
    options["length"] = y.size if random.random() < 0.5 else None
    # In double precision: where frames hardly overlap, single precision is divided by nearly nothing.
    spectrum = expected.astype(np.complex128)
    if random.random() < 0.5:
        options["window"] = "hann"
    back = librosa.istft(spectrum, **options)
    np.testing.assert_allclose(ours.istft(spectrum, **options), back, rtol=0, atol=1e-6 * np.abs(back).max())


def test_leading_axes_and_layouts(signal):
    block = np.stack([signal, signal[::-1], 0.5 * signal, -signal, signal**2, signal**3]).reshape(2, 3, -1)
    expected = librosa.stft(block, n_fft=512)
    for y in (np.asfortranarray(block), block.transpose(2, 0, 1).copy().transpose(1, 2, 0), block.astype(">f4")):
        close(ours.stft(y, n_fft=512), expected)
    strided = np.repeat(block, 2, axis=-1)[..., ::2]
    close(ours.stft(strided, n_fft=512), expected)
    close(ours.istft(np.asfortranarray(expected)), librosa.istft(expected))
    close(ours.stft(block[:, :, ::-1], n_fft=512), librosa.stft(block[:, :, ::-1], n_fft=512))
    close(ours.stft(signal.astype(np.float16)), librosa.stft(signal.astype(np.float16)))


def test_dtype_and_out(signal):
    for dtype in (np.complex64, np.complex128):
        close(ours.stft(signal, dtype=dtype), librosa.stft(signal, dtype=dtype))
    spectrum = librosa.stft(signal)
    close(ours.istft(spectrum, dtype=np.float32), librosa.istft(spectrum))
    close(ours.istft(spectrum, dtype=np.float64), librosa.istft(spectrum.astype(np.complex128)))
    out = np.empty((1025, spectrum.shape[1] + 3), np.complex64)
    got = ours.stft(signal, out=out)
    assert np.shares_memory(got, out)
    close(got, spectrum)
    y = np.ones(librosa.istft(spectrum).shape, np.float32)
    assert ours.istft(spectrum, out=y) is y
    close(y, librosa.istft(spectrum))
    for wrong in (np.empty((1025, 5), np.complex64), np.empty((1024, 400), np.complex64), np.empty((1025, 400))):
        with pytest.raises(librosa.ParameterError):
            ours.stft(signal, out=wrong)
    with pytest.raises(librosa.ParameterError):
        ours.istft(spectrum, out=np.empty(5))


@pytest.mark.parametrize(
    ("y", "options"),
    [
        ([0.0] * 4096, {}),
        (np.zeros(4096, np.int16), {}),
        (np.array(1.0), {}),
        (np.full(4096, np.nan), {}),
        (np.full(4096, np.inf, np.float32), {}),
        (np.zeros(4096), {"hop_length": 0}),
        (np.zeros(4096), {"hop_length": -3}),
        (np.zeros(4096), {"hop_length": 1.5}),
        (np.zeros(4096), {"win_length": 4096}),
        (np.zeros(4096), {"window": np.ones(7)}),
        (np.zeros(4096), {"pad_mode": "wrap"}),
        (np.zeros(4096), {"n_fft": 8192, "center": False}),
        (np.zeros(0), {"center": False}),
    ],
)
def test_errors(y, options):
    for module in (librosa, ours):
        with pytest.raises(librosa.ParameterError):
            module.stft(y, **options)
    for parent in (ValueError, ours.ParameterError, ours.DspError):
        with pytest.raises(parent):
            ours.stft(y, **options)


def test_numpy_errors_stay_numpys():
    for module in (librosa, ours):
        with pytest.raises(ValueError):
            module.stft(np.zeros(4096), pad_mode="no such mode")
        with pytest.raises(ValueError):
            module.stft(np.zeros(4096), window="no such window")


@pytest.mark.parametrize("samples", [0, 1, 2, 100, 1024, 2047, 2048, 2049])
def test_short_signals(samples):
    y = np.linspace(-1, 1, samples)
    with pytest.warns(UserWarning, match="too large") if samples < 2048 else _nothing():
        actual = ours.stft(y)
    with pytest.warns(UserWarning, match="too large") if samples < 2048 else _nothing():
        expected = librosa.stft(y)
    close(actual, expected)


def _nothing():
    import contextlib

    return contextlib.nullcontext()


def test_round_trip(track):
    for y in (track, track.astype(np.float64)):
        back = ours.istft(ours.stft(y), length=y.size)
        assert back.dtype == y.dtype
        assert np.abs(back - y).max() < (2e-7 if y.dtype == np.float32 else 1e-14)
