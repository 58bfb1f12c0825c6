import type { CauseId } from '../cause.js'

/** A pattern in the difference of two matrices that one cause, or one of a few, would leave. */
export interface Sign {
  /** The cause that most often leaves it. */
  readonly id: CauseId
  /** Other causes that leave the same. */
  readonly equivalent: readonly CauseId[]
  /** In one sentence with numbers; it says "likely" or "may", as no re-extraction shows it. */
  readonly sentence: string
  /** What of the difference (root mean square) that was left goes when this is undone, 0 to 1. */
  readonly explains: number
  /** Root mean square of what remains after this and the signs before it are undone. */
  readonly residual: number
}

/** What two matrices of features alone say of why they differ. */
export interface FeatureDiagnosis {
  /** Whether both have the same shape, and the same values but for rounding. */
  readonly equal: boolean
  /** Shapes as they came: frames and bins, ours first. */
  readonly shapes: readonly [readonly number[], readonly number[]]
  /** Root mean square of the difference at the start, over the frames and bins that both have; null if nothing could be compared. */
  readonly difference: number | null
  /** Pearson's correlation at the start; null if either is constant or nothing could be compared. */
  readonly correlation: number | null
  /** Frames by which theirs come later than ours. */
  readonly shift: number
  /** What was found, in the order in which it was undone. */
  readonly signs: readonly Sign[]
  /** Root mean square of what no sign explains; null if nothing could be compared. */
  readonly residual: number | null
  /** What of the difference the signs explain together, 0 to 1. */
  readonly share: number
  /** Mean difference, theirs less ours, of each bin after alignment, before anything else is undone. */
  readonly binOffsets: readonly number[]
  /** What could not be told, in sentences. */
  readonly open: readonly string[]
}
