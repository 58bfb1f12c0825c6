import type { TensorData, TensorLike } from '@dsp/tensor'
import { contiguous } from '@dsp/tensor'
import type { Matrix } from '../diagnosis.js'

/** The part `[from, to)` of a matrix's rows, shared. */
export const rows = ({ data, bins }: Matrix, from: number, to: number): Matrix => ({
  data: data.subarray(from * bins, to * bins),
  frames: to - from,
  bins,
})

/** Two minutes of features at 10 ms: more of them tell nothing more. */
export const MOST_FRAMES = 12_000

/** The first frames of a matrix. */
export const head = (m: Matrix): Matrix => rows(m, 0, Math.min(m.frames, MOST_FRAMES))

/** A matrix of the columns `[from, to)`. */
export function columns(m: Matrix, from: number, to: number): Matrix {
  return fill(m.frames, to - from, (f, b) => m.data[f * m.bins + from + b]!)
}

/** A matrix by a rule for each value. */
export function fill(frames: number, bins: number, value: (frame: number, bin: number) => number): Matrix {
  const data = new Float64Array(frames * bins)
  for (let f = 0; f < frames; f++) for (let b = 0; b < bins; b++) data[f * bins + b] = value(f, b)
  return { data, frames, bins }
}

/** The same with other values. */
export const mapped = (m: Matrix, value: (x: number, bin: number) => number): Matrix => ({
  ...m,
  data: m.data.map((x, i) => value(x, i % m.bins)),
})

/** Axes changed for each other. */
export const transposed = (m: Matrix): Matrix => fill(m.bins, m.frames, (f, b) => m.data[b * m.bins + f]!)

/** The columns from the last to the first. */
export const reversed = (m: Matrix): Matrix => fill(m.frames, m.bins, (f, b) => m.data[f * m.bins + m.bins - 1 - b]!)

/** Mean and standard deviation (over N) of the finite values of a list. */
export function spread(values: Iterable<number>): { mean: number; std: number; n: number } {
  let n = 0
  let mean = 0
  let squares = 0
  for (const x of values) {
    if (!Number.isFinite(x)) continue
    n++
    const step = x - mean
    mean += step / n
    squares += step * (x - mean)
  }
  return { mean, std: n === 0 ? 0 : Math.sqrt(squares / n), n }
}

/** The values of one column. */
export function* column({ data, bins }: Matrix, bin: number): Generator<number> {
  for (let i = bin; i < data.length; i += bins) yield data[i]!
}

/** How two lists of values relate, over the places at which both are finite. */
export interface Relation {
  /** Root mean square of the difference. */
  readonly rms: number
  /** Mean of the second less the first. */
  readonly offset: number
  /** Pearson's correlation; 0 if either is constant. */
  readonly correlation: number
  /** Least-squares slope of the second over the first; 1 if the first is constant. */
  readonly slope: number
  /** Number of places. */
  readonly n: number
}

/** The {@link Relation} of two lists, every `stride`-th value from `start`. */
export function relate(a: Float64Array, b: Float64Array, start = 0, stride = 1): Relation {
  let n = 0
  let [meanA, meanB, aa, bb, ab, squares] = [0, 0, 0, 0, 0, 0]
  for (let i = start; i < Math.min(a.length, b.length); i += stride) {
    const x = a[i]!
    const y = b[i]!
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    n++
    const dx = x - meanA
    const dy = y - meanB
    meanA += dx / n
    meanB += dy / n
    aa += dx * (x - meanA)
    bb += dy * (y - meanB)
    ab += dx * (y - meanB)
    squares += (y - x) * (y - x)
  }
  return {
    n,
    rms: n === 0 ? 0 : Math.sqrt(squares / n),
    offset: meanB - meanA,
    correlation: aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0,
    slope: aa > 0 ? ab / aa : 1,
  }
}

/** What could be made of a tensor. */
export interface Table {
  readonly matrix: Matrix | undefined
  readonly shape: readonly number[]
  /** Whether values are stored as whole numbers. */
  readonly isInteger: boolean
  /** Why there is no matrix. */
  readonly problem: string | undefined
}

/**
 * A tensor of features as a matrix; axes of length one are left out.
 * @param t - The tensor.
 * @param name - Its name in errors and sentences.
 */
export function tableOf(t: TensorLike<TensorData>, name: string): Table {
  const values = contiguous(t, name)
  const shape = [...t.shape]
  const isInteger = !(values instanceof Float32Array || values instanceof Float64Array)
  const table = { shape, isInteger }
  const axes = shape.filter((length) => length !== 1)
  const isVector = axes.length < 2 && shape.length >= 2 && shape.at(-1) !== undefined
  const kept = isVector ? shape.slice(-2) : axes
  if (values.length === 0) return { ...table, matrix: undefined, problem: `${name} is empty` }
  if (kept.length !== 2)
    return { ...table, matrix: undefined, problem: `${name} has the shape [${shape.join(', ')}] and is no matrix` }
  const data = Float64Array.from(values as ArrayLike<number | bigint>, Number)
  return { ...table, matrix: { data, frames: kept[0]!, bins: kept[1]! }, problem: undefined }
}

/** The same storage with the bytes of each value in the other order; undefined for bytes and matrices of whole numbers. */
export function swapped(t: TensorLike<TensorData>): TensorLike<TensorData> | undefined {
  const values = contiguous(t)
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return undefined
  const copy = values.slice()
  const bytes = Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength)
  if (values instanceof Float32Array) bytes.swap32()
  else bytes.swap64()
  return { data: copy, shape: t.shape }
}

/** What part of each column's highest values tells an offset: floors and noise lie under the rest. */
const LOUD = 0.2

/** Mean of the second less the first in each column, over the frames in which the first is loudest. */
export function loudOffsets(a: Matrix, b: Matrix): number[] {
  const { bins } = a
  return Array.from({ length: bins }, (_, bin) => {
    const pairs: [number, number][] = []
    for (let i = bin; i < a.data.length; i += bins) {
      const [x, y] = [a.data[i]!, b.data[i]!]
      if (Number.isFinite(x) && Number.isFinite(y)) pairs.push([x, y - x])
    }
    pairs.sort(([x], [y]) => y - x)
    return spread(pairs.slice(0, Math.max(1, Math.floor(pairs.length * LOUD))).map(([, offset]) => offset)).mean
  })
}

/** The middle value. */
export const median = (values: readonly number[]): number =>
  [...values].sort((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0
