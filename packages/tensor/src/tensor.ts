import compiledNdArray from 'ndarray'
import { DspError, show } from './errors.js'
import plainNdArray from './plain-ndarray.js'

/** The element storage that a tensor may have. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array

/**
 * A dense n-dimensional array: npm `ndarray`'s object, with the storage class in the type parameter. Results of every
 * `@dsp` function are real `ndarray`s, contiguous and row-major.
 *
 * npm `ndarray` compiles its classes with `new Function`. Where that is refused, as in a page whose Content-Security-Policy lacks
 * `'unsafe-eval'`, tensors are objects of `@dsp/tensor/ndarray`, which have the same properties and methods and compile nothing.
 * It is tried once per page or worker, so the browser reports one violation of the policy; with an alias from `ndarray` to
 * `@dsp/tensor/ndarray` in the bundler, it reports none.
 */
export interface Tensor<T extends TensorData = Float32Array> {
  /** The elements. */
  readonly data: T
  /** Length of each axis. */
  readonly shape: number[]
  /** Elements between neighbours along each axis. */
  readonly stride: number[]
  /** Index of the first element in `data`. */
  readonly offset: number
  /** Number of elements. */
  readonly size: number
  /** Number of axes. */
  readonly dimension: number
  /** The element at an index. */
  get(...index: number[]): T[number]
  /** Writes the element at an index (its last argument is the value) and returns it. */
  set(...indexAndValue: (number | bigint)[]): T[number]
  /** Position in `data` of the element at an index. */
  index(...index: number[]): number
  /** A view without the first elements of each axis. */
  lo(...start: (number | null)[]): Tensor<T>
  /** A view of the first elements of each axis. */
  hi(...length: (number | null)[]): Tensor<T>
  /** A view of every n-th element of each axis; negative steps reverse. */
  step(...steps: (number | null)[]): Tensor<T>
  /** A view with the axes in another order. */
  transpose(...axes: number[]): Tensor<T>
  /** A view with some axes fixed at an index. */
  pick(...index: (number | null)[]): Tensor<T>
}

/** Anything shaped like a tensor: `stride` (in elements) and `offset` may be left out if the data is row-major. */
export interface TensorLike<T extends TensorData = TensorData> {
  /** The elements. */
  readonly data: T
  /** Length of each axis. */
  readonly shape: readonly number[]
  /** Elements between neighbours along each axis; may be negative. Default: row-major. */
  readonly stride?: readonly number[]
  /** Index of the first element in `data`. Default 0. */
  readonly offset?: number
}

/** Sound: samples in [-1, 1] of shape `[samples]` or `[channels, samples]`, and their rate. */
export interface Audio<T extends Float32Array | Float64Array = Float32Array> {
  /** `[samples]` or `[channels, samples]`. */
  readonly samples: Tensor<T>
  /** Sample rate in Hz. */
  readonly sampleRate: number
}

/**
 * Wraps storage as a row-major tensor, without a copy.
 * @param data - The elements.
 * @param shape - Length of each axis; default: one axis over all elements.
 * @throws {@link DspError} `ERR_DSP_SHAPE` if the shape does not hold exactly `data.length` elements.
 *
 * @example
 * ```ts
 * import { tensor } from '@dsp/tensor'
 * const t = tensor(new Float32Array(6), [2, 3])
 * t.get(1, 2) // 0
 * ```
 */
export function tensor<T extends TensorData>(data: T, shape: readonly number[] = [data.length]): Tensor<T> {
  const size = shape.reduce((product, length) => product * length, 1)
  if (!shape.every((length) => Number.isInteger(length) && length >= 0) || size !== data.length) {
    throw new DspError(`shape ${show([...shape])} does not hold the ${data.length} elements of data`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'shape',
      expected: `axes whose product is ${data.length}`,
      actual: show([...shape]),
    })
  }
  return wrap(data, [...shape]) as Tensor<T>
}

type NdArray = (data: TensorData, shape: number[]) => unknown
let ndarray = compiledNdArray as NdArray

function wrap(data: TensorData, shape: number[]): unknown {
  try {
    return ndarray(data, shape)
  } catch (error) {
    if (!(error instanceof EvalError)) throw error
    // For good: each further attempt would be one more violation to report.
    ndarray = plainNdArray
    return ndarray(data, shape)
  }
}
