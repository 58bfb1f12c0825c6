"""What goes wrong between two front ends: for each cause, settings drawn at random from what people really have."""

import numpy as np

from bases import power_of_two
from numpy_front_end import EPSILON, delay, mono, resample, window_of

LAYOUT = {'axes': 'frames-bins', 'reversed': False, 'dtype': 'float32', 'swapped': False, 'before': 0, 'after': 0}


def choice(rng, values):
    return values[int(rng.integers(len(values)))]


def other(rng, values, current):
    """Another value than the current one."""
    rest = [v for v in values if v != current]
    return choice(rng, rest) if rest else None


def signal_of(c):
    fe = c.fe
    return delay(resample(mono(c.channels, fe['channel']), c.rate, fe['sampleRate'], fe['resampler']), fe['shift'])


def sample_scale(rng, c):
    signal = signal_of(c)
    gain = choice(rng, [32768.0, 32768.0, 32767.0, 2147483648.0, 'peak', 'peak95', 'rms', 'window', 'any', 'any'])
    if gain in ('peak', 'peak95'):
        gain = (1.0 if gain == 'peak' else 0.95) / np.abs(signal).max()
    elif gain == 'rms':
        gain = 0.1 / np.sqrt((signal**2).mean())
    elif gain == 'window':
        # A window of unit energy is an overall gain.
        gain = 1 / np.sqrt((window_of(c.fe) ** 2).sum())
    elif gain == 'any':
        gain = float(np.exp(rng.uniform(np.log(0.1), np.log(20))))
    return None if is_scaling(gain, c.fe) or abs(np.log(gain)) < 0.01 else {'gain': float(gain)}


def scalings(fe):
    n, total = fe['fftLength'], window_of(fe).sum()
    return [1 / n, n**-0.5, 1 / total, total**-0.5, n, n**0.5]


def is_scaling(gain, fe):
    """Whether a gain is one of the transform's (within 0.1 %)."""
    return any(abs(gain / s - 1) < 2e-3 for s in scalings(fe))


def fft_scaling(rng, c):
    # The first three on amplitudes; divided by N or by the window's sum as a power, it is the square root on amplitudes.
    return {'gain': float(choice(rng, scalings(c.fe)[:4]))}


def channel(rng, c):
    if len(c.channels) < 2:
        return None
    return {'channel': choice(rng, ['left', 'left', 'right', 'right', 'sum'])}


def sample_rate(rng, c):
    """The lengths in seconds stay, in samples they do not; the upper edge goes to the new Nyquist frequency if it was there."""
    fe = c.fe
    rate = other(rng, [8000, 16000, 22050, 24000, 44100, 48000], fe['sampleRate'])
    if rate == 8000 and fe['numBins'] > 64 and fe['fftLength'] < 1024:
        rate = 22050 if fe['sampleRate'] != 22050 else 24000
    scale = rate / fe['sampleRate']
    kaldi = c.kind in ('fbank', 'mfcc')
    settings = {'sampleRate': rate, 'resampler': choice(rng, ['torchaudio', 'soxr']) if rate != c.rate else 'none'}
    top = fe['sampleRate'] / 2 - fe['highFreq']
    settings['highFreq'] = float(rate / 2 - top) if 0 <= top <= 400 and kaldi else float(min(fe['highFreq'] if top else rate / 2, rate / 2))
    if kaldi:
        length = int(fe['frameLength'] * scale + 1e-6)
        settings.update(frameLength=length, frameShift=int(fe['frameShift'] * scale + 1e-6), fftLength=power_of_two(length))
    return settings


def resampler(rng, c):
    if c.rate == c.fe['sampleRate']:
        return None
    return {'resampler': other(rng, ['linear', 'soxr', 'soxr', 'torchaudio', 'none'], c.fe['resampler'])}


def decoder_delay(rng, c):
    if not c.is_lossy or c.rate != c.fe['sampleRate']:
        return None
    per = 1152 if c.rate > 24000 else 576
    return {'shift': int(choice(rng, [per, 2 * per, -per, 1105, 529]))}


def time_shift(rng, c):
    while True:
        shift = int(choice(rng, [-1, 1])) * int(np.exp(rng.uniform(np.log(20), np.log(2500))))
        # Not whole frames of a codec at any usual rate, nor its delay.
        if shift % 64 and abs(shift) not in (529, 1105):
            return {'shift': shift}


def dc_offset(rng, c):
    return {'dcOffset': other(rng, ['none', 'frame', 'signal'] if c.fe['dcOffset'] != 'none' else ['frame', 'signal'], c.fe['dcOffset'])}


def dither(rng, c):
    return {'dither': float(choice(rng, [1 / 32768, 1e-5, 1e-4, 3e-5, 1e-3]))}


def preemphasis(rng, c):
    fe = c.fe
    where = 'framePreemphasis' if fe['framePreemphasis'] else 'signalPreemphasis' if fe['signalPreemphasis'] else None
    if where is None:
        return {choice(rng, ['framePreemphasis', 'signalPreemphasis']): float(choice(rng, [0.97, 0.95, 0.9]))}
    moved = {'framePreemphasis': 'signalPreemphasis', 'signalPreemphasis': 'framePreemphasis'}[where]
    what = choice(rng, ['none', 'coefficient', 'coefficient', 'moved', 'twice'])
    if what == 'none':
        return {where: 0.0}
    if what == 'coefficient':
        return {where: float(other(rng, [0.9, 0.95, 0.97, 0.98, 1.0, round(float(rng.uniform(0.85, 0.99)), 3)], fe[where]))}
    return {where: 0.0, moved: fe[where]} if what == 'moved' else {'preemphasisTimes': 2}


def frame_length(rng, c):
    fe = c.fe
    length = other(rng, [int(fe['sampleRate'] * ms / 1000) for ms in (20, 25, 30, 32, 16)], fe['frameLength'])
    kaldi = c.kind in ('fbank', 'mfcc')
    if kaldi:
        return {'frameLength': length, 'fftLength': power_of_two(length)}
    # librosa's win_length, shorter than the transform.
    return {'frameLength': length} if length <= fe['fftLength'] else None


def frame_shift(rng, c):
    fe = c.fe
    shifts = [int(fe['sampleRate'] * ms / 1000) for ms in (5, 8, 10, 12, 12.5, 16, 20)] + [128, 256, 512]
    return {'frameShift': int(other(rng, shifts, fe['frameShift']))}


def snip_edges(rng, c):
    return {'padding': other(rng, ['snip', 'mirror', 'reflect', 'constant', 'end'], c.fe['padding'])}


def window(rng, c):
    fe = c.fe
    if fe['window'] != 'rectangular' and rng.random() < 0.3:
        return {'periodic': not fe['periodic']}
    name = other(rng, ['povey', 'hann', 'hamming', 'blackman', 'rectangular', 'sine', 'bartlett'], fe['window'])
    return {'window': name, 'periodic': fe['periodic'] if name != 'rectangular' else False} if name != 'rectangular' else {'window': name}


def fft_length(rng, c):
    fe = c.fe
    size = other(rng, [512, 1024, 2048, 4096, fe['frameLength'] + fe['frameLength'] % 2], fe['fftLength'])
    return {'fftLength': int(size)} if size >= fe['frameLength'] else None


def spectrum(rng, c):
    return {'spectrum': 'magnitude' if c.fe['spectrum'] == 'power' else 'power'}


def mel_scale(rng, c):
    return {'melScale': 'slaney' if c.fe['melScale'] == 'htk' else 'htk'}


def mel_norm(rng, c):
    return {'melNorm': other(rng, ['none', 'slaney', 'sum'], c.fe['melNorm'])}


def mel_triangles(rng, c):
    return {'triangles': other(rng, ['hertz', 'mel', 'bins', 'symmetric'], c.fe['triangles'])}


def low_freq(rng, c):
    return {'lowFreq': float(other(rng, [0.0, 20.0, 30.0, 40.0, 50.0, 64.0, 80.0, 100.0, 125.0, 133.33, 300.0], c.fe['lowFreq']))}


def high_freq(rng, c):
    half = c.fe['sampleRate'] / 2
    values = [half, half - 100, half - 200, half - 400, 7600.0, 7000.0, 6800.0, 4000.0, 3800.0, 8000.0]
    return {'highFreq': float(other(rng, [v for v in values if 3000 < v <= half], c.fe['highFreq']))}


def num_bins(rng, c):
    fe = c.fe
    return {'numBins': int(other(rng, [v for v in (23, 26, 40, 64, 80, 96, 128) if v >= fe['numCeps']], fe['numBins']))}


def vtln(rng, c):
    if c.kind not in ('fbank', 'mfcc') or c.fe['highFreq'] <= c.fe['sampleRate'] / 2 - 500 or c.fe['lowFreq'] >= 90:
        return None
    return {'vtlnWarp': float(choice(rng, [0.85, 0.88, 0.9, 0.92, 0.95, 1.05, 1.08, 1.1, 1.12, 1.15]))}


def log(rng, c):
    fe = c.fe
    kind = other(rng, ['ln', 'log2', 'log10', 'dB', 'dB-amplitude', 'none'], fe['log'])
    if kind == 'none' and fe['numCeps']:
        kind = other(rng, ['ln', 'log10', 'dB'], fe['log'])
    if kind == 'none':
        return {'log': 'none'} if fe['topDb'] is None else {'log': 'none', 'topDb': None}
    settings = {'log': kind}
    if fe['log'] == 'none':
        settings.update(floorType='max', floor=1e-10)
    return settings


def log_floor(rng, c):
    fe = c.fe
    if fe['log'] == 'none':
        return None
    if fe['topDb'] is None and rng.random() < 0.2:
        return {'topDb': 80.0}
    if fe['topDb'] is not None and rng.random() < 0.4:
        return {'topDb': None}
    kind = choice(rng, ['max', 'add'])
    values = [1e-10, 1e-5, 1e-6, 1e-8, 1e-3, 1.0, EPSILON, 2.0**-24, 1e-12]
    value = float(other(rng, values, fe['floor']))
    return {'floorType': kind, 'floor': value}


def energy_column(rng, c):
    fe = c.fe
    if fe['log'] != 'ln' or c.kind not in ('fbank', 'mfcc'):
        return None
    column = other(rng, ['c0', 'c0', 'first', 'last'] if fe['numCeps'] else ['none', 'first', 'last'], fe['energyColumn'])
    return {'energyColumn': column, **({'rawEnergy': False} if rng.random() < 0.3 else {})}


def dct(rng, c):
    fe = c.fe
    if not fe['numCeps']:
        return None
    what = choice(rng, ['type', 'ortho', 'lifter', 'lifter', 'count'])
    if what == 'type':
        return {'dctType': int(other(rng, [2, 3], fe['dctType']))}
    if what == 'ortho':
        return {'dctOrtho': not fe['dctOrtho']}
    if what == 'lifter':
        return {'lifter': float(other(rng, [0.0, 22.0, 10.0, 30.0], fe['lifter']))}
    return {'numCeps': int(other(rng, [v for v in (12, 13, 20, 23) if v <= fe['numBins']], fe['numCeps']))}


def deltas(rng, c):
    return {'deltas': int(choice(rng, [1, 2]))} if c.kind != 'nemo' else None


def normalisation(rng, c):
    fe = c.fe
    if fe['normalisation'] == 'whisper' and rng.random() < 0.3:
        return {'normalisationTimes': 2}
    if fe['normalisation'] == 'per-feature' and rng.random() < 0.3:
        return {'normalisationDdof': 1 - fe['normalisationDdof']}
    name = other(rng, ['none', 'mean', 'per-feature', 'per-feature', 'all-features', 'whisper'], fe['normalisation'])
    settings = {'normalisation': name}
    if name in ('per-feature', 'all-features'):
        settings['normalisationDdof'] = int(rng.integers(2))
    return settings


def layout(rng, c):
    what = choice(rng, ['transposed', 'transposed', 'reversed', 'float16', 'bfloat16', 'swapped', 'before', 'after', 'after'])
    turned = 'bins-frames' if c.axes == 'frames-bins' else 'frames-bins'
    return {
        'transposed': {'axes': turned},
        'reversed': {'reversed': True},
        'float16': {'dtype': 'float16'},
        'bfloat16': {'dtype': 'bfloat16'},
        'swapped': {'swapped': True},
        'before': {'before': int(rng.integers(1, 9))},
        'after': {'after': int(rng.integers(2, 120))},
    }[what]


FAULTS = {
    'channel': channel, 'sample-rate': sample_rate, 'resampler': resampler, 'decoder-delay': decoder_delay, 'time-shift': time_shift,
    'sample-scale': sample_scale, 'dc-offset': dc_offset, 'dither': dither, 'preemphasis': preemphasis, 'frame-length': frame_length,
    'frame-shift': frame_shift, 'snip-edges': snip_edges, 'window': window, 'fft-length': fft_length, 'spectrum': spectrum,
    'fft-scaling': fft_scaling, 'mel-scale': mel_scale, 'mel-norm': mel_norm, 'mel-triangles': mel_triangles, 'low-freq': low_freq,
    'high-freq': high_freq, 'num-bins': num_bins, 'vtln': vtln, 'log': log, 'log-floor': log_floor, 'energy-column': energy_column,
    'dct': dct, 'deltas': deltas, 'normalisation': normalisation, 'layout': layout,
}  # fmt: skip

# Pairs whose settings are the same numbers or follow from each other: not drawn together.
EXCLUSIVE = [
    {'sample-scale', 'fft-scaling', 'channel'},
    {'time-shift', 'decoder-delay'},
    {'sample-rate', 'resampler', 'frame-length', 'frame-shift', 'fft-length', 'high-freq', 'decoder-delay', 'time-shift'},
    {'frame-length', 'fft-length', 'fft-scaling', 'window'},
    {'log', 'energy-column', 'log-floor'},
    {'energy-column', 'num-bins'},
    {'dct', 'num-bins'},
    {'mel-triangles', 'vtln'},
    {'vtln', 'high-freq'},
    {'vtln', 'low-freq'},
    {'vtln', 'mel-scale'},
    {'normalisation', 'deltas'},
    {'num-bins', 'sample-rate'},
    {'fft-scaling', 'sample-rate'},
    {'fft-scaling', 'fft-length'},
]


def together(ids):
    """Whether these causes may be drawn together."""
    return all(len(group & set(ids)) < 2 for group in EXCLUSIVE)
