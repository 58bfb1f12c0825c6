import type { Interval } from '@dsp/sincnet'

/** What was measured of a system on a list under a condition. */
export interface Measured {
  /** Equal error rate, 0 to 1, with its 95 % interval over speakers. */
  readonly eer: Interval
  /** The score at the equal error rate. */
  readonly threshold: number
  /** Minimum detection costs at priors of 0.01 and 0.05. */
  readonly minDcf: readonly [number, number]
  /** Equal error rates after s-norm and AS-norm, where the system has a cohort. */
  readonly sNorm?: number
  readonly asNorm?: number
}

/** The contents of results.json. */
export interface Results {
  /** SHA-256 of each list. */
  lists: Record<string, string>
  /** System, condition, list; the list `mean` is the mean of the plain lists. */
  systems: Record<string, Record<string, Record<string, Measured | { readonly eer: Interval }>>>
  /** `A-B`, condition, list. */
  differences: Record<string, Record<string, Record<string, Interval>>>
}
