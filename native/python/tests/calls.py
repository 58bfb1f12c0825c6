"""One call of every function, as small as it makes sense."""

import auralis_dsp


def audio(y):
    """The signal, if it is one."""
    auralis_dsp.yin(y, fmin=200, fmax=2000, frame_length=512)
    return y


CALLS = {
    "stft": lambda y: auralis_dsp.stft(y, n_fft=512),
    "istft": lambda y: auralis_dsp.istft(auralis_dsp.stft(y, n_fft=512)),
    "hpss": lambda y: auralis_dsp.hpss(y, n_fft=512),
    "harmonic": lambda y: auralis_dsp.harmonic(y, n_fft=512),
    "percussive": lambda y: auralis_dsp.percussive(y, n_fft=512),
    "decompose.hpss": lambda y: auralis_dsp.decompose.hpss(auralis_dsp.stft(y, n_fft=512)),
    "softmask": lambda y: auralis_dsp.softmask(audio(y) ** 2, audio(y)[..., ::-1] ** 2),
    "yin": lambda y: auralis_dsp.yin(y, fmin=200, fmax=2000, frame_length=512),
    "pyin": lambda y: auralis_dsp.pyin(y, fmin=200, fmax=800, frame_length=512, resolution=0.5),
    "cqt": lambda y: auralis_dsp.cqt(y, n_bins=24, fmin=1000),
    "vqt": lambda y: auralis_dsp.vqt(y, n_bins=24, fmin=1000, intervals="ji3"),
    "hybrid_cqt": lambda y: auralis_dsp.hybrid_cqt(y, n_bins=24, fmin=1000),
    "pseudo_cqt": lambda y: auralis_dsp.pseudo_cqt(y, n_bins=24, fmin=1000),
    "icqt": lambda y: auralis_dsp.icqt(auralis_dsp.cqt(y, n_bins=24, fmin=1000), fmin=1000),
    "chroma_stft": lambda y: auralis_dsp.chroma_stft(y=y, n_fft=512),
    "chroma_cqt": lambda y: auralis_dsp.chroma_cqt(y=y, n_octaves=2, fmin=1000, tuning=0.0),
    "chroma_cens": lambda y: auralis_dsp.chroma_cens(y=y, n_octaves=2, fmin=1000, tuning=0.0),
    "chroma_vqt": lambda y: auralis_dsp.chroma_vqt(y=y, n_octaves=2, fmin=1000, intervals="ji3"),
    "tonnetz": lambda y: auralis_dsp.tonnetz(y=y, n_octaves=2, fmin=1000, tuning=0.0),
    "melspectrogram": lambda y: auralis_dsp.melspectrogram(y=y, n_fft=512, n_mels=20),
    "mfcc": lambda y: auralis_dsp.mfcc(y=y, n_fft=512, n_mels=20),
    "kaldi.fbank": lambda y: auralis_dsp.kaldi.fbank(y, sample_frequency=22050.0),
    "kaldi.mfcc": lambda y: auralis_dsp.kaldi.mfcc(y, sample_frequency=22050.0, snip_edges=False),
    "kaldi.spectrogram": lambda y: auralis_dsp.kaldi.spectrogram(y, sample_frequency=22050.0, frame_length=20.0),
    "resample": lambda y: auralis_dsp.resample(y, 22050, 16000),
    "piptrack": lambda y: auralis_dsp.piptrack(y=y, n_fft=512),
    "estimate_tuning": lambda y: auralis_dsp.estimate_tuning(y=y, n_fft=512),
}
