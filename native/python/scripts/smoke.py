"""What a wheel must do where nothing but numpy is beside it: one call of each kind, and the licences in its metadata.

python scripts/smoke.py
"""

import io
import platform
import sys
import tempfile
import wave
from importlib.metadata import distribution
from pathlib import Path

import numpy as np

import auralis_dsp
from auralis_dsp import kaldi

LICENCES = {"LICENSE-MIT": "Permission is hereby granted", "LICENSE-APACHE": "Apache License", "THIRD-PARTY.md": "symphonia"}


def main() -> None:
    second = (0.5 * np.sin(np.arange(16000) * 0.2)).astype(np.float32)
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16000)
        wav.writeframes(np.rint(second * 32768).astype("<i2").tobytes())
    samples, sr = auralis_dsp.decode(file.getvalue())
    assert sr == 16000 and samples.shape == (1, 16000) and np.abs(samples[0] - second).max() < 1e-4

    features = kaldi.fbank(samples, num_mel_bins=80)
    assert features.shape == (98, 80) and np.isfinite(features).all()
    # The tone lies at 509 Hz.
    assert (features.argmax(axis=1) == 16).all(), features.argmax(axis=1)
    assert kaldi.mfcc(samples).shape == (98, 13) and kaldi.spectrogram(samples).shape == (98, 257)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        path.write_bytes(file.getvalue())
        results = auralis_dsp.fbank_files([path] * 5 + ["none.wav"], num_mel_bins=80, errors="return")
    assert all(np.array_equal(result, features) for result in results[:5])
    assert isinstance(results[5], FileNotFoundError)

    assert auralis_dsp.resample(samples, 16000, 8000).shape == (1, 8000)
    back = auralis_dsp.istft(auralis_dsp.stft(second), length=16000)
    assert np.abs(back - second).max() < 1e-6
    f0 = auralis_dsp.yin(second, fmin=200, fmax=1000, sr=16000)
    assert np.abs(f0[5:-5] - 509.3).max() < 5
    try:
        kaldi.fbank(np.full(16000, np.nan))
    except auralis_dsp.ParameterError as error:
        assert "finite" in str(error)
    else:
        raise AssertionError("NaN was accepted")

    files = {str(path): path for path in distribution("auralis-dsp").files or []}
    for name, says in LICENCES.items():
        [path] = [path for text, path in files.items() if text.endswith(f"dist-info/licenses/{name}")]
        assert says in path.read_text(encoding="utf-8"), name
    assert "auralis_dsp/py.typed" in files
    machine = f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}"
    print(f"auralis_dsp {auralis_dsp.__version__} works: {machine}", file=sys.stderr)


if __name__ == "__main__":
    main()
