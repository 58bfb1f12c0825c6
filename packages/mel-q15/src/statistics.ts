import type { Q15Bank } from './bank.js'
import { bankBytes, type RecordForm } from './memory.js'

/** The totals of a bank, as `dsp q15 generate --json` prints them. */
export interface Q15Statistics {
  /** Number of filters. */
  readonly filters: number
  /** Number of coefficients. */
  readonly coefficients: number
  /** Bins of the narrowest filter. */
  readonly minWidth: number
  /** Bins of the widest filter. */
  readonly maxWidth: number
  /** Bins of a filter on average. */
  readonly meanWidth: number
  /** Bins that neighbours share on average: the mean of `endBin` less the next filter's `startBin`. */
  readonly meanOverlap: number
  /** The lowest bin in hertz. */
  readonly lowHz: number
  /** The end of the highest filter in hertz. */
  readonly highHz: number
  /** Memory of records, coefficients and shifts. */
  readonly bytes: number
}

/**
 * The totals of a bank.
 * @param bank - The bank.
 * @param records - The form of its records, for `bytes`. Default `offsets`.
 *
 * @example
 * ```ts
 * import { q15Bank, q15Statistics } from '@dsp/mel-q15'
 * const { meanWidth, highHz, bytes } = q15Statistics(q15Bank({ profile: 'classic' }))
 * meanWidth // => 6.275
 * highHz // => 7968.75
 * bytes // => 1964
 * ```
 */
export function q15Statistics(bank: Q15Bank, records: RecordForm = 'offsets'): Q15Statistics {
  const { filters, coefficients, sampleRate, transform } = bank
  const live = filters.filter(({ coefficients }) => coefficients.length > 0)
  const widths = filters.map(({ coefficients }) => coefficients.length)
  const overlaps = live.slice(1).map(({ startBin }, i) => live[i]!.endBin - startBin)
  const hertz = sampleRate / transform
  return {
    filters: filters.length,
    coefficients: coefficients.length,
    minWidth: widths.reduce((least, width) => Math.min(least, width), Number.POSITIVE_INFINITY),
    maxWidth: widths.reduce((most, width) => Math.max(most, width), 0),
    meanWidth: mean(widths),
    meanOverlap: mean(overlaps),
    lowHz: live.reduce((low, { startBin }) => Math.min(low, startBin), live[0]?.startBin ?? 0) * hertz,
    highHz: live.reduce((high, { endBin }) => Math.max(high, endBin), 0) * hertz,
    bytes: bankBytes(bank, records),
  }
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
