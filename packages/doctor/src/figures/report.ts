import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'

/** What somebody says about one of two feature matrices. */
export interface ReportedSide {
  /** Mean of all values. */
  readonly mean?: number
  /** Standard deviation of all values. */
  readonly std?: number
  /** Smallest value. */
  readonly min?: number
  /** Largest value. */
  readonly max?: number
  /** Number of samples that the features were computed from, at the front end's sample rate. */
  readonly samples?: number
  /** Number of frames. */
  readonly frames?: number
  /** Number of bins. */
  readonly bins?: number
  /** Settings of the front end that are claimed; what is missing counts as the default of torchaudio's `fbank`. */
  readonly frontEnd?: Partial<FrontEnd>
}

/** The format of the audio before it was decoded. */
export type SourceFormat = 'mp3' | 'aac' | 'opus' | 'vorbis' | 'flac' | 'wav'

/** Two feature matrices of the same recording, as people describe them in a question: figures only. */
export interface FeatureReport {
  /** The features that were expected to equal the others. */
  readonly ours: ReportedSide
  /** The features that they are compared with. */
  readonly theirs: ReportedSide
  /** Mean of the absolute difference, or the absolute difference of the means; which of them is left open. */
  readonly difference?: number
  /** Largest absolute difference. */
  readonly maxDifference?: number
  /** Pearson's correlation of all values of both. */
  readonly correlation?: number
  /** First and last of the bins that differ most. */
  readonly worstBins?: readonly [first: number, last: number]
  /** Where the audio came from. */
  readonly source?: {
    /** Its format before it was decoded. */
    readonly format?: SourceFormat
    /** Its own rate in Hz. */
    readonly sampleRate?: number
  }
  /** Parts of a report in words that were not understood. */
  readonly notRead?: readonly string[]
}

/** Something that can be said from figures. */
export interface Statement {
  /** In one sentence with numbers. */
  readonly sentence: string
  /** The causes that it bears on. */
  readonly causes: readonly CauseId[]
}

/** The figures of a report, whether reported or simulated. */
export interface Figures {
  /** Mean of our features. */
  readonly oursMean: number
  /** Standard deviation of our features. */
  readonly oursStd: number
  /** Mean of theirs. */
  readonly theirsMean: number
  /** Standard deviation of theirs. */
  readonly theirsStd: number
  /** Pearson's correlation. */
  readonly correlation: number
  /** Mean absolute difference. */
  readonly difference: number
  /** First and last of the five neighbouring bins whose mean absolute difference is largest. */
  readonly worstBins: readonly [first: number, last: number]
}

/** A change of one setting. */
export interface Fault {
  /** The cause's id. */
  readonly id: CauseId
  /** The side whose setting is not what it claims, or, for `sample-scale`, either. */
  readonly side: 'ours' | 'theirs'
  /** Our setting, in words. */
  readonly ours: string
  /** Theirs. */
  readonly theirs: string
}

/** Faults that were simulated together. */
export interface Candidate {
  /** The front end that one side would be as a whole, if that was tried. */
  readonly name?: string
  /** The faults: one, two, or two and a `sample-scale`; all that sets a named front end apart from what is claimed. */
  readonly faults: readonly Fault[]
  /** The figures that they give on typical speech of the reported level and spread. */
  readonly figures: Figures
  /** Root mean square of the misses of all reported figures, each in units of how much it varies from speech to speech. */
  readonly misfit: number
  /** Whether each reported figure is met within twice that unit. */
  readonly fits: boolean
}

/** What figures say of the cause of a difference. */
export interface ReportDiagnosis {
  /** What the counts of samples and frames prove. */
  readonly proven: readonly Statement[]
  /** What reproduces the figures on typical speech. */
  readonly likely: readonly Statement[]
  /** What no figure of the report tells, and what would. */
  readonly open: readonly Statement[]
  /** The simulated faults and pairs, the best first; at most 20. */
  readonly candidates: readonly Candidate[]
  /** Parts of the report that were not understood. */
  readonly notRead: readonly string[]
  /** Number of faults and pairs that were simulated. */
  readonly tried: number
  /** Seconds that it took. */
  readonly seconds: number
}
