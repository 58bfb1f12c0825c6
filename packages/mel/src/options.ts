import { type StftOptions, stftOptionSpecs } from '@dsp/fft'
import { type LibrosaVersion, librosaVersion, type Precision, precisionSpec } from '@dsp/signal'
import { type OptionSpec, type OptionSpecs, option } from '@dsp/tensor'

/** The mel scales: HTK's `2595 log10(1 + f / 700)`, Slaney's (linear to 1 kHz) and Kaldi's `1127 ln(1 + f / 700)`. */
export type MelScale = 'htk' | 'slaney' | 'kaldi'

/** The scale that a function of frequencies works in. */
export interface MelScaleOptions {
  /** True for HTK's scale, as in librosa. Default false: Slaney's. */
  readonly htk: boolean
  /** The scale by its name; Kaldi's has no other way. Default (null): as `htk` says. */
  readonly melScale: MelScale | null
}

/** {@link MelScaleOptions} by name, type, range and default. */
export const melScaleOptionSpecs: OptionSpecs<MelScaleOptions> = {
  htk: option.boolean(false),
  melScale: option.nullable(option.enum(['htk', 'slaney', 'kaldi'], 'slaney')),
}

/** The options of `melFrequencies`: librosa's names and defaults. */
export interface MelFrequencyOptions extends MelScaleOptions {
  /** The first frequency in hertz, at least 0. Default 0. */
  readonly fmin: number
  /** The last frequency in hertz, above `fmin`. Default 11025. */
  readonly fmax: number
}

/** {@link MelFrequencyOptions} by name, type, range and default. */
export const melFrequencyOptionSpecs: OptionSpecs<MelFrequencyOptions> = {
  ...melScaleOptionSpecs,
  fmin: option.number(0, { min: 0 }),
  fmax: option.number(11025, { min: 0 }),
}

/** How filters are scaled: `slaney`, the p of a p-norm, or null. */
export type MelNorm = 'slaney' | number | null

/** The options of `melFilters`: those of `librosa.filters.mel` with its defaults, and two more. */
export interface MelFilterOptions extends MelScaleOptions {
  /** The sample rate in Hz. Default 22050. An `Audio` brings its own; a contradiction is an error. */
  readonly sr: number
  /** Length of the transform in samples, 1 to 4,194,304. Default 2048. */
  readonly nFft: number
  /** Number of filters, 1 to 1,048,576. Default 128. */
  readonly nMels: number
  /** Left corner of the first filter in hertz, at least 0. Default 0. */
  readonly fmin: number
  /** Right corner of the last filter in hertz: above `fmin`, at most `sr / 2`. Default (null): `sr / 2`. */
  readonly fmax: number | null
  /**
   * `slaney`: by 2 over the filter's width in the unit of its sides, so that all have the same area. A number p: to a p-norm of 1, where p is 0
   * (the number of weights) or more, `Infinity` (the largest weight) or `-Infinity` (the smallest). Null: not scaled, the
   * peak is nearly 1. Default `slaney`.
   */
  readonly norm: MelNorm
  /** The unit in which a filter's sides are straight: librosa's and torchaudio's hertz, Kaldi's mel. Default `hertz`. */
  readonly triangles: 'hertz' | 'mel'
  /** Precision of the weights; librosa's own default is float32, for float64 signals as well. Default `float32`. */
  readonly dtype: Precision
}

const norm = option.nullable(
  option.numberOr(['slaney'], 'slaney', { min: 0 }),
  'slaney' as number | 'slaney',
) as OptionSpec<MelNorm>

/** {@link MelFilterOptions} by name, type, range and default. */
export const melFilterOptionSpecs: OptionSpecs<MelFilterOptions> = {
  sr: option.number(22050, { min: 1, max: 1e7 }),
  nFft: option.integer(2048, { min: 1 }),
  nMels: option.integer(128, { min: 1 }),
  fmin: option.number(0, { min: 0 }),
  fmax: option.nullable(option.number(11025, { min: 0 })),
  norm,
  ...melScaleOptionSpecs,
  triangles: option.enum(['hertz', 'mel'], 'hertz'),
  dtype: precisionSpec,
}

/** The options of `melspectrogram`: those of `librosa.feature.melspectrogram` with its defaults, and two more. */
export interface MelspectrogramOptions extends StftOptions, MelFilterOptions {
  /** Length of the transform in samples, 1 to 4,194,304. Default 2048. */
  readonly nFft: number
  /** Samples between frames, at least 1. Default 512; null: a quarter of `winLength`. */
  readonly hopLength: number | null
  /** Exponent of the magnitudes, above 0: 1 for magnitudes, 2 for powers. Default 2. */
  readonly power: number
}

/** {@link MelspectrogramOptions} by name, type, range and default. */
export const melspectrogramOptionSpecs: OptionSpecs<MelspectrogramOptions> = {
  ...melFilterOptionSpecs,
  ...stftOptionSpecs,
  hopLength: option.nullable(option.integer(512, { min: 1 }), 512),
  power: option.number(2, { min: 0 }),
}

/** The options of `melspectrogramFromSpectrogram`. */
export interface MelFromSpectrogramOptions extends Omit<MelFilterOptions, 'nFft'> {
  /** Length of the transform behind the spectrogram. Default (null): twice the number of bins less 2. */
  readonly nFft: number | null
}

/** {@link MelFromSpectrogramOptions} by name, type, range and default. */
export const melFromSpectrogramOptionSpecs: OptionSpecs<MelFromSpectrogramOptions> = {
  ...melFilterOptionSpecs,
  nFft: option.nullable(option.integer(2048, { min: 1 })),
}

/** What `mfcc` makes of a mel spectrogram in decibels: librosa's names and defaults. */
export interface CepstrumOptions {
  /** Number of coefficients; never more than there are mel bands are returned. Default 20. */
  readonly nMfcc: number
  /** Type of the cosine transform, 1 to 3. Default 2. */
  readonly dctType: number
  /** `ortho`: orthonormal. Null: scipy's transform as it is. Default `ortho`. */
  readonly norm: 'ortho' | null
  /** At least 0: coefficient `i` is scaled by `1 + lifter / 2 * sin(pi (i + 1) / lifter)`. Default 0: none is. */
  readonly lifter: number
}

/** {@link CepstrumOptions} by name, type, range and default. */
export const cepstrumOptionSpecs: OptionSpecs<CepstrumOptions> = {
  nMfcc: option.integer(20, { min: 1 }),
  dctType: option.integer(2, { min: 1, max: 3 }),
  norm: option.nullable(option.enum(['ortho'], 'ortho'), 'ortho'),
  lifter: option.number(0, { min: 0 }),
}

/** The options of `mfcc`: those of the mel spectrogram and of the cepstrum; `melNorm` is the filters' `norm`. */
export interface MfccOptions extends Omit<MelspectrogramOptions, 'norm'>, CepstrumOptions {
  /**
   * The version of librosa whose results are given. Decibels are at most 80 below the loudest value of all channels in 0.11, and of
   * each channel in 1.0. Default `0.11`.
   */
  readonly librosa: LibrosaVersion
  /** How filters are scaled, as `norm` of {@link MelFilterOptions}. Default `slaney`. */
  readonly melNorm: MelNorm
}

/** {@link MfccOptions} by name, type, range and default. */
export const mfccOptionSpecs: OptionSpecs<MfccOptions> = {
  librosa: librosaVersion,
  ...melspectrogramOptionSpecs,
  ...cepstrumOptionSpecs,
  melNorm: norm,
}

/** The options of `whisperLogMel`. */
export interface WhisperOptions {
  /** Number of mel bands: 80, and 128 for the large-v3 models; any from 1 on. Default 80. */
  readonly nMels: number
  /**
   * Seconds to which signals are cut or padded with zeros, from 0.01 on; null: they stay as long as they are. Default 30,
   * which gives 3000 frames.
   */
  readonly chunkLength: number | null
  /**
   * What the features are computed in. `float64`: as exact as their element type. `float32`: faster, and within 1e-5 of that;
   * the samples are rounded to float32 first. The element type of the result is that of the samples either way. Default
   * `float64`.
   */
  readonly precision: 'float32' | 'float64'
}

/** {@link WhisperOptions} by name, type, range and default. */
export const whisperOptionSpecs: OptionSpecs<WhisperOptions> = {
  nMels: option.integer(80, { min: 1 }),
  chunkLength: option.nullable(option.number(30, { min: 0.01, max: 1e5 }), 30),
  precision: option.enum(['float32', 'float64'], 'float64'),
}
