import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVariables } from '../src/ct2/model-file.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsp-whisper-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const u8 = (value: number) => [value]
const u16 = (value: number) => [value & 255, value >> 8]
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)]
const text = (value: string) => [...u16(value.length + 1), ...Buffer.from(value), 0]
const variable = (name: string, shape: number[], type: number, bytes: number[]) => [
  ...text(name),
  ...u8(shape.length),
  ...shape.flatMap(u32),
  ...u8(type),
  ...u32(bytes.length),
  ...bytes,
]
const matrix = variable('a/weight', [2, 3], 4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
const heads = variable('a/num_heads', [], 2, u16(6))
const file = (spec = 'WhisperSpec', version = 6) => [
  ...u32(version),
  ...text(spec),
  ...u32(3),
  ...u32(2),
  ...matrix,
  ...heads,
  ...u32(1),
  ...text('b/weight'),
  ...text('a/weight'),
]

function read(bytes: number[]) {
  const path = join(folder, 'model.bin')
  writeFileSync(path, Uint8Array.from(bytes))
  return readVariables(path)
}

const refusal = { name: 'DspError', code: 'ERR_DSP_MODEL' }

describe('the directory of a model.bin', () => {
  it('says where the variables lie', async () => {
    const variables = await read(file())
    const { offset } = variables.get('a/weight')!
    expect(file().slice(offset, offset + 12)).toEqual(matrix.slice(-12))
    expect(variables.get('a/weight')).toMatchObject({ shape: [2, 3], type: 'float16', length: 12, value: undefined })
    expect(variables.get('a/num_heads')).toMatchObject({ shape: [], value: 6 })
    expect(variables.get('b/weight')).toBe(variables.get('a/weight'))
  })

  it('is refused wherever it is cut, and with bytes after its end', async () => {
    const whole = file()
    for (let length = 0; length < whole.length; length++) {
      await expect(read(whole.slice(0, length)), `${length} bytes`).rejects.toMatchObject(refusal)
    }
    await expect(read([...whole, 0])).rejects.toMatchObject({ message: expect.stringContaining('after the end') })
  })

  it('is refused if it is of another model, version or type', async () => {
    await expect(read(file('TransformerSpec'))).rejects.toMatchObject({
      message: expect.stringContaining('it is a TransformerSpec'),
    })
    await expect(read(file('WhisperSpec', 4))).rejects.toMatchObject(refusal)
    await expect(read([...Buffer.from('PK\x03\x04 this is a zip archive')])).rejects.toMatchObject(refusal)
    await expect(readVariables(folder)).rejects.toMatchObject({ message: expect.stringContaining('is not a file') })
    await expect(readVariables(join(folder, 'none'))).rejects.toMatchObject({
      message: expect.stringContaining('cannot open'),
    })
  })

  it('never crashes on changed bytes', async () => {
    const whole = file()
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0, 1, 127, 255]) {
        const changed = whole.with(at, value)
        await read(changed).then(
          (variables) => {
            // names and weights may be anything
            for (const { offset, length } of variables.values()) expect(offset + length).toBeLessThan(whole.length)
          },
          (error: unknown) => expect(error).toMatchObject(refusal),
        )
      }
    }
  })
})
