import { type Fixes, fixedInSherpa } from './fix.js'

/** Mel filters. */
export const filterFixes: Fixes<
  'mel-scale' | 'mel-norm' | 'mel-triangles' | 'low-freq' | 'high-freq' | 'num-bins' | 'vtln'
> = {
  'mel-scale': {
    title: 'Mel scale',
    looksLike:
      'Both are the same at the edges and differ between: mean near 0, but peaks of speech sit in other bins. Slaney for HTK: correlation 0.82, root mean square 2.1.',
    how: {
      torchaudio: "`mel_scale='slaney'` in `transforms` (default `'htk'`); `compliance.kaldi` knows HTK's alone.",
      'kaldi-native-fbank': "`opts.mel_opts.is_librosa = True` with `use_slaney_mel_scale`; HTK's otherwise.",
      librosa: "`htk=True` for HTK's scale; the default is Slaney's.",
      'sherpa-onnx': fixedInSherpa("HTK's; Slaney's for NeMo models"),
      '@dsp':
        "`isLibrosa` and `useSlaneyMelScale` of `fbank` and `mfcc`, `htk` of `mel`. The kinds `whisper` and `nemo` have Slaney's.",
    },
  },
  'mel-norm': {
    title: 'Scaling of the filters',
    looksLike:
      'An offset that is smooth over the bins: filters of area 1 give -3.1 in the lowest bin and -5.5 in the highest, correlation 0.98.',
    how: {
      torchaudio: "`norm='slaney'` in `transforms` (default `None`); `compliance.kaldi` scales none.",
      'kaldi-native-fbank': "`opts.mel_opts.norm = 'slaney'` with `is_librosa`; `''` for none.",
      librosa: "`norm=None` for none; the default is `'slaney'`, and `norm=1` is a sum of 1.",
      'sherpa-onnx': fixedInSherpa('none; an area of 1 for NeMo models'),
      '@dsp':
        "`norm` of `fbank` and `mfcc` with `isLibrosa` (`'none'` or `'slaney'`), `norm` of `mel` (null, `'slaney'`, 1), `melNorm` of `nemo`.",
    },
  },
  'mel-triangles': {
    title: 'Shape of the filters',
    looksLike:
      'Sides straight in Hz instead of mel: root mean square 0.004. Corners at whole bins: 1.4, since narrow filters hold one bin or none. Symmetric filters: -0.07 in the lowest bin, -0.02 elsewhere.',
    how: {
      torchaudio: '`compliance.kaldi`: straight in mel. `transforms`: straight in Hz.',
      'kaldi-native-fbank':
        '`opts.mel_opts.is_librosa = True`: straight in Hz; `floor_to_int_bin = True`: corners at whole bins.',
      librosa: 'Straight in Hz. python_speech_features has corners at whole bins, SpeechBrain symmetric filters.',
      'sherpa-onnx': fixedInSherpa('straight in mel; in Hz for NeMo models'),
      '@dsp': "`isLibrosa` and `floorToIntBin` of `fbank` and `mfcc`, `triangles: 'mel'` of `mel`.",
    },
  },
  'low-freq': {
    title: 'Lowest frequency',
    looksLike:
      'The low bins look at other frequencies, more so the lower they are; the highest are equal. 0 instead of 20 Hz: correlation 0.970.',
    how: {
      torchaudio: '`low_freq=20.0` in `compliance.kaldi`; `f_min` in `transforms` (default 0).',
      'kaldi-native-fbank': '`opts.mel_opts.low_freq = 20`',
      librosa: '`fmin` (default 0)',
      'sherpa-onnx': '`low_freq=20` of the online recognizer; 0 for NeMo models.',
      '@dsp': '`lowFreq` of `fbank` and `mfcc` (20), `fmin` of `mel` (0), `lowfreq` of `nemo` (0).',
    },
  },
  'high-freq': {
    title: 'Highest frequency',
    looksLike:
      'The high bins look at other frequencies, the lowest are equal: 8000 instead of 7600 Hz gives correlation 0.952. A `high_freq` of 0 against -400 went unnoticed in a public project for a year, as "many deletion errors".',
    how: {
      torchaudio:
        '`high_freq=0.0` in `compliance.kaldi`: 0 or less counts from half the rate; `f_max` in `transforms`.',
      'kaldi-native-fbank': '`opts.mel_opts.high_freq = 0`: 0 or less counts from half the rate.',
      librosa: '`fmax` (default: half the rate)',
      'sherpa-onnx': '`high_freq=-400` (the default): 7600 Hz at 16 kHz.',
      '@dsp':
        '`highFreq` of `fbank` and `mfcc` (0 or less counts from half the rate), `fmax` of `mel`, `highfreq` of `nemo`.',
    },
  },
  'num-bins': {
    title: 'Number of filters',
    looksLike:
      'The matrices have other widths. Defaults: 23 (Kaldi), 64 (NeMo), 80 (Whisper, lhotse, sherpa-onnx), 128 (librosa, torchaudio).',
    how: {
      torchaudio: '`num_mel_bins=80` in `compliance.kaldi`; `n_mels` in `transforms`.',
      'kaldi-native-fbank': '`opts.mel_opts.num_bins = 80`',
      librosa: '`n_mels`',
      'sherpa-onnx': '`feature_dim=80`',
      '@dsp': '`numMelBins` of `fbank` and `mfcc`, `nMels` of `mel` and `whisper`, `features` of `nemo`.',
    },
  },
  vtln: {
    title: 'Vocal tract warp',
    looksLike:
      'Peaks move along the bins by a constant factor of frequency, except near both edges. 1.1: correlation 0.86, the highest bin +0.9.',
    how: {
      torchaudio: '`vtln_warp=1.0` (the default) in `compliance.kaldi`',
      'kaldi-native-fbank': 'The Python interface has none.',
      librosa: 'Has none.',
      'sherpa-onnx': fixedInSherpa('none'),
      '@dsp': '`vtlnWarp` of `fbank` and `mfcc`',
    },
  },
}
