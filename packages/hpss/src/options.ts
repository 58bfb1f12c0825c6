import { type StftOptions, stftOptionSpecs, type WindowSpec } from '@dsp/fft'
import { type OptionSpecs, option } from '@dsp/tensor'

/** One number for both the harmonic and the percussive part, or one for each of them in this order. */
export type Pair = number | readonly [harmonic: number, percussive: number]

/** How a spectrogram is shared between the parts: librosa's names and defaults. */
export interface MaskOptions {
  /**
   * Length of the median filters, at least 1: frames of the harmonic one, which goes along time, and bins of the percussive
   * one, which goes along frequency. An even one takes the upper of its two middle values. Default 31.
   */
  readonly kernelSize: Pair
  /** Exponent of the Wiener filter that makes the masks, above 0; `Infinity` makes them 0 or 1. Default 2. */
  readonly power: number
  /** True: returns the masks themselves instead of applying them. Default false. */
  readonly mask: boolean
  /**
   * How many times stronger than the other one a part must be, at least 1; typically up to 10. Above 1, something is left for
   * the residual. Default 1.
   */
  readonly margin: Pair
}

const maskOptionSpecs: OptionSpecs<MaskOptions> = {
  kernelSize: option.pair(31, { min: 1, whole: true }),
  power: option.numberOr([], 2, { min: 0 }),
  mask: option.boolean(false),
  margin: option.pair(1, { min: 1 }),
}

/** The options of `harmonic` and `percussive`: those of `stft`, and {@link MaskOptions}. */
export interface PartOptions extends MaskOptions, Omit<StftOptions, 'window' | 'beta'> {
  /**
   * Has no effect but a warning if it is not `hann`: the functions of `librosa.effects` take a window and do not use it
   * (librosa 0.11), and these give librosa's numbers. Frames are always windowed by a periodic Hann. For another window,
   * call `stft`, `decomposeHpss` and `istft`. Default `hann`.
   */
  readonly window: WindowSpec
}

const { beta: _, ...transformSpecs } = stftOptionSpecs

/** {@link PartOptions} by name, type, range and default. */
export const partOptionSpecs: OptionSpecs<PartOptions> = { ...maskOptionSpecs, ...transformSpecs }

/** The options of `hpss`. */
export interface HpssOptions extends PartOptions {
  /** Whether to return the residual, which neither mask let through, as well; not together with `mask`. Default false. */
  readonly residual: boolean
}

/** {@link HpssOptions} by name, type, range and default. */
export const hpssOptionSpecs: OptionSpecs<HpssOptions> = { ...partOptionSpecs, residual: option.boolean(false) }

/** The options of `decomposeHpss`. */
export interface DecomposeHpssOptions extends MaskOptions {
  /** Whether to return the residual, which neither mask let through, as well; not together with `mask`. Default false. */
  readonly residual: boolean
  /**
   * Whether the last axis holds real and imaginary parts. Default (null): it does if there are three axes or more and the
   * last one is 2.
   */
  readonly complex: boolean | null
}

/** {@link DecomposeHpssOptions} by name, type, range and default. */
export const decomposeHpssOptionSpecs: OptionSpecs<DecomposeHpssOptions> = {
  ...maskOptionSpecs,
  residual: option.boolean(false),
  complex: option.nullable(option.boolean(false)),
}

/** The options of `softmask`: librosa's names and defaults. */
export interface SoftmaskOptions {
  /** The exponent, above 0; `Infinity` makes the mask 0 or 1. Default 1. */
  readonly power: number
  /** The value of cells in which both inputs are 0 (below the smallest normal number): 0.5 if true, 0 if false. Default false. */
  readonly splitZeros: boolean
}

/** {@link SoftmaskOptions} by name, type, range and default. */
export const softmaskOptionSpecs: OptionSpecs<SoftmaskOptions> = {
  power: option.numberOr([], 1, { min: 0 }),
  splitZeros: option.boolean(false),
}

/** Padding at the ends of an axis; scipy's names. */
export type FilterMode = 'reflect' | 'nearest' | 'mirror' | 'constant' | 'wrap'

/** The options of `medianFilter`: scipy's names and defaults. */
export interface MedianFilterOptions {
  /** The axis that a kernel of one length goes along, negative ones counted from the end. Default -1, the last one. */
  readonly axis: number
  /**
   * Padding at the ends: `reflect` (`b a | a b c | c b`), `nearest` (`a a | a b c | c c`), `mirror`
   * (`c b | a b c | b a`), `constant` (`cval`) or `wrap` (`b c | a b c | a b`). Default `reflect`.
   */
  readonly mode: FilterMode
  /** The value beyond the ends if `mode` is `constant`. Default 0. */
  readonly cval: number
}

/** {@link MedianFilterOptions} by name, type, range and default. */
export const medianFilterOptionSpecs: OptionSpecs<MedianFilterOptions> = {
  axis: option.integer(-1),
  mode: option.enum(['reflect', 'nearest', 'mirror', 'constant', 'wrap'], 'reflect'),
  cval: option.number(0),
}
