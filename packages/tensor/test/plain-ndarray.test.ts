import fc from 'fast-check'
import compiled from 'ndarray'
import { describe, expect, it } from 'vitest'
import plain from '../src/plain-ndarray.js'

type Argument = number | null | undefined
type Method = 'hi' | 'lo' | 'step' | 'transpose' | 'pick'

/** The interface of both, for any arguments. */
type NdArray = Record<Method, (...of: Argument[]) => NdArray | null> & {
  readonly data: { readonly length: number }
  readonly shape: number[]
  readonly stride: number[]
  readonly offset: number
  readonly size: number
  readonly dimension: number
  readonly dtype: string
  readonly order: number[]
  index(...at: Argument[]): number
  get(...at: Argument[]): unknown
  set(...atAndValue: unknown[]): unknown
}
type Create = (data?: unknown, shape?: number[], stride?: number[], offset?: number) => NdArray
const creators = [compiled, plain] as unknown as readonly [Create, Create]

class Squares {
  readonly written: unknown[] = []
  constructor(readonly length: number) {}
  get(index: number) {
    return this.written[index] ?? index * index
  }
  set(index: number, value: unknown) {
    this.written[index] = value
    return 'written'
  }
}

const numbers = (length: number) => Array.from({ length }, (_, i) => i)
const STORAGES: Record<string, (length: number) => { readonly length: number }> = {
  array: numbers,
  float32: (length) => Float32Array.from(numbers(length)),
  float64: (length) => Float64Array.from(numbers(length)),
  int8: (length) => Int8Array.from(numbers(length)),
  int16: (length) => Int16Array.from(numbers(length)),
  int32: (length) => Int32Array.from(numbers(length)),
  uint8: (length) => Uint8Array.from(numbers(length)),
  uint8_clamped: (length) => Uint8ClampedArray.from(numbers(length)),
  uint16: (length) => Uint16Array.from(numbers(length)),
  uint32: (length) => Uint32Array.from(numbers(length)),
  bigint64: (length) => BigInt64Array.from(numbers(length), BigInt),
  biguint64: (length) => BigUint64Array.from(numbers(length), BigInt),
  buffer: (length) => Buffer.from(numbers(length)),
  generic: (length) => new Squares(length),
}

/** All that can be seen of an array; of long axes, which steps of 0 give, only the beginning. */
function seen(array: NdArray | null) {
  if (array === null) return null
  const elements: unknown[] = []
  const visit = (at: number[]) => {
    if (at.length === array.shape.length) elements.push([array.index(...at), array.get(...at), array.get(...at, 9)])
    else for (let i = 0; i < Math.min(array.shape[at.length]!, 3); i++) visit([...at, i])
  }
  visit([])
  const { data, shape, stride, offset, size, dimension, dtype, order } = array
  return { data, shape, stride, offset, size, dimension, dtype, order, elements, text: String(array.toString()) }
}

const argument = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.constantFrom(null, undefined, Number.NaN, 1.5, -0.5, 2 ** 31),
)
const views = fc.array(
  fc.tuple(fc.constantFrom<Method>('hi', 'lo', 'step', 'transpose', 'pick'), fc.array(argument, { maxLength: 5 })),
  { maxLength: 4 },
)
const shapes = fc.array(fc.nat({ max: 3 }), { maxLength: 5 })
const storages = fc.constantFrom(...Object.keys(STORAGES))
const product = (shape: readonly number[]) => shape.reduce((size, length) => size * length, 1)

describe('the ndarray that compiles nothing is npm ndarray', () => {
  it('in every view of a view', () => {
    fc.assert(
      fc.property(storages, shapes, views, (storage, shape, chain) => {
        const data = STORAGES[storage]!(product(shape))
        let [a, b]: (NdArray | null)[] = creators.map((create) => create(data, shape)) as [NdArray, NdArray]
        expect(a!.dtype).toBe(storage)
        expect(seen(b!)).toEqual(seen(a!))
        for (const [method, drawn] of chain) {
          // Axes that do not exist have strides that are no numbers, which no order has.
          const args =
            method === 'transpose' ? drawn.map((axis) => (axis ? Math.abs(axis % a!.dimension) : axis)) : drawn
          a = a![method](...args)
          b = b![method](...args)
          expect(seen(b)).toEqual(seen(a))
          if (a === null) return
        }
      }),
      { seed: 13, numRuns: 3000 },
    )
  })

  it('for strides and offsets that are given', () => {
    const layout = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: -4, max: 4 })), { maxLength: 4 })
    fc.assert(
      fc.property(layout, fc.option(fc.integer({ min: -2, max: 9 }), { nil: undefined }), (axes, offset) => {
        const data = numbers(30)
        const [shape, stride] = [axes.map(([length]) => length), axes.map(([, step]) => step)]
        const [a, b] = creators.map((create) => create(data, shape, stride, offset))
        expect(seen(b!)).toEqual(seen(a!))
        shape.fill(7)
        stride.fill(7)
        expect(seen(b!)).toEqual(seen(a!))
      }),
      { seed: 14, numRuns: 1000 },
    )
  })

  it('in what it writes and returns', () => {
    fc.assert(
      fc.property(storages, shapes, fc.array(fc.nat({ max: 3 }), { maxLength: 6 }), (storage, shape, args) => {
        const values = /^big/.test(storage) ? args.map((at, i) => (i === shape.length ? BigInt(at) : at)) : args
        const pair = creators.map((create) => create(STORAGES[storage]!(product(shape)), shape))
        const outcomes = pair.map((array) => {
          try {
            return array.set(...values)
          } catch (error) {
            return (error as Error).constructor
          }
        })
        expect(outcomes[1]).toEqual(outcomes[0])
        expect(pair[1]!.data).toEqual(pair[0]!.data)
      }),
      { seed: 15, numRuns: 2000 },
    )
  })

  it.each<[string, unknown[]]>([
    ['nothing', []],
    ['a number', [5]],
    ['a list', [[1, 2, 3]]],
    ['one element without axes', [[1, 2, 3], [], [], 2]],
  ])('of %s', (_, args) => {
    const [a, b] = creators.map((create) => create(...(args as Parameters<Create>)))
    expect(seen(b!)).toEqual(seen(a!))
    for (const method of ['hi', 'lo', 'step', 'transpose', 'pick'] as const)
      expect(seen(b![method](1))).toEqual(seen(a![method](1)))
    expect(b!.set(1, 9)).toBe(a!.set(1, 9))
    expect(b!.data).toEqual(a!.data)
  })

  it('without axes, as a number', () => {
    const [a, b] = creators.map((create) => create(Float32Array.of(1.5), []))
    expect(Number(a)).toBe(1.5)
    expect(Number(b)).toBe(1.5)
  })

  it('in its own properties, which are what is cloned', () => {
    const [a, b] = creators.map((create) => create(new Float32Array(4), [2, 2]))
    expect(structuredClone(b)).toEqual(structuredClone(a))
    expect(Object.keys(b!)).toEqual(Object.keys(a!))
  })
})
