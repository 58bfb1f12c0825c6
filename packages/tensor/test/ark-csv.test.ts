import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readArk, readCsv, type Tensor, tensor, writeArk, writeCsv } from '../src/index.js'
import { errorOf } from '../src/testing/index.js'
import { bitsOf, survives } from './arbitrary.js'

const file = (name: string) => new Uint8Array(readFileSync(new URL(`./golden/${name}`, import.meta.url)))
const entries = {
  matrix: tensor(Float32Array.of(0.1, -2.5, 3e-9, 4, 1e10, -0), [2, 3]),
  wide: tensor(Float64Array.of(1 / 3, 2 / 3), [2, 1]),
  vector: tensor(Float32Array.of(1.5, -2.25, 3.125)),
}
const { wide: _, ...singles } = entries

describe('Kaldi archives', () => {
  it('equal those of kaldiio byte for byte', () => {
    expect(writeArk(entries)).toEqual(file('kaldiio.ark'))
  })

  it('of kaldiio are read, binary and text', () => {
    const binary = readArk(file('kaldiio.ark'))
    expect(Object.keys(binary)).toEqual(Object.keys(entries))
    for (const [key, t] of Object.entries(entries)) expect(binary[key]).toMatchObject({ shape: t.shape, data: t.data })
    const text = readArk(file('kaldiio.txt'))
    for (const [key, t] of Object.entries(singles)) expect(text[key]).toMatchObject({ shape: t.shape, data: t.data })
  })

  it('are written as Kaldi prints them', () => {
    const text = new TextDecoder().decode(
      writeArk({ ...singles, none: tensor(new Float32Array(0), [0, 3]) }, { text: true }),
    )
    expect(text).toBe('matrix  [\n  0.1 -2.5 3e-9 \n  4 10000000000 -0 ]\nvector  [ 1.5 -2.25 3.125 ]\nnone  [ ]\n')
  })

  it('bring back every matrix and vector', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc
          .float32Array({ minLength: rows * columns, maxLength: rows * columns, noNaN: true })
          .map((data) => tensor(data as Float32Array, [rows, columns])),
      )
    const vector = fc.float64Array().map((data) => tensor(data as Float64Array))
    const keys = fc.stringMatching(/^[\w./-]{1,9}$/).filter((key) => key !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(keys, fc.oneof(matrix, vector) as fc.Arbitrary<Tensor>), (all) => {
        const back = readArk(writeArk(all))
        expect(Object.keys(back).sort()).toEqual(Object.keys(all).sort())
        for (const key of Object.keys(all)) {
          expect(back[key]!.shape).toEqual(all[key]!.shape)
          expect(bitsOf(back[key]!)).toEqual(bitsOf(all[key]!))
        }
      }),
      { seed: 1 },
    )
    fc.assert(
      fc.property(matrix, (t) => {
        const back = readArk(writeArk({ key: t }, { text: true })).key!
        expect(back.shape).toEqual(t.shape)
        expect(back.data).toEqual(t.data)
      }),
      { seed: 2 },
    )
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['text of no archive', new TextEncoder().encode('hello'), /no key at byte 0/],
    ['whole numbers', new TextEncoder().encode('a \0B\u0004xxxxxxxx'), /only matrices and vectors of floats/],
    ['a compressed matrix cut off', new TextEncoder().encode('a \0BCM xxxxxxxx'), /cut off/],
    [
      'a compressed matrix of 4 GB',
      new TextEncoder().encode(`a \0BCM2 ${'a'.repeat(40)}`),
      /needs .* compressed bytes/,
    ],
    ['a shape of 4 GB', file('kaldiio.ark').map((b, i) => (i === 13 + 3 ? 0x3f : b)), /needs .* bytes, but only/],
    ['a file cut off', file('kaldiio.ark').subarray(0, 30), /needs 24 bytes/],
    ['text cut off', new TextEncoder().encode('a [ 1 2'), /no closing bracket/],
    ['ragged rows', new TextEncoder().encode('a [\n 1 2\n 3 ]'), /different lengths/],
    ['words', new TextEncoder().encode('a [ one ]'), /not a number/],
    ['a key twice', new TextEncoder().encode('a [ 1 ]\na [ 1 ]\n'), /two entries/],
  ])('refuse %s', (_, bytes, message) => {
    const error = errorOf(() => readArk(bytes))
    expect(error.code).toBe('ERR_DSP_FORMAT')
    expect(error.message).toMatch(message)
  })

  it('with random bytes changed never crash', () => {
    const edits = fc.array(fc.tuple(fc.nat(150), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom(file('kaldiio.ark'), file('kaldiio.txt')), edits, (original, changes) => {
        const bytes = Uint8Array.from(original)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        survives(() => readArk(bytes))
      }),
      { seed: 3, numRuns: 1000 },
    )
  })

  it('take floats of 1 or 2 axes under keys without spaces', () => {
    expect(errorOf(() => writeArk({ 'a b': entries.vector })).argument).toBe('key')
    expect(errorOf(() => writeArk({ a: tensor(new Int32Array(2)) })).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => writeArk({ a: tensor(new Float32Array(8), [2, 2, 2]) })).code).toBe('ERR_DSP_SHAPE')
    expect(errorOf(() => writeArk({}, { binary: true } as object)).code).toBe('ERR_DSP_OPTION')
  })
})

describe('writeCsv', () => {
  it('writes vectors, matrices and views', () => {
    expect(writeCsv(tensor(Int16Array.of(1, -2)))).toBe('1\n-2\n')
    expect(writeCsv(tensor(Float64Array.of(0.1, Number.NaN, Infinity, -0), [2, 2]))).toBe('0.1,nan\ninf,-0\n')
    expect(writeCsv(tensor(BigInt64Array.of(9007199254740993n)))).toBe('9007199254740993\n')
    expect(writeCsv(tensor(Float32Array.of(1, 2, 3, 4), [2, 2]).transpose(1, 0))).toBe('1,3\n2,4\n')
    expect(writeCsv(tensor(new Float32Array(0), [0, 2]), { header: ['a', 'b,c'] })).toBe('a,"b,c"\n')
  })

  it('prints every float32 so that it reads back', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, noNaN: true }), (data) => {
        const lines = writeCsv(tensor(data as Float32Array))
          .trimEnd()
          .split('\n')
        expect(Float32Array.from(lines, (line) => Number(line.replace('inf', 'Infinity')))).toEqual(data)
      }),
      { seed: 4 },
    )
  })

  it('refuses other shapes and headers', () => {
    expect(errorOf(() => writeCsv(tensor(new Float32Array(1), [1, 1, 1]))).code).toBe('ERR_DSP_SHAPE')
    expect(errorOf(() => writeCsv(tensor(new Float32Array(2)), { header: ['a', 'b'] })).argument).toBe('header')
  })
})

describe('readCsv', () => {
  it('brings back what writeCsv wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.double(), { maxLength: 20 }), (columns, all) => {
        const rows = Math.floor(all.length / columns)
        const t = tensor(Float64Array.from(all.slice(0, rows * columns)), columns === 1 ? [rows] : [rows, columns])
        const back = readCsv(writeCsv(t))
        expect(bitsOf(back)).toEqual(bitsOf(t))
        if (rows > 0) expect(back.shape).toEqual(t.shape)
      }),
    )
  })

  it('takes what others write', () => {
    const of = (text: string) => readCsv(new TextEncoder().encode(text))
    expect(of('# numpy.savetxt\n1.0e+00 -2.5E-01  .5\n\n3. +4 nan\n').data).toEqual(
      Float64Array.of(1, -0.25, 0.5, 3, 4, Number.NaN),
    )
    expect(of('"low";"high"\r\n1 ; -inf\r\n2;Infinity\r\n')).toMatchObject({
      shape: [2, 2],
      data: Float64Array.of(1, -Infinity, 2, Infinity),
    })
    expect(of('1\t2').shape).toEqual([1, 2])
    expect(of('').shape).toEqual([0, 0])
  })

  it('names the line that is wrong', () => {
    const message = (text: string) => errorOf(() => readCsv(text, 'x.csv')).message
    expect(message('a,b\n1,2\n3\n')).toBe('x.csv: line 3 has length 1, those before it have 2')
    expect(message('1,2\na,b\n')).toContain('x.csv: line 2: "a" is not a number')
    expect(message('1,,2\n')).toContain('line 1: "" is not a number')
    expect(message('frame,1\n')).toContain('line 1: "frame" is not a number')
    expect(message('0x10,1\n')).toContain('"0x10" is not a number')
  })
})
