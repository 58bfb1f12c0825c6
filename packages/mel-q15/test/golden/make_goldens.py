"""Writes ../../golden/speech.npz, which the validator reads, and banks.npz beside itself, for the tests.

Needs numpy 2.4.6, librosa 0.11.0 and soundfile 0.14.0; the versions that ran are written into both files. Reads a recording of
LibriSpeech (CC BY 4.0) from ../shared/data beside the checkout and keeps 0.8 s of it in the goldens, with 0.2 s of noise after it.
"""

import json
import pathlib

import librosa
import numpy as np
import soundfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[3].parent / "shared" / "data"
RANDOM = np.random.default_rng(20261127)
VERSIONS = np.array([f"{module.__name__} {module.__version__}" for module in (np, librosa, soundfile)])
HANN = np.hanning(401)[:-1]


def samples():
    speech, _ = soundfile.read(DATA / "librispeech/test-other/1688/1688-142285-0000.flac", dtype="int16")
    noise = np.round(RANDOM.standard_normal(3200) * 1000).astype(np.int16)
    return np.concatenate([speech[24000 : 24000 + 12800], noise])


def framed(y):
    """Whisper's frames: the start mirrored, zeros after the end."""
    padded = np.concatenate([np.pad(y, (200, 0), mode="reflect"), np.zeros(400, y.dtype)])
    return np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][: len(y) // 160].astype(np.float64)


def first_kernel():
    """The published bank: its rule and its weights, in Python's own floats."""
    hertz = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 82) / 2595) - 1)
    edges = np.minimum(np.floor(513 * hertz / 16000), 255).astype(int)
    coefficients = []
    for start, peak, end in zip(edges, edges[1:], edges[2:]):
        left, right = peak - start, end - peak
        coefficients += [int((i + 1) / left * 32767) for i in range(left)]
        coefficients += [int((right - 1 - i) / right * 32767) for i in range(right)]
    return edges, np.array(coefficients, np.int16)


def true_triangles(edges):
    """The published edges with true triangles: the peak bin weighs 1, and stands alone where a side has no width."""
    weights = np.zeros((80, 257))
    for row, start, peak, end in zip(weights, edges, edges[1:], edges[2:]):
        left, right = peak - start, end - peak
        row[peak] = 1
        for i in range(left):
            row[start + i] = i / left
        for i in range(1, right):
            row[peak + i] = 1 - i / right
    return weights


def validator(y):
    frames = framed(y) * HANN
    arrays = {"samples": y}
    for name, n_fft in (("whisper", 400), ("accurate", 512)):
        powers = np.abs(np.fft.rfft(frames, n_fft)) ** 2
        filters = librosa.filters.mel(sr=16000, n_fft=n_fft, n_mels=80, dtype=np.float64)
        arrays[f"energies_{name}"] = (powers @ filters.T).astype(np.float32)
    arrays["classic_edges"], arrays["classic_coefficients"] = edges, _ = first_kernel()
    magnitudes = np.abs(np.fft.rfft(frames, 512))
    arrays["energies_classic-fixed"] = (magnitudes @ true_triangles(edges).T).astype(np.float32)
    np.savez_compressed(HERE.parents[1] / "golden" / "speech.npz", versions=VERSIONS, **arrays)


def pick(*values):
    return values[int(RANDOM.integers(len(values)))]


def banks(y):
    """Energies of a frame of speech and one of noise in banks of random options."""
    cases, arrays = [], {"samples": y}
    for i in range(40):
        n_fft = int(pick(400, 512, 512, int(RANDOM.integers(256, 2049))))
        sr = int(pick(16000, 16000, 8000, 22050, 44100, 48000))
        fmax = float(pick(sr / 2, RANDOM.uniform(0.3, 0.5) * sr))
        options = {
            "sr": sr,
            "nFft": n_fft,
            "winLength": int(min(n_fft, pick(400, n_fft, RANDOM.integers(200, 1025)))),
            "nMels": int(RANDOM.integers(1, 129)),
            "fmin": float(pick(0, RANDOM.uniform(0, 300))),
            "fmax": fmax,
            "htk": bool(pick(True, False)),
            "norm": pick("slaney", None, 1.0),
            "spectrum": pick("power", "magnitude"),
        }
        window = np.hanning(options["winLength"] + 1)[:-1]
        filters = librosa.filters.mel(
            sr=sr, n_fft=n_fft, n_mels=options["nMels"], fmin=options["fmin"], fmax=fmax, htk=options["htk"],
            norm=options["norm"], dtype=np.float64,
        )
        parts = [y[start : start + options["winLength"]].astype(np.float64) for start in (4000, 13000)]
        spectra = np.abs(np.fft.rfft([part * window for part in parts], n_fft)) ** (2 if options["spectrum"] == "power" else 1)
        arrays[f"energies_{i}"] = spectra @ filters.T
        cases.append(options)
    np.savez_compressed(HERE / "banks.npz", versions=VERSIONS, cases=np.array(json.dumps(cases)), **arrays)


recording = samples()
validator(recording)
banks(recording)
