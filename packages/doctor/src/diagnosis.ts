import type { Cause, CauseId } from './cause.js'
import type { FrontEnd, Layout } from './front-end.js'
import type { DiagnosableKind } from './kinds.js'
import type { Matrix } from './matrix.js'

/** Something that the numbers of samples and frames alone say, or another observation on the way. */
export interface Finding {
  /** Which stage found it. */
  readonly stage: 'counts' | 'signatures' | 'search'
  /** What it says, in one sentence with numbers. */
  readonly sentence: string
  /** The causes that it bears on. */
  readonly causes: readonly CauseId[]
}

/** Why a reference differs from our features. */
export interface Diagnosis {
  /** Whether the settings that were found reproduce the reference down to rounding noise. */
  readonly explained: boolean
  /** What of the difference they explain, 0 to 1. */
  readonly share: number
  /** Root mean square of what remains. */
  readonly residual: number
  /** Root mean square of the difference at the start, over the frames and bins that both have. */
  readonly difference: number
  /** What differs, the most important first. */
  readonly causes: readonly Cause[]
  /** Differences that change no more than 1 % of what was left. */
  readonly minor: readonly Cause[]
  /** Differences that change no value. */
  readonly harmless: readonly {
    /** The cause. */
    readonly id: CauseId
    /** Why it does no harm. */
    readonly sentence: string
  }[]
  /** Causes that were tried and are none. */
  readonly ruledOut: readonly CauseId[]
  /** Causes that this reference cannot tell. */
  readonly cannotTell: readonly CauseId[]
  /** What the stages found on the way. */
  readonly findings: readonly Finding[]
  /** `certain`: down to rounding noise. `likely`: most of it. `none`: nothing known comes near. */
  readonly confidence: 'certain' | 'likely' | 'none'
  /** The kind of features that both are. */
  readonly kind: DiagnosableKind
  /** Our front end. */
  readonly ours: FrontEnd
  /** Theirs, or the nearest that was found. */
  readonly theirs: FrontEnd
  /** How the reference lies in memory. */
  readonly layout: Layout
  /** Our features as `[frames, bins]` in the order of the reference's columns, as they were before any fix. */
  readonly oursValues: Matrix
  /** The reference, `[frames, bins]`, its layout undone. */
  readonly reference: Matrix
  /** What the settings found give. */
  readonly reproduced: Matrix
  /** Front ends tried. */
  readonly tried: number
  /** Seconds that it took. */
  readonly seconds: number
}

/** How far a diagnosis is. */
export interface DiagnosisProgress {
  /** The stage that is running. */
  readonly stage: 'counts' | 'signatures' | 'search' | 'proof'
  /** Front ends tried so far. */
  readonly tried: number
  /** The smallest root mean square of a difference so far. */
  readonly residual: number
}
