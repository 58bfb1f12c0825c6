import { contiguous, DspError, type Tensor, type TensorData } from '@dsp/tensor'
import type { Finding } from './diagnosis.js'
import type { Layout } from './front-end.js'
import { isFlat, type Matrix, rows as rowRange, transposed, withSwappedBytes } from './matrix.js'

/** A reference with its layout undone, and what undoing it has shown. */
export interface Reference {
  readonly matrix: Matrix
  readonly layout: Layout
  readonly findings: readonly Finding[]
  /** Values that are no numbers; they are left out everywhere. */
  readonly missing: number
}

/** Beyond this no feature lies that is read as it was written. */
const MAX_SANE = 1e15
const MIN_SANE = 1e-25

type Numbers = Exclude<TensorData, BigInt64Array | BigUint64Array>

/** A reference as it was stored: the values of two axes. */
export interface Stored {
  readonly matrix: Matrix
  readonly isSwapped: boolean
  readonly dtype: Layout['dtype']
  /** Values that are no numbers. */
  readonly missing: number
}

/**
 * Reads a reference of any element type.
 * @param given - With two axes, and others of one element.
 */
export function storedReference(given: Tensor<TensorData>): Stored {
  const { shape, data } = squeezed(given)
  const { values, isSwapped } = sane(data)
  const missing = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
  if (missing === values.length) {
    throw new DspError('the reference holds no finite number', { code: 'ERR_DSP_NOT_FINITE', argument: 'reference' })
  }
  const [frames, bins] = shape as [number, number]
  return { matrix: { data: values, frames, bins }, isSwapped, dtype: precision(values, data), missing }
}

/**
 * Undoes the layout of a reference.
 * @param stored - As it was read.
 * @param frames - Frames that our features have.
 * @param bins - Columns that our features have.
 */
export function readReference(stored: Stored, frames: number, bins: number): Reference {
  const findings: Finding[] = []
  const say = (sentence: string) => findings.push({ stage: 'counts', sentence, causes: ['layout'] })
  const { isSwapped, dtype, missing } = stored
  const { frames: rows, bins: columns } = stored.matrix
  if (isSwapped) say('The values are sensible only if the bytes of each are read in the other order.')
  // Whichever axis is nearer to our number of frames, on a logarithmic scale, is time; columns as many as ours are more telling still.
  const distance = (f: number, b: number) =>
    Math.abs(Math.log(f / Math.max(1, frames))) +
    0.2 * Math.abs(Math.log(b / bins)) -
    (b === bins ? 1.2 : b === 2 * bins || b === 3 * bins ? 0.9 : 0)
  const isFramesFirst = distance(rows, columns) <= distance(columns, rows)
  const matrix = isFramesFirst ? stored.matrix : transposed(stored.matrix)
  if (!isFramesFirst) say(`The shape [${rows}, ${columns}] is [bins, frames]: ${columns} frames of ${rows} columns.`)
  if (missing > 0) say(`${missing} of ${stored.matrix.data.length} values are NaN or infinite; they are left out.`)
  const { before, after } = padding(matrix, frames)
  if (before + after > 0) say(`${before} frames before and ${after} after the others are constant: padding.`)
  const kept = rowRange(matrix, before, matrix.frames - after)
  const axes = isFramesFirst ? ('frames-bins' as const) : ('bins-frames' as const)
  return {
    matrix: kept,
    layout: { axes, reversed: false, dtype, swapped: isSwapped, before, after },
    findings,
    missing,
  }
}

/** Two axes, whatever axes of one element stand before them. */
function squeezed(given: Tensor<TensorData>): { shape: readonly number[]; data: Numbers } {
  const data = contiguous(given)
  if (!ArrayBuffer.isView(data) || data instanceof BigInt64Array || data instanceof BigUint64Array) {
    throw DspError.argument('reference', 'an array of numbers', given)
  }
  const shape = given.shape.filter((length, axis) => length !== 1 || axis >= given.shape.length - 2)
  if (shape.length === 1) shape.push(1)
  if (shape.length !== 2) {
    const expected = 'two axes, frames and bins'
    const message = `a reference of shape [${given.shape.join(', ')}] has ${shape.length} axes: give one with ${expected}, e.g. one recording of a batch`
    throw new DspError(message, { code: 'ERR_DSP_SHAPE', argument: 'reference', expected })
  }
  if (given.size === 0) throw new DspError('the reference is empty', { code: 'ERR_DSP_SHAPE', argument: 'reference' })
  return { shape, data }
}

/** The values, with the bytes of each the other way round if only that makes sense of them. */
function sane(data: Numbers): { values: Float64Array; isSwapped: boolean } {
  const values = Float64Array.from(data)
  if (wildness(values) < 0.05 || !(data instanceof Float32Array || data instanceof Float64Array)) {
    return { values, isSwapped: false }
  }
  const swapped = Float64Array.from(withSwappedBytes(data))
  return wildness(swapped) < 0.01 ? { values: swapped, isSwapped: true } : { values, isSwapped: false }
}

/** The part of the values that no feature has. */
function wildness(values: Float64Array): number {
  let wild = 0
  for (const value of values) {
    const size = Math.abs(value)
    if (!(size < MAX_SANE) || (size > 0 && size < MIN_SANE)) wild++
  }
  return wild / values.length
}

/** Constant frames at both ends beyond those that the audio accounts for. */
function padding(matrix: Matrix, expected: number): { before: number; after: number } {
  const { data, frames, bins } = matrix
  const isConstant = (f: number) => bins > 1 && isFlat(matrix, f)
  // Centred frames are up to four more than whole ones.
  let spare = frames - expected
  // Zeros before the audio give frames at the floor, which are its own; padding has another value.
  const least = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  let [before, after] = [0, 0]
  // Zeros that nothing else is as low as are a mask, as NeMo's last frame is, whatever the counts say.
  const isMask = (f: number) => data[f * bins] === 0 && least < 0
  while (after < frames - 1 && isConstant(frames - 1 - after) && (spare > 0 || isMask(frames - 1 - after))) {
    after++
    spare--
  }
  while (
    before < frames - 1 - after &&
    isConstant(before) &&
    ((spare > 0 && data[before * bins]! !== least) || isMask(before))
  ) {
    before++
    spare--
  }
  return { before, after }
}

/** What the values were rounded to, the coarsest that holds all of them. */
function precision(values: Float64Array, data: Numbers): Layout['dtype'] {
  const isInteger = !(data instanceof Float32Array || data instanceof Float64Array)
  if (isInteger) return 'float32'
  const bits = new Float32Array(1)
  const words = new Uint32Array(bits.buffer)
  let [isHalf, isBrain, isSingle] = [true, true, true]
  for (const value of values) {
    if (!Number.isFinite(value) || value === 0) continue
    bits[0] = value
    if (bits[0] !== value) isSingle = isHalf = isBrain = false
    if ((words[0]! & 0xffff) !== 0) isBrain = false
    // Eleven bits of significand in float16, fewer below 2^-14.
    const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))))
    if (!Number.isInteger(value / 2 ** (exponent - 10))) isHalf = false
    if (!isSingle) return 'float64'
  }
  return isBrain ? 'bfloat16' : isHalf ? 'float16' : 'float32'
}
