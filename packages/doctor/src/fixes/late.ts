import { type Fixes, fixedInSherpa } from './fix.js'

/** What follows the filters. */
export const lateFixes: Fixes<'log' | 'log-floor' | 'energy-column' | 'dct' | 'deltas' | 'normalisation' | 'layout'> = {
  log: {
    title: 'Logarithm',
    looksLike:
      'Correlation 1, and theirs is ours times a constant: 0.434 for log10, 1.443 for log2, 4.343 for dB (8.686 for magnitudes in dB). None: all values are positive, and most are tiny.',
    how: {
      torchaudio:
        '`use_log_fbank=True` in `compliance.kaldi.fbank`; `transforms.AmplitudeToDB` is dB, `log_mels=True` of `MFCC` is ln(x + 1e-6).',
      'kaldi-native-fbank': '`opts.use_log_fbank = True`',
      librosa: '`melspectrogram` takes none; `power_to_db` is 10 log10, `amplitude_to_db` 20 log10 of magnitudes.',
      'sherpa-onnx': fixedInSherpa('the natural logarithm'),
      '@dsp': '`useLogFbank` of `fbank`, `log` of `nemo`; `mel` takes none, `powerToDb` of @dsp/mel is dB.',
    },
  },
  'log-floor': {
    title: 'Floor of the logarithm',
    looksLike:
      'Loud cells are equal, and silence stops at another value: -15.94 (2^-23, Kaldi), -16.64 (2^-24 added, NeMo), -23.03 (1e-10, librosa and Whisper). Small on speech without digital silence: root mean square 0.05. A limit below the loudest value (`top_db`) moves with the recording.',
    how: {
      torchaudio: "Fixed at 2^-23 in `compliance.kaldi`; `torch.log(x + 1e-6)` and the like are the caller's.",
      'kaldi-native-fbank': '`opts.eps` (default 2^-23), `opts.use_log_floor`',
      librosa: '`amin=1e-10, top_db=80` of `power_to_db`; `ref` shifts all.',
      'sherpa-onnx': fixedInSherpa('2^-23'),
      '@dsp':
        'Fixed at 2^-23 in `fbank` and `mfcc`; `logZeroGuardType` and `logZeroGuardValue` of `nemo`; `amin` and `topDb` of `powerToDb`.',
    },
  },
  'energy-column': {
    title: 'Energy column',
    looksLike:
      'One column more, the first or the last, or another zeroth coefficient, which goes up and down with the loudness. A floor of 1 under the energy holds quiet frames at 0 for samples in [-1, 1].',
    how: {
      torchaudio:
        '`use_energy=False` in `compliance.kaldi`; `raw_energy`, `energy_floor=1.0`, and `htk_compat=True` for the last column.',
      'kaldi-native-fbank':
        '`opts.use_energy`: the default is false for fbank and true for MFCC; `opts.raw_energy`, `opts.energy_floor = 0`, `opts.htk_compat`.',
      librosa: 'Has none; `librosa.feature.rms` is another thing.',
      'sherpa-onnx': fixedInSherpa('none'),
      '@dsp': '`useEnergy`, `rawEnergy`, `energyFloor` and `htkCompat` of `fbank` and `mfcc`',
    },
  },
  dct: {
    title: 'Cosine transform and lifter',
    looksLike:
      'Coefficients differ each by its own constant factor: 1 + L/2 sin(pi i / L) for a lifter; sqrt(2N) (2 sqrt N in c0) for a transform that is not orthonormal. Of two counts, the shorter is the start of the longer.',
    how: {
      torchaudio:
        "`num_ceps=13, cepstral_lifter=22.0` in `compliance.kaldi.mfcc`; `n_mfcc`, `dct_type=2`, `norm='ortho'` in `transforms.MFCC`, which has no lifter.",
      'kaldi-native-fbank': '`opts.num_ceps = 13`, `opts.cepstral_lifter = 22` of `MfccOptions`',
      librosa:
        "`n_mfcc=20, dct_type=2, norm='ortho', lifter=0` of `feature.mfcc`; its lifter counts from 1, Kaldi's from 0.",
      'sherpa-onnx': fixedInSherpa('none'),
      '@dsp':
        "`numCeps`, `cepstralLifter` of `mfcc` (Kaldi's); `nMfcc`, `dctType`, `norm`, `lifter` of `mel-mfcc` (librosa's).",
    },
  },
  deltas: {
    title: 'Deltas',
    looksLike: 'Two or three times as many columns; those after the first part have mean 0.',
    how: {
      torchaudio:
        "`torchaudio.functional.compute_deltas` (time on the last axis, 5 frames); applied twice, it differs from Kaldi's second order at the edges.",
      'kaldi-native-fbank': 'Has none.',
      librosa: '`librosa.feature.delta(x, width=5)`: a Savitzky–Golay filter; the default width is 9.',
      'sherpa-onnx': fixedInSherpa('none'),
      '@dsp': "`addDeltas` of @dsp/mel-kaldi (Kaldi's), `deltas` (torchaudio's)",
    },
  },
  normalisation: {
    title: 'Normalisation',
    looksLike:
      "Per feature: every column of theirs has mean 0 (and deviation 1). Over N - 1 instead of N frames: a factor of sqrt((N - 1) / N) alone. Whisper's: values span at most 2, correlation 1.",
    how: {
      torchaudio: '`subtract_mean=True` in `compliance.kaldi`; `sliding_window_cmn` is a moving one.',
      'kaldi-native-fbank': "Has none: the caller's.",
      librosa:
        "`(x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)`; numpy's `std` is over N, torch's over N - 1.",
      'sherpa-onnx':
        "From the model's metadata: `normalize_type` (`per_feature` or none; over N frames, where NeMo has N - 1).",
      '@dsp':
        '`subtractMean` of `fbank` and `mfcc`; `normalizePerFeature` (`ddof`), `cmvn` and `slidingWindowCmn` of @dsp/mel-kaldi; `normalize` of `nemo`.',
    },
  },
  layout: {
    title: 'Layout in memory',
    looksLike:
      'The shape is transposed, the columns run from high to low, values are coarse (float16 has steps of 0.008 near -10, bfloat16 of 0.06), values are huge or tiny (byte order), or rows of one constant precede or follow.',
    how: {
      torchaudio: '`compliance.kaldi`: [frames, bins]. `transforms`: [bins, frames], so `.T`.',
      'kaldi-native-fbank': '`get_frame(i)` is one row.',
      librosa: '[bins, frames], so `.T`.',
      'sherpa-onnx': "The model's own, and some models get padding frames.",
      '@dsp': '`orientation` of `extract` says the axes; `transpose` of a tensor swaps them.',
    },
  },
}
