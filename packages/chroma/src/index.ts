/**
 * Chroma, constant-Q transforms, tuning and tonal centroids, as librosa computes them.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export * from './chroma-cens.js'
export * from './chroma-cqt.js'
export * from './chroma-options.js'
export * from './chroma-stft.js'
export * from './chroma-vqt.js'
export * from './cqt.js'
export * from './filters.js'
export * from './hybrid-cqt.js'
export * from './icqt.js'
export * from './online.js'
export {
  type ComplexType,
  type CqtOptions,
  cqtOptionSpecs,
  type FilterOptions,
  type FilterWindow,
  type HybridCqtOptions,
  hybridCqtOptionSpecs,
  type IcqtOptions,
  type Intervals,
  icqtOptionSpecs,
  type PadMode,
  type PseudoCqtOptions,
  pseudoCqtOptionSpecs,
  type ResType,
  type VqtOptions,
  vqtOptionSpecs,
} from './options.js'
export * from './piptrack.js'
export * from './pitch-options.js'
export * from './pseudo-cqt.js'
export type { Typed } from './results.js'
export * from './tonnetz.js'
export * from './tuning.js'
export * from './vqt.js'
