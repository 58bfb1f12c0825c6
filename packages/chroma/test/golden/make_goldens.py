"""Writes the goldens of @dsp/chroma beside itself: signals.npz, transforms.npz, inverses.npz, features.npz, banks.npz (librosa).

Needs numpy 2.4.6, scipy 1.17.1, soundfile and librosa 0.11.0; the versions that ran are written into every file. Reads one piece
of music and one of speech from ../shared/data beside the checkout. Results are librosa's in float64; of every result some
values are kept, drawn at random, a quarter of them from its beginning: there the resampler's start counts.
"""

import json
import pathlib
import warnings

import librosa
import numpy as np
import scipy
import soundfile

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[4] / "shared" / "data"
RANDOM = np.random.default_rng(20261121)
VERSIONS = np.array(
    [f"numpy {np.__version__}", f"scipy {scipy.__version__}", f"librosa {librosa.__version__}"]
)
KEPT = 400
warnings.simplefilter("ignore")


def save(name, arrays):
    np.savez_compressed(HERE / f"{name}.npz", versions=VERSIONS, **arrays)


def pick(*values):
    return values[RANDOM.integers(len(values))]


def chance(part):
    return RANDOM.random() < part


def excerpt(path, start, length, rate):
    x, sr = soundfile.read(DATA / path, dtype="float32")
    x = x if x.ndim == 1 else x.mean(axis=1)
    x = librosa.resample(x, orig_sr=sr, target_sr=rate)[int(start * rate) :][:length]
    return np.round(x * 32767).astype(np.int16)


SIGNALS = {
    "music": (excerpt("music/vibe-ace.ogg", 12, 26000, 22050), 22050),
    "trumpet": (excerpt("music/solo-trumpet.ogg", 1, 22050, 44100), 44100),
    "speech": (excerpt("speech/jfk.flac", 1, 16000, 16000), 16000),
}


def signal():
    name = str(RANDOM.choice(list(SIGNALS)))
    x, sr = SIGNALS[name]
    y = x.astype(np.float64) / 32768
    stereo = chance(0.2)
    if stereo:
        y = np.stack([y, 0.5 * y[::-1]])
    return {"signal": name, "stereo": stereo}, y, sr


CAMEL = {
    "hop_length": "hopLength", "n_bins": "nBins", "bins_per_octave": "binsPerOctave", "filter_scale": "filterScale",
    "pad_mode": "padMode", "res_type": "resType", "n_chroma": "nChroma", "n_octaves": "nOctaves", "cqt_mode": "cqtMode",
    "n_fft": "nFft", "win_length": "winLength", "base_c": "baseC", "win_len_smooth": "winLenSmooth",
    "smoothing_window": "smoothingWindow", "window_parameter": "windowParameter", "pad_fft": "padFft",
}  # fmt: skip
WINDOWS = {"rectangular": "boxcar", "triangular": "triang"}
PARAMETERS = {"kaiser": 6.5, "tukey": 0.3, "gaussian": 120.0}


def for_librosa(options):
    given = dict(options)
    window = given.get("window")
    if isinstance(window, str):
        parameter = given.pop("window_parameter", None)
        given["window"] = (window, parameter) if parameter is not None else WINDOWS.get(window, window)
    if isinstance(window, list):
        given["window"] = np.array(window)
    return {k: {"inf": np.inf, "-inf": -np.inf}.get(v, v) if isinstance(v, str) else v for k, v in given.items()}


def in_range(fmin, octaves, sr):
    while fmin * 2**octaves > 0.38 * sr:
        octaves -= 1
    return octaves


def cqt_options(sr):
    per_octave = int(pick(12, 12, 24, 17, 36))
    fmin = float(RANDOM.uniform(28, 120))
    octaves = in_range(fmin, int(RANDOM.integers(1, 8)), sr)
    o = {"sr": sr, "fmin": fmin, "bins_per_octave": per_octave, "hop_length": int(pick(512, 256, 1024, 300, 777))}
    o["n_bins"] = max(1, per_octave * octaves - (int(RANDOM.integers(0, per_octave)) if chance(0.5) else 0))
    if chance(0.4):
        o["tuning"] = pick(None, 0.2, -0.37)
    if chance(0.3):
        o["filter_scale"] = pick(0.7, 1.3)
    if chance(0.3):
        o["norm"] = pick("inf", "-inf", 0, 2, 1.5, None)
    if chance(0.3):
        o["sparsity"] = pick(0, 0.001, 0.05)
    if chance(0.5):
        o["window"] = str(pick("hamming", "blackman", "rectangular", "nuttall", "bartlett", "cosine", "kaiser", "parzen",
                               "flattop", "tukey", "bohman", "barthann", "triangular", "blackmanharris", "gaussian"))  # fmt: skip
        if o["window"] in PARAMETERS:
            o["window_parameter"] = PARAMETERS[o["window"]]
    if chance(0.3):
        o["scale"] = False
    if chance(0.4):
        o["pad_mode"] = str(pick("edge", "reflect", "symmetric"))
    return o


def fold_options(sr):
    n_chroma = int(pick(12, 12, 24, 6))
    fmin = float(pick(librosa.note_to_hz("C1"), 40.0, 65.4))
    o = {"sr": sr, "n_chroma": n_chroma, "bins_per_octave": n_chroma * int(pick(1, 2, 3)), "fmin": fmin}
    o["n_octaves"] = in_range(fmin, int(RANDOM.integers(2, 8)), sr)
    o["hop_length"] = int(pick(512, 1024, 256))
    if chance(0.5):
        o["tuning"] = pick(0, 0.13)
    if chance(0.2):
        o["cqt_mode"] = "hybrid"
    if chance(0.3):
        o["window"] = [0.2, 0.5, 0.2]
    return o


def stft_options(sr):
    n_fft = int(pick(2048, 1024, 4096, 1000, 1025))
    o = {"sr": sr, "n_fft": n_fft, "hop_length": int(pick(n_fft // 4, 512, n_fft // 2, 300))}
    if chance(0.3):
        o["win_length"] = n_fft * 3 // 4
    if chance(0.3):
        o["window"] = str(pick("hamming", "blackman", "rectangular"))
    if chance(0.3):
        o["center"] = False
    if chance(0.3):
        o["pad_mode"] = str(pick("edge", "reflect", "symmetric"))
    return o


def norm(o):
    if chance(0.4):
        o["norm"] = pick(1, 2, None, "-inf", 0, 3.5)
    return o


class Cases:
    def __init__(self):
        self.arrays, self.cases = {}, []

    def add(self, function, source, options, y, compute):
        result, again = np.asarray(compute(y)), np.asarray(compute(3 * y))
        peak, other = np.abs(result).max(), np.abs(again).max()
        # Filters divided by the least of their values (`norm` -inf) have no bounds where a window comes near 0; and where
        # nearly nothing sounds, soxr's rounding to single precision decides: librosa's answer is then no judge.
        if not peak < 1e9 or np.abs(result / (peak or 1) - again / (other or 1)).max() > 1e-6 and function != "chromaCens":
            return
        parts = np.stack([result.real, result.imag], axis=-1) if np.iscomplexobj(result) else result
        kept = np.unique(np.append(RANDOM.choice(parts.size, min(KEPT * 3 // 4, parts.size), replace=False), self.first(parts)))
        kept = kept.astype(np.int32)
        name = str(len(self.cases))
        self.arrays[f"at_{name}"], self.arrays[f"value_{name}"] = kept, parts.ravel()[kept].astype(np.float32)
        given = {CAMEL.get(k, k): v for k, v in options.items()}
        case = {"name": name, "function": function, **source, "shape": list(parts.shape), "options": given}
        self.cases.append(json.dumps({**case, "peak": float(np.abs(result).max())}))

    @staticmethod
    def first(parts):
        """Positions in the first frames, or of the first samples."""
        frames = parts.ndim - (2 if parts.ndim > 1 and parts.shape[-1] == 2 else 1)
        early = np.zeros(parts.shape, bool)
        early[(slice(None),) * frames + (slice(0, 2 if parts.ndim > 2 else KEPT // 4),)] = True
        early = np.flatnonzero(early)
        return RANDOM.choice(early, min(KEPT // 4, early.size), replace=False)

    def save(self, name):
        save(name, {"cases": np.array(self.cases), **self.arrays})


def transforms():
    cases = Cases()
    functions = {"cqt": librosa.cqt, "vqt": librosa.vqt, "hybridCqt": librosa.hybrid_cqt, "pseudoCqt": librosa.pseudo_cqt}
    for _ in range(11):
        for name, function in functions.items():
            source, y, sr = signal()
            o = cqt_options(sr)
            if name == "vqt":
                if chance(0.7):
                    o["gamma"] = pick(0, 10.0, None)
                if chance(0.7):
                    o["intervals"] = pick("ji3", "ji5", "ji7", "pythagorean", [1, 1.1, 1.25, 4 / 3, 1.5, 1.7])
                    if isinstance(o["intervals"], list):
                        o["n_bins"] = min(o["n_bins"], 6 * in_range(o["fmin"], 7, sr))
            if name != "pseudoCqt" and chance(0.3):
                o["res_type"] = str(pick("fft", "polyphase", "soxr_vhq", "soxr_mq", "soxr_lq", "soxr_qq"))
            cases.add(name, source, o, y, lambda y: function(y, **for_librosa(o)))
    for name in SIGNALS:
        y = SIGNALS[name][0].astype(np.float64) / 32768
        o = {"sr": SIGNALS[name][1], "n_bins": 72}
        cases.add("cqt", {"signal": name, "stereo": False}, o, y, lambda y: librosa.cqt(y, **o))
    # Far below the Nyquist frequency: the rate is lowered by up to 64 at once.
    for octaves, hop in ((1, 512), (2, 512), (3, 2048), (1, 4096), (2, 1024), (1, 64)):
        source, y, sr = signal()
        o = {"sr": sr, "fmin": float(RANDOM.uniform(30, 60)), "n_bins": 12 * octaves, "hop_length": hop}
        cases.add("cqt", source, o, y, lambda y: librosa.cqt(y, **o))
    cases.save("transforms")


def inverses():
    """Of librosa's transforms of the signals; `length` is the only option that the transform does not have."""
    cases = Cases()
    for _ in range(16):
        source, y, sr = signal()
        o = cqt_options(sr)
        o.pop("pad_mode", None)
        o["tuning"] = o.get("tuning") or 0.0
        o["hop_length"] = int(pick(512, 256, 128, 300))
        if chance(0.4):
            o["res_type"] = str(pick("fft", "polyphase", "soxr_vhq", "soxr_mq", "soxr_lq", "soxr_qq"))
        if chance(0.7):
            o["length"] = int(pick(y.shape[-1], y.shape[-1] // 2))
        given = {k: v for k, v in for_librosa(o).items() if k != "n_bins"}
        forward = {k: v for k, v in for_librosa(o).items() if k != "length"}
        cases.add("icqt", source, o, y, lambda y: librosa.icqt(librosa.cqt(y, **forward), **given))
    cases.save("inverses")


def features():
    cases = Cases()
    f = librosa.feature
    for _ in range(9):
        source, y, sr = signal()
        o = norm(fold_options(sr))
        cases.add("chromaCqt", source, o, y, lambda y: f.chroma_cqt(y=y, **for_librosa(o)))
        source, y, sr = signal()
        o = fold_options(sr)
        cases.add("tonnetz", source, o, y, lambda y: f.tonnetz(y=y, **for_librosa(o)))
        source, y, sr = signal()
        o = norm(stft_options(sr))
        if chance(0.6):
            o["tuning"] = 0.1
        if chance(0.4):
            o["n_chroma"] = int(pick(24, 13, 36))
        if chance(0.3):
            o["octwidth"] = pick(None, 1.0)
        if chance(0.3):
            o["base_c"] = False
        cases.add("chromaStft", source, o, y, lambda y: f.chroma_stft(y=y, **for_librosa(o)))
        source, y, sr = signal()
        o = {"sr": sr, "bins_per_octave": int(pick(12, 19, 24)), "n_octaves": in_range(32.71, int(RANDOM.integers(2, 7)), sr)}
        o["intervals"] = pick("equal", "ji3", "ji5", "ji7", "pythagorean", [1, 9 / 8, 5 / 4, 4 / 3, 1.5, 5 / 3, 15 / 8])
        if chance(0.5):
            o["gamma"] = pick(None, 15.0)
        norm(o)
        cases.add("chromaVqt", source, o, y, lambda y: f.chroma_vqt(y=y, **for_librosa(o)))
        source, y, sr = signal()
        o = fold_options(sr)
        if chance(0.5):
            o["win_len_smooth"] = pick(None, 10, 21)
        cases.add("chromaCens", source, o, y, lambda y: f.chroma_cens(y=y, **for_librosa(o)))
        source, y, sr = signal()
        o = stft_options(sr)
        fixed = chance(0.3)
        if fixed:
            o["ref"] = 1.0
        if chance(0.3):
            o["fmin"], o["fmax"] = 50.0, 9000.0
        # Peaks above a fixed level are others where all is louder.
        level = (lambda y, top=np.abs(y).max(): np.abs(y).max() / top) if fixed else lambda y: 1
        for i, part in enumerate(("pitches", "magnitudes")):
            scaled = lambda y: {**for_librosa(o), **({"ref": level(y)} if fixed else {})}
            cases.add(part, source, o, y, lambda y: librosa.piptrack(y=y, **scaled(y))[i])
        source, y, sr = signal()
        o = {"sr": sr, "bins_per_octave": int(pick(12, 24, 36)), "resolution": pick(0.01, 0.02)}
        cases.add("estimateTuning", source, o, y, lambda y: np.array([librosa.estimate_tuning(y=y, **o)]))
    cases.save("features")


def banks():
    cases = Cases()
    no = {}
    for _ in range(8):
        o = norm({"sr": int(pick(16000, 22050, 44100)), "n_fft": int(pick(512, 1000, 1025, 2048)), "n_chroma": int(pick(12, 13, 24, 6))})
        o.update(tuning=float(pick(0.0, 0.3, -0.2)), octwidth=pick(None, 2.0, 1.0), base_c=bool(pick(True, False)))
        cases.add("chromaFilters", no, o, 1, lambda _: librosa.filters.chroma(**for_librosa(o)))
        o = {"n_chroma": int(pick(12, 6, 24)), "fmin": float(pick(32.7, 55.0, 61.3)), "base_c": bool(pick(True, False))}
        o["bins_per_octave"] = o["n_chroma"] * int(pick(1, 2, 3))
        if chance(0.4):
            o["window"] = pick([0.5, 1, 0.5], [1, 2, 3, 4])
        cases.add("cqToChroma", {"nInput": 75}, o, 1, lambda _: librosa.filters.cq_to_chroma(75, **for_librosa(o)))
        freqs = np.sort(RANDOM.uniform(100, 4000, 9))
        o = norm({"sr": 22050, "filter_scale": float(pick(1.0, 0.6)), "gamma": pick(0.0, 12.0, None), "pad_fft": bool(pick(True, False))})
        o["window"] = str(pick("hann", "hamming", "blackman", "flattop"))
        filters, lengths = librosa.filters.wavelet(freqs=freqs, **for_librosa(o))
        cases.add("wavelet", {"freqs": freqs.tolist()}, o, 1, lambda _: filters)
        short = {k: v for k, v in o.items() if k not in ("norm", "pad_fft")}
        lengths, cutoff = librosa.filters.wavelet_lengths(freqs=freqs, **for_librosa(short))
        cases.add("waveletLengths", {"freqs": freqs.tolist()}, short, 1, lambda _: np.append(lengths, cutoff))
        o = {"sr": 22050, "n_bins": int(pick(30, 1)), "bins_per_octave": int(pick(12, 7)), "fmin": 200.0}
        cases.add("constantQ", no, o, 1, lambda _: librosa.filters.constant_q(**o)[0])
        o = {"fmin": 55.0, "bins_per_octave": int(pick(12, 19, 31)), "intervals": pick("equal", "ji3", "ji5", "ji7", "pythagorean", [1, 1.2, 1.6])}
        cases.add("intervalFrequencies", {"nBins": 40}, o, 1, lambda _: librosa.interval_frequencies(40, **o))
        pitches = RANDOM.uniform(50, 3000, 50)
        cases.add("pitchTuning", {"freqs": pitches.tolist()}, {"resolution": 0.05}, 1, lambda _: np.array([librosa.pitch_tuning(pitches, resolution=0.05)]))
    cases.save("banks")


save("signals", {name: x for name, (x, _) in SIGNALS.items()})
transforms()
inverses()
features()
banks()
