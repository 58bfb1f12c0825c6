"""Our front ends that references are compared with: kinds and options of @dsp, and what they mean setting by setting."""

import numpy as np

from numpy_front_end import EPSILON, front_end

KALDI = dict(
    window='povey', periodic=False, framePreemphasis=0.97, dcOffset='frame', triangles='mel', lowFreq=20.0, floor=EPSILON,
)  # fmt: skip
RATE_OPTION = {'fbank': 'sampleFrequency', 'mfcc': 'sampleFrequency', 'mel': 'sr', 'mel-mfcc': 'sr', 'nemo': 'sampleRate'}
# The axes that the kind's own features have.
AXES = {'fbank': 'frames-bins', 'mfcc': 'frames-bins', 'mel': 'bins-frames', 'mel-mfcc': 'bins-frames', 'whisper': 'bins-frames', 'nemo': 'bins-frames'}


def power_of_two(n):
    return 1 << (n - 1).bit_length()


def fbank(rng, rate, varied):
    length, shift = int(rate * 0.025), int(rate * 0.01)
    options = {'numMelBins': 80 if not varied else int(rng.choice([23, 40, 64, 80]))}
    settings = dict(
        KALDI, frameLength=length, frameShift=shift, fftLength=power_of_two(length), numBins=options['numMelBins'], highFreq=rate / 2, sampleRate=rate
    )
    presets = ['torchaudio', 'torchaudio', 'kaldi-native-fbank', 'kaldi-native-fbank', 'sherpa-onnx', 'parakeet']
    preset = presets[int(rng.integers(len(presets)))]
    if preset == 'parakeet' and rate < 16000:
        preset = 'torchaudio'
    if preset != 'torchaudio':
        options['preset'] = preset
    if preset == 'kaldi-native-fbank':
        options['dither'] = 0
    if preset == 'sherpa-onnx':
        settings.update(padding='mirror', highFreq=rate / 2 - 400)
    if preset == 'parakeet':
        settings.update(dcOffset='none', highFreq=7600.0)
    if varied:
        vary_kaldi(rng, rate, options, settings)
        if rng.random() < 0.2:
            options['usePower'] = False
            settings['spectrum'] = 'magnitude'
    return options, settings, 'keep'


def vary_kaldi(rng, rate, options, settings):
    """Some options other than their defaults."""
    if rng.random() < 0.4:
        options['windowType'], settings['window'] = [('hamming', 'hamming'), ('hanning', 'hann'), ('blackman', 'blackman'), ('povey', 'povey')][
            int(rng.integers(4))
        ]
    if rng.random() < 0.3:
        options['preemphasisCoefficient'] = settings['framePreemphasis'] = float(rng.choice([0.0, 0.9, 0.95]))
    if rng.random() < 0.3:
        options['removeDcOffset'], settings['dcOffset'] = False, 'none'
    if rng.random() < 0.3:
        options['snipEdges'], settings['padding'] = False, 'mirror'
    if rng.random() < 0.3:
        options['lowFreq'] = settings['lowFreq'] = float(rng.choice([0, 40, 64, 125]))
    if rng.random() < 0.3:
        options['highFreq'] = settings['highFreq'] = float(rate / 2 - rng.choice([200, 400, 800]))
    if rng.random() < 0.3:
        options['frameLength'] = int(rng.choice([20, 30, 32]))
        settings['frameLength'] = int(rate * options['frameLength'] / 1000)
        settings['fftLength'] = power_of_two(settings['frameLength'])


def mfcc(rng, rate, varied):
    options, settings, tail = fbank(rng, rate, False)
    preset = options.get('preset')
    bins = int(rng.choice([23, 40, 80])) if varied or rng.random() < 0.3 else 23
    options = {'numMelBins': bins, 'energyFloor': 0, 'useEnergy': False, **({'preset': preset} if preset else {})}
    if preset == 'kaldi-native-fbank':
        options['dither'] = 0
    settings.update(numBins=bins, numCeps=13, lifter=22.0)
    if varied:
        vary_kaldi(rng, rate, options, settings)
        if rng.random() < 0.3:
            options['useEnergy'], settings['energyColumn'] = True, 'c0'
        if rng.random() < 0.3:
            options['cepstralLifter'] = settings['lifter'] = float(rng.choice([0, 10, 30]))
        if rng.random() < 0.3 and bins >= 20:
            options['numCeps'] = settings['numCeps'] = 20
    return options, settings, tail


def mel(rng, rate, varied):
    settings = dict(
        padding='constant', frameLength=2048, fftLength=2048, frameShift=512, numBins=128, melScale='slaney', melNorm='slaney',
        log='none', floorType='none', floor=0.0, highFreq=rate / 2, sampleRate=rate,
    )  # fmt: skip
    options = {}
    if rng.random() < 0.5 or varied:
        size = int(rng.choice([400, 512, 1024]))
        hop = int(rng.choice([160, 200, 256]))
        bins = int(rng.choice([40, 64, 80])) if size > 400 else 40
        options.update(nFft=size, hopLength=hop, nMels=bins)
        settings.update(frameLength=size, fftLength=size, frameShift=hop, numBins=bins)
    if varied:
        if rng.random() < 0.4:
            options['htk'], settings['melScale'] = True, 'htk'
        if rng.random() < 0.4:
            options['norm'], settings['melNorm'] = None, 'none'
        if rng.random() < 0.4:
            options['padMode'] = settings['padding'] = 'reflect'
        if rng.random() < 0.3:
            options['power'], settings['spectrum'] = 1, 'magnitude'
        if rng.random() < 0.3:
            options['window'] = settings['window'] = 'hamming'
    return options, settings, 'keep'


def mel_mfcc(rng, rate, varied):
    options, settings, tail = mel(rng, rate, varied)
    norm = options.pop('norm', 'slaney')
    if norm is None:
        options['melNorm'] = None
    count = int(rng.choice([13, 20]))
    options['nMfcc'] = count
    settings.update(log='dB', floorType='max', floor=1e-10, topDb=80.0, numCeps=count, lifterType='librosa')
    if varied and rng.random() < 0.3:
        options['lifter'] = settings['lifter'] = 22.0
    return options, settings, tail


def whisper(rng, rate, varied):
    bins = 128 if rng.random() < 0.25 else 80
    settings = dict(
        fftLength=400, padding='reflect', dropLast=True, melScale='slaney', melNorm='slaney', log='log10', floor=1e-10, topDb=80.0,
        normalisation='whisper', numBins=bins,
    )  # fmt: skip
    return {'nMels': bins, 'chunkLength': None}, settings, 'keep'


def nemo(rng, rate, varied):
    bins = int(rng.choice([80, 80, 128, 64]))
    options = {'features': bins, 'windowSize': 0.025, 'padTo': 0}
    settings = dict(
        padding='constant', dropLast=True, periodic=False, signalPreemphasis=0.97, melScale='slaney', melNorm='slaney', floorType='add', floor=2.0**-24,
        normalisation='per-feature', normalisationDdof=1, numBins=bins,
    )  # fmt: skip
    if rng.random() < 0.35:
        options['normalize'] = 'none'
        settings.update(normalisation='none', normalisationDdof=0)
    return options, settings, 'zero'


KINDS = {'fbank': fbank, 'mfcc': mfcc, 'mel': mel, 'mel-mfcc': mel_mfcc, 'whisper': whisper, 'nemo': nemo}
# Only at this rate.
FIXED_RATE = {'whisper': 16000, 'nemo': 16000}


def draw(rng, kind, rate, varied=False, channels=1):
    """`(options, front end, tail)` of ours for audio of a rate in Hz."""
    target = FIXED_RATE.get(kind, rate)
    if kind in ('fbank', 'mfcc') and rate > 16000 and rng.random() < 0.6:
        target = 16000
    if kind in ('mel', 'mel-mfcc') and rate > 22050 and rng.random() < 0.5:
        target = 22050
    options, settings, tail = KINDS[kind](rng, target, varied)
    if kind in RATE_OPTION and target != rate:
        options[RATE_OPTION[kind]] = target
    if target != rate:
        settings['resampler'] = 'torchaudio'
    ours = front_end(**settings)
    return options, {k: (float(v) if isinstance(v, np.floating) else v) for k, v in ours.items()}, tail
