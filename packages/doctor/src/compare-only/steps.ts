import type { CauseId } from '../cause.js'
import type { Matrix } from '../matrix.js'

/** Two aligned matrices of one shape on their way to each other: ours is changed step by step into theirs. */
export interface Pair {
  readonly a: Matrix
  readonly b: Matrix
  /** What the natural logarithm of a power is multiplied by in both, as far as is known. */
  readonly unit: number
  /** Offsets up to this follow from what was undone, and are no sign of their own. */
  readonly least: number
}

/** A pattern that was found, and our features with it. */
export interface Step {
  readonly id: CauseId
  readonly equivalent: readonly CauseId[]
  readonly sentence: string
  /** Ours as they would be with the cause. */
  readonly a: Matrix
  /** The unit of both afterwards; default: as before. */
  readonly unit?: number
  /** Offsets that it brings with it; default: none. */
  readonly least?: number
}
