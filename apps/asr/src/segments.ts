import type { Matrix } from './matrix.js'

/** Frames on each side over which loudness is averaged: a pause is longer than a stop consonant. */
const REACH = 10

/** A stretch of the features. */
export interface Segment {
  /** Its features; they share memory with the whole. */
  readonly features: Matrix
  /** Its first frame. */
  readonly start: number
}

/**
 * Cuts features that are longer than an encoder should be given. Each cut is at the quietest moment (smallest mean of the
 * log energies over 0.2 s) of the last third of what is allowed, so that words stay whole wherever there is a pause.
 * @param features - `[frames, bins]`.
 * @param longest - Maximum number of frames in a stretch.
 */
export function cutAtPauses(features: Matrix, longest: number): Segment[] {
  const segments: Segment[] = []
  let start = 0
  while (features.frames - start > longest) {
    const cut = start + quietest(slice(features, start, features.frames), longest)
    segments.push({ start, features: slice(features, start, cut) })
    start = cut
  }
  segments.push({ start, features: slice(features, start, features.frames) })
  return segments
}

/** Features of a stream, cut as {@link cutAtPauses} would cut them all together. */
export class StreamCutter {
  private data: Float32Array
  private frames = 0
  private start = 0

  constructor(
    private readonly bins: number,
    private readonly longest: number,
  ) {
    this.data = new Float32Array(2 * longest * bins)
  }

  /**
   * Takes the next frames.
   * @returns The stretches that are complete: it takes the frames behind a cut to know that it is the quietest moment.
   */
  accept(frames: Float32Array): Segment[] {
    const end = this.frames * this.bins
    if (end + frames.length > this.data.length) {
      const larger = new Float32Array(2 * (end + frames.length))
      larger.set(this.data.subarray(0, end))
      this.data = larger
    }
    this.data.set(frames, end)
    this.frames += frames.length / this.bins
    const complete: Segment[] = []
    while (this.frames > this.longest + REACH) complete.push(this.take(quietest(this.held, this.longest)))
    return complete
  }

  /** Ends the stream: the stretches that are left. */
  flush(): Segment[] {
    const rest: Segment[] = []
    while (this.frames > this.longest) rest.push(this.take(quietest(this.held, this.longest)))
    if (this.frames > 0) rest.push(this.take(this.frames))
    return rest
  }

  private get held(): Matrix {
    return { data: this.data, frames: this.frames, bins: this.bins }
  }

  private take(count: number): Segment {
    const { bins, start } = this
    const features = { data: this.data.slice(0, count * bins), frames: count, bins }
    this.data.copyWithin(0, count * bins, this.frames * bins)
    this.frames -= count
    this.start += count
    return { features, start }
  }
}

/** The frame of the last third of the first `longest` frames around which it is quietest. */
function quietest(features: Matrix, longest: number): number {
  const first = Math.floor((2 * longest) / 3) + 1
  const last = Math.min(longest + REACH, features.frames - 1)
  const loudness = Float64Array.from({ length: last - first + REACH + 1 }, (_, i) => sum(features, first - REACH + i))
  let cut = longest
  let least = Number.POSITIVE_INFINITY
  for (let t = longest; t >= first; t--) {
    // near the end of the signal there is less behind a frame; the sums are over the same frames wherever a stream is cut
    const until = Math.min(t + REACH, last)
    let total = 0
    for (let k = t - REACH; k <= until; k++) total += loudness[k - first + REACH]!
    const mean = total / (until - t + REACH + 1)
    if (mean < least) {
      least = mean
      cut = t
    }
  }
  return cut
}

function sum({ data, bins }: Matrix, frame: number): number {
  let total = 0
  for (let k = 0; k < bins; k++) total += data[frame * bins + k]!
  return total
}

function slice({ data, bins }: Matrix, start: number, end: number): Matrix {
  return { data: data.subarray(start * bins, end * bins), frames: end - start, bins }
}
