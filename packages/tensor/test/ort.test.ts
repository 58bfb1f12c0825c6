import * as ort from 'onnxruntime-common'
import { describe, expect, it } from 'vitest'
import { fromOrt, type TensorData, tensor, toOrt } from '../src/index.js'
import { errorOf } from '../src/testing/index.js'

describe('ONNX Runtime', () => {
  it.each<[string, TensorData]>([
    ['float32', Float32Array.of(1, 2)],
    ['float64', Float64Array.of(1, 2)],
    ['int8', Int8Array.of(1, -2)],
    ['int16', Int16Array.of(1, -2)],
    ['int32', Int32Array.of(1, -2)],
    ['int64', BigInt64Array.of(1n, -2n)],
    ['uint8', Uint8Array.of(1, 2)],
    ['uint16', Uint16Array.of(1, 2)],
    ['uint32', Uint32Array.of(1, 2)],
  ])('%s goes there and back without a copy', (type, data) => {
    const there = toOrt(ort.Tensor, tensor(data, [1, 2, 1]))
    expect(there).toBeInstanceOf(ort.Tensor)
    expect(there).toMatchObject({ type, dims: [1, 2, 1] })
    expect(there.data).toBe(data)
    const back = fromOrt(there)
    expect(back.shape).toEqual([1, 2, 1])
    expect(back.data).toBe(data)
  })

  it('takes views, scalars and booleans', () => {
    const t = tensor(Float32Array.of(1, 2, 3, 4), [2, 2])
    expect(toOrt(ort.Tensor, t.transpose(1, 0)).data).toEqual(Float32Array.of(1, 3, 2, 4))
    expect(toOrt(ort.Tensor, { data: Float32Array.of(5), shape: [] }).dims).toEqual([])
    const flags = toOrt(ort.Tensor, tensor(Uint8Array.of(1, 0)), { type: 'bool' })
    expect(flags.type).toBe('bool')
    expect(fromOrt(flags).data).toEqual(Uint8Array.of(1, 0))
  })

  it('widens half precision', () => {
    const half = { type: 'float16', data: Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001), dims: [4] }
    expect(fromOrt(half).data).toEqual(Float32Array.of(1, -2, Infinity, 2 ** -24))
  })

  it('refuses what cannot be shared', () => {
    expect(errorOf(() => fromOrt(new ort.Tensor('string', ['a'], [1]))).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => fromOrt(new ort.Tensor('uint64', [1n], [1]))).code).toBe('ERR_DSP_TYPE')
    expect(
      errorOf(() => fromOrt({ type: 'float32', data: undefined, dims: [1], location: 'gpu-buffer' })).message,
    ).toContain('getData()')
    expect(errorOf(() => fromOrt(null as never)).argument).toBe('value')
    expect(errorOf(() => toOrt({} as never, tensor(new Float32Array(1)))).argument).toBe('OrtTensor')
    expect(errorOf(() => toOrt(ort.Tensor, tensor(new Float32Array(1)), { type: 'bool' })).argument).toBe('type')
  })
})
