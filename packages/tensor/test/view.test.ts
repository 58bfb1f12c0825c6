import fc from 'fast-check'
import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { contiguous, rowMajorStride, type TensorLike, tensor } from '../src/index.js'
import { errorOf } from '../src/testing/index.js'
import { survives } from './arbitrary.js'

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i)

function detached(length: number): Float32Array {
  const data = new Float32Array(length)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
}

describe('contiguous', () => {
  it('returns row-major storage itself', () => {
    const data = ramp(6)
    expect(contiguous(tensor(data, [2, 3]))).toBe(data)
    expect(contiguous({ data, shape: [3, 2] })).toBe(data)
    expect(contiguous(ndarray(data, [6]) as unknown as TensorLike)).toBe(data)
  })

  it('returns a subarray of the same memory for a row-major part', () => {
    const data = ramp(12)
    const rows = contiguous(tensor(data, [4, 3]).lo(1, 0).hi(2, 3))
    expect([...rows]).toEqual([3, 4, 5, 6, 7, 8])
    expect(rows.buffer).toBe(data.buffer)
    // The stride of an axis of length 1 does not matter.
    expect(contiguous({ data, shape: [1, 3], stride: [77, 1], offset: 9 })).toEqual(Float32Array.of(9, 10, 11))
  })

  it('copies reversed, stepped, transposed and broadcast views', () => {
    const t = tensor(ramp(6), [2, 3])
    expect([...contiguous(t.transpose(1, 0))]).toEqual([0, 3, 1, 4, 2, 5])
    expect([...contiguous(t.step(-1, -1))]).toEqual([5, 4, 3, 2, 1, 0])
    expect([...contiguous(t.step(1, 2))]).toEqual([0, 2, 3, 5])
    expect([...contiguous(t.pick(null, 1))]).toEqual([1, 4])
    expect([...contiguous({ data: ramp(2), shape: [2, 2], stride: [0, 1] })]).toEqual([0, 1, 0, 1])
    expect([...contiguous({ data: ramp(5), shape: [3, 3], stride: [1, 1] })]).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4])
    expect(contiguous({ data: BigInt64Array.of(1n, 2n), shape: [2], stride: [-1], offset: 1 })).toEqual(
      BigInt64Array.of(2n, 1n),
    )
  })

  it('takes tensors of no axes and of no elements', () => {
    expect([...contiguous({ data: ramp(3), shape: [], offset: 2 })]).toEqual([2])
    expect(contiguous(tensor(new Int16Array(0), [0, 4]))).toEqual(new Int16Array(0))
    expect(contiguous({ data: ramp(3), shape: [2, 0], stride: [9, 9], offset: 3 }).length).toBe(0)
  })

  it('equals element-by-element reading for random views', () => {
    const axis = fc.record({
      length: fc.integer({ min: 1, max: 5 }),
      from: fc.nat(4),
      step: fc.constantFrom(-2, -1, 1, 2),
    })
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (axes, order) => {
        const shape = axes.map(({ length, from }) => length + from)
        const whole = tensor(ramp(shape.reduce((a, b) => a * b)), shape)
        const view = whole
          .lo(...axes.map(({ from }) => from))
          .step(...axes.map(({ step }) => step))
          .transpose(
            ...axes
              .map((_, i) => [i, order.next().value!] as const)
              .sort((a, b) => a[1] - b[1])
              .map(([i]) => i),
          )
        const expected: number[] = []
        const visit = (index: number[]): void => {
          if (index.length === view.shape.length) expected.push(view.get(...index))
          else for (let i = 0; i < view.shape[index.length]!; i++) visit([...index, i])
        }
        visit([])
        expect([...contiguous(view)]).toEqual(expected)
      }),
      { seed: 7 },
    )
  })

  it.each<[string, unknown, string]>([
    ['null', null, 'ERR_DSP_TYPE'],
    ['a number', 3, 'ERR_DSP_TYPE'],
    ['plain arrays', { data: [1, 2], shape: [2] }, 'ERR_DSP_TYPE'],
    ['an unsupported storage', { data: new BigUint64Array(1), shape: [1] }, 'ERR_DSP_TYPE'],
    ['no shape', { data: ramp(2) }, 'ERR_DSP_TYPE'],
    ['a shape too large', { data: ramp(2), shape: [3] }, 'ERR_DSP_SHAPE'],
    ['a negative length', { data: ramp(2), shape: [-1] }, 'ERR_DSP_SHAPE'],
    ['a broken length', { data: ramp(2), shape: [1.5] }, 'ERR_DSP_SHAPE'],
    ['an overflowing shape', { data: ramp(2), shape: [2 ** 40, 2 ** 40] }, 'ERR_DSP_SHAPE'],
    ['too few strides', { data: ramp(2), shape: [1, 2], stride: [1] }, 'ERR_DSP_SHAPE'],
    ['a stride of NaN', { data: ramp(2), shape: [2], stride: [Number.NaN] }, 'ERR_DSP_SHAPE'],
    ['a stride over the end', { data: ramp(4), shape: [2], stride: [4] }, 'ERR_DSP_SHAPE'],
    ['a stride before the start', { data: ramp(4), shape: [2], stride: [-1] }, 'ERR_DSP_SHAPE'],
    ['a negative offset', { data: ramp(4), shape: [1], offset: -1 }, 'ERR_DSP_SHAPE'],
    ['endless repetition', { data: ramp(1), shape: [1e9], stride: [0] }, 'ERR_DSP_SHAPE'],
    ['a detached buffer', { data: detached(4), shape: [4] }, 'ERR_DSP_ARGUMENT'],
    ['an empty view of a detached buffer', { data: detached(4), shape: [0] }, 'ERR_DSP_ARGUMENT'],
  ])('refuses %s', (_, value, code) => {
    const error = errorOf(() => contiguous(value as TensorLike, 'features'))
    expect(error.code).toBe(code)
    expect(error.argument).toBe('features')
    expect(error.message).toContain('features')
  })

  it('never crashes on hostile layouts', () => {
    const hostile = fc.record(
      {
        data: fc.oneof(fc.constant(ramp(8)), fc.anything()),
        shape: fc.oneof(fc.array(fc.integer({ min: -2, max: 9 }), { maxLength: 4 }), fc.anything()),
        stride: fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 4 }),
        offset: fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double()),
      },
      { requiredKeys: ['data', 'shape'] },
    )
    fc.assert(
      fc.property(hostile, (value) => {
        survives(() => {
          const out = contiguous(value as TensorLike)
          expect(out.length).toBe((value.shape as number[]).reduce((a, b) => a * b, 1))
          expect([...out].every((x) => x !== undefined && !Number.isNaN(x))).toBe(true)
        })
      }),
      { seed: 8, numRuns: 2000 },
    )
  })
})

it('rowMajorStride counts from the last axis', () => {
  expect(rowMajorStride([2, 3, 4])).toEqual([12, 4, 1])
  expect(rowMajorStride([])).toEqual([])
})
