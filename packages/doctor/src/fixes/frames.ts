import { type Fixes, fixedInSherpa } from './fix.js'

/** Frames, their windows and transforms. */
export const frameFixes: Fixes<
  'frame-length' | 'frame-shift' | 'snip-edges' | 'window' | 'fft-length' | 'spectrum' | 'fft-scaling'
> = {
  'frame-length': {
    title: 'Frame length',
    looksLike:
      'A nearly constant offset (-0.2 for 20 ms instead of 25, +0.2 for 32 ms) and a blur: correlation 0.98. With whole frames only, the number of frames changes.',
    how: {
      torchaudio: '`frame_length=25.0` (ms) in `compliance.kaldi`; `win_length` (samples) in `transforms`.',
      'kaldi-native-fbank': '`opts.frame_opts.frame_length_ms = 25`',
      librosa: '`win_length` (samples; default: `n_fft`)',
      'sherpa-onnx': fixedInSherpa('25 ms'),
      '@dsp':
        '`frameLength` (ms) of `fbank` and `mfcc`, `winLength` of `mel`, `windowSize` (s) or `nWindowSize` of `nemo`.',
    },
  },
  'frame-shift': {
    title: 'Frame shift',
    looksLike:
      'The numbers of frames have the ratio of the shifts, and the correlation of the frames is near 0 after the first few.',
    how: {
      torchaudio:
        '`frame_shift=10.0` (ms) in `compliance.kaldi`; `hop_length` (samples) in `transforms` (default: half of `win_length`).',
      'kaldi-native-fbank': '`opts.frame_opts.frame_shift_ms = 10`',
      librosa: '`hop_length` (samples; default 512)',
      'sherpa-onnx': fixedInSherpa('10 ms'),
      '@dsp':
        '`frameShift` (ms) of `fbank` and `mfcc`, `hopLength` of `mel`, `windowStride` (s) or `nWindowStride` of `nemo`.',
    },
  },
  'snip-edges': {
    title: 'Edges: where frames lie',
    looksLike:
      'Counts tell: 1 + floor((N - W) / S) frames of whole windows, floor((N + S/2) / S) with mirrored edges, 1 + floor(N / S) centred, one less in Whisper and NeMo. The frames lie 7.5 ms (mirrored) or 12.5 ms (centred) earlier: mean 0, correlation 0.95 or 0.90. Where only what is beyond the edges differs, the first and last frames do.',
    how: {
      torchaudio:
        "`snip_edges=False` in `compliance.kaldi` for mirrored edges; `center=True, pad_mode='reflect'` in `transforms`.",
      'kaldi-native-fbank': '`opts.frame_opts.snip_edges = False`',
      librosa:
        "`center=True, pad_mode='constant'` (zeros; versions before 0.9 reflected); `center=False` for whole frames.",
      'sherpa-onnx': '`snip_edges=False` (the default)',
      '@dsp': '`snipEdges` of `fbank` and `mfcc` (default true), `center` and `padMode` of `mel`.',
    },
  },
  window: {
    title: 'Window',
    looksLike:
      'A small offset, nearly the same in all bins: -0.08 for Hann instead of Povey, 0.00 with root mean square 0.36 for Hamming, +1.4 for none, since leakage fills the valleys. Periodic instead of symmetric: root mean square 0.01. A window of energy 1 is a constant offset: see `sample-scale`.',
    how: {
      torchaudio:
        "`window_type='povey'` in `compliance.kaldi` (`'hanning'` is the symmetric Hann); `window_fn=torch.hann_window, wkwargs={'periodic': False}` in `transforms`.",
      'kaldi-native-fbank':
        "`opts.frame_opts.window_type = 'povey'`; `'hanning'` is the symmetric Hann, `'hann'` the periodic one.",
      librosa: "`window='hann'` is periodic; `scipy.signal.get_window('hann', n, fftbins=False)` is symmetric.",
      'sherpa-onnx': fixedInSherpa("Povey; a periodic Hann for NeMo's CTC models"),
      '@dsp':
        "`windowType` of `fbank` and `mfcc` (`'hanning'`: symmetric, `'hann'`: periodic), `window` of `mel` and `nemo`.",
    },
  },
  'fft-length': {
    title: 'Length of the transform',
    looksLike:
      'A constant offset of ln of the ratio (+0.7 for 1024 points instead of 512), since there are more bins in a filter, and noise in the low filters: with 400 points instead of 512 the lowest move by +0.5, the others by -0.25.',
    how: {
      torchaudio:
        '`round_to_power_of_two=False` in `compliance.kaldi` takes the frame length itself; `n_fft` in `transforms`.',
      'kaldi-native-fbank': '`opts.frame_opts.round_to_power_of_two = False`',
      librosa: '`n_fft` (default 2048)',
      'sherpa-onnx': fixedInSherpa('the next power of two'),
      '@dsp': '`roundToPowerOfTwo` of `fbank` and `mfcc`, `nFft` of `mel` and `nemo`.',
    },
  },
  spectrum: {
    title: 'Power or magnitude',
    looksLike:
      'Magnitudes have half of the range: theirs is about half of ours plus a constant; +3.7 in the mean, correlation 0.986. Half of a logarithm alone would be correlation 1.',
    how: {
      torchaudio: '`use_power=False` in `compliance.kaldi.fbank`; `power=1` in `transforms`.',
      'kaldi-native-fbank': '`opts.use_power = False`',
      librosa: '`power=1.0` in `melspectrogram` (default 2.0)',
      'sherpa-onnx': fixedInSherpa('power'),
      '@dsp': '`usePower: false` of `fbank`, `power: 1` of `mel`, `magPower: 1` of `nemo`.',
    },
  },
  'fft-scaling': {
    title: 'Scaling of the transform',
    looksLike:
      'The same offset in every bin that is above the floor: -6.24 (ln N) if the power is divided by N = 512, -12.48 if the spectrum is. Quiet cells fall to the floor: correlation 0.98 or 0.67. No features tell it from a gain on the samples.',
    how: {
      torchaudio:
        "`normalized='frame_length'` in `transforms` divides by sqrt N, `True` by the root of the window's energy; `compliance.kaldi` scales nothing.",
      'kaldi-native-fbank': 'Scales nothing: multiply the samples by the root of the factor on the power.',
      librosa: 'Scales nothing; `scipy.signal.stft` divides by the sum of the window.',
      'sherpa-onnx': fixedInSherpa('not scaled'),
      '@dsp': 'Scales nothing: multiply the samples.',
    },
  },
}
