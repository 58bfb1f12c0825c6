/** The stable ids of everything that the doctor can name, in the order of the pipeline. */
export const causeIds = [
  'channel',
  'sample-rate',
  'resampler',
  'decoder-delay',
  'time-shift',
  'sample-scale',
  'polarity',
  'dc-offset',
  'dither',
  'preemphasis',
  'frame-length',
  'frame-shift',
  'snip-edges',
  'window',
  'fft-length',
  'spectrum',
  'fft-scaling',
  'mel-scale',
  'mel-norm',
  'mel-triangles',
  'low-freq',
  'high-freq',
  'num-bins',
  'vtln',
  'log',
  'log-floor',
  'energy-column',
  'dct',
  'deltas',
  'normalisation',
  'layout',
] as const

/** The id of a cause. */
export type CauseId = (typeof causeIds)[number]

/** A difference between the two front ends that a re-extraction has shown. */
export interface Cause {
  /** Its stable id. */
  readonly id: CauseId
  /** Ours, in words and numbers, e.g. `HTK`. */
  readonly ours: string
  /** Theirs, e.g. `Slaney`. */
  readonly theirs: string
  /** What of the whole difference (root mean square) goes when this is fixed in its turn, 0 to 1. */
  readonly explains: number
  /** What of the difference that was left when its turn came goes, 0 to 1. */
  readonly explainsRest: number
  /** Root mean square of the difference that remains after this fix and those before it. */
  readonly residual: number
  /** Causes that no features can tell from this one. */
  readonly equivalent: readonly string[]
  /** Why, in one sentence with numbers. */
  readonly sentence: string
}
