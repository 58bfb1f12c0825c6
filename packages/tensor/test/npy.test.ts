import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  npyHeader,
  readNpy,
  readNpz,
  type TensorLike,
  tensor,
  type WriteNpyOptions,
  writeNpy,
  writeNpz,
} from '../src/index.js'
import { errorOf, golden } from '../src/testing/index.js'
import { anyTensor, bitsOf, survives } from './arbitrary.js'

interface IndexEntry {
  name: string
  descr: string
  shape: number[]
  fortran: boolean
  values: string[]
  version?: [1 | 2 | 3, 0]
}

const numpy = golden(new URL('./golden/npy.npz', import.meta.url))
const bytesOf = (name: string) => numpy.array(name).data as Uint8Array
const index: IndexEntry[] = JSON.parse(new TextDecoder().decode(bytesOf('index')))
const parse = (text: string) => (text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity')))

describe(`files that ${numpy.text('versions')} wrote`, () => {
  it.each(index)('$name is read', ({ name, shape, values }) => {
    const t = readNpy(bytesOf(name))
    const complex = /^c/.test(name)
    expect(t.shape).toEqual(complex ? [...shape, 2] : shape)
    if (t.data instanceof BigInt64Array) expect([...t.data]).toEqual(values.map(BigInt))
    else expect([...t.data]).toEqual(values.map(parse))
  })

  // Half precision is widened on reading, so that it cannot be written back.
  it.each(index.filter(({ descr }) => !descr.endsWith('f2')))('$name is written back byte for byte', (entry) => {
    const options: WriteNpyOptions = {
      fortranOrder: entry.fortran,
      byteOrder: entry.descr.startsWith('>') ? 'big' : 'little',
      complex: entry.descr.includes('c'),
      bool: entry.descr === '|b1',
      ...(entry.version === undefined ? {} : { version: entry.version[0] }),
    }
    expect(writeNpy(readNpy(bytesOf(entry.name)), options)).toEqual(bytesOf(entry.name))
  })
})

describe('readNpy and writeNpy', () => {
  it('bring back every tensor in every order', () => {
    const options = fc.record({
      fortranOrder: fc.boolean(),
      byteOrder: fc.constantFrom('little' as const, 'big' as const),
      version: fc.constantFrom(1 as const, 2 as const, 3 as const),
    })
    fc.assert(
      fc.property(anyTensor, options, (t, how) => {
        const back = readNpy(writeNpy(t, how))
        expect(back.shape).toEqual(t.shape)
        expect(back.data.constructor).toBe(t.data.constructor)
        expect(bitsOf(back)).toEqual(bitsOf(t))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('write a view in its own order', () => {
    const t = tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
    expect([...readNpy(writeNpy(t.transpose(1, 0).step(-1, 1))).data]).toEqual([3, 6, 2, 5, 1, 4])
  })

  it('take bytes at any alignment and share no memory with them', () => {
    const bytes = writeNpy(tensor(Float64Array.of(1, 2)))
    const shifted = new Uint8Array(bytes.length + 3).subarray(3)
    shifted.set(bytes)
    const t = readNpy(shifted)
    shifted.fill(0)
    expect([...t.data]).toEqual([1, 2])
  })

  it("take Node's buffers, whose slice shares memory", () => {
    const buffer = Buffer.concat([Buffer.from(writeNpy(tensor(Float32Array.of(1, 2)))), Buffer.from('more')])
    expect(readNpy(buffer).data).toEqual(Float32Array.of(1, 2))
    expect(readNpz(Buffer.from(writeNpz({ a: tensor(Float32Array.of(3)) }))).a?.data).toEqual(Float32Array.of(3))
    const bytes = readNpy(writeNpy(tensor(Buffer.from('abc')).step(-1)))
    expect(bytes.data).toEqual(Uint8Array.of(99, 98, 97))
  })

  it('pass over bytes after the array', () => {
    const bytes = writeNpy(tensor(Int8Array.of(1)))
    const longer = new Uint8Array(bytes.length + 9)
    longer.set(bytes)
    expect([...readNpy(longer).data]).toEqual([1])
  })

  it('read the headers of other writers', () => {
    const header = (text: string) => {
      const bytes = new Uint8Array(10 + text.length + 8)
      bytes.set(writeNpy(tensor(new Uint8Array(0))).subarray(0, 8))
      new DataView(bytes.buffer).setUint16(8, text.length, true)
      bytes.set(new TextEncoder().encode(text), 10)
      return npyHeader(bytes)
    }
    expect(header(`{"shape": (2L, 1L), 'fortran_order': True, "descr": "<f4"}\n`)).toMatchObject({
      shape: [2, 1],
      fortranOrder: true,
      descr: '<f4',
    })
    expect(header(`{ 'descr' : '|u1' , 'fortran_order' : False , 'shape' : ( ) , }`).shape).toEqual([])
    for (const text of [`{'descr': '<f4'}`, `{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}`, '{', '', 'null']) {
      expect(errorOf(() => header(text)).code).toBe('ERR_DSP_FORMAT')
    }
    expect(errorOf(() => header(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}`)).message).toContain(
      'structured',
    )
  })
})

describe('hostile .npy files', () => {
  const file = (shape: string, data = 0, descr = '<f4') => {
    const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`
    const bytes = new Uint8Array(10 + text.length + data)
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0])
    bytes.set(new TextEncoder().encode(text), 10)
    return bytes
  }

  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /not a \.npy file/],
    ['another file', new TextEncoder().encode('RIFF, or so it claims'), /not a \.npy file/],
    ['a shape of 4 GB', file('(1000000000,)', 400), /needs 4000000000 bytes, but only 400/],
    ['a shape beyond every number', file('(4294967296, 4294967296, 4294967296)', 4), /needs .* bytes/],
    ['a length beyond whole numbers', file('(99999999999999999999,)', 4), /too large/],
    ['65 axes', file(`(${'1, '.repeat(65)})`, 4), /too many/],
    ['an unknown type', file('(1,)', 8, '<m8'), /not supported/],
    ['a name of the prototype', file('(1,)', 8, '<constructor'), /not supported/],
    ['objects', file('(1,)', 8, '|O'), /not supported/],
    ['an unknown version', Uint8Array.from(file('(1,)', 4), (byte, i) => (i === 6 ? 4 : byte)), /version 4/],
    ['a header cut off', file('(1,)', 4).subarray(0, 30), /header claims/],
    ['data cut off', file('(2,)', 7), /needs 8 bytes, but only 7/],
  ])('%s', (_, bytes, message) => {
    const error = errorOf(() => readNpy(bytes, 'x.npy'))
    expect(error.code).toBe('ERR_DSP_FORMAT')
    expect(error.argument).toBe('x.npy')
    expect(error.message).toMatch(message)
  })

  it('random bytes, and valid files with random bytes changed, never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        survives(() => readNpy(bytes))
        const named = Uint8Array.from(bytes)
        named.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0].slice(0, named.length))
        survives(() => readNpy(named))
      }),
      { seed: 2, numRuns: 1000 },
    )
    const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(anyTensor, changes, (t, edits) => {
        const bytes = writeNpy(t)
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
        survives(() => readNpy(bytes))
      }),
      { seed: 3, numRuns: 2000 },
    )
  })
})

it.each<[string, TensorLike, WriteNpyOptions, string]>([
  ['complex without a pair', tensor(new Float32Array(3)), { complex: true }, 'complex'],
  ['complex integers', tensor(new Int32Array(2)), { complex: true }, 'complex'],
  ['booleans of 2', tensor(Uint8Array.of(2)), { bool: true }, 'bool'],
  ['an unknown option', tensor(Uint8Array.of(2)), { fortran: true } as WriteNpyOptions, 'fortran'],
  ['an unknown order', tensor(Uint8Array.of(2)), { byteOrder: 'middle' } as unknown as WriteNpyOptions, 'byteOrder'],
])('writeNpy refuses %s', (_, t, options, argument) => {
  expect(errorOf(() => writeNpy(t, options)).argument).toBe(argument)
})
