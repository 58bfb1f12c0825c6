import { withRate } from '@dsp/signal'
import { DspError, type OptionSpecs, option, resolveOptions } from '@dsp/tensor'
import { type MelNorm, melFilterOptionSpecs } from './options.js'
import { type WithFilters, warnOfEmptyFilters } from './parameters.js'

/** What NeMo's features are normalised by. */
export type NemoNormalize = 'per_feature' | 'all_features' | 'fixed' | 'none'

/** The name of a front end of NeMo's models. */
export type NemoPresetName = 'parakeet' | 'parakeet-128' | 'titanet'

/** The options of `nemoLogMel`: those of NeMo's `AudioToMelSpectrogramPreprocessor` with its names in camelCase and its defaults. */
export interface NemoOptions {
  /** A model's front end, see {@link nemoPresets}: what it sets holds where nothing else is given. Default null: NeMo's own defaults. */
  readonly preset: NemoPresetName | null
  /** The sample rate in Hz. Default 16000. An `Audio` brings its own; a contradiction is an error. */
  readonly sampleRate: number
  /** Length of the window in seconds, cut to whole samples. Default (null): 0.02 s, or `nWindowSize`. Only one of the two may be given. */
  readonly windowSize: number | null
  /** Time between frames in seconds, cut to whole samples. Default (null): 0.01 s, or `nWindowStride`. Only one of the two may be given. */
  readonly windowStride: number | null
  /** Length of the window in samples. Default (null): as `windowSize` says. */
  readonly nWindowSize: number | null
  /** Samples between frames. Default (null): as `windowStride` says. */
  readonly nWindowStride: number | null
  /** The window, symmetric. Default `hann`. */
  readonly window: 'hann' | 'hamming' | 'blackman' | 'bartlett'
  /** Length of the transform, at least that of the window. Default (null): the next power of two. */
  readonly nFft: number | null
  /** Pre-emphasis over the whole signal: `x[t] - preemph * x[t - 1]`, 0 to 1. Null: none. Default 0.97. */
  readonly preemph: number | null
  /** Number of mel bands. Default 64; Parakeet and Canary have 80 or 128. */
  readonly features: number
  /** Left corner of the first filter in Hz, at least 0. Default 0. */
  readonly lowfreq: number
  /** Right corner of the last filter in Hz, at most half the rate. Default (null, or 0): half the rate. */
  readonly highfreq: number | null
  /** How filters are scaled, as `norm` of {@link MelFilterOptions}. Default `slaney`. */
  readonly melNorm: MelNorm
  /** Exponent of the magnitudes, above 0: 1 for magnitudes, 2 for powers. Default 2. */
  readonly magPower: number
  /** Whether the natural logarithm is taken. Default true. */
  readonly log: boolean
  /** How the logarithm is kept away from zero: `ln(x + value)` or `ln(max(x, value))`. Default `add`. */
  readonly logZeroGuardType: 'add' | 'clamp'
  /** The guard's value, above 0; `tiny` and `eps` are those of float32. Default 2^-24. */
  readonly logZeroGuardValue: number | 'tiny' | 'eps'
  /**
   * Standard deviation of Gaussian noise that is added to the samples. NeMo adds it in training only (1e-5 there). Default 0. The noise
   * is not NeMo's own.
   */
  readonly dither: number
  /** Seed of the noise, a whole number. The same seed gives the same noise in every channel, signal and stream. Default 0. */
  readonly seed: number
  /**
   * How often the rows are repeated, as NeMo's code does it; other than the name says, neighbouring frames are not stacked. Default 1:
   * once.
   */
  readonly frameSplicing: number
  /**
   * `per_feature`: each band has mean 0 and deviation 1 over time. `all_features`: the whole matrix has. `fixed`: by `fixedMean` and
   * `fixedStd`. `none`: not at all. Deviations are over N - 1 frames, and 1e-5 is added to those that are measured. Default
   * `per_feature`.
   */
  readonly normalize: NemoNormalize
  /** The mean of each row, for `fixed` only. Default null. */
  readonly fixedMean: ArrayLike<number> | null
  /** The standard deviation of each row, above 0, for `fixed` only. Default null. */
  readonly fixedStd: ArrayLike<number> | null
  /** The number of columns is rounded up to a multiple of this; 0 leaves it as it is, as NeMo's transcription does. Default 16. */
  readonly padTo: number
  /** What stands in the columns after the last valid frame. Default 0. */
  readonly padValue: number
  /**
   * Pads by `(nFft - nWindowStride) / 2` on both sides instead of centring frames, so that there are `samples / nWindowStride` columns.
   * `nWindowStride` must be even. As in NeMo, pre-emphasis then replaces that many samples at the end by zeros. Default false.
   */
  readonly exactPad: boolean
}

/** {@link NemoOptions} by name, type, range and default. */
export const nemoOptionSpecs: OptionSpecs<NemoOptions> = {
  preset: option.nullable(option.enum(['parakeet', 'parakeet-128', 'titanet'], 'parakeet')),
  sampleRate: option.number(16000, { min: 1, max: 1e7 }),
  windowSize: option.nullable(option.number(0.02, { min: 0 })),
  windowStride: option.nullable(option.number(0.01, { min: 0 })),
  nWindowSize: option.nullable(option.integer(320, { min: 1 })),
  nWindowStride: option.nullable(option.integer(160, { min: 1 })),
  window: option.enum(['hann', 'hamming', 'blackman', 'bartlett'], 'hann'),
  nFft: option.nullable(option.integer(512, { min: 1 })),
  preemph: option.nullable(option.number(0.97, { min: 0, max: 1 }), 0.97),
  features: option.integer(64, { min: 1 }),
  lowfreq: option.number(0, { min: 0 }),
  highfreq: option.nullable(option.number(8000, { min: 0 })),
  melNorm: melFilterOptionSpecs.norm,
  magPower: option.number(2, { min: 0 }),
  log: option.boolean(true),
  logZeroGuardType: option.enum(['add', 'clamp'], 'add'),
  logZeroGuardValue: option.numberOr(['tiny', 'eps'], 2 ** -24, { min: 0 }),
  dither: option.number(0, { min: 0 }),
  seed: option.integer(0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  frameSplicing: option.integer(1, { min: 1 }),
  normalize: option.enum(['per_feature', 'all_features', 'fixed', 'none'], 'per_feature'),
  fixedMean: option.nullable(option.array([])),
  fixedStd: option.nullable(option.array([])),
  padTo: option.integer(16, { min: 0 }),
  padValue: option.number(0),
  exactPad: option.boolean(false),
}

const parakeet = { windowSize: 0.025, features: 80, padTo: 0 } as const

/**
 * The front ends of NeMo's models, as differences from the defaults of its preprocessor:
 *
 * - `parakeet`: 80 bands, 25 ms windows, no padding: the `preprocessor` of NeMo's `fast-conformer_transducer_bpe.yaml` and
 *   `fast-conformer_ctc_bpe.yaml`, from which Parakeet models are trained, and the defaults of transformers' `ParakeetFeatureExtractor`.
 * - `parakeet-128`: the same with 128 bands, as Parakeet TDT 0.6B v2 and v3 have it.
 * - `titanet`: 80 bands, 25 ms windows, columns filled up to a multiple of 16: NeMo's `titanet-large.yaml`.
 *
 * All leave out the noise that NeMo adds in training.
 *
 * @example
 * ```ts
 * import { nemoPresets } from '@dsp/mel'
 * nemoPresets['parakeet-128'] // => { windowSize: 0.025, features: 128, padTo: 0 }
 * ```
 */
export const nemoPresets: Readonly<Record<NemoPresetName, Partial<NemoOptions>>> = {
  parakeet,
  'parakeet-128': { ...parakeet, features: 128 },
  titanet: { windowSize: 0.025, features: 80 },
}

/**
 * The options that are given, with those of their preset below them. A length that is given in samples takes the place of the preset's
 * in seconds.
 * @param given - Options of `nemoLogMel`. An unknown preset is left for the check of the options.
 * @returns New options; the preset's name is kept.
 *
 * @example
 * ```ts
 * import { withNemoPreset } from '@dsp/mel'
 * withNemoPreset({ preset: 'titanet', nWindowSize: 320 }) // => { features: 80, preset: 'titanet', nWindowSize: 320 }
 * ```
 */
export function withNemoPreset(given: Partial<NemoOptions>): Partial<NemoOptions> {
  const { preset, nWindowSize } = given
  if (typeof preset !== 'string' || !Object.hasOwn(nemoPresets, preset)) return given
  const { windowSize, ...rest } = nemoPresets[preset]
  const isInSamples = nWindowSize !== undefined && nWindowSize !== null
  return { ...(!isInSamples && { windowSize }), ...rest, ...given }
}

/** numpy's `finfo` of float32, by the names that NeMo takes. */
const FLOAT32 = { tiny: 2 ** -126, eps: 2 ** -23 } as const

/** Lengths that NeMo takes in seconds or in samples. */
type Length = 'WindowSize' | 'WindowStride'

/** The options as the core takes them: lengths in samples, nothing left open. */
export type NemoParameters = Omit<NemoOptions, 'preset' | 'windowSize' | 'windowStride'> & {
  readonly nWindowSize: number
  readonly nWindowStride: number
  readonly nFft: number
  readonly highfreq: number
}

function samples(options: NemoOptions, length: Length, otherwise: number): number {
  const name = `w${length.slice(1)}` as 'windowSize' | 'windowStride'
  const [seconds, given] = [options[name], options[`n${length}`]]
  if (given !== null) {
    if (seconds === null) return given
    throw DspError.argument(name, `null if n${length} is given`, seconds)
  }
  const count = Math.trunc((seconds ?? otherwise) * options.sampleRate)
  if (count < 1) throw DspError.argument(name, `at least one sample (${1 / options.sampleRate} s)`, seconds)
  return count
}

/** Checks the options and gives them as the core takes them. */
export function nemoParameters(
  owner: string,
  given: Partial<NemoOptions> | undefined,
  sampleRate?: number,
): NemoParameters {
  const rated = withRate<NemoOptions>(given, 'sampleRate', sampleRate)
  const isObject = typeof rated === 'object' && rated !== null && !Array.isArray(rated)
  // Statistics may be typed arrays, which the core checks.
  const statistics = { fixedMean: rated?.fixedMean ?? null, fixedStd: rated?.fixedStd ?? null }
  const plain = isObject ? { ...withNemoPreset(rated), fixedMean: null, fixedStd: null } : rated
  const all = resolveOptions<NemoOptions>(owner, nemoOptionSpecs, plain)
  const { preset: _, windowSize: __, windowStride: ___, logZeroGuardValue: guard, ...options } = all
  const nWindowSize = samples(all, 'WindowSize', 0.02)
  return {
    ...options,
    ...statistics,
    nWindowSize,
    nWindowStride: samples(all, 'WindowStride', 0.01),
    nFft: options.nFft ?? 2 ** Math.ceil(Math.log2(nWindowSize)),
    highfreq: options.highfreq || options.sampleRate / 2,
    logZeroGuardValue: typeof guard === 'string' ? FLOAT32[guard] : guard,
  }
}

/**
 * The samples between the frames of NeMo's features.
 * @param options - Those of `nemoLogMel`.
 * @returns A whole number of at least 1.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { nemoWindowStride } from '@dsp/mel'
 * nemoWindowStride({ windowStride: 0.02 }) // => 320
 * ```
 */
export function nemoWindowStride(options?: Partial<NemoOptions>): number {
  return nemoParameters('nemoWindowStride', options).nWindowStride
}

/** Rows of the features. */
export const nemoRows = ({ features, frameSplicing }: NemoParameters): number => features * frameSplicing

/** Warns as `melFilters` does if filters hold no bin. Returns what has the filters. */
export function warnOfEmptyNemoFilters<F extends WithFilters>(plan: F, parameters: NemoParameters): F {
  const { features, nFft, lowfreq, highfreq } = parameters
  return warnOfEmptyFilters(plan, { nMels: features, nFft, fmin: lowfreq, fmax: highfreq })
}
