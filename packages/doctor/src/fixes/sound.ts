import { type Fixes, fixedInSherpa } from './fix.js'

/** What happens to samples before they are cut into frames. */
export const soundFixes: Fixes<
  | 'channel'
  | 'sample-rate'
  | 'resampler'
  | 'decoder-delay'
  | 'time-shift'
  | 'sample-scale'
  | 'polarity'
  | 'dc-offset'
  | 'dither'
  | 'preemphasis'
> = {
  channel: {
    title: 'Channel',
    looksLike:
      'Frames match in time, but the difference follows what is on one side only. A sum instead of a mean of two channels is a constant +1.39 (2 ln 2), which is also a gain of 2.',
    how: {
      torchaudio:
        '`waveform.mean(0, keepdim=True)`; without it, `compliance.kaldi` takes the row that `channel` says (default: the first).',
      'kaldi-native-fbank': 'Takes one channel: mix before `accept_waveform`.',
      librosa: '`librosa.load(path, mono=True)` averages; `mono=False` and an index select.',
      'sherpa-onnx': 'Takes one channel: mix before `accept_waveform`.',
      '@dsp': '`decodeAudio(file, { mono: true })` averages; `channel` of `fbank` and `mfcc` selects.',
    },
  },
  'sample-rate': {
    title: 'Sample rate',
    looksLike:
      'Durations disagree by a constant factor, or the filters sit on other frequencies: all bins move up or down, and those above the lower Nyquist frequency are at the floor.',
    how: {
      torchaudio:
        '`sample_frequency=rate` in `compliance.kaldi`, `sample_rate=rate` in `transforms`; neither looks at the file.',
      'kaldi-native-fbank': '`opts.frame_opts.samp_freq`; the rate given to `accept_waveform` must be the same.',
      librosa:
        '`librosa.load(path, sr=16000)`: the default resamples to 22,050 Hz; and `sr=` in every feature function.',
      'sherpa-onnx': '`sample_rate` of the recognizer; audio at another rate is resampled by its own resampler.',
      '@dsp': '`decodeAudio(file, { sampleRate: 16000 })`; functions that are given an `Audio` take its rate.',
    },
  },
  resampler: {
    title: 'Resampler',
    looksLike:
      'Only the bins near the lower Nyquist frequency differ, often by several units, since filters end at different frequencies; linear interpolation also leaves images in quiet bins. The numbers of samples may differ by one.',
    how: {
      torchaudio:
        "`torchaudio.functional.resample(x, orig, new)`; `resampling_method='sinc_interp_kaiser'` and `lowpass_filter_width` change the filter.",
      'kaldi-native-fbank': 'Has none: use the one that the model was trained with.',
      librosa: "`res_type='soxr_hq'` (default) in `load` and `resample`; `'linear'` is another.",
      'sherpa-onnx': 'Its own, for audio at another rate than `sample_rate`: resample before, and it does nothing.',
      '@dsp': "`decodeAudio` and `resample` are torchaudio's, with all of its options.",
    },
  },
  'decoder-delay': {
    title: 'Decoder delay',
    looksLike:
      'The audio is MP3, AAC or another lossy format, and starts later or earlier by a codec frame (1,152 or 1,024 samples at its own rate) or by an encoder delay (1,105 samples in MP3 files of LAME). Numbers of samples differ by as much. By 384 samples: root mean square 2.2, correlation 0.80, mean 0.',
    how: {
      torchaudio: 'Backends differ: decode once to WAV, and give both sides that.',
      'kaldi-native-fbank': 'Decodes nothing.',
      librosa:
        '`librosa.load` uses libsndfile, which removes the delay that the file states; the older `audioread` may not.',
      'sherpa-onnx': 'Takes samples; its command-line tools read WAV.',
      '@dsp':
        "Removes the delay and padding that an MP3 file's LAME tag states; without a tag the delay stays, as in ffmpeg.",
    },
  },
  'time-shift': {
    title: 'Time shift',
    looksLike:
      'The mean difference is 0 in every bin, and the root mean square is large: 0.84 (correlation 0.97) for 5 ms, 2.2 (0.80) for 24 ms. The difference is largest where the sound changes.',
    how: {
      torchaudio:
        'Look for padding or trimming before the features: `pad` of `MelSpectrogram`, voice activity detection, a chunk that starts elsewhere.',
      'kaldi-native-fbank': 'Look for samples fed before the first one, or left in a buffer.',
      librosa:
        '`librosa.effects.trim` and `offset=` of `load`; a centred frame 0 is half a window earlier than one with `center=False`.',
      'sherpa-onnx':
        'Some models are fed padding before and after the audio: compare the features of the padded samples.',
      '@dsp': 'Nothing shifts by itself: give the samples from where theirs start.',
    },
  },
  'sample-scale': {
    title: 'Sample scale',
    looksLike:
      'The same offset in every bin, correlation 1: +20.79 (2 ln 32768) for int16 samples against samples in [-1, 1]. Quiet cells that are at the floor move less.',
    how: {
      torchaudio: '`torchaudio.load` gives [-1, 1]; `waveform * 32768` for models of Kaldi recipes.',
      'kaldi-native-fbank': 'Takes samples as they are: multiply by 32768, or not.',
      librosa: '`librosa.load` gives [-1, 1]; `librosa.util.normalize` scales the peak to 1.',
      'sherpa-onnx': '`normalize_samples=True` is [-1, 1], `False` is int16 scale.',
      '@dsp': 'Audio is in [-1, 1]: `samples.map((x) => 32768 * x)`.',
    },
  },
  polarity: {
    title: 'Polarity',
    looksLike: "Nothing: powers do not depend on the sign. Only features of the waveform itself, as SincNet's, see it.",
    how: {
      torchaudio: '`-waveform`',
      'kaldi-native-fbank': 'Multiply the samples by -1.',
      librosa: '`-y`',
      'sherpa-onnx': 'Multiply the samples by -1.',
      '@dsp': '`samples.map((x) => -x)`',
    },
  },
  'dc-offset': {
    title: 'DC offset',
    looksLike:
      'The lowest one to three bins differ, the others by less than 0.01, unless the recording has an offset. Root mean square 0.08 on clean speech; pre-emphasis hides most of it.',
    how: {
      torchaudio: '`remove_dc_offset=False` in `compliance.kaldi` (default true, per frame); `transforms` remove none.',
      'kaldi-native-fbank': '`opts.frame_opts.remove_dc_offset = False` (default true)',
      librosa: 'Removes none; `y - y.mean()` for the whole signal.',
      'sherpa-onnx': fixedInSherpa('removed per frame; for NeMo models not removed'),
      '@dsp':
        '`removeDcOffset` of `fbank` and `mfcc` (default true); the kinds `mel`, `whisper` and `nemo` remove none.',
    },
  },
  dither: {
    title: 'Dither',
    looksLike:
      "Quiet cells are raised and random, loud ones equal, and two runs differ from each other. 3e-5 on [-1, 1] is hardly seen (root mean square 0.1); Kaldi's 1.0 is meant for int16 samples: on [-1, 1] it drowns the speech (+11, correlation 0.3).",
    how: {
      torchaudio: '`dither=0` (the default)',
      'kaldi-native-fbank': '`opts.frame_opts.dither = 0`: the default is 3e-5.',
      librosa: 'Has none.',
      'sherpa-onnx': '`dither=0` (the default)',
      '@dsp': "`dither: 0` (the default, but not of `preset: 'kaldi-native-fbank'`)",
    },
  },
  preemphasis: {
    title: 'Pre-emphasis',
    looksLike:
      'The difference is a smooth curve over the bins. Without it: +6.7 in the lowest bin, -1.3 in the highest; twice: the reverse. 0.95 instead of 0.97: +0.8 in the lowest bin alone. Over the whole signal instead of per frame: +0.5 in the lowest, less than 0.01 above bin 20.',
    how: {
      torchaudio:
        '`preemphasis_coefficient=0.97` in `compliance.kaldi`, per frame; `torchaudio.functional.preemphasis(x, 0.97)` over the whole signal. Not both.',
      'kaldi-native-fbank': '`opts.frame_opts.preemph_coeff = 0.97`, per frame; 0 for none.',
      librosa:
        '`librosa.effects.preemphasis(y, coef=0.97, zi=[0])` over the whole signal. Without `zi` its first sample is its own.',
      'sherpa-onnx': fixedInSherpa(
        '0.97 per frame, also for NeMo models, which were trained with it over the whole signal',
      ),
      '@dsp': '`preemphasisCoefficient` of `fbank` and `mfcc`, per frame; `preemph` of `nemo`, over the whole signal.',
    },
  },
}
