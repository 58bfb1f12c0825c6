import { type LibrosaVersion, librosaVersion } from '@dsp/signal'
import { type OptionSpec, type OptionSpecs, option } from '@dsp/tensor'

/** The windows of filters and of smoothing; scipy's names. */
export type FilterWindow =
  | 'hann'
  | 'hamming'
  | 'blackman'
  | 'kaiser'
  | 'rectangular'
  | 'bartlett'
  | 'triangular'
  | 'blackmanharris'
  | 'nuttall'
  | 'flattop'
  | 'cosine'
  | 'bohman'
  | 'parzen'
  | 'barthann'
  | 'gaussian'
  | 'tukey'

const WINDOWS = [
  'hann',
  'hamming',
  'blackman',
  'kaiser',
  'rectangular',
  'bartlett',
  'triangular',
  'blackmanharris',
  'nuttall',
  'flattop',
  'cosine',
  'bohman',
  'parzen',
  'barthann',
  'gaussian',
  'tukey',
] as const

/** Divisions of the octave by name, or as ratios over its lowest frequency. */
export type Intervals = 'equal' | 'pythagorean' | 'ji3' | 'ji5' | 'ji7' | Float64Array | readonly number[]

/** What halves the rate between octaves; librosa's names. */
export type ResType = 'soxr_vhq' | 'soxr_hq' | 'soxr_mq' | 'soxr_lq' | 'soxr_qq' | 'fft' | 'scipy' | 'polyphase'

/** Padding at the edges of a signal; numpy's names. */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric'

/** The element types of complex results; numpy's names. */
export type ComplexType = 'complex64' | 'complex128'

/** What the constant-Q transforms and their inverse have in common; librosa's names and defaults. */
export interface FilterOptions {
  /** Sample rate in Hz. Default (null): the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number | null
  /**
   * Samples between frames, at least 1. Default 512. Every octave below the highest is computed at half the rate of the one
   * above as long as the hop can be halved: a hop that is not a multiple of 2^(octaves - 1) is slow, but right.
   */
  readonly hopLength: number
  /** The lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** Filters per octave, at least 1. Default 12. */
  readonly binsPerOctave: number
  /** Factor by which the filters' lengths are scaled, above 0: below 1, time is sharper and frequency less so. Default 1. */
  readonly filterScale: number
  /**
   * The norm that each filter is divided by: `Infinity` is the largest magnitude, `-Infinity` the smallest, 0 the number of
   * values, `p` the p-norm, null none. Default 1.
   */
  readonly norm: number | null
  /** The part of a filter's spectrum, by magnitude, that is dropped: at least 0, below 1. Default 0.01. */
  readonly sparsity: number
  /** The filters' window. Default `hann`. */
  readonly window: FilterWindow
  /** Kaiser's beta (0 to 700), a gaussian's deviation in samples, the part of a tukey window that is not flat (0 to 1); the
   * other windows do not read it. Default 0.5. */
  readonly windowParameter: number
  /** Whether responses are divided by the square root of their filters' lengths. Default true. */
  readonly scale: boolean
  /**
   * What halves the rate between octaves. Default `soxr_hq`; the soxr kinds have soxr's responses (to 1e-6), not its code.
   */
  readonly resType: ResType
}

/** The options of `cqt`: librosa's names and defaults. */
export interface CqtOptions extends FilterOptions {
  /** Number of filters, at least 1; the highest must stay below the Nyquist frequency. Null: all that do. Default 84. */
  readonly nBins: number | null
  /** Deviation from A440 in parts of a bin, usually -0.5 to 0.5; null: estimated from the signal. Default 0. */
  readonly tuning: number | null
  /** Padding at the edges. Default `constant`: zeros. */
  readonly padMode: PadMode
  /** Element type of the result. Default (null): that of the signal. */
  readonly dtype: ComplexType | null
  /**
   * The version of librosa whose results are given: 1.0 does not halve the rate where the next octave
   * comes near the Nyquist frequency, and refuses filters beyond it in `hybridCqt` and `pseudoCqt` as well. Default `0.11`.
   */
  readonly librosa: LibrosaVersion
}

/** The options of `vqt`: librosa's names and defaults. */
export interface VqtOptions extends CqtOptions {
  /** How an octave is divided. Ratios (over the octave's lowest frequency) also set `binsPerOctave`. Default `equal`. */
  readonly intervals: Intervals
  /** Bandwidth added to every filter's in hertz, at least 0; null: the ear's equivalent rectangular bandwidth (24.7 alpha / 0.108). Default null. */
  readonly gamma: number | null
}

/** The options of `hybridCqt`: librosa's names and defaults. */
export type HybridCqtOptions = CqtOptions

/** The options of `pseudoCqt`: librosa's names and defaults. */
export type PseudoCqtOptions = Omit<CqtOptions, 'resType'>

/** The options of `icqt`: librosa's names and defaults. They should be those of the `cqt` that it undoes. */
export interface IcqtOptions extends FilterOptions {
  /** Deviation from A440 in fractions of a bin, as it was for `cqt`. Default 0. */
  readonly tuning: number
  /** Samples of the result, at least 1: it is cut or filled with zeros. Default (null): all that the frames cover. */
  readonly length: number | null
  /** Element type of the result. Default (null): that of the transform. */
  readonly dtype: 'float32' | 'float64' | null
}

/** What {@link https://numpy.org | numpy} takes as the order of a norm. */
export const norm = (value: number | null): OptionSpec<number | null> =>
  option.nullable(option.numberOr([], value ?? 1, { min: 0 }), value) as OptionSpec<number | null>

export const filterWindow = option.enum(WINDOWS, 'hann') as OptionSpec<FilterWindow>
export const windowParameter = option.number(0.5, { min: 0 })
export const sr = option.nullable(option.number(22050, { min: Number.MIN_VALUE }))
export const fmin = option.nullable(option.number(32.7, { min: Number.MIN_VALUE }))
export const positive = (value: number) => option.integer(value, { min: 1 })

const filters: OptionSpecs<FilterOptions> = {
  sr,
  hopLength: positive(512),
  fmin,
  binsPerOctave: positive(12),
  filterScale: option.number(1, { min: Number.MIN_VALUE }),
  norm: norm(1),
  sparsity: option.number(0.01, { min: 0, max: 1 }),
  window: filterWindow,
  windowParameter,
  scale: option.boolean(true),
  resType: option.enum(
    ['soxr_vhq', 'soxr_hq', 'soxr_mq', 'soxr_lq', 'soxr_qq', 'fft', 'scipy', 'polyphase'],
    'soxr_hq',
  ),
}

/** {@link CqtOptions} by name, type, range and default. */
export const cqtOptionSpecs: OptionSpecs<CqtOptions> = {
  ...filters,
  nBins: option.nullable(positive(84), 84),
  tuning: option.nullable(option.number(0), 0),
  padMode: option.enum(['constant', 'edge', 'reflect', 'symmetric'], 'constant'),
  dtype: option.nullable(option.enum(['complex64', 'complex128'], 'complex64')),
  librosa: librosaVersion,
}

/** {@link VqtOptions} by name, type, range and default. */
export const vqtOptionSpecs: OptionSpecs<VqtOptions> = {
  ...cqtOptionSpecs,
  // Ratios are checked where they are used; by name it is one of these.
  intervals: option.enum(['equal', 'pythagorean', 'ji3', 'ji5', 'ji7'], 'equal') as OptionSpec<Intervals>,
  gamma: option.nullable(option.number(0, { min: 0 })),
}

/** {@link HybridCqtOptions} by name, type, range and default. */
export const hybridCqtOptionSpecs: OptionSpecs<HybridCqtOptions> = cqtOptionSpecs

const { resType: _, ...withoutRate } = cqtOptionSpecs
/** {@link PseudoCqtOptions} by name, type, range and default. */
export const pseudoCqtOptionSpecs: OptionSpecs<PseudoCqtOptions> = withoutRate

/** {@link IcqtOptions} by name, type, range and default. */
export const icqtOptionSpecs: OptionSpecs<IcqtOptions> = {
  ...filters,
  tuning: option.number(0),
  length: option.nullable(positive(1)),
  dtype: option.nullable(option.enum(['float32', 'float64'], 'float32')),
}
