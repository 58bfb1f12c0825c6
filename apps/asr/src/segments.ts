import type { Matrix } from './hypothesis.js'

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
 * @param longest - Most frames of a stretch.
 */
export function cutAtPauses(features: Matrix, longest: number): Segment[] {
  const { frames, bins, data } = features
  const slice = (start: number, end: number): Segment => ({
    start,
    features: { data: data.subarray(start * bins, end * bins), frames: end - start, bins },
  })
  if (frames <= longest) return [slice(0, frames)]
  const loudness = smoothLoudness(features)
  const segments: Segment[] = []
  let start = 0
  while (frames - start > longest) {
    let cut = start + longest
    for (let t = start + longest; t > start + Math.floor((2 * longest) / 3); t--) {
      if (loudness[t]! < loudness[cut]!) cut = t
    }
    segments.push(slice(start, cut))
    start = cut
  }
  segments.push(slice(start, frames))
  return segments
}

function smoothLoudness({ data, frames, bins }: Matrix): Float64Array {
  const sums = new Float64Array(frames + 1)
  for (let t = 0; t < frames; t++) {
    let sum = 0
    for (let k = 0; k < bins; k++) sum += data[t * bins + k]!
    sums[t + 1] = sums[t]! + sum
  }
  return Float64Array.from({ length: frames }, (_, t) => {
    const from = Math.max(0, t - REACH)
    const to = Math.min(frames, t + REACH + 1)
    return (sums[to]! - sums[from]!) / (to - from)
  })
}
