"""decode equals libsndfile, resample torchaudio (packages/audio/src/tolerances.ts has the tolerances)."""

import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

import auralis_dsp
from conftest import RECORDINGS

GOLDEN = Path(__file__).resolve().parents[3] / "packages" / "audio" / "test" / "golden"
FILES = sorted((GOLDEN / "files").iterdir())
EDGE = 40
LOSSY = 4e-6
WAV = GOLDEN / "files" / "wav-s16.wav"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_goldens(path):
    file = np.load(GOLDEN / "decode.npz")
    at = 0
    for name, shape, rate in zip(file["names"], file["shapes"], file["rates"]):
        count = shape[0] * min(shape[1], 2 * EDGE)
        if name == path.name:
            break
        at += count
    else:
        pytest.fail(f"{path.name} is not in decode.npz")
    samples, sr = auralis_dsp.decode(path)
    assert samples.dtype == np.float32 and samples.shape == tuple(shape) and sr == rate and type(sr) is int
    ends = samples if shape[1] <= 2 * EDGE else np.concatenate([samples[:, :EDGE], samples[:, -EDGE:]], axis=1)
    limit = LOSSY if path.suffix in (".ogg", ".mp3") else 0
    assert np.abs(ends.ravel() - file["samples"][at : at + count]).max() <= limit


@pytest.mark.parametrize("name", ["speech/jfk.flac", "music/solo-trumpet.ogg", "an4/test/fvap/cen2-fvap-b.flac"])
def test_recordings_equal_soundfile(name):
    if not (RECORDINGS / name).exists():
        pytest.skip(f"no recordings at {RECORDINGS}")
    expected, rate = soundfile.read(RECORDINGS / name, dtype="float32", always_2d=True)
    samples, sr = auralis_dsp.decode(RECORDINGS / name)
    assert sr == rate and samples.shape == expected.T.shape
    assert np.abs(samples - expected.T).max() <= (LOSSY if name.endswith("ogg") else 0)


def test_forms_of_a_file():
    expected, sr = auralis_dsp.decode(WAV)
    data = WAV.read_bytes()
    for file in (str(WAV), data, bytearray(data), memoryview(data), io.BytesIO(data)):
        samples, rate = auralis_dsp.decode(file)
        assert rate == sr
        np.testing.assert_array_equal(samples, expected)
    with open(WAV, "rb") as file:
        np.testing.assert_array_equal(auralis_dsp.decode(file)[0], expected)


@pytest.mark.parametrize("name", ["wav-s16.wav", "flac-long.flac", "vorbis-stereo.ogg", "mp3-vbr.mp3"])
def test_parts(name):
    path = GOLDEN / "files" / name
    whole, _ = auralis_dsp.decode(path)
    n = whole.shape[1]
    random = np.random.default_rng(3)
    ends = [(0, None), (n, None), (n + 5, None), (0, 0), (5, 3), (-7, None), (3, -3), (-9, -2), (0, 2**70), (-(2**70), 9), (np.int64(1), np.int32(4))]
    ends += [tuple(sorted(random.integers(0, n, 2))) for _ in range(10)]
    for start, stop in ends:
        part, _ = auralis_dsp.decode(path, start=start, stop=stop)
        np.testing.assert_array_equal(part, whole[:, start:stop])


def test_another_rate_and_one_channel():
    samples, sr = auralis_dsp.decode(GOLDEN / "files" / "vorbis-stereo.ogg")
    other, rate = auralis_dsp.decode(GOLDEN / "files" / "vorbis-stereo.ogg", sr=8000, mono=True)
    assert rate == 8000 and other.shape[0] == 1 and other.dtype == np.float32
    mean = samples.mean(axis=0, dtype=np.float64).astype(np.float32)
    np.testing.assert_array_equal(other[0], auralis_dsp.resample(mean, sr, 8000))


def test_what_is_cut_short_warns(tmp_path):
    data = WAV.read_bytes()[:-100]
    with pytest.warns(UserWarning, match="the input is cut short: it lacks") as caught:
        samples, _ = auralis_dsp.decode(data)
    assert caught[0].filename == __file__
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.warns(UserWarning, match="a.wav is cut short"):
        auralis_dsp.decode(tmp_path / "a.wav", start=1)
    part, _ = auralis_dsp.decode(data, stop=samples.shape[1])
    np.testing.assert_array_equal(part, samples)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_damage(path):
    """Any prefix and any changed bytes: samples or a ValueError, and nothing else."""
    data = bytearray(path.read_bytes()[:20000])
    random = np.random.default_rng(len(data))
    for _ in range(8):
        damaged = data[: random.integers(len(data))]
        for at in random.integers(0, max(1, min(len(damaged), 200)), 3):
            if damaged:
                damaged[at] = random.integers(256)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("auralis_dsp.audio.warn", lambda message: None)
            try:
                samples, sr = auralis_dsp.decode(bytes(damaged))
            except ValueError:
                continue
        assert samples.ndim == 2 and sr > 0


def test_a_file_of_several_links():
    """Ogg files one after another are one file, whose channels or rate may change."""
    first, second = ((GOLDEN / "files" / f"vorbis-{name}.ogg").read_bytes() for name in ("mono", "stereo"))
    expected, _ = auralis_dsp.decode(first)
    n = expected.shape[1]
    with pytest.raises(ValueError, match="link 2 of the chained ogg file.* decode what is before it, by stop"):
        auralis_dsp.decode(first + second)
    with pytest.raises(ValueError, match=f"change at sample {n}: stop there"):
        auralis_dsp.decode(first + second, start=3)
    for stop in (n, n - 5):
        np.testing.assert_array_equal(auralis_dsp.decode(first + second, stop=stop)[0], expected[:, :stop])
    twice, _ = auralis_dsp.decode(first + first)
    np.testing.assert_array_equal(twice, np.concatenate([expected, expected], axis=1))


def test_more_than_fits(tmp_path):
    count = 2**30 + 8
    header = b"RIFF" + struct.pack("<I", count + 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    with open(tmp_path / "long.wav", "wb") as file:
        file.write(header + b"data" + struct.pack("<I", count))
        file.truncate(44 + count)
    with pytest.raises(ValueError, match="too long.* decode it in parts, by start and stop"):
        auralis_dsp.decode(tmp_path / "long.wav")
    assert auralis_dsp.decode(tmp_path / "long.wav", start=2, stop=9)[0].shape == (1, 7)


def test_bad_files(tmp_path):
    with pytest.raises(FileNotFoundError):
        auralis_dsp.decode(tmp_path / "none.wav")
    with pytest.raises(OSError, match="folder"):
        auralis_dsp.decode(tmp_path)
    for file in (None, 3, ["a.wav"], np.zeros(3)):
        with pytest.raises(TypeError, match="file must be"):
            auralis_dsp.decode(file)
    with pytest.raises(TypeError, match="not text"):
        auralis_dsp.decode(io.StringIO("RIFF"))
    for data in (b"", b"text that is no audio"):
        with pytest.raises(ValueError, match="input"):
            auralis_dsp.decode(data)
    for given in ({"start": 0.5}, {"stop": "1"}, {"start": True}, {"sr": 0}, {"sr": -1}, {"sr": 16000.5}, {"sr": 2**70}, {"sr": "16000"}, {"sr": np.nan}, {"sr": np.inf}):
        with pytest.raises(ValueError, match=next(iter(given))):
            auralis_dsp.decode(WAV, **given)


def test_resample_equals_torchaudio():
    file = np.load(GOLDEN / "resample.npz")
    x, at = file["x"], 0
    for text, length in zip(file["options"], file["lengths"]):
        options = json.loads(text)
        expected = file["y"][at : at + min(length, 2 * EDGE)]
        at += len(expected)
        for dtype, limit in ((np.float64, 6e-7 if "beta" in options else 1e-9), (np.float32, 1e-6)):
            y = auralis_dsp.resample(x.astype(dtype), **options)
            assert y.shape == (length,) and y.dtype == dtype
            ends = y if length <= 2 * EDGE else np.concatenate([y[:EDGE], y[-EDGE:]])
            assert np.abs(ends - expected).max() <= limit, options


def test_resample_keeps_leading_axes():
    x = np.random.default_rng(1).standard_normal((2, 3, 100)).astype(np.float32)
    y = auralis_dsp.resample(x, 3, 2)
    assert y.shape == (2, 3, 67)
    np.testing.assert_array_equal(y[1, 2], auralis_dsp.resample(np.asfortranarray(x)[1, 2], 3, 2))
    np.testing.assert_array_equal(auralis_dsp.resample(x, 5, 5), x)


@pytest.mark.parametrize(
    ("x", "given", "says"),
    [
        (np.zeros(0), {}, "waveform"),
        (np.zeros((0, 5)), {}, "waveform"),
        (np.float64(1), {}, "axis"),
        ([1.0], {}, "array"),
        (np.zeros(9, int), {}, "floating-point"),
        (np.array([0, np.nan]), {}, "waveform must hold finite"),
        (np.zeros(9), {"orig_freq": 0}, "orig_freq"),
        (np.zeros(9), {"new_freq": -1}, "new_freq"),
        (np.zeros(9), {"new_freq": 1.5}, "new_freq"),
        (np.zeros(9), {"new_freq": 2**70}, "new_freq"),
        (np.zeros(9), {"new_freq": None}, "new_freq"),
        (np.zeros(2**20), {"orig_freq": 1, "new_freq": 10**8}, "new_freq"),
        (np.zeros(9), {"orig_freq": 99999989, "new_freq": 99999971}, None),
        (np.zeros(9), {"lowpass_filter_width": 0}, "lowpass_filter_width"),
        (np.zeros(9), {"lowpass_filter_width": 2**40}, "lowpass_filter_width"),
        (np.zeros(9), {"rolloff": 0.0}, "rolloff"),
        (np.zeros(9), {"rolloff": np.nan}, "rolloff"),
        (np.zeros(9), {"resampling_method": "soxr"}, "resampling_method"),
        (np.zeros(9), {"resampling_method": "sinc_interp_kaiser", "beta": 1e9}, "beta"),
    ],
)  # fmt: skip
def test_bad_resampling(x, given, says):
    given = {"orig_freq": 3, "new_freq": 2} | given
    if says is None:
        assert auralis_dsp.resample(x, **given).shape == (9,)
        return
    with pytest.raises(auralis_dsp.ParameterError, match=says):
        auralis_dsp.resample(x, **given)


RATES = ((44100, 16000), (44100, 22050), (44100, 48000), (16000, 44100), (22050, 44100), (48000, 16000), (16000, 15999))


#: Of the peak, away from the ends of what begins or ends abruptly; HQ is the core's chain of filters, the others are single ones.
SOXR = {"HQ": 3e-6, "VHQ": 1e-4, "MQ": 1e-3, "soxr_lq": 1e-3}


@pytest.mark.parametrize(("quality", "limit"), SOXR.items())
@pytest.mark.parametrize("name", ["speech/jfk.flac", "music/vibe-ace.ogg", "music/brahms-hungarian-dance.ogg"])
def test_soxr(name, quality, limit):
    if not (RECORDINGS / name).exists():
        pytest.skip(f"no recordings at {RECORDINGS}")
    x = auralis_dsp.decode(RECORDINGS / name, start=40000, stop=100001)[0].T
    for rates in RATES:
        for dtype in (np.float32, np.float64):
            y = x.astype(dtype)
            expected, actual = soxr.resample(y, *rates, quality), auralis_dsp.soxr.resample(y, *rates, quality)
            assert actual.shape == expected.shape and actual.dtype == dtype and actual.flags.c_contiguous
            apart = np.abs(actual - expected) / np.abs(x).max()
            ends = int(4 * max(1, rates[1] / rates[0]))
            # Rates that are nearly equal are none that soxr's chain was measured at.
            assert apart[ends:-ends].max() <= (1e-4 if rates == (16000, 15999) and quality == "HQ" else limit), rates
            # By a whole factor soxr has one stage, whose beginning it keeps.
            if max(rates) % min(rates) == 0 and quality in ("VHQ", "HQ"):
                assert apart.max() <= min(limit, 1e-5), rates


USUAL = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000)


def test_soxr_hq_of_every_frequency():
    """Noise, which has the frequencies near the lower Nyquist frequency that recordings hardly have."""
    x = np.random.default_rng(0).uniform(-1, 1, 20000)
    for rates in [(a, b) for a in (*USUAL, 96000) for b in USUAL if a != b]:
        apart = np.abs(auralis_dsp.soxr.resample(x, *rates) - soxr.resample(x, *rates))
        is_far = max(rates) > 4 * min(rates) and max(rates) % min(rates) != 0
        # Ten milliseconds at the beginning, where the other has no past for its filters.
        assert apart[rates[1] // 100 :].max() <= (3e-3 if is_far else 6e-6), rates
        if max(rates) / min(rates) in (2, 3):
            assert apart.max() <= 1e-6, rates


def test_lengths_are_soxrs():
    for n in [*range(1, 60), 3_000_001]:
        for rates in RATES[:-1] if n < 100 else [(3, 2), (2, 3)]:
            y = np.zeros(n, np.float32)
            assert len(auralis_dsp.soxr.resample(y, *rates)) == len(soxr.resample(y, *rates))


@pytest.mark.parametrize(
    ("x", "given"),
    [
        (np.zeros(0), {}),
        (np.zeros((5, 0)), {}),
        (np.zeros((5, 2, 2)), {}),
        (np.zeros(9, np.int16), {}),
        (np.full(9, np.nan), {}),
        (np.zeros(9), {"in_rate": 0}),
        (np.zeros(9), {"out_rate": 2**70}),
        (np.zeros(9), {"out_rate": 2.5}),
        (np.zeros(9), {"quality": "QQ"}),
        (np.zeros(9), {"quality": 3}),
    ],
)
def test_bad_soxr(x, given):
    with pytest.raises(auralis_dsp.ParameterError):
        auralis_dsp.soxr.resample(x, **({"in_rate": 3, "out_rate": 2} | given))
