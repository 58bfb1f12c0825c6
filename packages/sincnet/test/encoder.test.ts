import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OnnxSession } from '@dsp/onnx'
import { tensor } from '@dsp/tensor'
import { maxAbsError, noise } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Embedding, SpeakerEncoder, score, sinc } from '../src/index.js'
import { errorOfAsync } from './errors.js'
import { EMBEDDING_TOLERANCE } from './tolerance.js'

const SMALL = fileURLToPath(new URL('./golden/model/', import.meta.url))

let encoder: SpeakerEncoder
beforeAll(async () => {
  encoder = await SpeakerEncoder.load(SMALL)
})
afterAll(() => encoder.close())

/** Noise whose colour changes, so that no two seconds are alike. */
function voice(samples: number, seed = 1): Float32Array {
  let state = 0
  return noise(samples, seed, 0.3).map((x, i) => {
    state += (0.5 + 0.49 * Math.sin(i / 9000)) * (x - state)
    return state * (0.2 + Math.abs(Math.sin(i / 4000)))
  })
}

function difference(a: Embedding, b: Embedding): number {
  return maxAbsError(a.vector.data, b.vector.data)
}

describe('embeddings', () => {
  it('have length 1 and the model’s identity', async () => {
    const { vector, model } = await encoder.embed(voice(16000))
    expect(vector.shape).toEqual([16])
    expect(Math.hypot(...vector.data)).toBeCloseTo(1, 6)
    expect(model).toBe(encoder.model.identity)
    expect(model).toMatch(/^[0-9a-f]{64}$/)
  })

  it('of long recordings are those of the whole', async () => {
    const frames = await OnnxSession.open(join(SMALL, 'frames.onnx'))
    const head = await OnnxSession.open(join(SMALL, 'head.onnx'))
    for (const seconds of [5, 61, 62.3, 200.01]) {
      const y = voice(Math.round(seconds * 16000), 5)
      const features = sinc(y, { ...encoder.model.learned, pairs: true })
      const tokens = Math.floor(features.shape[1]! / 9)
      const { weight, first, second } = await frames.run({
        features: tensor(features.data, [1, ...features.shape]),
        start: tensor(BigInt64Array.of(0n)),
        end: tensor(BigInt64Array.of(BigInt(tokens))),
      })
      const at = (values: typeof weight, i: number) => values!.data[i] as number
      const mean = Float32Array.from({ length: 8 }, (_, i) => at(first, i) / at(weight, i))
      const deviation = mean.map((m, i) => Math.sqrt(Math.max(at(second, i) / at(weight, i) - m * m, 1e-6)))
      const inputs = { mean: tensor(mean, [1, 8]), deviation: tensor(deviation, [1, 8]) }
      const whole = (await head.run(inputs)).embedding!.data as Float32Array
      const length = Math.hypot(...whole)
      const { vector } = await encoder.embed(y)
      vector.data.forEach((x, i) => {
        expect(Math.abs(x - whole[i]! / length)).toBeLessThanOrEqual(EMBEDDING_TOLERANCE)
      })
    }
    await Promise.all([frames.close(), head.close()])
  })

  it('of streams have the bits of the whole, however they are split', async () => {
    for (const [length, cuts] of [
      [2000, [1, 1500]],
      [30_000, [0, 7, 29_000]],
      [1_300_000, [5, 999_999, 1_000_000, 1_200_000]],
      [1_100_000, [400_000, 800_000]],
    ] as const) {
      const y = voice(length, 3)
      const stream = encoder.stream()
      let from = 0
      for (const cut of [...cuts, length]) {
        await stream.accept(y.subarray(from, cut))
        from = cut
      }
      expect(await stream.flush()).toEqual(await encoder.embed(y))
    }
  })

  it('of batches are those of single recordings', async () => {
    const lengths = [16000, 20000, 16000, 2000, 16000, 20000, 1_000_000, 1_000_000]
    const audios = lengths.map((length, i) => voice(length, i))
    const together = await encoder.embedBatch(audios)
    expect(together.length).toBe(lengths.length)
    for (const [i, audio] of audios.entries()) {
      expect(difference(together[i]!, await encoder.embed(audio))).toBeLessThanOrEqual(EMBEDDING_TOLERANCE)
    }
    const many = await encoder.embedBatch(Array.from({ length: 70 }, (_, i) => voice(9000, i)))
    expect(difference(many[69]!, await encoder.embed(voice(9000, 69)))).toBeLessThanOrEqual(EMBEDDING_TOLERANCE)
    expect(await encoder.embedBatch([])).toEqual([])
  })

  it('take every form of audio, and repeat what is short', async () => {
    const y = voice(3000)
    const wanted = await encoder.embed(y)
    expect(await encoder.embed(Float64Array.from(y))).toEqual(wanted)
    expect(await encoder.embed({ samples: tensor(y, [1, 3000]), sampleRate: 16000 })).toEqual(wanted)
    const tiled = Float32Array.from({ length: 8000 }, (_, i) => y[i % 3000]!)
    expect(await encoder.embed(tiled)).toEqual(wanted)
    expect(score(await encoder.embed(voice(40_000, 8)), wanted)).toBeLessThan(0.9999)
  })
})

describe('refuses', () => {
  const cases: [string, unknown, object][] = [
    ['nothing', new Float32Array(0), { code: 'ERR_DSP_SHAPE' }],
    ['0.05 s', voice(800), { code: 'ERR_DSP_SHAPE' }],
    ['silence', new Float32Array(16000), { code: 'ERR_DSP_ARGUMENT' }],
    ['another rate', { samples: voice(8000), sampleRate: 8000 }, { code: 'ERR_DSP_ARGUMENT' }],
    ['two channels', tensor(voice(32000), [2, 16000]), { code: 'ERR_DSP_SHAPE' }],
    ['a batch', tensor(voice(32000), [2, 2, 8000]), { code: 'ERR_DSP_SHAPE' }],
    ['NaN', voice(16000).fill(Number.NaN, 9000, 9001), { code: 'ERR_DSP_NOT_FINITE' }],
    ['infinity', voice(16000).fill(Number.POSITIVE_INFINITY, 0, 1), { code: 'ERR_DSP_NOT_FINITE' }],
    ['an overflow', voice(16000).fill(3e38, 0, 400), { code: 'ERR_DSP_ARGUMENT' }],
    ['integers', new Int16Array(16000), { code: 'ERR_DSP_TYPE' }],
    ['undefined', undefined, { code: 'ERR_DSP_TYPE' }],
  ]
  it.each(cases)('%s', async (name, audio, error) => {
    expect(await errorOfAsync(() => encoder.embed(audio as never))).toMatchObject(error)
    const batch = await errorOfAsync(() => encoder.embedBatch([voice(16000), audio as never]))
    expect(batch).toMatchObject(error)
    if (name !== 'an overflow') expect(batch.argument).toMatch(/^audios\[1\]/)
  })

  it('what is no batch, and aborted work', async () => {
    expect((await errorOfAsync(() => encoder.embedBatch(voice(9) as never))).argument).toBe('audios')
    const signal = AbortSignal.abort()
    expect((await errorOfAsync(() => encoder.embed(voice(16000), { signal }))).code).toBe('ERR_DSP_ABORTED')
  })

  it('bad blocks, and calls out of turn', async () => {
    const stream = encoder.stream()
    await stream.accept(voice(3000))
    expect((await errorOfAsync(() => stream.accept(Float32Array.of(Number.NaN)))).code).toBe('ERR_DSP_NOT_FINITE')
    expect((await errorOfAsync(() => stream.accept({ samples: voice(9), sampleRate: 8000 }))).argument).toMatch('block')
    const first = stream.accept(voice(1_500_000))
    expect((await errorOfAsync(() => stream.accept(voice(9)))).argument).toBe('the stream')
    await first
    await stream.flush()
    expect((await errorOfAsync(() => stream.accept(voice(9)))).argument).toBe('the stream')
    expect((await errorOfAsync(() => stream.flush())).argument).toBe('the stream')
    expect((await errorOfAsync(() => encoder.stream().flush())).code).toBe('ERR_DSP_SHAPE')
    const silent = encoder.stream()
    await silent.accept(new Float32Array(20_000))
    expect((await errorOfAsync(() => silent.flush())).actual).toMatch('silence')
  })
})

describe('a model’s folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dsp-sincnet-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const description = () => JSON.parse(readFileSync(join(SMALL, 'speaker-encoder.json'), 'utf8'))

  async function load(change: (at: string) => void) {
    const at = mkdtempSync(join(folder, 'model-'))
    cpSync(SMALL, at, { recursive: true })
    change(at)
    return errorOfAsync(async () => (await SpeakerEncoder.load(at)).close())
  }
  const edit = (fields: object) => (at: string) =>
    writeFileSync(join(at, 'speaker-encoder.json'), JSON.stringify({ ...description(), ...fields }))

  it.each([
    ['no description', (at: string) => rmSync(join(at, 'speaker-encoder.json')), 'speaker-encoder.json'],
    ['no graph', (at: string) => rmSync(join(at, 'head.onnx')), 'head.onnx'],
    [
      'a cut graph',
      (at: string) =>
        writeFileSync(join(at, 'frames.onnx'), readFileSync(join(SMALL, 'frames.onnx')).subarray(0, 9000)),
      'frames.onnx',
    ],
    ['another model’s graph', (at: string) => cpSync(join(SMALL, 'head.onnx'), join(at, 'frames.onnx')), 'frames.onnx'],
    [
      'a cut description',
      (at: string) => writeFileSync(join(at, 'speaker-encoder.json'), '{"format": 1'),
      'speaker-encoder.json',
    ],
    ['a list', (at: string) => writeFileSync(join(at, 'speaker-encoder.json'), '[]'), 'speaker-encoder.json'],
    ['a later format', edit({ format: 2 }), 'format'],
    ['another kind', edit({ kind: 'mel' }), 'kind'],
    ['text for numbers', edit({ low: 'x' }), 'low'],
    ['a missing cut-off', edit({ band: [1] }), 'band'],
    ['a hostile size', edit({ taps: 1e15 }), 'taps'],
    ['a negative size', edit({ contextFrames: -9 }), 'contextFrames'],
    ['no calibration', edit({ calibration: {} }), 'calibration.scale'],
    ['a threshold of null', edit({ threshold: null }), 'threshold'],
    ['no hashes', edit({ sha256: {} }), 'sha256.frames.onnx'],
  ])('with %s is refused', async (_, change, argument) => {
    expect(await load(change)).toMatchObject({ code: 'ERR_DSP_MODEL', argument })
  })

  it('that is none is refused', async () => {
    expect((await errorOfAsync(() => SpeakerEncoder.load(7 as never))).argument).toBe('directory')
    expect((await errorOfAsync(() => SpeakerEncoder.load(join(folder, 'nowhere')))).code).toBe('ERR_DSP_MODEL')
  })

  it('whose description disagrees with the graphs is refused when it is used', async () => {
    const at = mkdtempSync(join(folder, 'model-'))
    cpSync(SMALL, at, { recursive: true })
    edit({ embedding: 512 })(at)
    const other = await SpeakerEncoder.load(at)
    expect((await errorOfAsync(() => other.embed(voice(16000)))).argument).toBe('embedding')
    await other.close()
  })

  it('with other filters has another identity', async () => {
    const at = mkdtempSync(join(folder, 'model-'))
    cpSync(SMALL, at, { recursive: true })
    const { low } = description()
    edit({ low: [low[0] + 1, ...low.slice(1)] })(at)
    const other = await SpeakerEncoder.load(at)
    expect(other.model.identity).not.toBe(encoder.model.identity)
    await other.close()
  })
})
