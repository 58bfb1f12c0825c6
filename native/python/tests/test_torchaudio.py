"""Against torchaudio itself, where it is installed: options from the whole space, on recordings. Elsewhere the goldens must do.

PYTHONPATH=…/site-packages with torch and torchaudio; SEED and CASES in the environment draw others and more.
"""

import os

import numpy as np
import pytest

import auralis_dsp
from auralis_dsp import kaldi
from conftest import RECORDINGS
from test_kaldi import TOLERANCE, distances, has_empty_filters

torchaudio = pytest.importorskip("torchaudio", reason="torchaudio is not installed: compared with its goldens only")
torch = pytest.importorskip("torch")
reference = pytest.importorskip("torchaudio.compliance.kaldi")

SEED, CASES = int(os.environ.get("SEED", 1)), int(os.environ.get("CASES", 100))
FILES = ("speech/jfk.flac", "music/vibe-ace.ogg", "an4/test/fvap/cen2-fvap-b.flac", "librispeech/train-clean-100/103-1240-0000.flac")


def draw(kind, rate, random):
    """Options that both accept."""
    half, chance = rate / 2, lambda p=0.5: bool(random.random() < p)
    length = float(random.choice([25.0, random.uniform(4, 60)]))
    options = {
        "sample_frequency": float(rate),
        "blackman_coeff": random.uniform(0.2, 0.5),
        "channel": int(random.choice([-1, 0])),
        "energy_floor": float(random.choice([0.0, 1.0, random.uniform(0, 100)])),
        "frame_length": length,
        "frame_shift": random.uniform(2, 40),
        "preemphasis_coefficient": float(random.choice([0.97, random.uniform(0, 1)])),
        "raw_energy": chance(),
        "remove_dc_offset": chance(),
        "round_to_power_of_two": chance(0.7) or int(rate * length * 0.001) % 2 == 1,
        "snip_edges": chance(),
        "subtract_mean": chance(0.15),
        "window_type": str(random.choice(["hamming", "hanning", "povey", "rectangular", "blackman"])),
    }
    if kind == "spectrogram":
        return options
    low = float(random.choice([20.0, random.uniform(0, 0.2 * half)]))
    high = float(random.choice([0.0, -random.uniform(1, 0.3 * half), random.uniform(0.6 * half, half)]))
    top = high if high > 0 else half + high
    options |= {"low_freq": low, "high_freq": high, "num_mel_bins": int(random.integers(4, 41)), "use_energy": chance(), "htk_compat": chance()}
    if chance(0.4):
        options |= {"vtln_warp": random.uniform(0.8, 1.25), "vtln_low": random.uniform(1.3, 2) * low + 60, "vtln_high": random.uniform(0.6, 0.75) * top}
    if kind == "fbank":
        options |= {"use_log_fbank": chance(0.8) or options["subtract_mean"], "use_power": chance(0.7)}
    else:
        options |= {"cepstral_lifter": float(random.choice([22.0, 0.0, random.uniform(2, 40)])), "num_ceps": int(random.integers(1, options["num_mel_bins"] + 1))}
    return options


def compare(kind, random, every):
    """One recording and one set of options, in both precisions."""
    x, rate = auralis_dsp.decode(RECORDINGS / str(random.choice(FILES)))
    start, count = random.integers(0, x.shape[1] - rate), int(rate * random.uniform(0.1, 0.6))
    x = np.ascontiguousarray(x[:, start : start + count])
    options = draw(kind, rate, random)
    expected = getattr(reference, kind)(torch.from_numpy(x.astype(np.float64)), **options).numpy()
    narrow = has_empty_filters(kind, options)
    for dtype, apart in every.items():
        found = distances(getattr(kaldi, kind)(x.astype(dtype), **options), expected, kind, options)
        assert found.max(initial=0) <= TOLERANCE[dtype][2 if narrow else 1], options
        apart.append(found)


def test_options_from_the_whole_space():
    if not RECORDINGS.is_dir():
        pytest.skip(f"no recordings at {RECORDINGS}")
    random = np.random.default_rng(SEED)
    every = {np.float32: [], np.float64: []}
    # In the proportions of the goldens, for which the percentile is promised.
    for _ in range(CASES):
        compare(random.choice(["fbank", "mfcc", "spectrogram"], p=[0.625, 0.25, 0.125]), random, every)
    for dtype, apart in every.items():
        together = np.concatenate(apart)
        p999 = np.quantile(together, 0.999)
        print(f"{dtype.__name__}: {together.size} cells, p99.9 {p999:.2e}, max {together.max():.2e}")
        assert p999 <= TOLERANCE[dtype][0]


def test_resample():
    random = np.random.default_rng(SEED)
    for _ in range(CASES // 2):
        x = random.standard_normal((2, int(random.integers(1, 3000)))) * 0.2
        given = {"lowpass_filter_width": int(random.integers(1, 30)), "rolloff": random.uniform(0.5, 1)}
        kaiser = bool(random.random() < 0.5)
        if kaiser:
            given |= {"resampling_method": "sinc_interp_kaiser", "beta": random.uniform(0, 20)}
        rates = [int(rate) for rate in random.choice([8000, 11025, 16000, 22050, 44100, 48000, random.integers(50, 400)], 2)]
        expected = torchaudio.functional.resample(torch.from_numpy(x), *rates, **given).numpy()
        for dtype, limit in ((np.float64, 6e-7 if kaiser else 1e-9), (np.float32, 1e-6)):
            actual = auralis_dsp.resample(x.astype(dtype), *rates, **given)
            assert actual.shape == expected.shape and np.abs(actual - expected).max() <= limit * max(1, np.abs(x).max()), (rates, given)


def test_tensors():
    x = torch.sin(torch.arange(16000) / 5)[None]
    expected = kaldi.fbank(x.numpy())
    for tensor in (x, x.requires_grad_(), x.detach()[0], torch.stack([x.detach()[0]] * 2, 1).T):
        features = kaldi.fbank(tensor)
        assert isinstance(features, np.ndarray)
        np.testing.assert_array_equal(features, expected)
    assert kaldi.mfcc(x.detach().double()).dtype == np.float64
    for wrong in (x.detach().bfloat16(), x.detach().to(torch.int16), x.detach().to_sparse()):
        with pytest.raises(ValueError, match="waveform"):
            kaldi.fbank(wrong)
