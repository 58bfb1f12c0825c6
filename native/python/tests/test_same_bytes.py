"""The Python module gives the same bytes as the TypeScript packages, on real audio."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import auralis_dsp as ours
from auralis_dsp._version import VERSION
from conftest import recording, synthetic

HERE = Path(__file__).parent
PACKAGES = HERE.parents[2] / "packages"
RANGE = {"fmin": 80, "fmax": 900, "sr": 22050}

#: The packages' default, librosa 0.11's.
ALL = {} if VERSION < (1, 0) else {"transition_min_prob": None}

CALLS = {
    "stft": lambda y: ours.stft(y),
    "istft": lambda y: ours.istft(ours.stft(y)),
    "hpss": lambda y: ours.hpss(y, margin=(1.0, 2.0)),
    "harmonic": lambda y: ours.harmonic(y),
    "percussive": lambda y: ours.percussive(y, kernel_size=(17, 30), power=1.0),
    "decompose": lambda y: ours.decompose.hpss(ours.stft(y)),
    "softmask": lambda y: ours.softmask(y * y, (y * y)[::-1], power=2),
    "yin": lambda y: ours.yin(y, **RANGE),
    "pyin": lambda y: ours.pyin(y, **RANGE, **ALL)[::2],
    "cqt": lambda y: ours.cqt(y),
    "vqt": lambda y: ours.vqt(y, n_bins=60, intervals="ji5"),
    "hybridCqt": lambda y: ours.hybrid_cqt(y),
    "pseudoCqt": lambda y: ours.pseudo_cqt(y),
    "icqt": lambda y: ours.icqt(ours.cqt(y)),
    "chromaStft": lambda y: ours.chroma_stft(y=y),
    "chromaCqt": lambda y: ours.chroma_cqt(y=y),
    "chromaCens": lambda y: ours.chroma_cens(y=y),
    "chromaVqt": lambda y: ours.chroma_vqt(y=y, intervals="pythagorean"),
    "melspectrogram": lambda y: ours.melspectrogram(y=y, n_mels=80),
    "mfcc": lambda y: ours.mfcc(y=y, n_mfcc=13, lifter=22),
    "piptrack": lambda y: ours.piptrack(y=y),
    "fbank": lambda y: ours.fbank(y, sample_frequency=22050.0, num_mel_bins=40, dither=1e-4),
    "kaldiMfcc": lambda y: ours.kaldi.mfcc(y, sample_frequency=22050.0, snip_edges=False, use_energy=True),
    "spectrogram": lambda y: ours.kaldi.spectrogram(y, sample_frequency=22050.0),
    "resample": lambda y: ours.resample(y, 22050, 16000, resampling_method="sinc_interp_kaiser"),
    "tonnetz": lambda y: ours.tonnetz(y=y),
}


def run_node(folder: Path, y: np.ndarray) -> dict:
    node = shutil.which("node")
    if node is None or not (PACKAGES / "chroma" / "dist").is_dir():
        pytest.skip("the TypeScript packages are not built")
    (folder / "y.bin").write_bytes(y.tobytes())
    subprocess.run([node, HERE / "same_bytes.mjs", folder, y.dtype.name], check=True, cwd=HERE)
    return json.loads((folder / "results.json").read_text())


@pytest.mark.skipif(VERSION < (0, 11), reason="the packages have no yin of librosa 0.10")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("source", ["music/lets-go-fishin.ogg", "speech/jfk.flac", "synthetic"])
def test_same_bytes(tmp_path, source, dtype):
    y = synthetic() if source == "synthetic" else recording(source, seconds=3.0)
    y = y.astype(dtype)
    theirs = run_node(tmp_path, y)
    assert len(theirs["names"]) >= 25
    different = []
    for name, count in theirs["names"].items():
        results = CALLS[name](y)
        results = results if isinstance(results, tuple) else (results,)
        assert len(results) == count
        for i, result in enumerate(results):
            if result.tobytes() != (tmp_path / f"{name}-{i}.bin").read_bytes():
                different.append(name)
    assert different == []
    assert float(ours.estimate_tuning(y=y)) == theirs["tuning"]
