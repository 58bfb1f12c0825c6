import type { TensorData, TensorLike } from '@dsp/tensor'
import { contiguous } from '@dsp/tensor'
import { type Matrix, rows, spread, withSwappedBytes } from '../matrix.js'

/** Two minutes of features at 10 ms: more of them tell nothing more. */
export const MOST_FRAMES = 12_000

/** The first frames of a matrix. */
export const head = (m: Matrix): Matrix => rows(m, 0, Math.min(m.frames, MOST_FRAMES))

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
  return { data: withSwappedBytes(values), shape: t.shape }
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
