import { sincFilters as design, melFrequencies, sincResponses } from '@dsp/native'
import { DspError, guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import {
  type FrequencyResponseOptions,
  frequencyResponseOptionSpecs,
  type SincBandOptions,
  type SincBands,
  type SincFilterOptions,
  sincBandOptionSpecs,
  sincFilterOptionSpecs,
} from './options.js'

/** SincNet's gap between the highest band and half of the sample rate, in hertz. */
const MARGIN = 100

/**
 * Pass bands evenly spaced in mel, side by side: where SincNet's training begins.
 * @param options - See {@link SincBandOptions}.
 * @returns `count` bands. By default they reach from 30 Hz to 7.9 kHz and are 23 to 261 Hz wide.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { sincBands } from '@dsp/sincnet'
 * const { low, band } = sincBands()
 * low.length // => 80
 * Math.round(band[0]) // => 23
 * Math.round(low[79] + band[79]) // => 7900
 * ```
 */
export function sincBands(options?: Partial<SincBandOptions>): SincBands {
  const { count, lowest, highest, sampleRate } = resolveOptions('sincBands', sincBandOptionSpecs, options)
  const top = highest ?? sampleRate / 2 - MARGIN
  if (top <= lowest || top > sampleRate / 2) {
    const expected = `above lowest (${lowest}) and at most half of sampleRate (${sampleRate / 2})`
    throw DspError.argument('highest', expected, top)
  }
  const scale = { fmin: lowest, fmax: top, htk: true, melScale: null }
  const edges = guard(() => melFrequencies(count + 1, scale))
  const low = Array.from(edges.subarray(0, count))
  return { low, band: low.map((edge, i) => edges[i + 1]! - edge) }
}

/** Impulse responses of filters. */
export interface SincFilters {
  /** `[filters, kernelSize]`: band-pass filters, symmetric. */
  readonly real: Tensor<Float64Array>
  /** `[filters, kernelSize]`: their partners in quadrature (Hilbert transforms), antisymmetric. */
  readonly partner: Tensor<Float64Array>
}

/**
 * SincNet's band-pass filters: differences of two ideal low-pass filters under a symmetric Hamming window, divided by twice the
 * bandwidth in cycles per sample, and their partners in quadrature.
 *
 * Source: M. Ravanelli, Y. Bengio, "Speaker recognition from raw waveform with SincNet", SLT 2018.
 * @param low - Low cut-off of each filter in hertz, at least 0.
 * @param band - Bandwidth of each filter in hertz, above 0.
 * @param options - See {@link SincFilterOptions}.
 * @returns Both kinds of filters, float64.
 * @throws DspError `ERR_DSP_ARGUMENT` naming the number that is out of range, and for invalid options.
 *
 * @example
 * ```ts
 * import { sincFilters } from '@dsp/sincnet'
 * const { real, partner } = sincFilters([300, 1000], [100, 200])
 * real.shape // => [2, 251]
 * real.get(0, 125) // => 1
 * real.get(0, 100) === real.get(0, 150) // => true
 * partner.get(1, 100) === -partner.get(1, 150) // => true
 * ```
 */
export function sincFilters(
  low: ArrayLike<number>,
  band: ArrayLike<number>,
  options?: Partial<SincFilterOptions>,
): SincFilters {
  const resolved = resolveOptions('sincFilters', sincFilterOptionSpecs, options)
  const bands = checkBands(low, band)
  const [real, partner] = guard(() => design({ ...bands, ...resolved }))
  const shape = [bands.low.length, resolved.kernelSize]
  return { real: tensor(real!, shape), partner: tensor(partner!, shape) }
}

/** Frequency responses of filters. */
export interface FrequencyResponses {
  /** `[bins]`: frequencies in hertz, from 0 to half of the sample rate. */
  readonly frequencies: Tensor<Float64Array>
  /** `[filters, bins]`: magnitudes, linear. */
  readonly magnitudes: Tensor<Float64Array>
}

/**
 * The magnitudes of the filters' frequency responses. A partner in quadrature has the same magnitude as its filter, except near 0
 * and near half of the sample rate.
 * @param low - Low cut-off of each filter in hertz.
 * @param band - Bandwidth of each filter in hertz.
 * @param options - See {@link FrequencyResponseOptions}.
 * @returns Magnitudes at `1 + nFft / 2` (rounded down) frequencies, float64.
 * @throws DspError as {@link sincFilters} does.
 *
 * @example
 * ```ts
 * import { frequencyResponses } from '@dsp/sincnet'
 * const { frequencies, magnitudes } = frequencyResponses([1000], [400], { nFft: 160 })
 * magnitudes.shape // => [1, 81]
 * frequencies.get(12) // => 1200
 * magnitudes.get(0, 12) > 100 * magnitudes.get(0, 30) // => true
 * ```
 */
export function frequencyResponses(
  low: ArrayLike<number>,
  band: ArrayLike<number>,
  options?: Partial<FrequencyResponseOptions>,
): FrequencyResponses {
  const resolved = resolveOptions('frequencyResponses', frequencyResponseOptionSpecs, options)
  const bands = checkBands(low, band)
  const magnitudes = guard(() => sincResponses({ ...bands, ...resolved }))
  const bins = 1 + Math.floor(resolved.nFft / 2)
  const frequencies = Float64Array.from({ length: bins }, (_, k) => (k * resolved.sampleRate) / resolved.nFft)
  return { frequencies: tensor(frequencies, [bins]), magnitudes: tensor(magnitudes, [bands.low.length, bins]) }
}

/** The band of a filter. */
export interface FilterPlace {
  /** Low cut-off in hertz. */
  readonly low: number
  /** Bandwidth in hertz. */
  readonly band: number
  /** Middle of the band in hertz. */
  readonly centre: number
}

/** How training changed one filter. */
export interface FilterChange {
  /** Its band before training. */
  readonly initial: FilterPlace
  /** Its band after training. */
  readonly learned: FilterPlace
  /** How far its centre moved, in hertz; positive is up. */
  readonly shift: number
  /** The ratio of its bandwidth after training to that before. */
  readonly widening: number
}

/**
 * How training changed each filter: the numbers behind a picture of learned against initial filters.
 * @param initial - The bands before training.
 * @param learned - The same filters' bands after training, in the same order.
 * @returns One row per filter.
 * @throws DspError `ERR_DSP_ARGUMENT` if the numbers of filters differ or a band is not a number.
 *
 * @example
 * ```ts
 * import { filterTable } from '@dsp/sincnet'
 * const [row] = filterTable({ low: [100], band: [50] }, { low: [120], band: [100] })
 * row.shift // => 45
 * row.widening // => 2
 * ```
 */
export function filterTable(initial: SincBands, learned: SincBands): FilterChange[] {
  const [before, after] = [checkBands(initial?.low, initial?.band), checkBands(learned?.low, learned?.band)]
  if (before.low.length !== after.low.length) {
    throw DspError.argument('learned', `the bands of the same ${before.low.length} filters`, after.low.length)
  }
  const at = ({ low, band }: SincBands, i: number) => ({ low: low[i]!, band: band[i]!, centre: low[i]! + band[i]! / 2 })
  return before.low.map((_, i) => {
    const [a, b] = [at(before, i), at(after, i)]
    return { initial: a, learned: b, shift: b.centre - a.centre, widening: b.band / a.band }
  })
}

/** Bands as plain lists of numbers, whose ranges the core checks. */
function checkBands(low: ArrayLike<number>, band: ArrayLike<number>): SincBands {
  const [lows, bands] = [numbers('low', low), numbers('band', band)]
  if (lows.length !== bands.length) throw DspError.argument('band', `as long as low (${lows.length})`, bands.length)
  return { low: lows, band: bands }
}

function numbers(name: string, values: ArrayLike<number>): number[] {
  const isList = typeof values === 'object' && values !== null && (Array.isArray(values) || ArrayBuffer.isView(values))
  if (!isList) throw DspError.argument(name, 'a list of numbers in hertz', values)
  const list = Array.from(values)
  const bad = list.findIndex((value) => typeof value !== 'number')
  if (bad >= 0) throw DspError.argument(`${name}[${bad}]`, 'a number of hertz', list[bad])
  return list
}
