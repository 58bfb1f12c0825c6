import { Q15Bank as NativeBank } from '@dsp/native'
import { guard } from '@dsp/tensor'
import {
  bankParameters,
  type Q15BankOptions,
  type Q15Profile,
  type Q15Spectrum,
  q15BankOptionSpecs,
} from './options.js'

/** One triangular filter in Q15. */
export interface Q15Filter {
  /** The first bin that it weighs. */
  readonly startBin: number
  /** The bin of its largest weight. */
  readonly peakBin: number
  /** The bin after the last one that it weighs. */
  readonly endBin: number
  /** Bins below the peak: `peakBin - startBin`. */
  readonly leftWidth: number
  /** Bins from the peak on: `endBin - peakBin`. */
  readonly rightWidth: number
  /** Where its coefficients begin among those of all filters. */
  readonly offset: number
  /** The weight of bin `startBin + i` is `coefficients[i] / 2 ** (15 + shift)`. */
  readonly shift: number
  /** One for each bin from `startBin` to `endBin - 1`, 0 to 32767. */
  readonly coefficients: Int16Array
  /** Those of the bins below the peak: a view of `coefficients`. */
  readonly leftSlope: Int16Array
  /** Those of the bins from the peak on: a view of `coefficients`. */
  readonly rightSlope: Int16Array
}

/** A mel bank in Q15. */
export interface Q15Bank {
  /** Its profile. */
  readonly profile: Q15Profile
  /** The options that it was made from, as they were given. */
  readonly options: Partial<Q15BankOptions>
  /** In hertz. */
  readonly sampleRate: number
  /** Samples per frame, windowed by a periodic Hann window and padded with zeros to `transform`. */
  readonly frame: number
  /** Points of the transform; its bins are 0 to `transform / 2`. */
  readonly transform: number
  /** What the filters weigh. */
  readonly spectrum: Q15Spectrum
  /**
   * The level of code 0 of `log2-int8`, in octaves of magnitude in units of the DFT of 16-bit samples: 1.4 for filters whose largest
   * weight is 1; for smaller weights lower by the logarithm of the weight (of its square root for powers), to a tenth of an octave.
   */
  readonly lowest: number
  /** The filters, from low to high. */
  readonly filters: readonly Q15Filter[]
  /** The coefficients of all filters, one filter after another. */
  readonly coefficients: Int16Array
}

/**
 * A mel bank as Q15 integers. Each filter is scaled by a power of two so that its largest coefficient has 15 bits.
 * @param options - See {@link Q15BankOptions}.
 * @returns The bank: plain numbers, independent of later calls.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options, among them options of a profile that is fixed.
 *
 * @example
 * ```ts
 * import { q15Bank } from '@dsp/mel-q15'
 * const bank = q15Bank({ profile: 'classic' })
 * bank.coefficients.length // => 502
 * const { startBin, peakBin, endBin } = bank.filters[79]
 * endBin - startBin // => 16
 * q15Bank({ profile: 'accurate', nMels: 40, htk: true, norm: null }).filters.length // => 40
 * ```
 */
export function q15Bank(options?: Partial<Q15BankOptions>): Q15Bank {
  const parameters = bankParameters('q15Bank', q15BankOptionSpecs, options)
  const numbers = guard(() => {
    const bank = new NativeBank(parameters)
    try {
      return bank.filters()
    } finally {
      bank.close()
    }
  })
  const all = Int16Array.from(numbers.coefficients)
  let offset = 0
  const filters = numbers.starts.map((startBin, i): Q15Filter => {
    const [peakBin, endBin, shift] = [numbers.peaks[i]!, numbers.ends[i]!, numbers.shifts[i]!]
    const [leftWidth, rightWidth] = [peakBin - startBin, endBin - peakBin]
    const coefficients = all.subarray(offset, offset + endBin - startBin)
    const slopes = { leftSlope: coefficients.subarray(0, leftWidth), rightSlope: coefficients.subarray(leftWidth) }
    const filter = { startBin, peakBin, endBin, leftWidth, rightWidth, offset, shift, coefficients, ...slopes }
    offset += coefficients.length
    return filter
  })
  return {
    profile: parameters.profile,
    options: { ...options, profile: parameters.profile },
    sampleRate: numbers.sampleRate,
    frame: numbers.frame,
    transform: numbers.transform,
    spectrum: numbers.power ? 'power' : 'magnitude',
    lowest: numbers.lowest,
    filters,
    coefficients: all,
  }
}
