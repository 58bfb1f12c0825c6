import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compressionMethods } from '../src/ark-compression.js'
import { type CompressionMethod, readArk, tensor, writeArk } from '../src/index.js'
import { errorOf, golden } from '../src/testing/index.js'

const file = golden(new URL('./golden/compressed-ark.npz', import.meta.url))
const bytes = (name: string) => Uint8Array.from(file.array(name).data as Uint8Array)
const inputs = (method: string) => file.names.filter((name) => name.startsWith(`${method}/`) && name.endsWith('/in'))

describe('compressed matrices of Kaldi', () => {
  it.each(compressionMethods)('%s: are read and written with the bits of kaldiio', (method) => {
    const names = inputs(method)
    expect(names.length).toBe(6)
    const read = readArk(bytes(method))
    expect(Object.keys(read)).toEqual(names.map((name) => name.split('/')[1]))
    for (const [key, t] of Object.entries(read)) {
      const expected = file.array(`${method}/${key}/out`)
      expect(t).toMatchObject({ shape: expected.shape, data: expected.data })
    }
    const entries = Object.fromEntries(names.map((name) => [name.split('/')[1]!, file.array(name)]))
    expect(writeArk(entries, { compressionMethod: method })).toEqual(bytes(method))
  })

  it('lie beside other entries in one file', () => {
    const read = readArk(bytes('mixed'))
    expect(Object.keys(read).length).toBe(14)
    for (const [key, t] of Object.entries(read)) {
      const expected = file.array(`mixed/${key}/out`)
      expect(t).toMatchObject({ shape: expected.shape, data: expected.data })
    }
  })

  it('are off by half a step of their method at most', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 4 }))
    const methods = fc.constantFrom<CompressionMethod>('two-byte-auto', 'one-byte-auto')
    const values = { noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }
    const matrices = sizes.chain(([rows, columns]) =>
      fc
        .float32Array({ minLength: rows * columns, maxLength: rows * columns, ...values })
        .map((data) => tensor(data as Float32Array, [rows, columns])),
    )
    fc.assert(
      fc.property(methods, matrices, (compressionMethod, x) => {
        const back = readArk(writeArk({ x }, { compressionMethod })).x!
        const range = Math.max(...x.data) - Math.min(...x.data)
        // Kaldi rounds by adding 0.499.
        const step = ((0.502 * range) / (compressionMethod === 'one-byte-auto' ? 255 : 65535) + 1e-4) * 1.001
        x.data.forEach((value, i) => {
          expect(Math.abs(back.data[i]! - value)).toBeLessThanOrEqual(step)
        })
      }),
      { seed: 11 },
    )
    fc.assert(
      fc.property(matrices, (x) => {
        // a column's least and greatest values come back, but for the 16 bits of its header
        const back = readArk(writeArk({ x }, { compressionMethod: 'speech-feature' })).x!
        const range = Math.max(...x.data) - Math.min(...x.data)
        expect(back.shape).toEqual(x.shape)
        x.data.forEach((value, i) => {
          expect(Math.abs(back.data[i]! - value)).toBeLessThanOrEqual(range / 64 + (range * 4) / 65535 + 2e-4)
        })
      }),
      { seed: 12 },
    )
  })

  it('take the nearest end of a fixed range', () => {
    const x = tensor(Float32Array.of(-1e9, 40000, -3, 300), [2, 2])
    const read = (compressionMethod: CompressionMethod) => [...readArk(writeArk({ x }, { compressionMethod })).x!.data]
    expect(read('two-byte-signed-integer')).toEqual([-32768, 32767, -3, 300])
    expect(read('one-byte-unsigned-integer')).toEqual([0, 255, 0, 255])
    expect(read('one-byte-zero-one')).toEqual([0, 1, 0, 1])
  })

  it('may be empty, of a single row, and float64', () => {
    const entries = {
      none: tensor(new Float32Array(0), [0, 0]),
      row: tensor(Float64Array.of(1, 2, 4), [1, 3]),
      vector: tensor(Float64Array.of(1 / 3)),
    }
    for (const compressionMethod of compressionMethods.slice(0, 3)) {
      const { none, row, vector } = readArk(writeArk(entries, { compressionMethod }))
      expect(none!.shape).toEqual([0, 0])
      ;[...row!.data].forEach((value, i) => {
        expect(value).toBeCloseTo(entries.row.data[i]!, 3)
      })
      expect(vector!.data).toEqual(entries.vector.data)
    }
  })

  it('hold finite values only, in binary', () => {
    const write = (x: number, options: object) => () =>
      writeArk({ x: tensor(Float64Array.of(x, 0), [2, 1]) }, { compressionMethod: 'automatic', ...options })
    for (const x of [Number.NaN, Infinity, 1e39]) expect(errorOf(write(x, {})).code).toBe('ERR_DSP_NOT_FINITE')
    expect(errorOf(write(1, { text: true })).argument).toBe('compressionMethod')
    expect(errorOf(write(1, { compressionMethod: 'CM' })).expected).toContain('speech-feature')
    const wide = tensor(Float32Array.of(-3e38, 3e38), [2, 1])
    expect(errorOf(() => writeArk({ wide }, { compressionMethod: 'automatic' })).argument).toBe('wide')
  })
})
