/**
 * Fundamental frequency by YIN and probabilistic YIN, as librosa computes it.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export { OnlinePyin, OnlineYin } from './online.js'
export {
  type PadMode,
  type PitchOptions,
  type PyinOptions,
  pyinOptionSpecs,
  type WithRange,
  type YinOptions,
  yinOptionSpecs,
} from './options.js'
export { type Pitches, pyin, pyinAsync, pyinBatch, pyinBatchAsync } from './pyin.js'
export { yin, yinAsync, yinBatch, yinBatchAsync } from './yin.js'
