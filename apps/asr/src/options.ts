import { type OptionSpecs, option } from '@dsp/tensor'
import type { Precision } from './directory.js'
import type { FrontEnd } from './nemo-features.js'

/** What {@link Recognizer.load} takes. */
export interface RecognizerOptions {
  /** Threads that a network may use. Default 1, as in sherpa-onnx; 0 lets ONNX Runtime choose (one per core). */
  numThreads: number
  /** Which weights to take where a directory has several: `encoder.onnx`, `encoder.fp16.onnx`, `encoder.int8.onnx`. Default float32. */
  precision: Precision
  /** Maximum number of utterances that go through the encoder together. Default 8. */
  batchSize: number
  /**
   * Longest stretch in seconds that goes through the encoder; longer audio is cut at its quietest moments. Default null:
   * what the model's config.json says, else 30.
   */
  maxSeconds: number | null
  /** Subtracted from the score of the blank: more than 0 makes deletions rarer (sherpa-onnx's `blank_penalty`). Default 0. */
  blankPenalty: number
  /**
   * Whose form of the features a NeMo model gets. `sherpa-onnx`: what sherpa-onnx feeds its exports. `nemo`: what the model was trained
   * on, `nemoLogMel` of @dsp/mel; for NeMo models only. Default null: what the model's config.json says, else `sherpa-onnx`.
   */
  features: FrontEnd | null
  /**
   * Compare what the model is fed, and what it answers, with the passport `dsp.json` beside it, if there is one, and warn in
   * `Transcript.warnings`. Default true; false leaves that file unread.
   */
  passport: boolean
  /** Run the networks in a worker thread, so that the calling thread stays free: for servers and user interfaces. Default false. */
  worker: boolean
}

/** The options of {@link Recognizer.load} with their defaults and ranges, as the command line reads them. */
export const recognizerOptionSpecs: OptionSpecs<RecognizerOptions> = {
  numThreads: option.integer(1, { min: 0, max: 256 }),
  precision: option.enum(['float32', 'float16', 'int8'], 'float32'),
  batchSize: option.integer(8, { min: 1, max: 1024 }),
  maxSeconds: option.nullable(option.number(30, { min: 1, max: 3600 })),
  blankPenalty: option.number(0, { min: 0, max: 100 }),
  features: option.nullable(option.enum(['sherpa-onnx', 'nemo'], 'sherpa-onnx')),
  passport: option.boolean(true),
  worker: option.boolean(false),
}
