import type { NemoOptions } from '@dsp/mel'
import type { FbankOptions } from '@dsp/mel-kaldi'
import type { ModelKind } from './config.js'
import type { FrontEnd } from './nemo-features.js'
import type { Passport } from './passport/passport.js'
import type { Token, Word } from './words.js'

/** What was said. */
export interface Transcript {
  /** The words with spaces between them; empty where there was no speech. */
  readonly text: string
  /** The words with their times. */
  readonly words: readonly Word[]
  /** The tokens that the words are made of. */
  readonly tokens: readonly Token[]
  /** Length of the audio in seconds. */
  readonly seconds: number
  /** Real-time factor: seconds of work (decoding and resampling included) for each second of audio. */
  readonly rtf: number
  /** Whose form of the features the model got. */
  readonly features: FrontEnd
  /**
   * What is not as the model's passport (`dsp.json`) leads to expect, so that the text may be nonsense; empty where nothing is, and where
   * the model has no passport. In a stream, of all that has come so far.
   */
  readonly warnings: readonly string[]
}

/** What a transcription takes besides the audio. */
export interface TranscribeOptions {
  /** Cancels the work: between files, before the encoder, and between steps of the search. */
  readonly signal?: AbortSignal
}

/** What a transcription of several recordings takes beside them. */
export interface TranscribeBatchOptions extends TranscribeOptions {
  /**
   * What happens where a recording cannot be read or is too short: `throw` rejects at the first one, `collect` puts its error in the
   * place of its transcript and recognises the others. Default `throw`.
   */
  readonly onError?: 'throw' | 'collect'
}

/** What a model is, as its directory says. */
export interface ModelInfo {
  /** The directory. */
  readonly directory: string
  /** `transducer` (icefall), `nemo-transducer` (RNN-T and TDT), `nemo-ctc` or `zipformer-ctc`. */
  readonly type: ModelKind
  /** Sample rate in Hz to which audio is converted. */
  readonly sampleRate: number
  /** Options of `fbank` of @dsp/mel-kaldi that the model wants, as sherpa-onnx computes its features. */
  readonly features: FbankOptions
  /** Options of `nemoLogMel` of @dsp/mel where the model gets NeMo's own features instead, else null. */
  readonly nemo: Partial<NemoOptions> | null
  /** What is done to the features of an utterance. */
  readonly normalize: 'none' | 'per_feature'
  /** Number of tokens, the blank included. */
  readonly vocabSize: number
  /** Seconds of one frame of the encoder: the grid of all times. */
  readonly frameSeconds: number
  /** Longest stretch in seconds that goes through the encoder in one piece. */
  readonly maxSeconds: number
  /** The passport beside the model; null if it has none, or none is wanted. */
  readonly passport: Passport | null
  /** How the front end differs from that of the passport, in words; the warnings of every transcript begin with these. */
  readonly warnings: readonly string[]
}
