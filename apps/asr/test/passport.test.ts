import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeAudioSync, readBlocks } from '@dsp/audio'
import { fbank } from '@dsp/mel-kaldi'
import { DspError, tensor } from '@dsp/tensor'
import { errorOf, noise, seededRandom, sharedDataOrSkip } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparePassport, formatPassport, parsePassport, Recognizer, readPassport } from '../src/index.js'
import { PassportSums, RecordingSums } from '../src/passport/builder.js'
import { frontEndWarnings } from '../src/passport/compare.js'
import type { Passport } from '../src/passport/passport.js'
import { FeatureSums } from '../src/passport/sums.js'
import { here } from './golden.js'

// the built package: a worker starts from a file that Node.js can run
const built: string = '../dist/index.js'
const { Recognizer: Built } = (await import(built)) as typeof import('../src/index.js')

/** Largest relative difference of a statistic from that which the training writes: one unit of the sixth digit. */
export const PASSPORT_TOLERANCE = 1e-5

const model = here('../models/an4')
const demo = readdirSync(here('../demo'))
  .filter((name) => name.endsWith('.wav'))
  .map((name) => here(`../demo/${name}`))
const folder = mkdtempSync(join(tmpdir(), 'dsp-passport-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('sums', () => {
  const bins = 5
  const rows = 400
  const random = seededRandom(3)
  // far from zero, so that a plain sum of squares would cancel
  const data = Float32Array.from({ length: rows * bins }, (_, i) => 1e4 + (i % bins) + random())
  const cut = (from: number, to: number) => ({ data: data.subarray(from * bins, to * bins), frames: to - from, bins })

  it('are those of the definition, however the frames come', () => {
    const whole = new FeatureSums(bins)
    whole.add(cut(0, rows))
    const parts = new FeatureSums(bins)
    const other = new FeatureSums(bins)
    for (let t = 0; t < 150; t += 7) parts.add(cut(t, Math.min(150, t + 7)))
    other.add(cut(150, rows))
    parts.merge(other)
    parts.merge(new FeatureSums(bins))
    for (const sums of [whole, parts]) {
      expect(sums.frames).toBe(rows)
      for (let b = 0; b < bins; b++) {
        const column = Array.from({ length: rows }, (_, t) => data[t * bins + b]!)
        const mean = column.reduce((sum, v) => sum + v, 0) / rows
        const square = column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows
        expect(sums.mean[b]).toBeCloseTo(mean, 8)
        expect(sums.deviation()[b]).toBeCloseTo(Math.sqrt(square), 8)
      }
    }
  })

  it('leave digital silence out', () => {
    const sums = new FeatureSums(bins)
    sums.add({ data: new Float32Array(3 * bins).fill(-15.9), frames: 3, bins })
    expect(sums.frames).toBe(0)
    sums.add(cut(0, 2))
    expect(sums.frames).toBe(2)
  })
})

describe('the statistics', () => {
  it('are those that the training writes', () => {
    const made = parsePassport(readFileSync(here('golden/passport.json'), 'utf8'))
    const bins = 12
    const sums = new PassportSums(bins)
    for (let k = 0; k < 5; k++) {
      const frames = 40 + 7 * k
      const data = Float32Array.from({ length: frames * bins }, (_, i) => {
        const [t, b] = [Math.floor(i / bins), i % bins]
        return t < 3 ? -15.9 : Math.sin(0.37 * t + b * b + k) * (2 + 0.1 * b) - 9 + 0.5 * k - 0.2 * b
      })
      const recording = new RecordingSums(bins)
      recording.features.add({ data, frames, bins })
      recording.outputs = 10
      recording.blanks = 6 + k
      sums.add(recording)
    }
    const { features, recordings } = sums.finish()
    expect(features.frames).toBe(made.features.frames)
    expect(recordings.count).toBe(made.recordings.count)
    const numbers = (value: object): number[] =>
      Object.values(value).flatMap((v) => (typeof v === 'object' ? numbers(v) : v))
    const [ours, theirs] = [numbers({ features, recordings }), numbers({ f: made.features, r: made.recordings })]
    expect(ours).toHaveLength(theirs.length)
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `number ${i}`).toBeLessThanOrEqual(PASSPORT_TOLERANCE * Math.abs(value))
    })
  })
})

describe('the file dsp.json', () => {
  const text = readFileSync(join(model, 'dsp.json'), 'utf8')
  const passport = parsePassport(text)

  it('is written as it was read', () => {
    expect(formatPassport(passport)).toBe(text)
    expect(parsePassport(formatPassport(passport))).toEqual(passport)
  })

  const damaged: [string, string, unknown, RegExp][] = [
    ['format', 'format', 'other', /format must be "dsp-passport"/],
    ['version', 'version', 2, /version must be 1/],
    ['sampleRate', 'sampleRate', 0, /sampleRate must be a whole number above 0/],
    ['kind', 'frontEnd.kind', 'mel', /frontEnd\.kind must be "fbank"/],
    ['options', 'frontEnd.options', [], /frontEnd\.options must be an object/],
    ['guard', 'frontEnd.logZeroGuard', -1, /logZeroGuard/],
    ['normalize', 'normalize', 'twice', /normalize must be/],
    ['frames', 'features.frames', 1.5, /features\.frames/],
    ['no bins', 'features.mean', [], /features\.mean must be a list/],
    ['a word for a mean', 'features.mean', Array(80).fill('x'), /features\.mean must be a list of 80 numbers/],
    ['another number of bins', 'features.std', [1, 2], /features\.std must be a list of 80 numbers/],
    ['a negative deviation', 'recordings.shape.std', Array(80).fill(-1), /shape\.std/],
    ['a null', 'recordings.level.mean', null, /recordings\.level\.mean must be a number/],
    ['blanks', 'recordings.blanks', 3, /recordings\.blanks must be an object, or null/],
    ['recordings', 'recordings', 'many', /recordings\.count/],
    ['count', 'recordings.count', 0, /recordings\.count/],
  ]
  it.each(damaged)('is refused with a wrong %s', (_, name, value, message) => {
    const changed = structuredClone(passport) as unknown as Record<string, unknown>
    const keys = name.split('.')
    const last = keys.pop()!
    const at = keys.reduce((object, key) => object[key] as Record<string, unknown>, changed)
    at[last] = value
    const error = errorOf(() => parsePassport(JSON.stringify(changed), 'dsp.json'))
    expect(error.code).toBe('ERR_DSP_MODEL')
    expect(error.message).toMatch(message)
  })

  it.each(['', 'null', '[]', '7', '{', text.slice(0, 1000), '{"format":{}}', '\0\0'])('is refused as %j', (bad) => {
    expect(errorOf(() => parsePassport(bad))).toBeInstanceOf(DspError)
  })

  it('must be a file', async () => {
    mkdirSync(join(folder, 'odd/dsp.json'), { recursive: true })
    await expect(readPassport(join(folder, 'odd'))).rejects.toThrow(/dsp\.json cannot be read: it is not a file/)
    await expect(readPassport(7 as never)).rejects.toThrow(DspError)
  })

  it('may be absent', async () => {
    expect(await readPassport(folder)).toBeNull()
    expect(await readPassport(model)).toEqual(passport)
  })

  it('stops a model that it does not belong to from being loaded, unless it is not wanted', async () => {
    const copy = join(folder, 'copy')
    cpSync(here('golden/nemo-ctc'), copy, { recursive: true })
    const load = (options = {}) => Recognizer.load(copy, options).then((r) => r.release())
    for (const [content, message] of [
      [
        text.replace('"sampleRate": 16000', '"sampleRate": 8000'),
        /sampleRate is 8000 in dsp\.json but the model takes/,
      ],
      [text.slice(9), /dsp\.json is no passport/],
    ] as const) {
      writeFileSync(join(copy, 'dsp.json'), content)
      await expect(load()).rejects.toThrow(message)
      await expect(Built.load(copy, { worker: true })).rejects.toThrow(message)
      await load({ passport: false })
    }
  })
})

describe('the passport of the shipped model', () => {
  let recognizer: Recognizer
  beforeAll(async () => {
    recognizer = await Recognizer.load(model)
  })
  afterAll(() => recognizer.release())

  const passport = () => recognizer.model.passport!
  const features = (path: string, scale = 1) => {
    const { data, shape } = fbank(decodeAudioSync(path), { preset: 'sherpa-onnx' })
    return tensor(
      Float32Array.from(data, (v) => v * scale),
      shape,
    )
  }

  it('does not warn of the demo recordings, or of their features', async () => {
    for (const clip of demo) {
      expect((await recognizer.transcribe(clip)).warnings).toEqual([])
      expect((await recognizer.transcribeFeatures(features(clip))).warnings).toEqual([])
    }
  })

  it('warns of features scaled by 460', async () => {
    for (const clip of demo) {
      const { warnings } = await recognizer.transcribeFeatures(features(clip, 460))
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toMatch(
        /^all bins are [\d,]+ sigma below what this model was trained on, the features vary [4-9]\d\d times as much as they should; \d+ % of outputs are blank \(92 % in the recordings of its passport\)$/,
      )
    }
  })

  it('warns of int16 samples, of dB and of normalised features', async () => {
    const { samples, sampleRate } = decodeAudioSync(demo[0]!)
    const int16 = samples.data.map((v) => v * 32768)
    expect((await recognizer.transcribe({ samples: int16, sampleRate })).warnings[0]).toMatch(
      /^all bins are \d+\.\d sigma above/,
    )
    const inDecibels = features(demo[0]!, 10 / Math.LN10)
    expect((await recognizer.transcribeFeatures(inDecibels)).warnings[0]).toMatch(
      /the features vary [3-8]\.\d times as much/,
    )
    const { data, shape } = features(demo[0]!)
    const [frames, bins] = shape as [number, number]
    for (let b = 0; b < bins; b++) {
      const column = Array.from({ length: frames }, (_, t) => data[t * bins + b]!)
      const mean = column.reduce((sum, v) => sum + v, 0) / frames
      const std = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / frames)
      for (let t = 0; t < frames; t++) data[t * bins + b] = (data[t * bins + b]! - mean) / std
    }
    expect((await recognizer.transcribeFeatures(tensor(data, shape))).warnings[0]).toMatch(
      /these features are normalised/,
    )
  })

  it('warns of features that are not finite', async () => {
    for (const value of [Number.NaN, -Infinity]) {
      const broken = features(demo[0]!)
      broken.data[80 * 50 + 7] = value
      const { warnings } = await recognizer.transcribeFeatures(broken)
      expect(warnings[0]).toMatch(/^bin 7 holds values that are not finite/)
    }
  })

  it('names the bins that are missing', async () => {
    const { data, shape } = features(demo[0]!)
    const floor = Math.min(...data) - 12
    for (let i = 0; i < data.length; i++) if (i % 80 >= 60) data[i] = floor
    const { warnings } = await recognizer.transcribeFeatures(tensor(data, shape))
    expect(warnings[0]).toMatch(/^bins 60-79 are \d+\.?\d* sigma below what this model was trained on; /)
  })

  it('does not warn of noise, of quiet or short recordings, or of silence', async () => {
    const { samples, sampleRate } = decodeAudioSync(demo[0]!)
    const { data } = samples
    const power = Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / data.length)
    const hiss = noise(data.length, 2, power * Math.sqrt(3) * 0.3)
    const spoiled = [
      data.map((v, i) => v + hiss[i]!),
      data.map((v) => v * 10 ** (-30 / 20)),
      data.slice(8000, 16000),
      new Float32Array(48000),
    ]
    for (const samples of spoiled) expect((await recognizer.transcribe({ samples, sampleRate })).warnings).toEqual([])
  })

  it('warns the same in batches, in a worker, in stretches and in streams', async () => {
    const { samples, sampleRate } = decodeAudioSync(demo[0]!)
    const loud = samples.data.map((v) => v * 32768)
    const other = await Built.load(model, { worker: true, maxSeconds: 1, batchSize: 2 })
    const [a, b] = await other.transcribeBatch([{ samples: loud, sampleRate }, demo[0]!])
    expect(a!.warnings[0]).toMatch(/^all bins are/)
    expect(b!.warnings).toEqual([])
    const parts = []
    for await (const part of other.transcribeStream([{ samples: loud, sampleRate }])) parts.push(part)
    expect(parts.length).toBeGreaterThan(1)
    // the same features, and outputs of the same stretches
    expect(parts.at(-1)!.warnings).toEqual(a!.warnings)
    for await (const part of other.transcribeStream(readBlocks(demo[0]!))) expect(part.warnings).toEqual([])
    await other.release()
  })

  it('is not asked where it is not wanted', async () => {
    const other = await Recognizer.load(model, { passport: false })
    expect(other.model.passport).toBeNull()
    expect((await other.transcribeFeatures(features(demo[0]!, 460))).warnings).toEqual([])
    await other.release()
  })

  it('does not warn of any recording of AN4, LibriSpeech and the public domain', async (context) => {
    const data = join(sharedDataOrSkip(context, 'an4/test.tsv'), '../..')
    let recordings = 0
    for (const set of ['an4/test', 'librispeech/test-other', 'speech']) {
      for (const name of readdirSync(join(data, set), { recursive: true, encoding: 'utf8' })) {
        if (!/\.(flac|ogg)$/.test(name)) continue
        recordings++
        expect((await recognizer.transcribe(join(data, set, name))).warnings, name).toEqual([])
      }
    }
    expect(recordings).toBeGreaterThan(110)
  }, 120_000)

  it('is made again by a builder of the same kind', async () => {
    const builder = recognizer.passportBuilder()
    for (const clip of demo) expect(await builder.add(clip)).toBe(true)
    expect(await builder.add({ samples: new Float32Array(16000), sampleRate: 16000 })).toBe(false)
    await expect(builder.add('no-such.wav')).rejects.toThrow(DspError)
    const made = builder.finish()
    expect(made).toMatchObject({ frontEnd: passport().frontEnd, normalize: 'none', sampleRate: 16000 })
    expect(made.recordings.count).toBe(demo.length)
    expect(parsePassport(formatPassport(made))).toEqual(made)
    expect(errorOf(() => recognizer.passportBuilder().finish()).argument).toBe('recordings')
  })
})

describe('a comparison', () => {
  const bins = 40
  const passport = (): Passport => {
    const random = seededRandom(5)
    const sums = new PassportSums(bins)
    for (let k = 0; k < 30; k++) {
      const recording = new RecordingSums(bins)
      const data = Float32Array.from({ length: 200 * bins }, () => 6 * random() - 10)
      recording.features.add({ data, frames: 200, bins })
      recording.outputs = 50
      recording.blanks = 25
      sums.add(recording)
    }
    const kind = { kind: 'fbank', options: {}, logZeroGuard: null } as const
    const { format, version, features, recordings } = sums.finish()
    return { format, version, sampleRate: 16000, frontEnd: kind, normalize: 'none', features, recordings }
  }
  const like = (change: (value: number, bin: number) => number, outputs = 0, blanks = 0) => {
    const { mean, std } = passport().features
    return { frames: 100, mean: mean.map(change), std, outputs, blanks }
  }

  it('tells a share of outputs that is far from the usual one', () => {
    const same = (value: number) => value
    expect(comparePassport(like(same, 50, 26), passport()).warnings).toEqual([])
    expect(comparePassport(like(same, 50, 46), passport()).warnings).toEqual([
      '92 % of outputs are blank (50 % in the recordings of its passport)',
    ])
    expect(comparePassport(like(same, 50, 0), passport()).warnings[0]).toMatch(/^0 % of outputs/)
    expect(comparePassport(like(same, 10, 10), passport()).warnings).toEqual([])
  })

  it('judges only the shape for models that normalise', () => {
    const normalising = { ...passport(), normalize: 'per_feature' as const }
    expect(
      comparePassport(
        like((v) => v + 50),
        passport(),
      ).warnings,
    ).toHaveLength(1)
    expect(
      comparePassport(
        like((v) => v + 50),
        normalising,
      ).warnings,
    ).toEqual([])
    const { warnings, bins: found } = comparePassport(
      like((v, b) => (b >= 30 ? v - 8 : v)),
      normalising,
    )
    expect(found).toMatchObject([{ first: 30, last: 39 }])
    expect(warnings[0]).toMatch(/^bins 30-39 are \d.* sigma below what this model was trained on$/)
  })

  it('says nothing of bins that stand alone, or of a few frames', () => {
    expect(
      comparePassport(
        like((v, b) => (b === 7 || b === 20 ? v + 20 : v)),
        passport(),
      ).warnings,
    ).toEqual([])
    expect(comparePassport({ ...like((v) => v + 50), frames: 29 }, passport()).warnings).toEqual([])
  })

  it('names the options of another front end', () => {
    const options = { preset: 'sherpa-onnx', numMelBins: 80, highFreq: -400, windowType: 'povey' }
    const made = { kind: 'fbank', options, logZeroGuard: null } as const
    expect(
      frontEndWarnings(made, { ...made, options: { ...options, preset: undefined, highFreq: 7600 } }, 16000),
    ).toEqual([])
    const other = { ...made, options: { ...options, windowType: 'hann' }, logZeroGuard: 1e-7 }
    const [window, guard] = frontEndWarnings(made, other, 16000)
    expect(window).toBe('the features are not those of the model\'s passport: windowType is "hann", not "povey"')
    expect(guard).toMatch(/logZeroGuard is 1e-7, not null/)
    expect(frontEndWarnings(made, { ...made, kind: 'nemo' }, 16000)).toHaveLength(1)
  })
})
