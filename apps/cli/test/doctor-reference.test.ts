import { writeFileSync } from 'node:fs'
import { type Tensor, tensor, writeArk, writeNpy, writeNpz } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { type Dump, dtypeOf, readReference } from '../src/doctor/reference.js'
import { scratch } from './helpers.js'

const work = scratch()
const values = Float32Array.from({ length: 24 }, (_, i) => i / 4 - 2)
const matrix = tensor(values, [6, 4])
const read = (name: string, dump: Dump = {}) => readReference(work.in(name), dump)
const failure = (name: string, dump: Dump = {}) =>
  read(name, dump).then(
    () => 'no error',
    (error: Error) => error.message,
  )
const put = (name: string, content: string | Uint8Array) => writeFileSync(work.in(name), content)
const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
const numbers = ({ data }: Tensor<Float32Array> | Tensor<Float64Array>) => Array.from(data)

describe('readReference', () => {
  it('reads arrays of any type and order', async () => {
    put('f4.npy', writeNpy(matrix))
    put('f8.npy', writeNpy(tensor(Float64Array.from(values), [6, 4]), { fortranOrder: true, byteOrder: 'big' }))
    put(
      'i2.npy',
      writeNpy(
        tensor(
          Int16Array.from(values, (x) => 4 * x),
          [6, 4],
        ),
      ),
    )
    put('x.npz', writeNpz({ x: matrix, y: tensor(values) }))
    put('x.ark', writeArk({ utt: matrix }))
    put('x.csv', Array.from({ length: 6 }, (_, i) => values.subarray(4 * i, 4 * i + 4).join(' ')).join('\n'))
    for (const name of ['f4.npy', 'f8.npy', 'x.npz:x', 'x.ark', 'x.csv']) {
      const found = await read(name)
      expect(found.notes).toEqual([])
      expect(found.values.shape).toEqual([6, 4])
      expect(numbers(found.values)).toEqual(Array.from(values))
    }
    expect(numbers((await read('i2.npy')).values)).toEqual(Array.from(values, (x) => 4 * x))
  })

  it('drops the axes of a batch of one, and says so', async () => {
    put('batch.npy', writeNpy(tensor(values, [1, 6, 1, 4])))
    const { values: found, notes } = await read('batch.npy')
    expect(found.shape).toEqual([6, 4])
    expect(notes.join()).toMatch(/batch\.npy: the axes \[1, 6, 1, 4\] are read as \[6, 4\]\.$/)
    put('one.npy', writeNpy(tensor(values.slice(0, 4), [1, 1, 4])))
    expect((await read('one.npy')).values.shape).toEqual([1, 4])
    put('two.npy', writeNpy(tensor(values, [2, 3, 4])))
    expect(await failure('two.npy')).toMatch(/3 axes \[2, 3, 4\], but features have two: write one matrix alone/)
  })

  it('reads the whole rows of a file that is cut off, and says so', async () => {
    put('cut.npy', writeNpy(matrix).slice(0, -21))
    const { values: found, notes } = await read('cut.npy')
    expect(found.shape).toEqual([4, 4])
    expect(numbers(found)).toEqual(Array.from(values.subarray(0, 16)))
    expect(notes.join()).toMatch(/cut\.npy is cut off: it holds 4 of its 6 rows; the rest is missing\.$/)
    put('f.npy', writeNpy(tensor(Float64Array.from(values), [6, 4]), { fortranOrder: true }).slice(0, -21))
    expect(await failure('f.npy')).toContain('cut off or its header is wrong')
    put('none.npy', writeNpy(matrix).slice(0, -90))
    expect(await failure('none.npy')).toContain('cut off or its header is wrong')
  })

  it('reads dumps without a header', async () => {
    put('x.f32', bytesOf(values))
    expect(numbers((await read('x.f32', { shape: [6, 4] })).values)).toEqual(Array.from(values))
    const rest = await read('x.f32', { shape: [-1, 5] })
    expect(rest.values.shape).toEqual([4, 5])
    expect(rest.notes.join()).toMatch(/x\.f32: 16 bytes after the last whole row are left out\.$/)
    const swapped = Buffer.from(bytesOf(Float64Array.from(values))).swap64()
    put('big.bin', swapped)
    expect(numbers((await read('big.bin', { shape: [-1, 4], dtype: '>f8' })).values)).toEqual(Array.from(values))
    put('bf.bin', bytesOf(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16)))
    expect(numbers((await read('bf.bin', { shape: [6, 4], dtype: 'bfloat16' })).values)).toEqual(Array.from(values))
    expect(await failure('x.f32')).toMatch(/needs --shape FRAMES,BINS/)
    expect(await failure('x.f32', { shape: [7, 4] })).toMatch(/needs 112 bytes, the file has 96/)
    expect(await failure('x.f32', { shape: [-1, 400] })).toMatch(/needs 1600 bytes, the file has 96/)
    put('nothing.bin', '')
    expect(await failure('nothing.bin', { shape: [-1, 4] })).toMatch(/needs 16 bytes, the file has 0/)
  })

  it('reshapes arrays', async () => {
    put('flat.npy', writeNpy(tensor(values)))
    expect((await read('flat.npy', { shape: [-1, 8] })).values.shape).toEqual([3, 8])
    expect(await failure('flat.npy')).toMatch(/one axis of 24, but features have two/)
    expect(await failure('flat.npy', { shape: [-1, 7] })).toMatch(/--shape -1,7 does not fit its 24 values/)
    expect(await failure('flat.npy', { shape: [6, 4], dtype: '<f4' })).toMatch(/leave --dtype out/)
  })

  it('says what a file is instead', async () => {
    put('empty.npy', '')
    put('scalar.npy', writeNpy(tensor(Float32Array.of(1), [])))
    put('no-frames.npy', writeNpy(tensor(new Float32Array(0), [0, 80])))
    put('complex.npy', writeNpy(tensor(values, [3, 4, 2]), { complex: true }))
    expect(await failure('empty.npy')).toContain('this is not a .npy file')
    expect(await failure('scalar.npy')).toContain('0 axes [], but features have two')
    expect(await failure('no-frames.npy')).toContain('its shape is [0, 80]: there are no features')
    expect(await failure('complex.npy')).toContain('the numbers are complex')
    expect(await failure('model.pt')).toContain("numpy.save('features.npy', torch.load(")
    expect(await failure('missing.npy')).toContain('ENOENT')
    expect(await failure('x.npz')).toContain('holds 2 arrays; name one')
  })

  it('knows element types by the names of numpy and torch', () => {
    expect(['float32', 'bfloat16', '>f2', '<i8', 'float', '<u8', 'f4', 'constructor'].map(dtypeOf)).toEqual([
      '<f4',
      'bfloat16',
      '>f2',
      '<i8',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})
