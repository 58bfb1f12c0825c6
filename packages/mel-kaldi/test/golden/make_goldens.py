"""Writes the golden files of @dsp/mel-kaldi from the reference implementations themselves.

    pip install numpy==2.4.6 soundfile==0.13.1 torch==2.11.0 torchaudio==2.11.0 kaldi-native-fbank==1.22.5 lhotse==1.33.0
    python make_goldens.py ../../../../../shared/data

torchaudio is fed float64 samples, so that it computes in float64. Real audio stays outside: a case names the file and
the samples that it took. Synthetic signals are stored.
"""
import json
import sys
from importlib.metadata import version
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import soundfile as sf
import torch
import torchaudio
from torchaudio.compliance import kaldi

DATA = Path(sys.argv[1])
HERE = Path(__file__).parent
VERSIONS = [f"{p} {version(p)}" for p in ("torch", "torchaudio", "kaldi-native-fbank", "lhotse", "numpy")]
FILES = [
    "an4/test/fvap/cen2-fvap-b.flac", "an4/train/fjdn/cen4-fjdn-b.flac", "an4/train/mewl/cen5-mewl-b.flac",
    "librispeech/train-clean-100/7113-86041-0000.flac", "librispeech/train-clean-100/7517-100429-0000.flac",
    "speech/jfk.flac",
]
rng = np.random.default_rng(20261121)


def synthetic():
    t = np.arange(5600) / 16000
    noise = np.random.default_rng(1).standard_normal(len(t))
    return [
        0.4 * np.sin(2 * np.pi * (100 * t + 9000 * t * t)) + 1e-3 * noise,
        sum(0.1 / k * np.sin(2 * np.pi * 140 * k * t + k) for k in range(1, 12)) + 1e-5 * noise + 0.05,
        0.2 * noise * np.exp(-6 * t),
    ]


SYNTHETIC = [x.astype(np.float32) for x in synthetic()]


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def signal(source):
    if "synthetic" in source:
        x = SYNTHETIC[source["synthetic"]][None]
    else:
        x = sf.read(DATA / source["file"], dtype="float32", always_2d=True)[0].T
        x = x[:, source["start"] : source["start"] + source["length"]]
    # torchaudio takes the strides of what it is given for those of its own copy: only contiguous rows come out right.
    return np.ascontiguousarray(x) * np.float32(source["scale"])


def random_source():
    if rng.random() < 0.2:
        source = {"synthetic": int(rng.integers(len(SYNTHETIC))), "rate": 16000}
    else:
        file = FILES[rng.integers(len(FILES))]
        info = sf.info(DATA / file)
        length = int(rng.uniform(0.2, 0.32) * info.samplerate)
        source = {"file": file, "start": int(rng.integers(info.frames - length)), "length": length, "rate": info.samplerate}
    source["scale"] = 32768 if rng.random() < 0.15 else 1
    return source


def pick(*values):
    return values[rng.integers(len(values))]


def random_options(kind, rate):
    half = rate / 2
    options = {
        "sample_frequency": rate,
        "blackman_coeff": pick(0.42, 0.42, 0.3),
        "channel": pick(-1, 0),
        "energy_floor": pick(0.0, 1.0, 1e-3, 100.0),
        "frame_length": pick(25.0, 25.0, 20.0, 32.0, 16.0, 40.0),
        "frame_shift": pick(10.0, 10.0, 12.5, 8.0, 30.0),
        "preemphasis_coefficient": pick(0.97, 0.97, 0.0, 0.5, 1.0),
        "raw_energy": pick(True, False),
        "remove_dc_offset": pick(True, False),
        "round_to_power_of_two": pick(True, True, False),
        "snip_edges": pick(True, False),
        "subtract_mean": bool(rng.random() < 0.1),
        "window_type": pick("hamming", "hanning", "povey", "povey", "rectangular", "blackman"),
    }
    if int(rate * options["frame_length"] * 0.001) % 2:
        options["round_to_power_of_two"] = True
    if kind != "spectrogram":
        options |= {
            "low_freq": pick(20.0, 20.0, 0.0, 64.0, 300.0),
            "high_freq": pick(0.0, 0.0, -400.0, -200.0, 3800.0, round(0.95 * half, 1)),
            "num_mel_bins": int(pick(10, 23, 23, 40, 64, 80, 80, 100)),
            "use_energy": pick(True, False),
            "htk_compat": pick(True, False),
        }
        if rng.random() < 0.35:
            options |= {"vtln_warp": pick(0.8, 0.9, 1.1, 1.2), "vtln_low": pick(400.0, 500.0), "vtln_high": -600.0}
            if options["high_freq"] == 3800.0:
                options["vtln_high"] = 3400.0
    if kind == "fbank":
        options |= {"use_log_fbank": bool(rng.random() < 0.85), "use_power": bool(rng.random() < 0.7)}
        # Energies around their mean have no logarithm to compare.
        options["subtract_mean"] &= options["use_log_fbank"]
    if kind == "mfcc":
        options |= {"cepstral_lifter": pick(22.0, 0.0, 15.0), "num_ceps": int(pick(5, 10, options["num_mel_bins"], 10))}
    return options


def write(name, **arrays):
    np.savez_compressed(HERE / name, versions=np.array(VERSIONS), **arrays)


def from_torchaudio():
    cases, arrays = [], {}
    kinds = ["fbank"] * 150 + ["mfcc"] * 60 + ["spectrogram"] * 30
    for index, kind in enumerate(kinds):
        source = random_source()
        options = random_options(kind, source["rate"])
        if index in (0, 150, 210):
            options = {"sample_frequency": source["rate"]}
        samples = torch.from_numpy(signal(source).astype(np.float64))
        arrays[f"case{index}"] = getattr(kaldi, kind)(samples, **options).numpy().astype(np.float32)
        cases.append(json.dumps({"kind": kind, "source": source, "options": {camel(k): v for k, v in options.items()}}))
    arrays |= {f"synthetic{i}": x for i, x in enumerate(SYNTHETIC)}
    write("torchaudio.npz", cases=np.array(cases), **arrays)


def knf_features(kind, x, rate, frame, mel, top):
    if kind == "mfcc":
        options, cls = knf.MfccOptions(), knf.OnlineMfcc
    else:
        options, cls = knf.FbankOptions(), knf.OnlineFbank
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = rate
    for target, values in ((options.frame_opts, frame), (options.mel_opts, mel), (options, top)):
        for key, value in values.items():
            setattr(target, key, value)
    online = cls(options)
    online.accept_waveform(rate, x.tolist())
    online.input_finished()
    return np.stack([online.get_frame(i) for i in range(online.num_frames_ready)]).astype(np.float32)


def from_knf():
    real = {"file": FILES[3], "start": 30000, "length": 4800, "rate": 16000, "scale": 1}
    made = [{"synthetic": i, "rate": 16000, "scale": 1} for i in range(3)]
    bank = {"num_bins": 80, "high_freq": -400.0}
    librosa = {"num_bins": 80, "low_freq": 0.0, "high_freq": -400.0, "is_librosa": True}
    variants = [
        ("fbank", {"preset": "kaldi-native-fbank", "dither": 0}, {}, {"num_bins": 23}, {}),
        ("mfcc", {"preset": "kaldi-native-fbank", "dither": 0}, {}, {"num_bins": 23}, {}),
        ("fbank", {"preset": "sherpa-onnx"}, {"snip_edges": False}, bank, {}),
        ("mfcc", {"preset": "sherpa-onnx", "numMelBins": 40}, {"snip_edges": False}, {"num_bins": 40, "high_freq": -400.0}, {}),
        ("fbank", {"preset": "sherpa-nemo"}, {"snip_edges": False, "remove_dc_offset": False}, librosa, {}),
        ("fbank", {"preset": "sherpa-nemo", "norm": "none", "windowType": "hann", "highFreq": 0},
         {"snip_edges": False, "remove_dc_offset": False, "window_type": "hann"}, librosa | {"norm": "", "high_freq": 0.0}, {}),
        ("fbank", {"preset": "sherpa-nemo", "useSlaneyMelScale": False},
         {"snip_edges": False, "remove_dc_offset": False}, librosa | {"use_slaney_mel_scale": False}, {}),
        ("fbank", {"preset": "sherpa-nemo", "numMelBins": 23, "floorToIntBin": True},
         {"snip_edges": False, "remove_dc_offset": False}, librosa | {"num_bins": 23, "floor_to_int_bin": True}, {}),
        ("fbank", {"preset": "kaldi-native-fbank", "dither": 0, "windowType": "sine"}, {"window_type": "sine"}, {"num_bins": 23}, {}),
        ("fbank", {"preset": "kaldi-native-fbank", "dither": 0, "htkMode": True, "useEnergy": True, "htkCompat": True},
         {}, {"num_bins": 23, "htk_mode": True}, {"use_energy": True, "htk_compat": True}),
        ("fbank", {"preset": "parakeet"}, {"remove_dc_offset": False}, {"num_bins": 80, "low_freq": 20.0, "high_freq": 7600.0}, {}),
    ]
    cases, arrays = [], {}
    for kind, ours, frame, mel, top in variants:
        for source in (real, made[len(cases) % 3]):
            arrays[f"case{len(cases)}"] = knf_features(kind, signal(source)[0], 16000, frame, mel, top)
            cases.append(json.dumps({"kind": kind, "source": source, "options": ours}))
    counts = {}
    for snip in (True, False):
        options = knf.FbankOptions()
        options.frame_opts.snip_edges = snip
        ready = []
        for n in range(2001):
            online = knf.OnlineFbank(options)
            if n:
                online.accept_waveform(16000, [0.0] * n)
            online.input_finished()
            ready.append(online.num_frames_ready)
        counts["snipped" if snip else "mirrored"] = np.array(ready, dtype=np.int32)
    arrays |= {f"synthetic{i}": x for i, x in enumerate(SYNTHETIC)}
    write("knf.npz", cases=np.array(cases), **counts, **arrays)


def from_lhotse():
    from lhotse.features.kaldi.layers import Wav2LogFilterBank, Wav2MFCC

    x = torch.from_numpy(SYNTHETIC[0].astype(np.float64))[None]
    fbank = Wav2LogFilterBank(sampling_rate=16000, num_filters=80, high_freq=-400.0, snip_edges=False, dither=0.0, energy_floor=1e-10)
    mfcc = Wav2MFCC(sampling_rate=16000, num_filters=23, num_ceps=13, high_freq=-400.0, snip_edges=False, dither=0.0, energy_floor=1e-10)
    write("lhotse.npz", synthetic0=SYNTHETIC[0], fbank=fbank.double()(x)[0].detach().numpy(), mfcc=mfcc.double()(x)[0].detach().numpy())


def from_presets():
    """Each preset at the usual rates, where lengths and shifts of frames are even and odd: every reference rounds in its own way."""
    from lhotse import Fbank, FbankConfig, Mfcc, MfccConfig

    cases, arrays = [], {"synthetic2": SYNTHETIC[2]}
    mirrored, nemo = {"snip_edges": False}, {"snip_edges": False, "remove_dc_offset": False}
    for rate in (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000):
        x = SYNTHETIC[2][: int(rate * 0.043) + 1]
        double = torch.from_numpy(x.astype(np.float64))[None]
        sherpa = {"num_bins": 80, "high_freq": -400.0}
        made = {
            ("torchaudio", "fbank"): lambda: kaldi.fbank(double, sample_frequency=rate),
            ("torchaudio", "mfcc"): lambda: kaldi.mfcc(double, sample_frequency=rate),
            ("kaldi-native-fbank", "fbank"): lambda: knf_features("fbank", x, rate, {}, {"num_bins": 23}, {}),
            ("kaldi-native-fbank", "mfcc"): lambda: knf_features("mfcc", x, rate, {}, {"num_bins": 23}, {}),
            ("lhotse", "fbank"): lambda: Fbank(FbankConfig(sampling_rate=rate)).extractor.double()(double)[0],
            ("lhotse", "mfcc"): lambda: Mfcc(MfccConfig(sampling_rate=rate)).extractor.double()(double)[0],
            ("sherpa-onnx", "fbank"): lambda: knf_features("fbank", x, rate, mirrored, sherpa, {}),
            ("sherpa-onnx", "mfcc"): lambda: knf_features("mfcc", x, rate, mirrored, sherpa, {}),
            ("sherpa-nemo", "fbank"): lambda: knf_features("fbank", x, rate, nemo, sherpa | {"low_freq": 0.0, "is_librosa": True}, {}),
        }
        if rate >= 16000:
            bank = {"num_bins": 80, "low_freq": 20.0, "high_freq": 7600.0}
            made["parakeet", "fbank"] = lambda: knf_features("fbank", x, rate, {"remove_dc_offset": False}, bank, {})
        for (preset, kind), make in made.items():
            arrays[f"case{len(cases)}"] = np.asarray(make(), dtype=np.float32)
            source = {"synthetic": 2, "rate": rate, "length": len(x), "scale": 1}
            cases.append(json.dumps({"kind": kind, "source": source, "options": {"preset": preset, "dither": 0, "sampleFrequency": rate}}))
    write("presets.npz", cases=np.array(cases), **arrays)


def funasr_lfr(inputs, m, n):
    """The definition of FunASR's apply_lfr (funasr/frontends/wav_frontend.py)."""
    rows = -(-len(inputs) // n)
    padded = np.concatenate([np.repeat(inputs[:1], (m - 1) // 2, 0), inputs])
    padded = np.concatenate([padded, np.repeat(inputs[-1:], m + n, 0)])
    return np.stack([padded[i * n : i * n + m].reshape(-1) for i in range(rows)])


def from_matrices():
    features = kaldi.fbank(torch.from_numpy(SYNTHETIC[0].astype(np.float64))[None], num_mel_bins=10)
    arrays, columns = {"features": features.numpy()}, features.T[None]
    for win in (3, 5, 6, 9):
        for mode in ("replicate", "constant", "reflect", "circular"):
            out = torchaudio.functional.compute_deltas(columns, win, mode)[0].T
            arrays[f"deltas_{win}_{mode}"] = out.numpy()
    for window, least, center in ((600, 100, False), (10, 4, False), (10, 4, True), (7, 1, True), (5, 20, False)):
        for norm in (False, True):
            out = torchaudio.functional.sliding_window_cmn(features, window, least, center, norm)
            arrays[f"sliding_{window}_{least}_{int(center)}_{int(norm)}"] = out.numpy()
    for m, n in ((7, 6), (5, 1), (1, 3), (4, 4)):
        arrays[f"lfr_{m}_{n}"] = funasr_lfr(features.numpy(), m, n)
    x = features.numpy()
    arrays["cmvn_means"] = x - x.mean(0)
    arrays["cmvn_both"] = (x - x.mean(0)) / x.std(0)
    write("matrices.npz", **arrays)


if __name__ == "__main__":
    from_torchaudio()
    from_knf()
    from_lhotse()
    from_presets()
    from_matrices()
    for file in sorted(HERE.glob("*.npz")):
        print(file.name, file.stat().st_size)
