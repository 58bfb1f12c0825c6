import fc from 'fast-check'
import { DspError, type Tensor, type TensorData, tensor } from '../src/index.js'

/** Tensors of every storage and of 0 to 4 axes, with every bit pattern. */
export const anyTensor: fc.Arbitrary<Tensor<TensorData>> = fc
  .tuple(
    fc.array(fc.nat(4), { maxLength: 4 }),
    fc.constantFrom(
      ...([Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, BigInt64Array] as const),
      ...([Uint8Array, Uint16Array, Uint32Array] as const),
    ),
  )
  .chain(([shape, Storage]) => {
    const length = shape.reduce((a, b) => a * b, 1) * Storage.BYTES_PER_ELEMENT
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => tensor(new Storage(Uint8Array.from(bytes).buffer) as TensorData, shape))
  })

/** The bits of a tensor's elements, in which NaNs compare as well. */
export function bitsOf(t: Tensor<TensorData>): Uint8Array {
  return new Uint8Array(t.data.buffer, t.data.byteOffset, t.data.byteLength)
}

/** Asserts that a call returns or throws a DspError, and nothing else. */
export function survives(call: () => unknown): void {
  try {
    call()
  } catch (error) {
    if (!(error instanceof DspError)) throw error
  }
}
