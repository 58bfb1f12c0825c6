import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DspError } from '@dsp/tensor'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOnnxHeader } from '../src/index.js'
import { DOUBLE, field, metadataEntry } from './model.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsp-onnx-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (bytes: Uint8Array | string) => {
  const path = join(folder, 'model.onnx')
  writeFileSync(path, bytes)
  return path
}

/** The error with which both forms of the reader answer some bytes. */
async function refusal(bytes: Uint8Array): Promise<DspError> {
  const failed = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (reason: unknown) => reason as DspError,
    )
  const [one, other] = await Promise.all([failed(readOnnxHeader(bytes)), failed(readOnnxHeader(file(bytes)))])
  expect(one).toBeInstanceOf(DspError)
  expect(other).toBeInstanceOf(DspError)
  expect([one!.code, other!.code]).toEqual(['ERR_DSP_MODEL', 'ERR_DSP_MODEL'])
  return other!
}

describe('readOnnxHeader', () => {
  it('reads metadata from a path, a URL and bytes', async () => {
    const path = file(DOUBLE)
    const expected = { sample_rate: '16000', comment: 'größer' }
    for (const input of [path, pathToFileURL(path), DOUBLE, DOUBLE.slice().buffer]) {
      const { metadata, path: named } = await readOnnxHeader(input)
      expect(Object.fromEntries(metadata)).toEqual(expected)
      expect(named).toBe(input instanceof Uint8Array || input instanceof ArrayBuffer ? undefined : path)
    }
  })

  it('finds entries before and after the graph; the last of a name counts', async () => {
    const bytes = Uint8Array.from([...metadataEntry('sample_rate', '8000'), ...metadataEntry('first', '1'), ...DOUBLE])
    const { metadata } = await readOnnxHeader(bytes)
    expect([metadata.get('first'), metadata.get('sample_rate')]).toEqual(['1', '16000'])
  })

  it('skips a graph without reading it', async () => {
    const graph = new Uint8Array(5_000_000).fill(255)
    const length = [0x80 | (5_000_000 % 128), 0x80 | (39_062 % 128), 0x80 | (305 % 128), 2]
    const bytes = Buffer.concat([
      Uint8Array.from([(7 << 3) | 2, ...length]),
      graph,
      Uint8Array.from(metadataEntry('a', 'b')),
    ])
    expect((await readOnnxHeader(new Uint8Array(bytes))).metadata.get('a')).toBe('b')
  })

  it.each([
    ['nothing', []],
    ['zeros', new Array(64).fill(0)],
    ['0xff', new Array(64).fill(255)],
    ['text', [...new TextEncoder().encode('not a model at all, just text')]],
    ['metadata without a graph', metadataEntry('a', 'b')],
    ['a group, which protocol buffers no longer have', [(7 << 3) | 3, 0]],
    ['a tag of more than 32 bits that ends like the graph', [0x80 | 0x3a, 0x80, 0x80, 0x80, 0x80, 0x01, 0]],
    ['an entry that reaches over its end', [...field(7, []), ...field(14, [0x0a, 100, 65])]],
    ['an entry of something else', [...field(7, []), ...field(14, field(1, 5))]],
  ])('refuses %s', async (_, bytes) => {
    expect((await refusal(Uint8Array.from(bytes))).message).toMatch(/is not an ONNX model file|ends too early/)
  })

  it('says how much of a file is missing', async () => {
    const cut = Uint8Array.from([...field(7, new Array(1000).fill(0))]).subarray(0, 500)
    const error = await refusal(cut)
    expect(error.message).toMatch(/500 bytes, but declares 1003 bytes.*download it again/)
    expect([error.expected, error.actual]).toEqual(['1003 bytes', '500 bytes'])
  })

  it('allocates nothing on the word of a length', async () => {
    const lengths = [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
    await refusal(Uint8Array.from([...field(7, []), (14 << 3) | 2, ...lengths.map((b) => b | 0x80), 1]))
    const huge = [...field(7, []), ...field(14, new Array((1 << 20) + 1).fill(0))]
    expect((await refusal(Uint8Array.from(huge))).message).toContain('not an ONNX model file')
    const many = new Array(10_001).fill(0).flatMap((_, i) => metadataEntry(String(i), ''))
    await refusal(Uint8Array.from([...field(7, []), ...many]))
  })

  it('reads any cut or altered model without a crash', async () => {
    const settled = (bytes: Uint8Array) =>
      readOnnxHeader(bytes).then(
        () => undefined,
        (error: DspError) => {
          expect(error.code).toBe('ERR_DSP_MODEL')
        },
      )
    for (let length = 0; length < DOUBLE.length; length++) await settled(DOUBLE.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.nat(DOUBLE.length - 1), fc.nat(255), async (at, byte) => {
        const altered = DOUBLE.slice()
        altered[at] = byte
        await settled(altered)
      }),
      { seed: 1, numRuns: 2000 },
    )
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), settled), { seed: 1, numRuns: 2000 })
  })

  it('rejects files that are not models', async () => {
    const missing = join(folder, 'missing.onnx')
    await expect(readOnnxHeader(missing)).rejects.toMatchObject({ code: 'ERR_DSP_MODEL', argument: missing })
    await expect(readOnnxHeader(folder)).rejects.toMatchObject({ code: 'ERR_DSP_MODEL', argument: folder })
    await expect(readOnnxHeader('/dev/zero')).rejects.toMatchObject({ code: 'ERR_DSP_MODEL' })
    await expect(readOnnxHeader('a\0b')).rejects.toMatchObject({ code: 'ERR_DSP_MODEL' })
    for (const model of ['', undefined, null, 5, new URL('https://example.org/model.onnx'), new Float32Array(3)]) {
      await expect(readOnnxHeader(model as never)).rejects.toMatchObject({
        code: 'ERR_DSP_ARGUMENT',
        argument: 'model',
      })
    }
  })
})
