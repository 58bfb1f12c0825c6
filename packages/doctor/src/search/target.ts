import type { FrontEnd } from '../front-end.js'
import { column, type Matrix, median, spread } from '../matrix.js'

/** What a fit may take away before a front end is judged: what normalisation over time does to features. */
export type Freedom = 'none' | 'column-offset' | 'column-affine' | 'affine'

/** Some frames of a reference, to which front ends are held. */
export interface Target {
  /** Indices of the frames. */
  readonly frames: Uint32Array
  /** Their static columns, `[frames, columns]`; NaN where the reference has no number. */
  readonly values: Float64Array
  readonly columns: number
  /** Frames and columns of the whole reference. */
  readonly totalFrames: number
  /** Frames after them that were masked, but made. */
  readonly maskedFrames: number
  readonly totalColumns: number
  readonly freedom: Freedom
  /** A typical deviation of the values, in which residuals are given. */
  readonly spread: number
  /** If no value is negative: the logarithms of the values with a small energy added, that energy, and their spread. */
  readonly logarithms: { readonly values: Float64Array; readonly least: number; readonly spread: number } | undefined
  /** What rounding alone may leave, relative to a value. */
  readonly precision: number
  /** The least value and how much of the values it is: a floor, if many. */
  readonly least: number
  readonly leastShare: number
}

/** Frames to try front ends on. */
const FRAMES = 42

/** Frames that say most: of every level, and at both ends. */
export function tellingFrames(matrix: Matrix, level: Float64Array, loudest: readonly number[]): Uint32Array {
  const { frames } = matrix
  if (frames <= FRAMES) return Uint32Array.from({ length: frames }, (_, i) => i)
  // Floors relative to the loudest value need the frame that holds it.
  const chosen = new Set([0, 1, 2, frames - 3, frames - 2, frames - 1, ...loudest.filter((f) => f >= 0 && f < frames)])
  const order = Array.from({ length: frames }, (_, i) => i).sort((a, b) => level[a]! - level[b]!)
  const wanted = FRAMES - chosen.size
  for (let i = 0; i < wanted; i++) chosen.add(order[Math.round((i * (frames - 1)) / (wanted - 1))]!)
  return Uint32Array.from([...chosen].sort((a, b) => a - b))
}

/** The rows of a matrix at some frames, and of them the first columns. */
export function rowsAt({ data, bins }: Matrix, frames: Uint32Array, columns: number): Float64Array {
  const out = new Float64Array(frames.length * columns)
  for (const [i, f] of frames.entries()) out.set(data.subarray(f * bins, f * bins + columns), i * columns)
  return out
}

/** The logarithms of values none of which is negative. */
export function logarithmsOf(values: Float64Array, columns: number): Target['logarithms'] {
  if (values.some((value) => value < 0)) return undefined
  const most = values.reduce((a, b) => Math.max(b, a), 0)
  const least = 1e-9 * most
  const logs = values.map((value) => Math.log(value + least))
  const deviations = Array.from({ length: columns }, (_, b) => spread(column({ data: logs, bins: columns }, b), 1).std)
  return { values: logs, least, spread: median(deviations) || 1 }
}

/** Normalisation over time as it shows in the statistics of whole columns. */
export function normalisationOf(
  matrix: Matrix,
  columns: number,
): Pick<FrontEnd, 'normalisation' | 'normalisationDdof'> {
  const { data, frames } = matrix
  const whole = spread(data, 1)
  const stats = Array.from({ length: columns }, (_, b) => spread(column(matrix, b), 1))
  const varied = stats.filter(({ std }) => std > 1e-6)
  if (varied.length < columns / 2 || frames < 4) return { normalisation: 'none', normalisationDdof: 1 }
  const within = (values: number[], tolerance: number) =>
    values.filter((v) => Math.abs(v) < tolerance).length / values.length
  const centred = within(
    varied.map(({ mean, std }) => mean / std),
    2e-3,
  )
  const unit = varied.map(({ std }) => std - 1)
  if (centred > 0.9 && within(unit, 0.02 + 2 / frames) > 0.9) {
    // With N - 1 the deviations are 1 as they are taken here, with N they are above it by half a frame's part.
    const mean = median(unit)
    return { normalisation: 'per-feature', normalisationDdof: mean > 0.25 / frames ? 0 : 1 }
  }
  if (centred > 0.9) return { normalisation: 'mean', normalisationDdof: 1 }
  if (Math.abs(whole.mean) < 2e-3 && Math.abs(whole.std - 1) < 2e-3) {
    const isBiased = whole.std - 1 > 0.25 / whole.n
    return { normalisation: 'all-features', normalisationDdof: isBiased ? 0 : 1 }
  }
  return { normalisation: 'none', normalisationDdof: 1 }
}
