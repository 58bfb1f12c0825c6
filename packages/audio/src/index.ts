export type { AsyncOptions } from '@dsp/signal'
export * from './blocks.js'
export * from './decode.js'
export type { AudioFile, AudioInput, ByteStream } from './input.js'
export * from './levels.js'
export * from './mono.js'
export * from './mono-at.js'
export * from './online-mono.js'
export * from './online-resampler.js'
export * from './probe.js'
export {
  MAX_RATE,
  type ResampleOptions,
  resample,
  resampleAsync,
  resampleBatch,
  resampleBatchAsync,
  resampleOptionSpecs,
} from './resample.js'
export * from './tolerances.js'
export * from './wav-writer.js'
