"""Writes nemo.npz beside itself: NeMo's front end (AudioToMelSpectrogramPreprocessor in evaluation mode) written in float64 from its
documentation, with options drawn at random, and what transformers' ParakeetFeatureExtractor gives in float32.

Needs numpy 2.4.6, librosa 0.11.0, scipy 1.17.1, torch 2.11.0 and transformers 5.23.0; the versions that ran are written into the file. The
signals are those of signals.npz, which make_goldens.py writes.
"""

import json
import pathlib

import librosa
import numpy as np
import scipy
import torch
import transformers
from scipy.signal import get_window
from transformers import ParakeetFeatureExtractor

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(20261127)
MODULES = (np, librosa, scipy, torch, transformers)
VERSIONS = np.array([f"{module.__name__} {module.__version__}" for module in MODULES])
FINFO = {"tiny": float(np.finfo(np.float32).tiny), "eps": float(np.finfo(np.float32).eps)}
DEFAULTS = dict(
    sample_rate=16000,
    window_size=0.02,
    window_stride=0.01,
    window="hann",
    normalize="per_feature",
    n_fft=None,
    preemph=0.97,
    features=64,
    lowfreq=0,
    highfreq=None,
    log=True,
    log_zero_guard_type="add",
    log_zero_guard_value=2**-24,
    pad_to=16,
    frame_splicing=1,
    exact_pad=False,
    pad_value=0,
    mag_power=2.0,
    mel_norm="slaney",
)


def nemo(y, **given):
    """[features, columns] of one signal in float64, and the number of valid frames."""
    o = DEFAULTS | given
    rate = o["sample_rate"]
    size, hop = int(o["window_size"] * rate), int(o["window_stride"] * rate)
    n_fft = o["n_fft"] or 2 ** int(np.ceil(np.log2(size)))
    x, length = np.asarray(y, np.float64), len(y)
    side = (n_fft - hop) // 2 if o["exact_pad"] else 0
    x = np.pad(x, side)
    if o["preemph"] is not None:
        x = np.concatenate([x[:1], x[1:] - o["preemph"] * x[:-1]])
        x[length:] = 0
    if not o["exact_pad"]:
        x = np.pad(x, n_fft // 2)
    window = np.zeros(n_fft)
    left = (n_fft - size) // 2
    window[left : left + size] = get_window(o["window"], size, fftbins=False)
    frames = np.lib.stride_tricks.sliding_window_view(x, n_fft)[::hop]
    magnitudes = np.abs(np.fft.rfft(frames * window, axis=1)).T ** o["mag_power"]
    bank = librosa.filters.mel(
        sr=rate,
        n_fft=n_fft,
        n_mels=o["features"],
        fmin=o["lowfreq"],
        fmax=o["highfreq"] or rate / 2,
        norm=o["mel_norm"],
    )
    mel = bank.astype(np.float64) @ magnitudes
    if o["log"]:
        guard = FINFO.get(o["log_zero_guard_value"], o["log_zero_guard_value"])
        mel = np.log(mel + guard if o["log_zero_guard_type"] == "add" else np.maximum(mel, guard))
    mel = np.concatenate([mel] * o["frame_splicing"])
    valid = (length + (2 * side if o["exact_pad"] else n_fft // 2 * 2) - n_fft) // hop
    kept = mel[:, :valid]
    if o["normalize"] == "per_feature":
        mel = (mel - kept.mean(axis=1, keepdims=True)) / (kept.std(axis=1, ddof=1, keepdims=True) + 1e-5)
    elif o["normalize"] == "all_features":
        mel = (mel - kept.mean()) / (kept.std(ddof=1) + 1e-5)
    elif isinstance(o["normalize"], dict):
        mean, std = (np.array(o["normalize"][name])[:, None] for name in ("fixed_mean", "fixed_std"))
        mel = (mel - mean) / std
    mel[:, valid:] = o["pad_value"]
    if o["pad_to"] > 0 and mel.shape[1] % o["pad_to"]:
        mel = np.pad(mel, ((0, 0), (0, -mel.shape[1] % o["pad_to"])), constant_values=o["pad_value"])
    return mel, valid


def pick(*values):
    return values[int(RANDOM.integers(len(values)))]


def options():
    o = dict(
        sample_rate=pick(16000, 16000, 8000, 22050),
        window_size=pick(0.02, 0.025, 0.03),
        window_stride=pick(0.01, 0.0125, 0.016),
        window=pick("hann", "hann", "hamming", "blackman", "bartlett"),
        normalize=pick("per_feature", "per_feature", "all_features", "fixed", "none"),
        n_fft=pick(None, None, 1024, 777),
        preemph=pick(0.97, 0.97, 0.9, 0.0, None),
        features=pick(8, 13, 20),
        lowfreq=pick(0, 60.0),
        highfreq=pick(None, 0, 3600.0),
        log=pick(True, True, True, False),
        log_zero_guard_type=pick("add", "clamp"),
        log_zero_guard_value=pick(2**-24, 1e-5, "tiny", "eps"),
        pad_to=pick(0, 8, 16),
        frame_splicing=pick(1, 1, 2),
        exact_pad=pick(False, False, True),
        pad_value=pick(0, -3.5),
        mag_power=pick(2.0, 2.0, 1.0, 1.5),
        mel_norm=pick("slaney", "slaney", None, 1.0),
    )
    if o["sample_rate"] == 22050:  # an odd stride has no exact padding
        o["exact_pad"] = False
    if o["normalize"] == "fixed":
        rows = o["features"] * o["frame_splicing"]
        o["normalize"] = {
            "fixed_mean": RANDOM.uniform(-12, -4, rows).round(3).tolist(),
            "fixed_std": RANDOM.uniform(1, 4, rows).round(3).tolist(),
        }
    return o


SIGNALS = np.load(HERE / "signals.npz")


def sound(name):
    values = SIGNALS[name]
    return values.astype(np.float32) / 32768 if values.dtype == np.int16 else values


NAMES = [name for name in SIGNALS.files if name != "versions" and SIGNALS[name].ndim == 1 and len(SIGNALS[name]) >= 2000]
arrays, cases = {}, []
for i in range(40):
    name = NAMES[i % len(NAMES)]
    given = options()
    y = sound(name)[:3000]
    features, valid = nemo(y, **given)
    arrays[f"nemo_{i}"] = features
    cases.append(json.dumps(dict(name=f"nemo_{i}", y=name, samples=len(y), valid=valid, options=given)))

worst = 0.0
parakeet = []
for bands in (80, 128):
    extractor = ParakeetFeatureExtractor(feature_size=bands)
    for name in NAMES:
        y = sound(name)[:3000]
        found = extractor([y], sampling_rate=16000, return_tensors="np")["input_features"][0].T.astype(np.float32)
        truth, _ = nemo(y, window_size=0.025, n_fft=512, features=bands, pad_to=0)
        error = float(np.abs(found - truth).max())
        worst = max(worst, error)
        print(f"{bands} bands of {name}: transformers is {error:.2e} from float64")
        if name in NAMES[::4]:
            arrays[f"parakeet_{bands}_{name}"] = found
            parakeet.append(json.dumps(dict(name=f"parakeet_{bands}_{name}", y=name, features=bands, samples=len(y), error=error)))
np.savez_compressed(HERE / "nemo.npz", versions=VERSIONS, cases=np.array(cases), parakeet=np.array(parakeet), **arrays)
print(f"largest difference between transformers and float64: {worst:.2e}")
