export type { ModelConfig, ModelKind } from './config.js'
export type { Precision } from './directory.js'
export type { AudioInput } from './features.js'
export * from './format.js'
export type { FrontEnd } from './nemo-features.js'
export { type RecognizerOptions, recognizerOptionSpecs } from './options.js'
export {
  type ModelInfo,
  Recognizer,
  type TranscribeBatchOptions,
  type TranscribeOptions,
  type Transcript,
} from './recognizer.js'
export type { AudioBlocks } from './stream.js'
export type { Token, Word } from './words.js'
