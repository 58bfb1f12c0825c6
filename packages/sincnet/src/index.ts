/**
 * SincNet filters on the raw waveform, and speaker verification with them.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export { type Embedding, SpeakerEncoder, SpeakerStream } from './encoder.js'
export * from './evaluation/index.js'
export * from './filters.js'
export { Gallery, type Match } from './gallery.js'
export type { Calibration, SpeakerModel, SpeakerModelBytes } from './model.js'
export { OnlineSinc } from './online.js'
export * from './options.js'
export { sinc, sincAsync, sincBatch, sincBatchAsync } from './sinc.js'
export { type DecisionRule, enroll, probability, score, type Verification, verify } from './verify.js'
