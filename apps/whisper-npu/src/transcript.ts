/** A word that was heard. */
export interface Word {
  /** The word with its punctuation. */
  readonly word: string
  /** Seconds from the beginning of the recording. */
  readonly start: number
  /** Seconds from the beginning of the recording. */
  readonly end: number
  /** Mean probability of its tokens, 0 to 1. */
  readonly confidence: number
}

/** A stretch of speech that was written down. */
export interface Segment {
  /** What was said. */
  readonly text: string
  /** Seconds from the beginning of the recording. */
  readonly start: number
  /** Seconds from the beginning of the recording. */
  readonly end: number
  /** Its tokens, time stamps included. */
  readonly tokens: readonly number[]
}

/** A stretch of the recording that was left out. */
export interface Skipped {
  /** Seconds from the beginning of the recording. */
  readonly start: number
  /** Seconds from the beginning of the recording. */
  readonly end: number
  /** `silence`: all samples are zero, and the model was not run. `no-speech`: the model heard no speech, or wrote nothing. */
  readonly reason: 'silence' | 'no-speech'
  /** The model's probability that nobody speaks; 1 for silence. */
  readonly probability: number
  /** The text that the model wrote for it. */
  readonly text: string
}

/** Where the work was done. */
export interface Device {
  /** What computed the features. */
  readonly features: string
  /** What ran the encoder and the decoder. */
  readonly network: string
}

/** A recording in writing. */
export interface Transcript {
  /** The segments' texts with spaces between them. */
  readonly text: string
  /** The segments in order. */
  readonly segments: readonly Segment[]
  /** The words in order; empty where they were not asked for, or the model's files do not tell their times. */
  readonly words: readonly Word[]
  /** The stretches that were left out, in order. */
  readonly skipped: readonly Skipped[]
  /** Code of the language that was heard or asked for. */
  readonly language: string
  /** Where the work was done. */
  readonly device: Device
  /** Length of the recording in seconds. */
  readonly seconds: number
  /** Seconds of work for each second of the recording. */
  readonly rtf: number
}
