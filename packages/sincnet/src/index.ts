/**
 * SincNet filters on the raw waveform, and speaker verification with them.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export * from './filters.js'
export { OnlineSinc } from './online.js'
export * from './options.js'
export { sinc, sincAsync, sincBatch, sincBatchAsync } from './sinc.js'
