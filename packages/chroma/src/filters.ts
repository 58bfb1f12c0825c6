import * as native from '@dsp/native'
import {
  checkOption,
  guard,
  type OptionSpec,
  type OptionSpecs,
  option,
  resolveOptions,
  type Tensor,
  tensor,
} from '@dsp/tensor'
import {
  type ChromaFilterOptions,
  type CqToChromaOptions,
  chromaFilterOptionSpecs,
  cqToChromaOptionSpecs,
} from './chroma-options.js'
import { resolveCustom, rowsOf, toFloat64 } from './custom.js'
import { cqtOptionSpecs, type FilterWindow, fmin, type Intervals, positive, vqtOptionSpecs } from './options.js'
import { withLowest } from './parameters.js'

/** The options of `waveletLengths`: librosa's names and defaults. */
export interface WaveletLengthOptions {
  /** Sample rate in Hz. Default 22050. */
  readonly sr: number
  /** The filters' window. Default `hann`. */
  readonly window: FilterWindow
  /** The window's parameter, if it has one. Default 0.5. */
  readonly windowParameter: number
  /** Factor by which the lengths are scaled, above 0. Default 1. */
  readonly filterScale: number
  /** Bandwidth added to every filter's in hertz, at least 0; null: the ear's equivalent rectangular bandwidth. Default 0. */
  readonly gamma: number | null
  /** Bandwidths over frequencies, one per filter. Default (null): from the distances of the frequencies. */
  readonly alpha: readonly number[] | Float64Array | null
}

/** The options of `wavelet`: librosa's names and defaults. */
export interface WaveletOptions extends WaveletLengthOptions {
  /** Whether rows are padded to a power of two. Default true. */
  readonly padFft: boolean
  /** The norm that each filter is divided by, as for `cqt`. Default 1. */
  readonly norm: number | null
}

/** The options of `constantQ`: librosa's names and defaults. */
export interface ConstantQOptions extends Omit<WaveletOptions, 'alpha'> {
  /** The lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** Number of filters, at least 1. Default 84. */
  readonly nBins: number
  /** Filters per octave, at least 1. Default 12. */
  readonly binsPerOctave: number
}

/** The options of `intervalFrequencies`. */
export interface IntervalFrequencyOptions {
  /** The lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** How an octave is divided. Default `equal`. */
  readonly intervals: Intervals
  /** Divisions of the octave, at least 1. Default 12. */
  readonly binsPerOctave: number
}

/** Filters in time. */
export interface Wavelets {
  /** `[filters, size, 2]`, complex; every filter is in the middle of its row. float32, as librosa has them. */
  readonly filters: Tensor<Float32Array>
  /** `[filters]`: lengths in samples, before they were rounded. */
  readonly lengths: Tensor<Float64Array>
}

const rate = option.number(22050, { min: Number.MIN_VALUE })
const alpha = option.nullable(option.array([])) as OptionSpec<WaveletLengthOptions['alpha']>

/** {@link WaveletLengthOptions} by name, type, range and default. */
export const waveletLengthOptionSpecs: OptionSpecs<WaveletLengthOptions> = {
  sr: rate,
  window: cqtOptionSpecs.window,
  windowParameter: cqtOptionSpecs.windowParameter,
  filterScale: cqtOptionSpecs.filterScale,
  gamma: option.nullable(option.number(0, { min: 0 }), 0),
  alpha,
}

/** {@link WaveletOptions} by name, type, range and default. */
export const waveletOptionSpecs: OptionSpecs<WaveletOptions> = {
  ...waveletLengthOptionSpecs,
  padFft: option.boolean(true),
  norm: cqtOptionSpecs.norm,
}

const { alpha: _, ...withoutAlpha } = waveletOptionSpecs
/** {@link ConstantQOptions} by name, type, range and default. */
export const constantQOptionSpecs: OptionSpecs<ConstantQOptions> = {
  ...withoutAlpha,
  fmin,
  nBins: positive(84),
  binsPerOctave: cqtOptionSpecs.binsPerOctave,
}

/** {@link IntervalFrequencyOptions} by name, type, range and default. */
export const intervalFrequencyOptionSpecs: OptionSpecs<IntervalFrequencyOptions> = {
  fmin,
  intervals: vqtOptionSpecs.intervals,
  binsPerOctave: cqtOptionSpecs.binsPerOctave,
}

/**
 * The weights that map powers of a Fourier transform to pitch classes: `librosa.filters.chroma`.
 * @param options - See {@link ChromaFilterOptions}.
 * @returns `[nChroma, nFft / 2 + 1]`, float32.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { chromaFilters } from '@dsp/chroma'
 * chromaFilters({ nFft: 4096 }).shape // => [12, 2049]
 * ```
 */
export function chromaFilters(options?: Partial<ChromaFilterOptions>): Tensor<Float32Array> {
  const o = resolveOptions('chromaFilters', chromaFilterOptionSpecs, options)
  const weights = guard(() => native.chromaFilters(o))
  return tensor(weights, [o.nChroma, weights.length / o.nChroma])
}

/**
 * The weights that fold bins of a constant-Q transform to pitch classes: `librosa.filters.cq_to_chroma`.
 * @param nInput - Bins of the transform, at least 1.
 * @param options - See {@link CqToChromaOptions}.
 * @returns `[nChroma, nInput]`, float32.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { cqToChroma } from '@dsp/chroma'
 * cqToChroma(84).get(2, 14) // => 1
 * ```
 */
export function cqToChroma(nInput: number, options?: Partial<CqToChromaOptions>): Tensor<Float32Array> {
  checkOption('nInput', option.integer(0, { min: 1 }), nInput)
  const resolved = resolveCustom<CqToChromaOptions>('cqToChroma', cqToChromaOptionSpecs, options, 'window')
  const given = { ...withLowest(resolved), windowRows: rowsOf(options?.window) }
  return tensor(
    guard(() => native.cqToChroma(nInput, given)),
    [given.nChroma, nInput],
  )
}

/**
 * Filters of a transform in time: `librosa.filters.wavelet`.
 * @param freqs - Their frequencies in hertz, positive and ascending; at least 2, or 1 with `alpha`.
 * @param options - See {@link WaveletOptions}.
 * @returns The filters and their lengths.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options, `ERR_DSP_SHAPE` for too few frequencies.
 *
 * @example
 * ```ts
 * import { wavelet } from '@dsp/chroma'
 * wavelet([220, 440, 880]).filters.shape // => [3, 256, 2]
 * ```
 */
export function wavelet(freqs: readonly number[] | Float64Array, options?: Partial<WaveletOptions>): Wavelets {
  const given = resolveCustom<WaveletOptions>('wavelet', waveletOptionSpecs, options, 'alpha')
  return wavelets(guard(() => native.wavelet(frequencies(freqs), given)))
}

function frequencies(freqs: unknown): Float64Array {
  return toFloat64('freqs', freqs) ?? Float64Array.of()
}

function wavelets({ values, size, lengths }: native.WaveletBank): Wavelets {
  return {
    filters: tensor(values as Float32Array, [lengths.length, size, 2]),
    lengths: tensor(lengths as Float64Array),
  }
}

/** The result of `waveletLengths`. */
export interface WaveletLengths {
  /** `[frequencies]`: the lengths of the filters in samples, fractional. */
  readonly lengths: Tensor<Float64Array>
  /** The highest frequency in hertz that the filters let through. */
  readonly cutoff: number
}

/**
 * Lengths of filters and the highest frequency that one of them reaches: `librosa.filters.wavelet_lengths`.
 * @param freqs - Their frequencies in hertz, positive and ascending; at least 2, or 1 with `alpha`.
 * @param options - See {@link WaveletLengthOptions}.
 * @returns `lengths`, `[filters]`, in samples and not rounded, and `cutoff` in hertz.
 * @throws DspError as {@link wavelet} does.
 *
 * @example
 * ```ts
 * import { waveletLengths } from '@dsp/chroma'
 * const { lengths, cutoff } = waveletLengths([220, 440, 880])
 * Math.round(lengths.get(0)) // => 167
 * Math.round(cutoff) // => 1276
 * ```
 */
export function waveletLengths(
  freqs: readonly number[] | Float64Array,
  options?: Partial<WaveletLengthOptions>,
): WaveletLengths {
  const given = resolveCustom<WaveletLengthOptions>('waveletLengths', waveletLengthOptionSpecs, options, 'alpha')
  const { lengths, cutoff } = guard(() => native.waveletLengths(frequencies(freqs), given))
  return { lengths: tensor(lengths as Float64Array), cutoff }
}

/**
 * Filters of a constant-Q transform in time: `librosa.filters.constant_q`.
 * @param options - See {@link ConstantQOptions}.
 * @returns The filters and their lengths.
 * @throws DspError as {@link wavelet} does.
 *
 * @example
 * ```ts
 * import { constantQ } from '@dsp/chroma'
 * constantQ({ nBins: 24, fmin: 440 }).filters.shape // => [24, 1024, 2]
 * ```
 */
export function constantQ(options?: Partial<ConstantQOptions>): Wavelets {
  const given = withLowest(resolveOptions('constantQ', constantQOptionSpecs, options))
  return wavelets(guard(() => native.constantQ(given)))
}

/**
 * Frequencies of a scale: `librosa.interval_frequencies`.
 * @param nBins - How many, at least 1.
 * @param options - See {@link IntervalFrequencyOptions}.
 * @returns `[nBins]` in hertz, ascending.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { intervalFrequencies } from '@dsp/chroma'
 * intervalFrequencies(3, { fmin: 55, intervals: [1, 1.5] }).data // => Float64Array.of(55, 82.5, 110)
 * ```
 */
export function intervalFrequencies(nBins: number, options?: Partial<IntervalFrequencyOptions>): Tensor<Float64Array> {
  const given = withLowest(
    resolveCustom<IntervalFrequencyOptions>('intervalFrequencies', intervalFrequencyOptionSpecs, options, 'intervals'),
  )
  return tensor(guard(() => native.intervalFrequencies(nBins, given)) as Float64Array)
}
