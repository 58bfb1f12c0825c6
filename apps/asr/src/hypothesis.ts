import type { Matrix } from './matrix.js'

/** What a decoder found: one entry per token. */
export interface Hypothesis {
  /** Ids of the tokens. */
  readonly tokens: number[]
  /** Encoder frame at which each was emitted. */
  readonly frames: number[]
  /** Natural logarithm of each one's probability. */
  readonly logProbs: number[]
  /** Encoder frames that each one lasts, where the model predicts it (TDT). */
  readonly durations: number[]
  /** Frames of the encoder. */
  outputs: number
  /** How many of them are blank: for CTC the best token, for transducers those without a token. */
  blanks: number
}

/** A model that turns features into tokens. */
export interface Decoder {
  /**
   * Recognises several stretches together.
   * @param batch - Their features.
   * @param signal - Cancels the work.
   */
  decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]>
  /** Frees the networks. */
  release(): Promise<void>
}

/** A hypothesis without tokens. */
export function emptyHypothesis(): Hypothesis {
  return { tokens: [], frames: [], logProbs: [], durations: [], outputs: 0, blanks: 0 }
}
