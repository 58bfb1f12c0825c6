"""Checks the numpy front end against the libraries wherever they can express the settings. Run it with `python test_numpy_front_end.py`."""

import numpy as np

import libraries
import numpy_front_end as plain
from bases import KALDI

# The libraries compute in float32 and the numpy form in float64; features are a few units high.
TOLERANCE = 6e-3
RATE = 16000


def kaldi(**settings):
    return plain.front_end(**{**KALDI, **settings})


def librosa(**settings):
    base = dict(padding='constant', frameLength=1024, fftLength=1024, frameShift=256, melScale='slaney', melNorm='slaney', floor=1e-10)
    return plain.front_end(**{**base, **settings})


WHISPER = plain.front_end(
    fftLength=400, padding='reflect', dropLast=True, melScale='slaney', melNorm='slaney', log='log10', floor=1e-10, topDb=80,
    normalisation='whisper',
)  # fmt: skip
NEMO = plain.front_end(
    padding='constant', dropLast=True, periodic=False, signalPreemphasis=0.97, melScale='slaney', melNorm='slaney', floorType='add',
    floor=2.0**-24, normalisation='per-feature', normalisationDdof=1,
)  # fmt: skip

# Settings, and the libraries that must be among those that express them.
CASES = [
    (kaldi(), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank', 'transformers.audio_utils']),
    (kaldi(padding='mirror'), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(vtlnWarp=1.1), ['torchaudio.compliance.kaldi']),
    (kaldi(vtlnWarp=0.9), ['torchaudio.compliance.kaldi']),
    (kaldi(energyColumn='first'), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(energyColumn='last', rawEnergy=False, energyFloor=1.0), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(numBins=23, numCeps=13, lifter=22.0), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(numBins=40, numCeps=20, lifter=10.0, energyColumn='c0'), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(window='hann', periodic=True), ['kaldi-native-fbank', 'transformers.audio_utils']),
    (kaldi(window='sine'), ['kaldi-native-fbank']),
    (kaldi(window='blackman', dcOffset='none'), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(window='hamming', framePreemphasis=0.9, gain=32768.0), ['torchaudio.compliance.kaldi', 'transformers.audio_utils']),
    (kaldi(window='rectangular'), ['torchaudio.compliance.kaldi']),
    (kaldi(triangles='hertz', melScale='slaney', melNorm='slaney', lowFreq=0.0), ['kaldi-native-fbank', 'transformers.audio_utils']),
    (kaldi(spectrum='magnitude'), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank', 'transformers.audio_utils']),
    (kaldi(fftLength=400), ['torchaudio.compliance.kaldi', 'kaldi-native-fbank']),
    (kaldi(frameLength=401, frameShift=161), ['kaldi-native-fbank']),
    (kaldi(deltas=2, normalisation='mean'), ['torchaudio.compliance.kaldi']),
    (kaldi(log='dB', floor=1e-10, topDb=80.0), ['torchaudio.compliance.kaldi']),
    (librosa(log='none', floorType='none'), ['librosa', 'torchaudio.transforms']),
    (librosa(log='dB', topDb=80.0, numCeps=20, lifter=22.0, lifterType='librosa'), ['librosa']),
    (librosa(log='dB', numCeps=13, dctType=3, dctOrtho=False), ['librosa']),
    (librosa(padding='snip', window='hamming', periodic=False, melNorm='none'), ['librosa', 'torchaudio.transforms']),
    (librosa(padding='reflect', spectrum='magnitude', window='blackman', melScale='htk', shift=-37), ['librosa', 'torchaudio.transforms']),
    (librosa(frameLength=800, window='bartlett', shift=100), ['librosa', 'torchaudio.transforms']),
    (WHISPER, ['transformers Whisper', 'librosa']),
    (NEMO, ['transformers Parakeet']),
]


def speechlike(seconds=2.5):
    """Noise and tones that come and go, at many levels."""
    rng = np.random.default_rng(7)
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 130 * k * (1 + 0.02 * np.sin(3 * t)) * t) / k for k in range(1, 40))
    return (0.1 * tone * (1.1 + np.sin(2 * np.pi * 2.3 * t)) + 3e-3 * rng.standard_normal(len(t)) + 1e-3)[None]


def check_settings():
    signal = speechlike()
    for fe, wanted in CASES:
        tail = 'zero' if fe is NEMO else 'keep'
        exact = plain.extract(signal, RATE, fe, tail)
        found = dict(libraries.forms(signal, RATE, fe, tail))
        assert set(wanted) <= set(found), f'{sorted(found)} computed it, not all of {wanted}: {fe}'
        for name, values in found.items():
            assert values.shape == exact.shape, f'{name}: {values.shape} for {exact.shape}: {fe}'
            off = np.abs(values - exact).max() / max(1, exact.std())
            assert off < TOLERANCE, f'{name} is {off} off: {fe}'


def check_whole_bins():
    """Triangles with corners at whole bins are python_speech_features'."""
    try:
        from python_speech_features import get_filterbanks
    except ImportError:
        return 'python_speech_features is not installed: its filters are not compared'
    ours = plain.filters_of(plain.front_end(triangles='bins', numBins=26))
    assert np.abs(ours - get_filterbanks(26, 512, RATE)).max() < 1e-12
    return None


def check_symmetric():
    """Symmetric triangles are SpeechBrain's."""
    try:
        import torch
        from speechbrain.processing.features import Filterbank
    except ImportError:
        return 'speechbrain is not installed: its filters are not compared'
    bank = Filterbank(n_mels=40, n_fft=400, log_mel=False, power_spectrogram=1)
    theirs = bank(torch.eye(201)[None])[0].numpy().T
    fe = plain.front_end(triangles='symmetric', numBins=40, fftLength=400)
    assert np.abs(plain.filters_of(fe) - theirs).max() < 1e-4
    return None


def check_faults_change_something():
    """A setting that the numpy form forgot would change nothing."""
    signal = np.concatenate([speechlike(), 0.5 * speechlike()[:, ::-1]])
    base = kaldi(numBins=23, numCeps=13, lifter=22.0, energyColumn='c0')
    exact = plain.extract(signal, RATE, base)
    for changed in [
        {'channel': 'left'}, {'channel': 'right'}, {'channel': 'sum'}, {'gain': 2.0}, {'shift': 40}, {'signalPreemphasis': 0.5},
        {'framePreemphasis': 0.5}, {'preemphasisTimes': 2}, {'dcOffset': 'none'}, {'dither': 1e-3}, {'frameLength': 320}, {'frameShift': 128},
        {'padding': 'end'}, {'padding': 'reflect'}, {'window': 'bartlett'}, {'periodic': True}, {'fftLength': 1024}, {'spectrum': 'magnitude'},
        {'numBins': 40}, {'melScale': 'slaney'}, {'melNorm': 'sum'}, {'melNorm': 'slaney'}, {'triangles': 'bins'}, {'triangles': 'symmetric'},
        {'lowFreq': 60.0}, {'highFreq': 7000.0}, {'vtlnWarp': 0.9}, {'log': 'log2'}, {'floorType': 'add', 'floor': 1e-3}, {'topDb': 20.0},
        {'energyColumn': 'none'}, {'rawEnergy': False}, {'numCeps': 12}, {'dctType': 3}, {'dctOrtho': False}, {'lifter': 0.0},
        {'lifterType': 'librosa'}, {'deltas': 1}, {'normalisation': 'mean'}, {'normalisation': 'per-feature'}, {'normalisation': 'whisper'},
        {'dropLast': True}, {'energyFloor': 1e3}, {'resampler': 'linear', 'sampleRate': 8000, 'highFreq': 4000.0},
    ]:  # fmt: skip
        values = plain.extract(signal, RATE, {**base, **changed})
        assert values.shape != exact.shape or np.abs(values - exact).max() > 1e-4, f'{changed} changes nothing'


if __name__ == '__main__':
    check_settings()
    check_faults_change_something()
    for note in (check_whole_bins(), check_symmetric()):
        if note:
            print(note)
    print(f'{len(CASES)} front ends agree with the libraries')
