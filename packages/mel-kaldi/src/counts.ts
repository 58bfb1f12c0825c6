import { DspError } from '@dsp/tensor'
import type { FbankOptions, SpectrogramOptions } from './options.js'
import { planFor } from './plan.js'

/**
 * Indices of the filters that hold no bin of the transform, because there are too many for its length: their column never
 * leaves the floor. The first use of such options also emits a process warning of type `DspWarning` and code
 * `DSP_EMPTY_MEL_FILTERS`, which `process.on('warning', …)` sees.
 * @param options - As for {@link fbank}.
 * @returns The indices, in order; none if every filter has a bin.
 *
 * @example
 * ```ts
 * import { emptyMelFilters } from '@dsp/mel-kaldi'
 * emptyMelFilters({ numMelBins: 80 }) // => []
 * emptyMelFilters({ numMelBins: 128 }).length // => 1
 * ```
 */
export function emptyMelFilters(options?: FbankOptions): number[] {
  return planFor('fbank', options).plan.emptyFilters()
}

/**
 * Frames that a signal of so many samples has. 0 if it is too short for one (the feature functions then throw).
 * @param samples - Number of samples, 0 or more.
 * @param options - As for {@link spectrogram}; only the framing matters.
 * @returns `1 + floor((N - W) / S)` or 0 with snipped edges, `floor((N + S/2) / S)` without.
 *
 * @example
 * ```ts
 * import { numFrames } from '@dsp/mel-kaldi'
 * numFrames(16000) // => 98
 * numFrames(16000, { snipEdges: false }) // => 100
 * numFrames(399) // => 0
 * ```
 */
export function numFrames(samples: number, options?: SpectrogramOptions): number {
  if (!Number.isInteger(samples) || samples < 0) throw DspError.argument('samples', 'a whole number from 0', samples)
  return planFor('spectrogram', options).plan.numFrames(samples)
}
