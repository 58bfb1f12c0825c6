import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { deflateSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readNpz, tensor, writeNpy, writeNpz } from '../src/index.js'
import { errorOf } from '../src/testing/index.js'
import { anyTensor, bitsOf, survives } from './arbitrary.js'

const numpyFile = (name: string) => new Uint8Array(readFileSync(new URL(`./golden/${name}`, import.meta.url)))
const small = () => writeNpz({ a: tensor(Float32Array.of(1, 2, 3)), b: tensor(new Int16Array(0), [0, 2]) })

/** Little-endian fields of a zip archive of one entry. */
const central = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(bytes.length - 6, true)

describe('readNpz', () => {
  it.each(['stored.npz', 'compressed.npz'])('reads %s as numpy wrote it', (name) => {
    const arrays = readNpz(numpyFile(name))
    expect(Object.keys(arrays)).toEqual(['a', 'empty', 'deep/name é'])
    expect(arrays.a).toMatchObject({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) })
    expect(arrays.empty).toMatchObject({ shape: [0, 4], data: new Float64Array(0) })
    expect(arrays['deep/name é']?.data).toEqual(BigInt64Array.of(0n, 1n, 2n))
  })

  it('reads only what is requested', () => {
    expect(Object.keys(readNpz(small(), { names: ['b'] }))).toEqual(['b'])
    expect(errorOf(() => readNpz(small(), { names: ['c'] })).actual).toBe('"c"')
    expect(errorOf(() => readNpz(small(), { name: 'c' } as object)).code).toBe('ERR_DSP_OPTION')
  })

  it('skips entries that are not arrays', () => {
    const bytes = zipSync({ 'readme.txt': new Uint8Array(9), 'x.npy': writeNpy(tensor(Uint8Array.of(7))) })
    expect(Object.keys(readNpz(bytes))).toEqual(['x'])
  })

  it('keeps names of the prototype apart', () => {
    const arrays = readNpz(
      writeNpz(JSON.parse('{"__proto__": 0}', (key, value) => (key ? tensor(Uint8Array.of(1)) : value))),
    )
    expect(Object.keys(arrays)).toEqual(['__proto__'])
  })
})

describe('writeNpz', () => {
  it('brings back every tensor, stored and deflated', () => {
    const names = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !name.includes('\0'))
    fc.assert(
      fc.property(fc.dictionary(names, anyTensor, { noNullPrototype: true }), fc.boolean(), (arrays, compress) => {
        const back = readNpz(writeNpz(arrays, { compress }))
        expect(Object.keys(back).sort()).toEqual(Object.keys(arrays).sort())
        for (const name of Object.keys(arrays)) {
          expect(back[name]!.shape).toEqual(arrays[name]!.shape)
          expect(bitsOf(back[name]!)).toEqual(bitsOf(arrays[name]!))
        }
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('gives the same bytes for the same arrays', () => {
    expect(small()).toEqual(small())
  })

  it('passes options on to single arrays', () => {
    const t = tensor(new Float32Array(4), [2, 2])
    expect(readNpz(writeNpz({ t }, { arrays: { t: { complex: true } } })).t?.shape).toEqual([2, 2])
    expect(errorOf(() => writeNpz({ t }, { arrays: { u: {} } })).argument).toBe('u')
    expect(errorOf(() => writeNpz({ t }, { level: 9 } as object)).argument).toBe('level')
  })
})

describe('hostile .npz files', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['an empty file', () => new Uint8Array(0), /too short/],
    ['text', () => new TextEncoder().encode('x'.repeat(99)), /not a \.npz file/],
    ['a file cut off', () => small().subarray(0, 200), /not a \.npz file, or it is cut off/],
    [
      'a flipped byte of data',
      () => small().map((byte, i) => (i === 36 + 128 ? byte ^ 1 : byte)),
      /does not match its checksum/,
    ],
    [
      'a deflated entry that unpacks to more than it says',
      () => {
        const bytes = writeNpz({ a: tensor(new Float32Array(1000)) }, { compress: true })
        new DataView(bytes.buffer).setUint32(central(bytes) + 24, 200, true)
        return bytes
      },
      /unpacks to more than the 200 bytes/,
    ],
    [
      'a claim that deflate cannot reach',
      () => {
        const bytes = writeNpz({ a: tensor(new Float32Array(1000)) }, { compress: true })
        new DataView(bytes.buffer).setUint32(central(bytes) + 24, 0xfffffff0, true)
        return bytes
      },
      /claims more than 1073741824 bytes/,
    ],
    [
      'a stored entry of two sizes',
      () => {
        const bytes = writeNpz({ a: tensor(new Float32Array(10)) })
        new DataView(bytes.buffer).setUint32(central(bytes) + 24, 9, true)
        return bytes
      },
      /claims two sizes/,
    ],
    [
      'packed bytes beyond the end',
      () => {
        const bytes = writeNpz({ a: tensor(new Float32Array(10)) })
        const view = new DataView(bytes.buffer)
        view.setUint32(central(bytes) + 20, 99_999, true)
        view.setUint32(central(bytes) + 24, 99_999, true)
        return bytes
      },
      /claims 99999 packed bytes/,
    ],
    [
      'a directory that is not there',
      () => {
        const bytes = small()
        new DataView(bytes.buffer).setUint32(bytes.length - 6, 0x7fffffff, true)
        return bytes
      },
      /entry 1 of its directory/,
    ],
    ['an array cut off', () => zipSync({ 'a.npy': writeNpy(tensor(new Float32Array(9))).subarray(0, 140) }), /cut off/],
  ])('%s', (_, make, message) => {
    const error = errorOf(() => readNpz(make()))
    expect(error.code).toBe('ERR_DSP_FORMAT')
    expect(error.message).toMatch(message)
  })

  it('a bomb is stopped at the limit', () => {
    const bomb = writeNpz({ zeros: tensor(new Uint8Array(2_000_000)) }, { compress: true })
    expect(bomb.length).toBeLessThan(4000)
    expect(errorOf(() => readNpz(bomb, { maxBytes: 1_000_000 })).message).toContain('raise maxBytes')
    // A claim within the ratio, made by bytes that inflate to far more.
    const lying = zipSync({ 'a.npy': new Uint8Array(100) }, { level: 6 })
    const flood = deflateSync(new Uint8Array(50_000_000))
    const at = central(lying)
    const packed = new DataView(lying.buffer).getUint32(at + 20, true)
    const bytes = new Uint8Array(lying.length - packed + flood.length)
    bytes.set(lying.subarray(0, 35))
    bytes.set(flood, 35)
    bytes.set(lying.subarray(35 + packed), 35 + flood.length)
    const view = new DataView(bytes.buffer)
    const moved = at - packed + flood.length
    view.setUint32(moved + 20, flood.length, true)
    view.setUint32(bytes.length - 6, moved, true)
    expect(errorOf(() => readNpz(bytes)).message).toContain('unpacks to more than the 100 bytes')
  })

  it('files with random bytes changed never crash', () => {
    const valid = [numpyFile('stored.npz'), numpyFile('compressed.npz'), small()]
    const edits = fc.array(fc.tuple(fc.nat(900), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom(...valid), edits, fc.nat(900), (original, changes, cut) => {
        const bytes = Uint8Array.from(original)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        survives(() => readNpz(bytes))
        survives(() => readNpz(bytes.subarray(0, cut)))
        survives(() => readNpz(bytes.subarray(cut)))
      }),
      { seed: 5, numRuns: 2000 },
    )
  })
})
