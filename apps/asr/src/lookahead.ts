const FIRST_FRAMES = 4
const MAX_FRAMES = 32

/**
 * How many frames to give the joiner in one run. While a model says blank, the prediction network's state stays, so
 * that the scores of many frames are one run; those after the first token are thrown away. The number doubles over blanks
 * and falls back after a token.
 */
export class Lookahead {
  private frames = FIRST_FRAMES

  constructor(private readonly limit: number) {}

  /** Frames for the next run, out of those left. */
  next(left: number): number {
    return Math.min(this.frames, this.limit, left)
  }

  /** All of them were blank. */
  blank(): void {
    this.frames = Math.min(2 * this.frames, MAX_FRAMES)
  }

  /** A token came. */
  token(): void {
    this.frames = FIRST_FRAMES
  }
}
