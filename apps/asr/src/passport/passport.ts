/** The name of a passport's file in a model directory. */
export const PASSPORT_FILE = 'dsp.json'
/** The version of the form that is written and understood. */
export const PASSPORT_VERSION = 1

/** Mean and standard deviation of numbers. */
export interface MeanAndStd {
  /** The mean. */
  readonly mean: number
  /** The standard deviation. */
  readonly std: number
}

/** What makes a model's features. */
export interface PassportFrontEnd {
  /**
   * `fbank`: `fbank` of @dsp/mel-kaldi. `nemo`: `nemoLogMel` of @dsp/mel. `raw`: the model takes samples; the one bin is the level of
   * each 10 ms of sound in dB, `20 log10(rms)`.
   */
  readonly kind: 'fbank' | 'nemo' | 'raw'
  /** The options of that function, all of them where this package writes them. */
  readonly options: Readonly<Record<string, unknown>>
  /** What is added to energies before the logarithm in place of `fbank`'s floor; null where that floor holds. */
  readonly logZeroGuard: number | null
}

/**
 * `dsp.json` beside a model: the front end that the model was trained with, and what its features look like. Statistics are of
 * the features before they are normalised over the utterance. Frames whose bins are all equal (digital silence) do not count.
 */
export interface Passport {
  /** `dsp-passport`. */
  readonly format: 'dsp-passport'
  /** The version of the form, 1. */
  readonly version: 1
  /** Sample rate in Hz. */
  readonly sampleRate: number
  /** What makes the features. */
  readonly frontEnd: PassportFrontEnd
  /** What is done to the features of an utterance before the model gets them. */
  readonly normalize: 'none' | 'per_feature'
  /** All frames together. */
  readonly features: {
    /** Number of frames. */
    readonly frames: number
    /** Mean of every bin. */
    readonly mean: readonly number[]
    /** Standard deviation of every bin. */
    readonly std: readonly number[]
  }
  /** How much one recording differs from another: mean and standard deviation over recordings. */
  readonly recordings: {
    /** Number of recordings. */
    readonly count: number
    /** A recording's level: the mean of its bin means. */
    readonly level: MeanAndStd
    /** A recording's shape: its bin means less its level. */
    readonly shape: {
      /** Mean of every bin. */
      readonly mean: readonly number[]
      /** Standard deviation of every bin. */
      readonly std: readonly number[]
    }
    /** A recording's spread: the mean over the bins of their deviations over its frames. */
    readonly spread: MeanAndStd
    /** The share of outputs that are blank, 0 to 1; null where no outputs were counted. */
    readonly blanks: MeanAndStd | null
  }
}

/** What a recording looks like to a model: what a passport is compared with, and made of. */
export interface Observation {
  /** Frames that are no digital silence. */
  readonly frames: number
  /** Mean of every bin. */
  readonly mean: ArrayLike<number>
  /** Standard deviation of every bin over the frames. */
  readonly std: ArrayLike<number>
  /** Outputs of the model: frames of its encoder. */
  readonly outputs: number
  /** How many of the outputs are blank: for CTC the best token, for transducers frames without a token. */
  readonly blanks: number
}
