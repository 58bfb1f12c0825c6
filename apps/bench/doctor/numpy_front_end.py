"""A front end of features in plain numpy, in float64, setting by setting, written from the definitions.

It makes the references that no library can express, and says by how much each fault changes one. `test_numpy_front_end.py` checks it
against torchaudio, kaldi-native-fbank, librosa and transformers. The settings are those of `FrontEnd` in packages/doctor/src/front-end.ts.
"""

import numpy as np
import scipy.fft

EPSILON = 2.0**-23

DEFAULTS = {
    'channel': 'mean',
    'sampleRate': 16000,
    'resampler': 'none',
    'gain': 1.0,
    'shift': 0,
    'signalPreemphasis': 0.0,
    'framePreemphasis': 0.0,
    'preemphasisTimes': 1,
    'dcOffset': 'none',
    'dither': 0.0,
    'frameLength': 400,
    'frameShift': 160,
    'padding': 'snip',
    'dropLast': False,
    'window': 'hann',
    'periodic': True,
    'fftLength': 512,
    'spectrum': 'power',
    'numBins': 80,
    'melScale': 'htk',
    'melNorm': 'none',
    'triangles': 'hertz',
    'lowFreq': 0.0,
    'highFreq': 8000.0,
    'vtlnWarp': 1.0,
    'log': 'ln',
    'floorType': 'max',
    'floor': EPSILON,
    'topDb': None,
    'energyColumn': 'none',
    'rawEnergy': True,
    'energyFloor': 0.0,
    'numCeps': 0,
    'dctType': 2,
    'dctOrtho': True,
    'lifter': 0.0,
    'lifterType': 'kaldi',
    'deltas': 0,
    'normalisation': 'none',
    'normalisationDdof': 0,
    'normalisationTimes': 1,
}


def front_end(**settings):
    """A front end of the defaults above and what is given."""
    unknown = set(settings) - set(DEFAULTS)
    if unknown:
        raise ValueError(f'no settings: {sorted(unknown)}')
    return {**DEFAULTS, **settings}


def mono(channels, channel):
    """One signal of `[channels, samples]`."""
    if channel == 'mean':
        return channels.mean(axis=0)
    if channel == 'sum':
        return channels.sum(axis=0)
    return channels[0 if channel == 'left' else -1]


def resample(signal, source, target, resampler):
    """The signal at another rate; `none` takes the samples as they are."""
    if resampler == 'none' or source == target:
        return signal
    if resampler == 'linear':
        count = -(-len(signal) * target // source)
        return np.interp(np.arange(count) * (source / target), np.arange(len(signal)), signal)
    if resampler == 'soxr':
        import soxr

        return soxr.resample(signal, source, target, quality='HQ')
    import torch
    import torchaudio

    return torchaudio.transforms.Resample(source, target)(torch.from_numpy(signal).float()).numpy().astype(np.float64)


def delay(signal, shift):
    """The signal later by `shift` samples, or with its first samples left out."""
    return np.concatenate([np.zeros(shift), signal]) if shift >= 0 else signal[-shift:]


def prepared(channels, rate, fe):
    """The samples that are cut into frames, after everything that is done to the whole signal."""
    signal = delay(resample(mono(channels, fe['channel']), rate, fe['sampleRate'], fe['resampler']), fe['shift']) * fe['gain']
    if fe['dcOffset'] == 'signal':
        signal = signal - signal.mean()
    for _ in range(fe['preemphasisTimes'] if fe['signalPreemphasis'] else 0):
        signal = np.concatenate([signal[:1], signal[1:] - fe['signalPreemphasis'] * signal[:-1]])
    return signal


def frames_of(signal, fe):
    """`[frames, frameLength]`."""
    n, length, shift, padding = len(signal), fe['frameLength'], fe['frameShift'], fe['padding']
    if padding == 'snip':
        count, first = 1 + (n - length) // shift if n >= length else 0, 0
    elif padding == 'mirror':
        count, first = (n + shift // 2) // shift, shift // 2 - length // 2
    elif padding == 'end':
        count, first = 1 + max(0, -(-(n - length) // shift)), 0
    else:
        half = fe['fftLength'] // 2
        count, first = 1 + (n + 2 * half - fe['fftLength']) // shift, (fe['fftLength'] - length) // 2 - half
    index = first + np.arange(max(count, 0))[:, None] * shift + np.arange(length)
    if padding == 'mirror':
        period = index % (2 * n)
        return signal[np.minimum(period, 2 * n - 1 - period)]
    if padding == 'reflect':
        period = index % (2 * n - 2)
        return signal[np.minimum(period, 2 * n - 2 - period)]
    inside = (index >= 0) & (index < n)
    return np.where(inside, signal[np.clip(index, 0, n - 1)], 0.0)


def window_of(fe):
    """The window."""
    name, length = fe['window'], fe['frameLength']
    size = length + 1 if fe['periodic'] else length
    t = np.arange(size) / (size - 1)
    values = {
        'povey': lambda: (0.5 - 0.5 * np.cos(2 * np.pi * t)) ** 0.85,
        'hann': lambda: 0.5 - 0.5 * np.cos(2 * np.pi * t),
        'hamming': lambda: 0.54 - 0.46 * np.cos(2 * np.pi * t),
        'blackman': lambda: 0.42 - 0.5 * np.cos(2 * np.pi * t) + 0.08 * np.cos(4 * np.pi * t),
        'rectangular': lambda: np.ones(size),
        'sine': lambda: np.sin(np.pi * t),
        'bartlett': lambda: 1 - np.abs(2 * t - 1),
    }[name]()
    return values[:length]


def mel_of(f, scale):
    """Hz to mel."""
    f = np.asarray(f, dtype=np.float64)
    if scale == 'htk':
        return 1127.0 * np.log(1 + f / 700.0)
    return np.where(f < 1000, f * 3 / 200, 15 + np.log(np.maximum(f, 1e-9) / 1000) / (np.log(6.4) / 27))


def hertz_of(m, scale):
    """Mel to Hz."""
    m = np.asarray(m, dtype=np.float64)
    if scale == 'htk':
        return 700.0 * (np.exp(m / 1127.0) - 1)
    return np.where(m < 15, m * 200 / 3, 1000 * np.exp((m - 15) * (np.log(6.4) / 27)))


def warped(f, fe):
    """Kaldi's piecewise linear warp of the vocal tract's length."""
    low, high, factor = fe['lowFreq'], fe['highFreq'], fe['vtlnWarp']
    bend_low = 100.0 * max(1.0, factor)
    bend_high = (fe['sampleRate'] / 2 - 500.0) * min(1.0, factor)
    at_low, at_high = bend_low / factor, bend_high / factor
    points = [low, bend_low, bend_high, high]
    values = [low, at_low, at_high, high]
    inside = np.interp(f, points, values)
    return np.where((f < low) | (f > high), f, inside)


def filters_of(fe):
    """`[numBins, fftLength // 2 + 1]`."""
    rate, size, scale = fe['sampleRate'], fe['fftLength'], fe['melScale']
    edges = np.linspace(mel_of(fe['lowFreq'], scale), mel_of(fe['highFreq'], scale), fe['numBins'] + 2)
    if fe['vtlnWarp'] != 1:
        edges = mel_of(warped(hertz_of(edges, scale), fe), scale)
    corners = hertz_of(edges, scale)
    at = np.arange(size // 2 + 1) * (rate / size)
    triangles = fe['triangles']
    if triangles == 'mel':
        points, x = edges, mel_of(at, scale)
    elif triangles == 'bins':
        points, x = np.floor((size + 1) * corners / rate), np.arange(size // 2 + 1).astype(np.float64)
    else:
        points, x = corners, at
    left, centre, right = points[:-2, None], points[1:-1, None], points[2:, None]
    if triangles == 'symmetric':
        right = 2 * centre - left
    with np.errstate(divide='ignore', invalid='ignore'):
        rising = np.nan_to_num((x - left) / (centre - left), nan=0.0, posinf=0.0, neginf=0.0)
        falling = np.nan_to_num((right - x) / (right - centre), nan=0.0, posinf=0.0, neginf=0.0)
    if triangles == 'bins':
        # The centre belongs to the falling side, which alone exists where the rising one is empty.
        weights = np.where((x >= left) & (x < centre), rising, np.where((x >= centre) & (x < right), falling, 0.0))
    else:
        weights = np.maximum(0, np.minimum(rising, falling))
        if triangles == 'mel' and scale == 'htk':
            # Kaldi's filters have no weight at the Nyquist frequency's bin.
            weights[:, -1] = 0
    if fe['melNorm'] == 'slaney':
        weights = weights * (2.0 / (corners[2:] - corners[:-2]))[:, None]
    elif fe['melNorm'] == 'sum':
        total = weights.sum(axis=1, keepdims=True)
        weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return weights


def logarithm(values, fe):
    """The logarithm with its floor."""
    if fe['log'] == 'none':
        return values
    if fe['floorType'] == 'max':
        values = np.maximum(values, fe['floor'])
    elif fe['floorType'] == 'add':
        values = values + fe['floor']
    scale = {'ln': 1.0, 'log2': 1 / np.log(2), 'log10': 1 / np.log(10), 'dB': 10 / np.log(10), 'dB-amplitude': 20 / np.log(10)}[fe['log']]
    values = scale * np.log(np.maximum(values, np.finfo(np.float64).tiny))
    if fe['topDb'] is not None:
        unit = {'dB': 1.0, 'dB-amplitude': 1.0}.get(fe['log'], scale * np.log(10) / 10)
        values = np.maximum(values, values.max() - fe['topDb'] * unit)
    return values


def cepstra(values, fe):
    """The cosine transform and its lifter."""
    out = scipy.fft.dct(values, type=fe['dctType'], axis=1, norm='ortho' if fe['dctOrtho'] else None)[:, : fe['numCeps']]
    if fe['lifter'] > 0:
        i = np.arange(out.shape[1]) + (1 if fe['lifterType'] == 'librosa' else 0)
        out = out * (1 + fe['lifter'] / 2 * np.sin(np.pi * i / fe['lifter']))
    return out


def delta(values):
    """Regression over two frames on each side; the first and last frame are repeated."""
    n = len(values)
    at = lambda k: values[np.clip(np.arange(n) + k, 0, n - 1)]  # noqa: E731
    return sum(k * (at(k) - at(-k)) for k in (1, 2)) / 10


def normalised(values, fe):
    """Normalisation over time."""
    for _ in range(fe['normalisationTimes'] if fe['normalisation'] != 'none' else 0):
        if fe['normalisation'] == 'whisper':
            values = (values + 4) / 4
        elif fe['normalisation'] == 'mean':
            values = values - values.mean(axis=0)
        else:
            axis = 0 if fe['normalisation'] == 'per-feature' else None
            values = (values - values.mean(axis=axis)) / (values.std(axis=axis, ddof=fe['normalisationDdof']) + 1e-5)
    return values


def framed(channels, rate, fe, seed=0):
    """The prepared frames before the window, and the logarithm of their energy."""
    signal = prepared(np.atleast_2d(channels).astype(np.float64), rate, fe)
    frames = frames_of(signal, fe)
    if fe['dither']:
        frames = frames + np.random.default_rng(seed).standard_normal(frames.shape) * (fe['dither'] * fe['gain'])
    if fe['dcOffset'] == 'frame':
        frames = frames - frames.mean(axis=1, keepdims=True)
    energy = (frames**2).sum(axis=1)
    for _ in range(fe['preemphasisTimes'] if fe['framePreemphasis'] else 0):
        frames = frames - fe['framePreemphasis'] * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames = frames * window_of(fe)
    if not fe['rawEnergy']:
        energy = (frames**2).sum(axis=1)
    return frames, np.log(np.maximum(energy, max(EPSILON, fe['energyFloor'])))


def filtered(frames, fe):
    """Mel energies, before the logarithm."""
    spectrum = np.abs(scipy.fft.rfft(frames, n=fe['fftLength'], axis=1))
    if fe['spectrum'] == 'power':
        spectrum = spectrum**2
    return spectrum @ filters_of(fe).T if fe['numBins'] else spectrum


def extract(channels, rate, fe, tail='keep', seed=0):
    """
    Features `[frames, columns]` of `[channels, samples]` at `rate`. `tail` is `zero` where zeros take the place of a last frame that is
    left out, as in NeMo.
    """
    frames, energy = framed(channels, rate, fe, seed)
    if fe['dropLast']:
        frames, energy = frames[:-1], energy[:-1]
    values = logarithm(filtered(frames, fe), fe)
    if fe['numCeps']:
        values = cepstra(values, fe)
    if fe['energyColumn'] == 'c0':
        values = np.concatenate([energy[:, None], values[:, 1:]], axis=1)
    elif fe['energyColumn'] == 'first':
        values = np.concatenate([energy[:, None], values], axis=1)
    elif fe['energyColumn'] == 'last':
        values = np.concatenate([values, energy[:, None]], axis=1)
    orders = [values]
    for _ in range(fe['deltas']):
        orders.append(delta(orders[-1]))
    values = normalised(np.concatenate(orders, axis=1), fe)
    return np.concatenate([values, np.zeros((1, values.shape[1]))]) if tail == 'zero' else values
