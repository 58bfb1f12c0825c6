import { DspError, show } from './errors.js'
import { halvesToFloats } from './npy.js'
import { type Tensor, type TensorData, type TensorLike, tensor } from './tensor.js'
import { contiguous, isTensorData } from './view.js'

/**
 * The class `Tensor` of onnxruntime-node, onnxruntime-web or onnxruntime-common. It is handed in, so that this package
 * needs none of them and the tensor belongs to the runtime that will take it.
 */
export type OrtTensorClass<O> = new (type: never, data: never, dims: never) => O

/** The part of an ONNX Runtime tensor that is read. */
export interface OrtTensorLike {
  /** Element type, e.g. `float32`. */
  readonly type: string
  /** The elements. */
  readonly data: unknown
  /** Length of each axis. */
  readonly dims: readonly number[]
  /** Where the elements lie; they must be on the CPU. */
  readonly location?: string
}

/** How {@link toOrt} converts. */
export interface ToOrtOptions {
  /** The ONNX type of a uint8 tensor: itself or `bool`. Default: the type of the storage. */
  readonly type?: 'bool' | 'uint8'
}

const ortTypes: Readonly<Record<string, string>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
}

/**
 * The ONNX element type of a tensor's storage.
 * @param data - The storage.
 *
 * @example
 * ```ts
 * import { ortTypeOf } from '@dsp/tensor'
 * ortTypeOf(new BigInt64Array(1)) // => 'int64'
 * ```
 */
export function ortTypeOf(data: TensorData): string {
  return ortTypes[data[Symbol.toStringTag]]!
}

/**
 * Makes an ONNX Runtime tensor. A row-major tensor shares its memory with the result; a view is copied once.
 * @param OrtTensor - The runtime's class: `import { Tensor } from 'onnxruntime-node'`.
 * @param t - The tensor, of any shape.
 * @param options - The ONNX type, if the storage leaves a choice.
 * @throws {@link DspError} if `t` is not a tensor, or `type` does not suit it.
 *
 * @example
 * ```ts
 * import { Tensor } from 'onnxruntime-common'
 * import { fromOrt, tensor, toOrt } from '@dsp/tensor'
 * const input = toOrt(Tensor, tensor(new Float32Array(80), [1, 80]))
 * input.dims // => [1, 80]
 * fromOrt(input).shape // => [1, 80]
 * ```
 */
export function toOrt<O>(OrtTensor: OrtTensorClass<O>, t: TensorLike, options: ToOrtOptions = {}): O {
  if (typeof OrtTensor !== 'function') {
    throw DspError.argument('OrtTensor', 'the class Tensor of onnxruntime-node or onnxruntime-web', OrtTensor)
  }
  const data = contiguous(t)
  const own = ortTypeOf(data)
  const { type = own } = options
  if (type !== own && !(type === 'bool' && own === 'uint8')) {
    throw DspError.argument('type', own === 'uint8' ? '"uint8" or "bool"' : show(own), type)
  }
  const make = OrtTensor as unknown as new (type: string, data: TensorData, dims: readonly number[]) => O
  return new make(type, data, [...t.shape])
}

/**
 * Wraps an ONNX Runtime tensor, without a copy; `bool` becomes uint8 of 0 and 1, `float16` is widened to float32.
 * @param value - The runtime's tensor.
 * @throws {@link DspError} `ERR_DSP_TYPE` for strings and uint64, `ERR_DSP_ARGUMENT` if the elements are not on the CPU.
 *
 * @example
 * ```ts
 * import { fromOrt } from '@dsp/tensor'
 * const logits = fromOrt({ type: 'float32', data: Float32Array.of(1, 2), dims: [1, 2] })
 * logits.get(0, 1) // => 2
 * ```
 */
export function fromOrt(value: OrtTensorLike): Tensor<TensorData> {
  if (typeof value !== 'object' || value === null || !Array.isArray(value.dims)) {
    throw DspError.argument('value', 'a tensor of ONNX Runtime', value)
  }
  const { location } = value
  if (location !== undefined && location !== 'cpu' && location !== 'cpu-pinned') {
    throw DspError.argument('value', 'a tensor on the CPU: await its getData() first', `one with location ${location}`)
  }
  const { type, data, dims } = value
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    // The bits lie in a Uint16Array, or in a Float16Array if the engine has that.
    const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    return tensor<TensorData>(halvesToFloats(bits), dims)
  }
  if (!isTensorData(data)) {
    throw new DspError(`value must hold numbers of a supported type, got ONNX type ${show(type)}`, {
      code: 'ERR_DSP_TYPE',
      argument: 'value',
      expected: [...Object.values(ortTypes), 'bool', 'float16'].join(', '),
      actual: type,
    })
  }
  return tensor(data, dims)
}
