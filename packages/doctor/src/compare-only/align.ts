import { type Matrix, rows } from '../matrix.js'

const MAX_LAG = 300
const GROUPS = 8

/** Two matrices of the same recording, cut to the frames that both have. */
export interface Aligned {
  readonly a: Matrix
  readonly b: Matrix
  /** Frames by which the second comes later. */
  readonly shift: number
  /** The same with its fraction, from a parabola through the correlations beside the best. */
  readonly fraction: number
  /** Correlation of the two at shift 0 and at the best one, over groups of bins whose levels are taken out. */
  readonly before: number
  readonly after: number
}

/** Each frame as a few groups of neighbouring bins, of mean 0 and deviation 1 over time. */
function tracks(m: Matrix): Float64Array[] {
  const groups = Math.min(GROUPS, m.bins)
  return Array.from({ length: groups }, (_, g) => {
    const from = Math.floor((g * m.bins) / groups)
    const to = Math.floor(((g + 1) * m.bins) / groups)
    const track = new Float64Array(m.frames)
    for (let f = 0; f < m.frames; f++) {
      let sum = 0
      for (let b = from; b < to; b++) sum += m.data[f * m.bins + b]!
      track[f] = Number.isFinite(sum) ? sum / (to - from) : 0
    }
    const mean = track.reduce((s, x) => s + x, 0) / track.length
    const std = Math.sqrt(track.reduce((s, x) => s + (x - mean) ** 2, 0) / track.length) || 1
    return track.map((x) => (x - mean) / std)
  })
}

/** Correlation of tracks at a lag, with the means of the part that overlaps taken out. */
function correlationAt(a: readonly Float64Array[], b: readonly Float64Array[], lag: number): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let g = 0; g < a.length; g++) {
    const x = a[g]!
    const y = b[g]!
    const from = Math.max(0, -lag)
    const to = Math.min(x.length, y.length - lag)
    const n = to - from
    let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0]
    for (let f = from; f < to; f++) {
      const u = x[f]!
      const v = y[f + lag]!
      sx += u
      sy += v
      sxx += u * u
      syy += v * v
      sxy += u * v
    }
    ab += sxy - (sx * sy) / n
    aa += sxx - (sx * sx) / n
    bb += syy - (sy * sy) / n
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/**
 * Finds by cross-correlation by how many frames the second matrix comes later, and cuts both to what they share. Lags of up to half of the
 * shorter one, at most 300 frames, are tried; one that is no better than none by 0.005 counts as none.
 * @param ours - One matrix.
 * @param theirs - Another with as many bins.
 */
export function align(ours: Matrix, theirs: Matrix): Aligned {
  const [x, y] = [tracks(ours), tracks(theirs)]
  const shortest = Math.min(ours.frames, theirs.frames)
  const most = Math.min(MAX_LAG, Math.floor(shortest / 2))
  const at = new Map<number, number>()
  // The matrices may be of very different lengths: there must be room for all lags with at least half of the shorter one in common.
  for (let lag = -most; lag <= most; lag++) {
    const common = Math.min(ours.frames, theirs.frames - lag) - Math.max(0, -lag)
    if (common >= Math.max(2, shortest / 2)) at.set(lag, correlationAt(x, y, lag))
  }
  const before = at.get(0) ?? 0
  let shift = 0
  let after = before
  for (const [lag, r] of at) if (r > after) [shift, after] = [lag, r]
  if (after < before + 0.005) [shift, after] = [0, before]
  const [left, right] = [at.get(shift - 1), at.get(shift + 1)]
  const bend = left === undefined || right === undefined ? 0 : left + right - 2 * after
  const fraction = bend < 0 ? shift + (left! - right!) / (2 * bend) : shift
  const from = Math.max(0, -shift)
  const to = Math.min(ours.frames, theirs.frames - shift)
  return { a: rows(ours, from, to), b: rows(theirs, from + shift, to + shift), shift, fraction, before, after }
}
