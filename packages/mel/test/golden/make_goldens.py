"""Writes the goldens of @dsp/mel beside itself: signals.npz, filters.npz, melspectrogram.npz, mfcc.npz, db.npz (librosa),
whisper.npz and the filters straight in mel (transformers' numpy path).

Needs numpy 2.4.6, scipy 1.17.1, librosa 0.11.0, transformers 5.23.0 and soundfile; the versions that ran are written into every
file. Reads recordings of ../shared/data beside the checkout and keeps short pieces of them in the goldens.
"""

import json
import pathlib
import warnings

import librosa
import numpy as np
import scipy
import soundfile
import transformers
from transformers import WhisperFeatureExtractor
from transformers.audio_utils import mel_filter_bank

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[3].parent / "shared" / "data"
RANDOM = np.random.default_rng(20261121)
MODULES = (np, scipy, librosa, transformers)
VERSIONS = np.array([f"{module.__name__} {module.__version__}" for module in MODULES])
warnings.simplefilter("ignore")


def save(name, arrays):
    np.savez_compressed(HERE / f"{name}.npz", versions=VERSIONS, **arrays)


def pick(*values):
    return values[int(RANDOM.integers(len(values)))]


def clips():
    """Pieces of recordings, mono int16: [(name, rate, samples)]."""
    sources = sorted((DATA / "music").glob("*.ogg")) + sorted((DATA / "speech").glob("*.ogg"))[:2]
    found = []
    for path in sources:
        y, rate = soundfile.read(path, dtype="float64", always_2d=True)
        y = y.mean(axis=1)
        start = len(y) // 3
        piece = np.round(y[start : start + 6000] * 32767).astype(np.int16)
        found.append((path.stem, rate, piece))
    return found


CLIPS = clips()


def sound(piece):
    """What the tests make of a piece."""
    return (piece.astype(np.float64) / 32768).astype(np.float32)


def norms():
    return pick("slaney", "slaney", None, 1.0, 2.0, 0.5, np.inf, -np.inf, 0.0)


def as_json(options):
    return {k: ("inf" if v > 0 else "-inf") if isinstance(v, float) and np.isinf(v) else v for k, v in options.items()}


def bank_options(rate, n_fft):
    fmin = pick(0.0, 0.0, 20.0, 133.25)
    return {
        "n_mels": int(pick(1, 7, 20, 40, 64)),
        "fmin": fmin,
        "fmax": pick(None, None, rate / 2, rate * 0.31, rate * 0.45),
        "htk": bool(pick(False, True)),
        "norm": norms(),
    }


def filters():
    arrays, cases = {}, []
    for i in range(40):
        rate, n_fft = pick(8000, 16000, 22050, 44100.5), int(pick(64, 200, 256, 400, 401, 512))
        options = bank_options(rate, n_fft)
        dtype = pick("float32", "float64")
        arrays[f"bank_{i}"] = librosa.filters.mel(sr=rate, n_fft=n_fft, dtype=np.dtype(dtype).type, **options)
        cases.append(json.dumps(as_json({"name": f"bank_{i}", "sr": rate, "n_fft": n_fft, "dtype": dtype, **options})))
    mels = []
    for i in range(16):
        rate, n_fft = pick(8000, 16000, 22050), int(pick(200, 256, 400, 512))
        scale, norm, fmin = pick("htk", "slaney", "kaldi"), pick("slaney", None), pick(0.0, 20.0)
        in_mel, n_mels = bool(pick(True, True, False)), int(pick(10, 23, 40))
        bank = mel_filter_bank(n_fft // 2 + 1, n_mels, fmin, rate / 2, rate, norm, scale, in_mel)
        arrays[f"mel_{i}"] = bank.T
        case = {"name": f"mel_{i}", "sr": rate, "n_fft": n_fft, "n_mels": n_mels, "fmin": fmin, "fmax": None, "norm": norm}
        mels.append(json.dumps({**case, "mel_scale": scale, "triangles": "mel" if in_mel else "hertz", "dtype": "float64"}))
    hertz = np.concatenate([[0.0, 999.999, 1000.0, 1000.001], RANDOM.uniform(0, 22050, 50)])
    mel = RANDOM.uniform(0, 60, 50)
    for htk in (False, True):
        arrays[f"hz_to_mel_{htk}"] = librosa.hz_to_mel(hertz, htk=htk)
        arrays[f"mel_to_hz_{htk}"] = librosa.mel_to_hz(mel * (60 if htk else 1), htk=htk)
        arrays[f"mel_frequencies_{htk}"] = librosa.mel_frequencies(40, fmin=31.5, fmax=7600, htk=htk)
    save("filters", {"cases": np.array(cases + mels), "hertz": hertz, "mels": mel, **arrays})


def stft_options(i, length):
    n_fft = int(pick(64, 200, 256, 400, 512, 330, 411, 2048))
    win_length = pick(None, None, n_fft // 2, n_fft - 1)
    window = pick("hann", "hann", "hamming", "blackman", "boxcar", ("kaiser", 8.5))
    center = bool(pick(True, True, False)) or length < n_fft
    return {
        "n_fft": n_fft,
        # Below half a frame: with longer hops librosa pads the tail of a signal as if it were all of it.
        "hop_length": int(RANDOM.integers(max(1, length // 20), max(2, n_fft // 2))) if length // 20 < n_fft // 2 - 1 else n_fft // 2 - 1,
        "win_length": win_length,
        "window": window,
        "center": center,
        "pad_mode": pick("constant", "edge", "reflect", "symmetric"),
    }


def signals():
    """Every recording, noise, a sweep, an impulse, near silence."""
    found = {f"clip_{name}": (rate, sound(piece)) for name, rate, piece in CLIPS}
    t = np.arange(3000) / 22050
    found["noise"] = (22050, RANDOM.standard_normal((2, 1500)).astype(np.float32))
    found["sweep"] = (22050, np.sin(2 * np.pi * (50 + 30000 * t) * t).astype(np.float32))
    impulse = np.zeros(2000, np.float32)
    impulse[777] = 1
    found["impulse"] = (16000, impulse)
    found["quiet"] = (16000, (1e-7 * RANDOM.standard_normal(2000)).astype(np.float32))
    found["silence"] = (16000, np.zeros(1000, np.float32))
    return found


SIGNALS = signals()


def save_signals():
    """Recordings as int16, the others as they are."""
    pieces = {f"clip_{name}": piece for name, _, piece in CLIPS}
    save("signals", {name: pieces.get(name, y) for name, (_, y) in SIGNALS.items()})


def melspectrograms():
    """In float64, of float32 and float64 signals; options over the whole space."""
    arrays, cases = {}, []
    names = list(SIGNALS)
    for i in range(44):
        name = names[i % len(names)]
        rate, y = SIGNALS[name]
        options = stft_options(i, y.shape[-1])
        bank = bank_options(rate, options["n_fft"])
        power, dtype = pick(2.0, 2.0, 1.0, 0.5, 3.0), pick("float32", "float32", "float64")
        if i == 0:
            options, bank, power, dtype = {}, {}, 2.0, "float32"
        result = librosa.feature.melspectrogram(
            y=y.astype(np.float64), sr=rate, power=power, dtype=np.dtype(dtype).type, **options, **bank
        )
        arrays[f"mel_{i}"] = result.astype(np.float32) if result.max() > 1e-30 else result
        case = {"name": f"mel_{i}", "y": name, "sr": rate, "power": power, "dtype": dtype, **options, **bank}
        cases.append(json.dumps(as_json(case)))
    s = np.abs(RANDOM.standard_normal((2, 101, 9)))
    for i, n_fft in enumerate((200, 201)):
        arrays[f"given_{i}"] = librosa.feature.melspectrogram(S=s, sr=16000, n_fft=n_fft, n_mels=20, htk=True, norm=None)
    save("melspectrogram", {"cases": np.array(cases), "S": s, **arrays})


def mfccs():
    arrays, cases, names = {}, [], list(SIGNALS)
    for i in range(24):
        name = names[(5 * i) % len(names)]
        rate, y = SIGNALS[name]
        options = stft_options(i, y.shape[-1])
        bank = bank_options(rate, options["n_fft"])
        bank["n_mels"] = max(bank["n_mels"], 2)
        bank["mel_norm"] = bank.pop("norm")
        n_mfcc = int(RANDOM.integers(1, bank["n_mels"] + 1))
        cepstrum = {"n_mfcc": n_mfcc, "dct_type": int(pick(1, 2, 3)), "norm": pick("ortho", None), "lifter": pick(0, 0, 22.0)}
        if i == 0:
            options, bank, cepstrum = {}, {}, {}
        arrays[f"mfcc_{i}"] = librosa.feature.mfcc(y=y.astype(np.float64), sr=rate, **options, **bank, **cepstrum)
        case = {"name": f"mfcc_{i}", "y": name, "sr": rate, **options, **bank, **cepstrum}
        cases.append(json.dumps(as_json(case)))
    s = -80 * RANDOM.random((2, 12, 5))
    arrays["given"] = librosa.feature.mfcc(S=s, n_mfcc=40, dct_type=3)
    save("mfcc", {"cases": np.array(cases), "S": s, **arrays})


def decibels():
    arrays, cases = {}, []
    for i in range(24):
        s = 10 ** RANDOM.uniform(-14, 4, (3, 5, 4)) * pick(0, 1, 1, 1)
        s[0, 0, :2] = 0
        ref, amplitude = pick(1.0, 0.3, -2.5, "max", "median"), bool(pick(False, True))
        options = {"amin": pick(1e-10, 1e-5, 1e-20), "top_db": pick(80.0, None, 30.5, 0.0)}
        given = {"max": np.max, "median": np.median}.get(ref, ref)
        convert = librosa.amplitude_to_db if amplitude else librosa.power_to_db
        arrays[f"s_{i}"] = s
        arrays[f"db_{i}"] = convert(s.copy(), ref=given, **options)
        back = librosa.db_to_amplitude if amplitude else librosa.db_to_power
        arrays[f"back_{i}"] = back(arrays[f"db_{i}"], ref=0.7)
        cases.append(json.dumps({"name": str(i), "ref": ref, "amplitude": amplitude, **options}))
    save("db", {"cases": np.array(cases), **arrays})


def whispers():
    """transformers' numpy path: padded (frames around the end of the sound) and as long as the signal is."""
    arrays, cases = {}, []
    names = [f"clip_{CLIPS[0][0]}", f"clip_{CLIPS[-1][0]}", "sweep", "impulse", "quiet", "silence"]
    for n_mels in (80, 128):
        extractor = WhisperFeatureExtractor(feature_size=n_mels)
        for name in names[:: 1 if n_mels == 80 else 2]:
            y = SIGNALS[name][1]
            end = len(y) // 160
            padded = np.pad(y, (0, extractor.n_samples - len(y)))
            whole = extractor._np_extract_fbank_features([padded], "cpu")[0]
            case = {"y": name, "n_mels": n_mels, "name": f"{n_mels}_{name}", "first": end - 5}
            arrays[f"padded_{n_mels}_{name}"] = whole[:, end - 5 : end + 5]
            arrays[f"plain_{n_mels}_{name}"] = extractor._np_extract_fbank_features([y], "cpu")[0][:, ::2]
            cases.append(json.dumps({**case, "last": float(whole[0, -1])}))
    save("whisper", {"cases": np.array(cases), **{k: v.astype(np.float32) for k, v in arrays.items()}})


save_signals()
filters()
melspectrograms()
mfccs()
decibels()
whispers()
