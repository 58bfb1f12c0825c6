import { DspError, show } from './errors.js'
import type { TensorData, TensorLike } from './tensor.js'

/** A view may repeat elements (stride 0, overlapping frames), but holds at most this many times the data's length. */
const MAX_REPETITION = 1024

/** By the name of the class, so that those of other realms and Node's Buffer are known as what they are. */
const storage = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
} as const

/** A tensor whose parts were checked, with nothing left out. */
interface View<T extends TensorData> {
  readonly data: T
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  readonly offset: number
  readonly size: number
}

/**
 * Whether a value is one of the typed arrays that a tensor may store, whichever realm made it.
 * @param value - Any value.
 */
export function isTensorData(value: unknown): value is TensorData {
  return ArrayBuffer.isView(value) && Object.hasOwn(storage, (value as Uint8Array)[Symbol.toStringTag] ?? '')
}

/**
 * The number of elements of a shape.
 * @param shape - Length of each axis.
 */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/**
 * The strides of a row-major tensor, in elements.
 * @param shape - Length of each axis.
 *
 * @example
 * ```ts
 * import { rowMajorStride } from '@dsp/tensor'
 * rowMajorStride([2, 3, 4]) // => [12, 4, 1]
 * ```
 */
export function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step
    step *= shape[axis]!
  }
  return stride
}

/**
 * The elements of a tensor in row-major order. A row-major tensor costs nothing: its storage itself, or a subarray of it,
 * is returned, so writing to the result may write to the tensor. Any other view (transposed, stepped, reversed by negative
 * strides, broadcast by stride 0) is copied once.
 * @param t - The tensor, of any shape.
 * @param name - Its name in error messages.
 * @throws {@link DspError} `ERR_DSP_TYPE` if it is not a tensor, `ERR_DSP_SHAPE` if the view reaches outside its
 *   storage or repeats it more than 1,024 times, `ERR_DSP_ARGUMENT` if the storage's ArrayBuffer is detached.
 *
 * @example
 * ```ts
 * import { contiguous, tensor } from '@dsp/tensor'
 * const t = tensor(new Float32Array([1, 2, 3, 4, 5, 6]), [2, 3])
 * contiguous(t) === t.data // => true
 * contiguous(t.transpose(1, 0)) // => Float32Array.of(1, 4, 2, 5, 3, 6)
 * contiguous(t.step(1, -1)) // => Float32Array.of(3, 2, 1, 6, 5, 4)
 * ```
 */
export function contiguous<T extends TensorData>(t: TensorLike<T>, name = 'tensor'): T {
  const view = checkedView(t, name)
  const { data, offset, size } = view
  if (isRowMajor(view)) {
    return offset === 0 && size === data.length ? data : (data.subarray(offset, offset + size) as T)
  }
  const out = new storage[data[Symbol.toStringTag]](size) as TensorData as T
  copyRowMajor(view, out)
  return out
}

/**
 * Throws if a typed array's ArrayBuffer was transferred away (by `postMessage` or `structuredClone`).
 * @param data - The typed array.
 * @param name - Its name in the message.
 * @throws {@link DspError} `ERR_DSP_ARGUMENT`.
 */
export function assertAttached(data: ArrayBufferView, name: string): void {
  if (data.byteLength > 0) return
  try {
    // Only a detached buffer refuses a view of length 0; `ArrayBuffer.prototype.detached` is missing from Node 20.
    new Uint8Array(data.buffer, 0, 0)
  } catch {
    throw new DspError(
      `${name} lies in a detached ArrayBuffer: it was transferred to another thread; copy it before the transfer`,
      {
        code: 'ERR_DSP_ARGUMENT',
        argument: name,
        expected: 'an attached ArrayBuffer',
        actual: 'a detached ArrayBuffer',
      },
    )
  }
}

function checkedView<T extends TensorData>(t: TensorLike<T>, name: string): View<T> {
  if (typeof t !== 'object' || t === null || !Array.isArray(t.shape) || !isTensorData(t.data)) {
    const actual =
      typeof t === 'object' && t !== null && 'data' in t ? `an object whose data is ${show(t.data)}` : show(t)
    throw new DspError(`${name} must be a tensor ({ data: typed array, shape }), got ${actual}`, {
      code: 'ERR_DSP_TYPE',
      argument: name,
      expected: 'a tensor',
      actual,
    })
  }
  const { data, shape } = t
  assertAttached(data, name)
  const size = sizeOf(shape)
  const stride = t.stride ?? rowMajorStride(shape)
  const offset = t.offset ?? 0
  const isCount = (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 0
  if (!shape.every(isCount) || !Number.isSafeInteger(size)) {
    throw shapeError(name, 'axes of integer lengths', show([...shape]))
  }
  if (stride.length !== shape.length || !stride.every(Number.isSafeInteger) || !isCount(offset)) {
    throw shapeError(name, `${shape.length} integer strides and an offset of at least 0`, layout(stride, offset))
  }
  if (size > 0) {
    let first = offset
    let last = offset
    for (let axis = 0; axis < shape.length; axis++) {
      const reach = (shape[axis]! - 1) * stride[axis]!
      if (reach < 0) first += reach
      else last += reach
    }
    if (first < 0 || last >= data.length) {
      throw shapeError(name, `a view inside its ${data.length} elements`, `elements ${first} to ${last}`)
    }
    if (size > data.length * MAX_REPETITION) {
      throw shapeError(name, `at most ${MAX_REPETITION} repetitions of its ${data.length} elements`, `${size} elements`)
    }
  }
  return { data, shape, stride, offset, size }
}

function shapeError(name: string, expected: string, actual: string): DspError {
  return new DspError(`${name} must have ${expected}, got ${actual}`, {
    code: 'ERR_DSP_SHAPE',
    argument: name,
    expected,
    actual,
  })
}

function layout(stride: readonly number[], offset: number): string {
  return `strides ${show([...stride])} and offset ${show(offset)}`
}

function isRowMajor({ shape, stride, size }: View<TensorData>): boolean {
  if (size === 0) return true
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis]!
    // The stride of an axis of length 1 is never used.
    if (length !== 1 && stride[axis] !== step) return false
    step *= length
  }
  return true
}

/** Walks the outer axes as an odometer and the last one in a tight loop. */
function copyRowMajor({ data, shape, stride, offset, size }: View<TensorData>, out: TensorData): void {
  const inner = shape.length - 1
  const innerLength = shape[inner] ?? 1
  const innerStride = stride[inner] ?? 0
  const index = new Array<number>(Math.max(inner, 0)).fill(0)
  let row = offset
  for (let at = 0; at < size; ) {
    for (let i = 0, from = row; i < innerLength; i++, from += innerStride) out[at++] = data[from]!
    for (let axis = inner - 1; axis >= 0; axis--) {
      row += stride[axis]!
      if (++index[axis]! < shape[axis]!) break
      row -= stride[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
}
