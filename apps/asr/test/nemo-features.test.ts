import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nemoLogMel, nemoSeqLen } from '@dsp/mel'
import { tensor } from '@dsp/tensor'
import { maxAbsError, noise } from '@dsp/tensor/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { normalized } from '../src/features.js'
import { toJson } from '../src/format.js'
import { nemoFeatureOptions } from '../src/nemo-features.js'
import { Recognizer } from '../src/recognizer.js'
import { streamSegments } from '../src/stream.js'
import { here } from './golden.js'

const RATE = 16000
const samples = noise(3 * RATE, 4).map((x, i) => (0.3 + 0.2 * Math.sin(i / 3000)) * x)
const audio = { samples, sampleRate: RATE }
const work = mkdtempSync(join(tmpdir(), 'dsp-asr-nemo-'))
afterAll(() => rmSync(work, { recursive: true }))

/** A copy of a tiny model with a config.json. */
function withConfig(model: string, config: object): string {
  const path = join(work, `${model}-${Math.random().toString(36).slice(2)}`)
  cpSync(here(`golden/${model}`), path, { recursive: true })
  writeFileSync(join(path, 'config.json'), JSON.stringify(config))
  return path
}

const fields = { windowSize: 0.025, windowStride: 0.01, features: 80, padTo: 0, normalize: 'none' } as const

/** Valid frames of NeMo's features before normalisation, `[frames, bins]`. */
function reference(): Float32Array {
  const { data, shape } = nemoLogMel(audio, fields)
  const frames = nemoSeqLen(samples.length, fields)
  return Float32Array.from({ length: frames * 80 }, (_, i) => data[(i % 80) * shape[1]! + Math.floor(i / 80)]!)
}

/** A transcript without the time that it took. */
const timeless = ({ rtf: _, ...rest }: { rtf: number }) => rest

describe.each(['nemo-ctc', 'nemo-rnnt', 'nemo-tdt'])("%s with NeMo's own features", (model) => {
  it('gets what nemoLogMel computes, at once, in blocks and in a worker', async () => {
    const recognizer = await Recognizer.load(here(`golden/${model}`), { features: 'nemo' })
    expect(recognizer.model.nemo).toEqual({ sampleRate: RATE, ...fields })
    const whole = await recognizer.transcribe(audio)
    const data = reference()
    const given = await recognizer.transcribeFeatures(tensor(data, [data.length / 80, 80]))
    expect(whole.tokens.length).toBeGreaterThan(0)
    expect(given.tokens).toEqual(whole.tokens)
    const blocks = Array.from({ length: 48 }, (_, i) => ({
      ...audio,
      samples: samples.subarray(1000 * i, 1000 * i + 1000),
    }))
    const parts = []
    for await (const part of recognizer.transcribeStream(blocks)) parts.push(part)
    expect(parts.map((part) => part.tokens)).toEqual([whole.tokens])
    await recognizer.release()
    // A worker needs the built package.
    const built: string = '../dist/index.js'
    const { Recognizer: Built } = (await import(built)) as typeof import('../src/index.js')
    const remote = await Built.load(here(`golden/${model}`), { features: 'nemo', worker: true })
    expect(timeless(await remote.transcribe(audio))).toEqual(timeless(whole))
    await remote.release()
    expect(JSON.parse(toJson('x.wav', whole)).features).toBe('nemo')
  })

  it('has sherpa-onnx by default, and config.json may say otherwise', async () => {
    const named = async (path: string, options = {}) => {
      const recognizer = await Recognizer.load(path, options)
      const { features } = await recognizer.transcribe(audio)
      await recognizer.release()
      expect(recognizer.model.nemo === null).toBe(features === 'sherpa-onnx')
      return features
    }
    expect(await named(here(`golden/${model}`))).toBe('sherpa-onnx')
    const path = withConfig(model, { features: 'nemo' })
    expect(await named(path)).toBe('nemo')
    expect(await named(path, { features: 'sherpa-onnx' })).toBe('sherpa-onnx')
  })
})

it('normalises as nemoLogMel does', () => {
  const data = reference()
  const frames = data.length / 80
  const ours = normalized({ data, frames, bins: 80 }, 1).data
  const whole = nemoLogMel(audio, { ...fields, normalize: 'per_feature' })
  const want = Float32Array.from(ours, (_, i) => whole.get(i % 80, Math.floor(i / 80)))
  expect(maxAbsError(ours, want)).toBeLessThanOrEqual(1e-5)
})

it('a stream has the features of the whole', async () => {
  const settings = { sampleRate: RATE, nemo: nemoFeatureOptions([], RATE, 'x'), features: {}, logGuard: undefined }
  const blocks = [0, 1, 777, 20_000, samples.length].map((end, i, all) => samples.subarray(all[i - 1] ?? 0, end))
  const found = []
  const sound = blocks.map((block) => ({ ...audio, samples: block }))
  for await (const segment of streamSegments(sound, settings as never, 10_000, undefined)) found.push(segment.features)
  expect(found.map(({ data }) => data)).toEqual([reference()])
})

it('takes a single frame, and refuses less', async () => {
  const recognizer = await Recognizer.load(here('golden/nemo-ctc'), { features: 'nemo' })
  expect((await recognizer.transcribe({ ...audio, samples: samples.subarray(0, 160) })).seconds).toBe(0.01)
  const short = { ...audio, samples: samples.subarray(0, 159) }
  await expect(recognizer.transcribe(short)).rejects.toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'audio' })
  await recognizer.release()
})

describe('refuses', () => {
  it("NeMo's features for models of others", async () => {
    const error = { code: 'ERR_DSP_ARGUMENT', argument: 'features' }
    await expect(Recognizer.load(here('golden/icefall-transducer'), { features: 'nemo' })).rejects.toMatchObject(error)
    await expect(Recognizer.load(withConfig('zipformer-ctc', { features: 'nemo' }))).rejects.toMatchObject(error)
  })

  it('unknown front ends', async () => {
    const load = (features: unknown) => Recognizer.load(here('golden/nemo-ctc'), { features: features as 'nemo' })
    await expect(load('kaldi')).rejects.toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'features' })
    const error = { code: 'ERR_DSP_MODEL', argument: 'features' }
    await expect(Recognizer.load(withConfig('nemo-ctc', { features: 'kaldi' }))).rejects.toMatchObject(error)
  })

  it("options of config.json that NeMo's features do not have", async () => {
    const load = (features: object) => Recognizer.load(withConfig('nemo-ctc', { features }), { features: 'nemo' })
    const unused = {
      preset: 'sherpa-nemo',
      removeDcOffset: false,
      dither: 0,
      energyFloor: 0,
      vtlnWarp: null,
      sort: 'x',
    }
    for (const [argument, value] of Object.entries(unused)) {
      const error = { code: 'ERR_DSP_MODEL', argument, message: expect.stringContaining('config.json') }
      await expect(load({ numMelBins: 80, [argument]: value })).rejects.toMatchObject(error)
    }
    await expect(load({ snipEdges: true })).rejects.toMatchObject({ argument: 'snipEdges' })
    await expect(load({ numMelBins: 64 })).rejects.toMatchObject({ argument: 'features.numMelBins' })
  })

  it('nothing that they do have', async () => {
    const features = { numMelBins: 80, frameLength: 20, lowFreq: 30, snipEdges: false, sampleFrequency: RATE }
    const path = withConfig('nemo-ctc', { features })
    const recognizer = await Recognizer.load(path, { features: 'nemo' })
    expect(recognizer.model.nemo).toMatchObject({ features: 80, windowSize: 0.02, lowfreq: 30 })
    await recognizer.release()
    const sherpa = await Recognizer.load(path)
    expect(sherpa.model.features).toMatchObject(features)
    await sherpa.release()
  })

  it("what NeMo's features do not have", () => {
    const of = (name: string, value: number | string | boolean) => () => nemoFeatureOptions([[name, value]], RATE, 'm')
    expect(of('snipEdges', true)).toThrow(expect.objectContaining({ code: 'ERR_DSP_MODEL', argument: 'snipEdges' }))
    expect(of('windowType', 'povey')).toThrow(expect.objectContaining({ code: 'ERR_DSP_MODEL', argument: 'window' }))
    expect(of('highFreq', 9000)).toThrow(expect.objectContaining({ code: 'ERR_DSP_MODEL', argument: 'highfreq' }))
    expect(of('snipEdges', 0)()).toMatchObject({ features: 80 })
    expect(of('numMelBins', 128)()).toMatchObject({ features: 128, windowSize: 0.025 })
  })
})
