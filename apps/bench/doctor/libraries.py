"""The front ends of public libraries, each as people call it: the form that computes given settings, or none if the library cannot.

Whatever is done to the whole signal (channel, rate, gain, delay) comes before, and what only some of them have (another logarithm,
normalisation, deltas) follows in numpy's float32, as users write it around a library's call.
"""

import warnings

import numpy as np

import numpy_front_end as plain

warnings.filterwarnings('ignore')

SCIPY_WINDOWS = {'hann': 'hann', 'hamming': 'hamming', 'blackman': 'blackman', 'rectangular': 'boxcar', 'bartlett': 'bartlett'}


def power_of_two(n):
    """The next power of two."""
    return 1 << (n - 1).bit_length()


def kaldi_frames(fe):
    """Whether frames are Kaldi's."""
    return fe['padding'] in ('snip', 'mirror') and fe['fftLength'] in (power_of_two(fe['frameLength']), fe['frameLength'])


def kaldi_log(fe):
    """Whether the logarithm is that of the library itself."""
    return fe['log'] == 'ln' and fe['floorType'] == 'max' and fe['floor'] == plain.EPSILON and fe['topDb'] is None


def after(values, fe, logged, deltas=None):
    """What follows a library's call: logarithm, deltas, normalisation."""
    values = np.asarray(values, dtype=np.float32)
    if not logged:
        values = plain.logarithm(values, fe).astype(np.float32)
    if fe['deltas']:
        orders = [values]
        for _ in range(fe['deltas']):
            orders.append((deltas or torchaudio_delta)(orders[-1]))
        values = np.concatenate(orders, axis=1)
    return plain.normalised(values, fe)


def torchaudio_delta(values):
    import torch
    import torchaudio

    return torchaudio.functional.compute_deltas(torch.from_numpy(values.T.copy())[None])[0].numpy().T


def common(fe):
    """What no library does, or each in its own way."""
    return fe['dither'] == 0 and fe['preemphasisTimes'] == 1 and fe['numBins'] > 0


def torchaudio_kaldi(signal, fe, tail):
    windows = {'povey': 'povey', 'hann': 'hanning', 'hamming': 'hamming', 'blackman': 'blackman', 'rectangular': 'rectangular'}
    fits = (
        common(fe)
        and not fe['dropLast']
        and kaldi_frames(fe)
        and fe['frameLength'] % 2 == 0
        and not fe['periodic']
        and fe['window'] in windows
        and (fe['melScale'], fe['melNorm'], fe['triangles']) == ('htk', 'none', 'mel')
        and (fe['numCeps'] == 0 or (fe['spectrum'] == 'power' and kaldi_log(fe)))
        and (fe['energyColumn'] == 'none' or kaldi_log(fe) or fe['log'] == 'none')
        and fe['dctType'] == 2
        and fe['dctOrtho']
        and fe['lifterType'] == 'kaldi'
        and not (fe['energyColumn'] in ('first', 'last') and fe['numCeps'])
    )
    if not fits:
        return None
    import torch
    import torchaudio.compliance.kaldi as kaldi

    rate = fe['sampleRate']
    options = dict(
        sample_frequency=rate,
        frame_length=fe['frameLength'] * 1000 / rate + 1e-7,
        frame_shift=fe['frameShift'] * 1000 / rate + 1e-7,
        dither=0.0,
        window_type=windows[fe['window']],
        preemphasis_coefficient=fe['framePreemphasis'],
        remove_dc_offset=fe['dcOffset'] == 'frame',
        round_to_power_of_two=fe['fftLength'] == power_of_two(fe['frameLength']),
        snip_edges=fe['padding'] == 'snip',
        num_mel_bins=fe['numBins'],
        low_freq=fe['lowFreq'],
        high_freq=fe['highFreq'],
        vtln_warp=fe['vtlnWarp'],
        raw_energy=fe['rawEnergy'],
        energy_floor=fe['energyFloor'],
        use_energy=fe['energyColumn'] != 'none',
        subtract_mean=False,
        htk_compat=fe['energyColumn'] == 'last',
    )
    wave = torch.from_numpy(signal.astype(np.float32))[None]
    if fe['numCeps']:
        values = kaldi.mfcc(wave, num_ceps=fe['numCeps'], cepstral_lifter=fe['lifter'], **options)
        return after(values.numpy(), fe, True)
    logged = kaldi_log(fe)
    values = kaldi.fbank(wave, use_log_fbank=logged, use_power=fe['spectrum'] == 'power', **options)
    return after(values.numpy(), fe, logged)


def kaldi_native_fbank(signal, fe, tail):
    symmetric = {'povey': 'povey', 'hann': 'hanning', 'hamming': 'hamming', 'blackman': 'blackman', 'rectangular': 'rectangular', 'sine': 'sine'}
    window = 'hann' if fe['window'] == 'hann' and fe['periodic'] else symmetric.get(fe['window'])
    kaldi_mel = (fe['melScale'], fe['melNorm'], fe['triangles']) == ('htk', 'none', 'mel')
    librosa_mel = fe['triangles'] in ('hertz',) and fe['melNorm'] in ('slaney', 'none')
    fits = (
        common(fe)
        and not fe['dropLast']
        and kaldi_frames(fe)
        and (window is not None and (not fe['periodic'] or window == 'hann'))
        and (kaldi_mel or librosa_mel)
        and fe['vtlnWarp'] == 1
        and (fe['numCeps'] == 0 or (fe['spectrum'] == 'power' and kaldi_log(fe)))
        and (fe['energyColumn'] == 'none' or kaldi_log(fe))
        and fe['dctType'] == 2
        and fe['dctOrtho']
        and fe['lifterType'] == 'kaldi'
        and not (fe['energyColumn'] in ('first', 'last') and fe['numCeps'])
    )
    if not fits:
        return None
    import kaldi_native_fbank as knf

    rate = fe['sampleRate']
    options = knf.MfccOptions() if fe['numCeps'] else knf.FbankOptions()
    frame, mel = options.frame_opts, options.mel_opts
    frame.samp_freq = rate
    frame.frame_length_ms = fe['frameLength'] * 1000 / rate + 1e-4
    frame.frame_shift_ms = fe['frameShift'] * 1000 / rate + 1e-4
    frame.dither = 0
    frame.preemph_coeff = fe['framePreemphasis']
    frame.remove_dc_offset = fe['dcOffset'] == 'frame'
    frame.window_type = window
    frame.round_to_power_of_two = fe['fftLength'] == power_of_two(fe['frameLength'])
    frame.snip_edges = fe['padding'] == 'snip'
    mel.num_bins = fe['numBins']
    mel.low_freq = fe['lowFreq']
    mel.high_freq = fe['highFreq']
    if librosa_mel:
        mel.is_librosa = True
        mel.norm = 'slaney' if fe['melNorm'] == 'slaney' else ''
        mel.use_slaney_mel_scale = fe['melScale'] == 'slaney'
    options.use_energy = fe['energyColumn'] != 'none'
    options.raw_energy = fe['rawEnergy']
    options.energy_floor = fe['energyFloor']
    options.htk_compat = fe['energyColumn'] == 'last'
    logged = kaldi_log(fe)
    if fe['numCeps']:
        options.num_ceps = fe['numCeps']
        options.cepstral_lifter = fe['lifter']
        online = knf.OnlineMfcc(options)
    else:
        options.use_log_fbank = logged
        options.use_power = fe['spectrum'] == 'power'
        online = knf.OnlineFbank(options)
    online.accept_waveform(rate, signal.astype(np.float32).tolist())
    online.input_finished()
    if online.num_frames_ready == 0:
        return None
    values = np.stack([online.get_frame(i) for i in range(online.num_frames_ready)])
    return after(values, fe, logged)


def centred(fe):
    """Whether frames are those of librosa and torch.stft."""
    whole = fe['padding'] == 'snip' and fe['frameLength'] == fe['fftLength']
    return (fe['padding'] in ('reflect', 'constant') or whole) and fe['frameLength'] <= fe['fftLength']


def stft_fits(fe, tail):
    return (
        common(fe)
        and centred(fe)
        and fe['framePreemphasis'] == 0
        and fe['dcOffset'] != 'frame'
        and fe['window'] in SCIPY_WINDOWS
        and fe['triangles'] == 'hertz'
        and fe['melNorm'] != 'sum'
        and fe['vtlnWarp'] == 1
        and fe['energyColumn'] == 'none'
    )


def finish(power, fe, tail, logged=False):
    """From mel energies `[bins, frames]` on."""
    values = power.T
    if fe['dropLast']:
        values = values[:-1]
    values = plain.logarithm(values, fe).astype(np.float32)
    if fe['numCeps']:
        import librosa

        norm = 'ortho' if fe['dctOrtho'] else None
        own = fe['lifterType'] == 'librosa' or not fe['lifter']
        values = librosa.feature.mfcc(S=values.T, n_mfcc=fe['numCeps'], dct_type=fe['dctType'], norm=norm, lifter=fe['lifter'] if own else 0).T
        if not own:
            i = np.arange(values.shape[1])
            values = values * (1 + fe['lifter'] / 2 * np.sin(np.pi * i / fe['lifter'])).astype(np.float32)
    values = after(values, fe, True)
    return np.concatenate([values, np.zeros((1, values.shape[1]), values.dtype)]) if tail == 'zero' else values


def librosa_mel(signal, fe, tail):
    if not stft_fits(fe, tail):
        return None
    import librosa
    import scipy.signal

    window = scipy.signal.get_window(SCIPY_WINDOWS[fe['window']], fe['frameLength'], fftbins=fe['periodic'])
    power = librosa.feature.melspectrogram(
        y=signal.astype(np.float32),
        sr=fe['sampleRate'],
        n_fft=fe['fftLength'],
        hop_length=fe['frameShift'],
        win_length=fe['frameLength'],
        window=window,
        center=fe['padding'] != 'snip',
        pad_mode=fe['padding'] if fe['padding'] != 'snip' else 'constant',
        power=2.0 if fe['spectrum'] == 'power' else 1.0,
        n_mels=fe['numBins'],
        fmin=fe['lowFreq'],
        fmax=fe['highFreq'],
        htk=fe['melScale'] == 'htk',
        norm='slaney' if fe['melNorm'] == 'slaney' else None,
    )
    return finish(power, fe, tail)


def torchaudio_mel(signal, fe, tail):
    names = {'hann': 'hann_window', 'hamming': 'hamming_window', 'blackman': 'blackman_window', 'bartlett': 'bartlett_window'}
    if not stft_fits(fe, tail) or fe['window'] not in names or fe['highFreq'] > fe['sampleRate'] / 2:
        return None
    import torch
    import torchaudio

    transform = torchaudio.transforms.MelSpectrogram(
        sample_rate=fe['sampleRate'],
        n_fft=fe['fftLength'],
        win_length=fe['frameLength'],
        hop_length=fe['frameShift'],
        f_min=fe['lowFreq'],
        f_max=fe['highFreq'],
        n_mels=fe['numBins'],
        window_fn=getattr(torch, names[fe['window']]),
        wkwargs={'periodic': fe['periodic']},
        power=2.0 if fe['spectrum'] == 'power' else 1.0,
        center=fe['padding'] != 'snip',
        pad_mode=fe['padding'] if fe['padding'] != 'snip' else 'reflect',
        norm='slaney' if fe['melNorm'] == 'slaney' else None,
        mel_scale=fe['melScale'],
    )
    return finish(transform(torch.from_numpy(signal.astype(np.float32))).numpy(), fe, tail)


def transformers_spectrogram(signal, fe, tail):
    centre = fe['padding'] in ('reflect', 'constant')
    names = {'hann': 'hann', 'hamming': 'hamming', 'povey': 'povey', 'rectangular': 'boxcar'}
    fits = (
        common(fe)
        and (fe['padding'] == 'snip' or centre)
        and fe['window'] in names
        and (fe['triangles'] in ('hertz', 'mel'))
        and not (fe['triangles'] == 'mel' and fe['melScale'] != 'htk')
        and fe['melNorm'] != 'sum'
        and not (fe['triangles'] == 'mel' and fe['melNorm'] != 'none')
        and fe['vtlnWarp'] == 1
        and fe['energyColumn'] == 'none'
        and not (centre and (fe['frameLength'] != fe['fftLength'] or fe['frameLength'] % 2))
    )
    if not fits:
        return None
    from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

    filters = mel_filter_bank(
        num_frequency_bins=fe['fftLength'] // 2 + 1,
        num_mel_filters=fe['numBins'],
        min_frequency=fe['lowFreq'],
        max_frequency=fe['highFreq'],
        sampling_rate=fe['sampleRate'],
        norm='slaney' if fe['melNorm'] == 'slaney' else None,
        mel_scale='kaldi' if fe['melScale'] == 'htk' else 'slaney',
        triangularize_in_mel_space=fe['triangles'] == 'mel',
    )
    power = spectrogram(
        signal.astype(np.float32),
        window_function(fe['frameLength'], names[fe['window']], periodic=fe['periodic']),
        frame_length=fe['frameLength'],
        hop_length=fe['frameShift'],
        fft_length=fe['fftLength'],
        power=2.0 if fe['spectrum'] == 'power' else 1.0,
        center=centre,
        pad_mode=fe['padding'] if centre else 'reflect',
        preemphasis=fe['framePreemphasis'] or None,
        mel_filters=filters,
        mel_floor=0.0,
        remove_dc_offset=fe['dcOffset'] == 'frame',
    )
    return finish(power, fe, tail)


def transformers_whisper(signal, fe, tail):
    """The feature extractor of Whisper itself, for what it computes."""
    whisper = plain.front_end(
        gain=fe['gain'], shift=fe['shift'], channel=fe['channel'], resampler=fe['resampler'], fftLength=400, padding='reflect', dropLast=True,
        melScale='slaney', melNorm='slaney', log='log10', floor=1e-10, topDb=80, normalisation='whisper', numBins=fe['numBins'],
    )  # fmt: skip
    if fe != whisper:
        return None
    from transformers import WhisperFeatureExtractor

    extractor = WhisperFeatureExtractor(feature_size=fe['numBins'], padding_value=0.0)
    out = extractor(signal.astype(np.float32), sampling_rate=16000, padding='do_not_pad', return_tensors='np')
    return out['input_features'][0].T


def transformers_parakeet(signal, fe, tail):
    """The feature extractor of Parakeet itself, for what it computes."""
    parakeet = plain.front_end(
        gain=fe['gain'], shift=fe['shift'], channel=fe['channel'], resampler=fe['resampler'], padding='constant', dropLast=True, periodic=False,
        signalPreemphasis=fe['signalPreemphasis'], melScale='slaney', melNorm='slaney', floorType='add', floor=2.0**-24,
        normalisation='per-feature', normalisationDdof=1, numBins=fe['numBins'],
    )  # fmt: skip
    if fe != parakeet or tail != 'zero':
        return None
    from transformers import ParakeetFeatureExtractor

    # The signal has its pre-emphasis already.
    extractor = ParakeetFeatureExtractor(feature_size=fe['numBins'], preemphasis=None)
    return extractor(signal.astype(np.float32), sampling_rate=16000, return_tensors='np')['input_features'][0]


LIBRARIES = {
    'torchaudio.compliance.kaldi': torchaudio_kaldi,
    'kaldi-native-fbank': kaldi_native_fbank,
    'librosa': librosa_mel,
    'torchaudio.transforms': torchaudio_mel,
    'transformers.audio_utils': transformers_spectrogram,
    'transformers Whisper': transformers_whisper,
    'transformers Parakeet': transformers_parakeet,
}


def forms(channels, rate, fe, tail, names=None):
    """`(library, function)` of those libraries that can compute the settings; the function gives `[frames, columns]`."""
    signal = None
    for name in names or LIBRARIES:
        if signal is None:
            signal = plain.prepared(np.atleast_2d(channels).astype(np.float64), rate, fe)
        values = LIBRARIES[name](signal, fe, tail)
        if values is not None:
            yield name, values
