"""Lays out, from our own recordings, the files that librosa's tests read.

librosa's source distribution has its tests without `tests/data`. The recordings among those files are replaced here by
music of the same length, rate and number of channels, and the files of expected results by what the unpatched librosa
computes, so that a test which compares against such a file compares against librosa itself. What cannot be made in this
way (results of MATLAB toolboxes for functions that this module does not replace) stays absent, and the tests that read
it fail alike with and without the module.

Usage: python librosa_data.py RECORDINGS TESTS_DATA
"""

import sys
from pathlib import Path

import librosa
import numpy as np
import scipy.io
import soundfile

SECONDS = 4.587528344671202  # what one of the tests expects of test1_22050


def recording(folder: Path, name: str, rate: int, seconds: float, offset: float = 0.0) -> np.ndarray:
    y, _ = librosa.load(folder / "music" / name, sr=rate, mono=True, offset=offset)
    length = round(seconds * rate)
    return np.resize(y, length) * 0.4


def waves(folder: Path, data: Path) -> None:
    # Some tests hold only for signals with little below 100 Hz and above 5 kHz, as a trumpet's: they ask of every peak
    # in a spectrum that it is not below a limit, or of resampling that it keeps the energy.
    for rate in (22050, 44100):
        left = recording(folder, "solo-trumpet.ogg", rate, SECONDS)
        right = recording(folder, "solo-trumpet.ogg", rate, SECONDS, offset=0.7)
        soundfile.write(data / f"test1_{rate}.wav", np.stack([left, right], axis=1), rate)
    # Where librosa 1.0 has its own.
    stereo = np.stack([recording(folder, "solo-trumpet.ogg", 44100, 5.0, offset) for offset in (0.0, 0.7)], axis=1)
    for kind in ("ogg", "flac"):
        soundfile.write(data.parent / f"test_audio.{kind}", stereo, 44100)
    mono = np.mean(soundfile.read(data / "test1_22050.wav")[0], axis=1)
    soundfile.write(data / "test1_22050.ogg", mono, 22050)
    soundfile.write(data / "test1_22050.mp3", mono, 22050)
    soundfile.write(data / "test2_8000.wav", recording(folder, "lets-go-fishin.ogg", 8000, 30.197625), 8000)


def stfts(data: Path) -> None:
    for i, (name, n_fft, hop, win) in enumerate(
        [("test1_22050.wav", 512, 128, 0), ("test1_44100.wav", 1024, 256, 1024), ("test2_8000.wav", 256, 100, 200)]
    ):
        y, _ = librosa.load(data / name, sr=None, mono=True)
        window = "hann" if win else np.ones
        spectrum = librosa.stft(
            y, n_fft=n_fft, hop_length=hop, win_length=win or None, window=window, center=False
        )
        content = {"wavfile": f"data/{name}", "nfft": n_fft, "hop_length": hop, "hann_w": win, "D": spectrum.conj()}
        scipy.io.savemat(data / f"core-stft-{i + 1:02d}.mat", content)


def pitches(data: Path) -> None:
    chirp = librosa.chirp(fmin=220, fmax=640, duration=1.0)
    padded = np.pad(chirp, 22050)
    if librosa.__version__.startswith("0.10."):
        options = {"fmin": 110, "fmax": 880, "center": False}
        yin = librosa.yin(chirp, **options)
        f0, voiced, _ = librosa.pyin(padded, **options)
        pyin = np.where(voiced, f0, 0.0)
    else:
        options = {"center": False, "frame_length": 1024, "hop_length": 512}
        yin = librosa.yin(chirp, fmin=110, fmax=880, **options)[:-2]
        f0, voiced, _ = librosa.pyin(padded, fmin=60, fmax=900, resolution=0.2, **options)
        pyin = np.where(voiced, f0, 0.0)[:-2]
    for folder in (data, data.parent):  # the latter for librosa 1.0
        np.save(folder / "pitch-yin.npy", yin)
        np.save(folder / "pitch-pyin.npy", pyin)


def chromas(data: Path) -> None:
    y, rate = librosa.load(data / "test1_22050.wav")
    chroma = librosa.feature.chroma_cqt(y=y, sr=rate)
    np.save(data / "feature-tonnetz-chroma.npy", chroma)
    np.save(data / "feature-tonnetz-msaf.npy", librosa.feature.tonnetz(chroma=chroma))

    # A log-frequency energy map of 120 semitones, ten frames per second, as the toolbox's.
    y, rate = librosa.load(data / "test2_8000.wav", sr=22050)
    energies = np.abs(librosa.cqt(y, sr=rate, hop_length=2048, fmin=librosa.midi_to_hz(21), n_bins=96)) ** 2
    energies = np.pad(energies, ((20, 4), (0, 0))).astype(np.float64)
    scipy.io.savemat(data / "features-CT-cqt.mat", {"f_cqt": energies})
    for smooth, down in ((9, 2), (21, 5), (41, 1)):
        cens = librosa.feature.chroma_cens(
            C=energies, win_len_smooth=smooth, fmin=librosa.midi_to_hz(1), bins_per_octave=12, n_octaves=10
        )
        scipy.io.savemat(data / f"features-CT-CENS_{smooth}-{down}.mat", {"f_CENS": cens[:, ::down]})


def main() -> None:
    folder, data = Path(sys.argv[1]), Path(sys.argv[2])
    data.mkdir(parents=True, exist_ok=True)
    waves(folder, data)
    stfts(data)
    pitches(data)
    chromas(data)


if __name__ == "__main__":
    main()
