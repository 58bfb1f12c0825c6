"""The features of one recording by the front ends of real projects, each with its own defaults.

    python projects.py OUT [--data ../shared/data]

writes OUT/recording.wav, OUT/NAME.npy and OUT/projects.json, which names the packages' versions. What each front end computes, by its
sources, is in front-ends.json.
"""

import argparse
import importlib.metadata
import json
import pathlib
import warnings

import numpy as np
import soundfile as sf

warnings.filterwarnings('ignore')
RATE = 16000


def recording(data):
    """Eight seconds of speech with half a second muted, as editors do it: there the floors of logarithms show."""
    samples, rate = sf.read(data / 'speech/198-209-0000.ogg', frames=8 * RATE, dtype='int16')
    assert rate == RATE
    samples[3 * RATE : 3 * RATE + RATE // 2] = 0
    return samples


def torchaudio_fbank(x):
    import torch
    import torchaudio

    return torchaudio.compliance.kaldi.fbank(torch.from_numpy(x)[None]).numpy()


def torchaudio_mel(x):
    import torch
    import torchaudio

    return torch.log(torchaudio.transforms.MelSpectrogram(sample_rate=RATE)(torch.from_numpy(x)) + 1e-6).numpy()


def kaldi_native_fbank(x):
    import kaldi_native_fbank as knf

    online = knf.OnlineFbank(knf.FbankOptions())
    online.accept_waveform(RATE, x.tolist())
    online.input_finished()
    return np.stack([online.get_frame(i) for i in range(online.num_frames_ready)])


def lhotse_fbank(x):
    from lhotse import Fbank

    return np.asarray(Fbank().extract(x, RATE))


def librosa_mel(x):
    import librosa

    return librosa.power_to_db(librosa.feature.melspectrogram(y=x, sr=RATE))


def nemo(x):
    from transformers import ParakeetFeatureExtractor

    return ParakeetFeatureExtractor()(x, sampling_rate=RATE, return_tensors='np')['input_features'][0]


def whisper(x):
    from transformers import WhisperFeatureExtractor

    return WhisperFeatureExtractor()(x, sampling_rate=RATE, padding='do_not_pad', return_tensors='np')['input_features'][0]


def speechbrain_fbank(x):
    import torch
    from speechbrain.lobes.features import Fbank

    return Fbank()(torch.from_numpy(x)[None])[0].numpy()


def psf_logfbank(x):
    from python_speech_features import logfbank

    return logfbank(x.astype(np.float64), RATE)


def psf_mfcc(x):
    from python_speech_features import mfcc

    return mfcc(x.astype(np.float64), RATE)


PROJECTS = {
    'torchaudio-fbank': (torchaudio_fbank, 'torchaudio'),
    'torchaudio-mel': (torchaudio_mel, 'torchaudio'),
    'kaldi-native-fbank': (kaldi_native_fbank, 'kaldi-native-fbank'),
    'lhotse': (lhotse_fbank, 'lhotse'),
    'librosa': (librosa_mel, 'librosa'),
    'nemo': (nemo, 'transformers'),
    'whisper': (whisper, 'transformers'),
    'speechbrain': (speechbrain_fbank, 'speechbrain'),
    'psf-logfbank': (psf_logfbank, 'python_speech_features'),
    'psf-mfcc': (psf_mfcc, 'python_speech_features'),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out', type=pathlib.Path)
    parser.add_argument('--data', type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[4] / 'shared/data')
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    samples = recording(given.data)
    sf.write(given.out / 'recording.wav', samples, RATE, subtype='PCM_16')
    x = samples.astype(np.float32) / 32768
    made = []
    for name, (function, package) in PROJECTS.items():
        try:
            values = function(x)
        except ImportError as error:
            print(f'{name}: left out, {error}')
            continue
        np.save(given.out / f'{name}.npy', values)
        made.append({'name': name, 'package': package, 'version': importlib.metadata.version(package), 'shape': list(values.shape)})
        print(name, values.shape, values.dtype, f'{values.mean():.3f}')
    (given.out / 'projects.json').write_text(json.dumps(made, indent=1))


if __name__ == '__main__':
    main()
