/**
 * Harmonic-percussive source separation and median filters, as librosa and scipy compute them.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export { decomposeHpss, decomposeHpssAsync } from './decompose.js'
export { harmonic, harmonicAsync, harmonicBatch, harmonicBatchAsync } from './harmonic.js'
export { hpss, hpssAsync, hpssBatch, hpssBatchAsync, type Separated } from './hpss.js'
export { type KernelSize, medianFilter, medianFilterAsync } from './median-filter.js'
export { OnlineHpss } from './online.js'
export {
  type DecomposeHpssOptions,
  decomposeHpssOptionSpecs,
  type FilterMode,
  type HpssOptions,
  hpssOptionSpecs,
  type MaskOptions,
  type MedianFilterOptions,
  medianFilterOptionSpecs,
  type Pair,
  type PartOptions,
  partOptionSpecs,
  type SoftmaskOptions,
  softmaskOptionSpecs,
} from './options.js'
export { percussive, percussiveAsync, percussiveBatch, percussiveBatchAsync } from './percussive.js'
export { softmask, softmaskAsync } from './softmask.js'
