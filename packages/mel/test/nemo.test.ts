import { optionNames } from '@dsp/native'
import type { SignalInput } from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import { errorOf, maxAbsError, noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type NemoOptions,
  type NemoPresetName,
  nemoLogMel,
  nemoLogMelAsync,
  nemoLogMelBatch,
  nemoLogMelBatchAsync,
  nemoOptionSpecs,
  nemoPresets,
  nemoSeqLen,
  OnlineNemoLogMel,
  type OnlineNemoOptions,
} from '../src/index.js'
import { cases, open, signal } from './cases.js'
import { NEMO_FLOAT64_TOLERANCE, NEMO_TOLERANCE } from './tolerance.js'

type Given = Record<string, unknown>
type Statistics = { fixed_mean: number[]; fixed_std: number[] }

/** NeMo's options in camelCase. */
function named({ normalize, ...rest }: Given): Partial<NemoOptions> {
  const camel = Object.entries(rest).map(([name, value]) => [
    name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  const fixed = normalize as Statistics
  const own =
    typeof normalize === 'object'
      ? { normalize: 'fixed', fixedMean: fixed.fixed_mean, fixedStd: fixed.fixed_std }
      : { normalize }
  return { ...Object.fromEntries(camel), ...own }
}

/** The values of a frame. */
const values = (frame: Tensor<Float32Array>) => Array.from({ length: frame.size }, (_, i) => frame.get(i))

/** The largest difference, relative where values are above 1. */
function error(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY
  let worst = 0
  for (let i = 0; i < want.length; i++) {
    const difference = Math.abs(got[i]! - want[i]!) / Math.max(1, Math.abs(want[i]!))
    if (!(difference <= worst)) worst = difference
  }
  return worst
}

const file = open('nemo')

describe('NeMo in float64, with random options', () => {
  interface NemoCase {
    name: string
    y: string
    samples: number
    valid: number
    options: Given
  }
  for (const { name, y, samples, valid, options: given } of cases<NemoCase>(file)) {
    it(`${name}: ${y}`, () => {
      const options = named(given)
      const sound = signal(y).data.subarray(0, samples)
      const { data, shape } = file.array(name)
      const features = nemoLogMel(sound, options)
      expect(features.shape).toEqual(shape)
      expect(error(features.data, data as Float64Array)).toBeLessThanOrEqual(NEMO_TOLERANCE)
      const exact = nemoLogMel(Float64Array.from(sound), options)
      expect(error(exact.data, data as Float64Array)).toBeLessThanOrEqual(NEMO_FLOAT64_TOLERANCE)
      expect(nemoSeqLen(samples, options)).toBe(valid)
    })
  }
})

describe("transformers' ParakeetFeatureExtractor", () => {
  interface ParakeetCase {
    name: string
    y: string
    features: number
    samples: number
    error: number
  }
  for (const text of file.text('parakeet')) {
    const { name, y, features, samples, error: theirs } = JSON.parse(text) as ParakeetCase
    it(`${features} bands of ${y}: no further than float64 is`, () => {
      const ours = nemoLogMel(signal(y).data.subarray(0, samples), { preset: 'parakeet', features })
      const { data, shape } = file.array(name)
      expect(ours.shape).toEqual(shape)
      expect(maxAbsError(ours.data, data as Float32Array)).toBeLessThanOrEqual(theirs + NEMO_TOLERANCE)
    })
  }
})

it('the core has the options, with lengths in samples', () => {
  const own = ['preset', 'windowSize', 'windowStride']
  const names = Object.keys(nemoOptionSpecs).filter((name) => !own.includes(name))
  expect(optionNames('nemoLogMel').sort()).toEqual(names.sort())
})

it('lengths are in seconds or in samples', () => {
  const y = noise(4000, 1)
  expect(nemoLogMel(y, { windowSize: 0.025, windowStride: 0.01 })).toEqual(
    nemoLogMel(y, { nWindowSize: 400, nWindowStride: 160, nFft: 512, highfreq: 0 }),
  )
  const audio = { samples: y, sampleRate: 8000 }
  expect(nemoLogMel(audio)).toEqual(nemoLogMel(y, { sampleRate: 8000, nWindowSize: 160, nWindowStride: 80, nFft: 256 }))
})

it('presets are defaults that what is given overrides', () => {
  const y = noise(4000, 1)
  for (const [preset, values] of Object.entries(nemoPresets) as [NemoPresetName, Partial<NemoOptions>][]) {
    expect(nemoLogMel(y, { preset })).toEqual(nemoLogMel(y, values))
  }
  expect(nemoLogMel(y, { preset: 'parakeet' }).shape).toEqual([80, 26])
  expect(nemoLogMel(y, { preset: 'parakeet-128' }).shape).toEqual([128, 26])
  expect(nemoLogMel(y, { preset: 'titanet' }).shape).toEqual([80, 32])
  expect(nemoLogMel(y, { preset: null })).toEqual(nemoLogMel(y))
  expect(nemoLogMel(y, { preset: 'parakeet', features: 64, padTo: 16 })).toEqual(nemoLogMel(y, { windowSize: 0.025 }))
  expect(nemoLogMel(y, { preset: 'parakeet', nWindowSize: 320 })).toEqual(nemoLogMel(y, { features: 80, padTo: 0 }))
  expect(nemoSeqLen(4000, { preset: 'titanet' })).toBe(25)
  expect(new OnlineNemoLogMel({ preset: 'parakeet', normalize: 'none' }).rows).toBe(80)
})

it('one frame becomes zero, as in NeMo', () => {
  const { data, shape } = nemoLogMel(noise(160, 1), { padTo: 0, padValue: 7 })
  expect(shape).toEqual([64, 2])
  expect([...data]).toEqual(Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 0 : 7)))
})

it('silence has no NaN', () => {
  for (const normalize of ['per_feature', 'all_features'] as const) {
    expect(nemoLogMel(new Float32Array(4000), { normalize }).data.every((x) => Math.abs(x) < 1e-6)).toBe(true)
  }
})

it('is one set of bits in every form', async () => {
  for (const make of [noise, (length: number, seed: number) => Float64Array.from(noise(length, seed))]) {
    const signals = [5000, 1649, 161].map((length) => make(length, length)) as Float32Array[]
    const alone = signals.map((y) => nemoLogMel(y))
    expect(nemoLogMelBatch(signals)).toEqual(alone)
    expect(await nemoLogMelBatchAsync(signals)).toEqual(alone)
    expect(await Promise.all(signals.map((y) => nemoLogMelAsync(y)))).toEqual(alone)
    const stereo = tensor(make(2 * 4000, 3) as Float32Array, [2, 1, 4000])
    const both = nemoLogMel(stereo)
    expect(both.shape).toEqual([2, 1, 64, 32])
    expect(await nemoLogMelAsync(stereo)).toEqual(both)
    expect(both.data.subarray(64 * 32)).toEqual(nemoLogMel(stereo.data.subarray(4000)).data)
  }
})

describe('OnlineNemoLogMel', () => {
  const anyOptions = fc.record({
    nWindowSize: fc.integer({ min: 2, max: 40 }),
    nWindowStride: fc.integer({ min: 1, max: 20 }).map((half) => 2 * half),
    nFft: fc.integer({ min: 40, max: 70 }),
    features: fc.integer({ min: 1, max: 5 }),
    frameSplicing: fc.integer({ min: 1, max: 2 }),
    preemph: fc.constantFrom(null, 0.97),
    dither: fc.constantFrom(0, 1e-3),
    padTo: fc.constantFrom(0, 8),
    padValue: fc.constantFrom(0, -1),
    exactPad: fc.boolean(),
    fixed: fc.boolean(),
  })

  it('gives the bits of the one-shot form however the signal is cut', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }),
        fc.boolean(),
        ({ fixed, ...rest }, blocks, float32) => {
          const rows = rest.features * rest.frameSplicing
          const statistics = { fixedMean: new Float64Array(rows).fill(-5), fixedStd: new Float32Array(rows).fill(2) }
          const options: OnlineNemoOptions = fixed
            ? { ...rest, normalize: 'fixed', ...statistics }
            : { ...rest, normalize: 'none' }
          const samples = blocks.reduce((sum, length) => sum + length, 0)
          const single = noise(samples, 7)
          const y = (float32 ? single : Float64Array.from(single)) as Float32Array
          const isTooShort = nemoSeqLen(samples, options) === 0
          const online = new OnlineNemoLogMel(options, (float32 ? 'float32' : 'float64') as 'float32')
          expect(online.rows).toBe(rows)
          for (let round = 0; round < 2; round++) {
            const frames: number[][] = []
            let at = 0
            for (const length of blocks) {
              for (const frame of online.accept(y.subarray(at, at + length))) frames.push(values(frame))
              at += length
            }
            for (const frame of online.flush()) frames.push(values(frame))
            expect(online.flush().shape).toEqual([rows, 0])
            if (isTooShort) expect(frames).toEqual([])
            else {
              const { data, shape } = nemoLogMel(y, options)
              expect([rows, frames.length]).toEqual(shape)
              expect(frames.every((frame, f) => frame.every((x, r) => x === data[r * frames.length + f]))).toBe(true)
            }
            online.reset()
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('says how long it waits', () => {
    expect(new OnlineNemoLogMel({ normalize: 'none', windowSize: 0.025 }).latencySamples).toBe(256)
    expect(new OnlineNemoLogMel({ normalize: 'none', exactPad: true }).latencySamples).toBe(512)
    expect(new OnlineNemoLogMel({ normalize: 'none', exactPad: true, preemph: null }).latencySamples).toBe(336)
  })

  it('refuses what does not stream', () => {
    const make = (options: object) => errorOf(() => new OnlineNemoLogMel(options as OnlineNemoOptions))
    expect(make({}).argument).toBe('normalize')
    expect(make({ normalize: 'all_features' }).argument).toBe('normalize')
    const online = new OnlineNemoLogMel({ normalize: 'none' })
    expect(errorOf(() => online.accept(Float32Array.of(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    expect(errorOf(() => online.accept({ samples: noise(10, 1), sampleRate: 8000 })).argument).toBe('block.sampleRate')
    online.flush()
    expect(errorOf(() => online.accept(noise(10, 1))).argument).toBe('block')
  })
})

describe('bad input', () => {
  const y = noise(4000, 1)
  const options: [object, string][] = [
    [{ preset: 'canary' }, 'preset'],
    [{ preset: 'toString' }, 'preset'],
    [{ windowSize: 0.02, nWindowSize: 320 }, 'windowSize'],
    [{ windowStride: 0.01, nWindowStride: 160 }, 'windowStride'],
    [{ windowSize: 0 }, 'windowSize'],
    [{ windowSize: 1e9 }, 'nFft'],
    [{ nWindowSize: 400, nFft: 256 }, 'nWindowSize'],
    [{ nWindowStride: 0 }, 'nWindowStride'],
    [{ nWindowStride: 161, exactPad: true }, 'nWindowStride'],
    [{ nFft: 2 ** 40 }, 'nFft'],
    [{ window: 'povey' }, 'window'],
    [{ preemph: 2 }, 'preemph'],
    [{ features: 0 }, 'features'],
    [{ features: 2 ** 21 }, 'features'],
    [{ lowfreq: 4000, highfreq: 3000 }, 'highfreq'],
    [{ highfreq: 8001 }, 'highfreq'],
    [{ melNorm: 'htk' }, 'melNorm'],
    [{ magPower: 0 }, 'magPower'],
    [{ logZeroGuardType: 'max' }, 'logZeroGuardType'],
    [{ logZeroGuardValue: 0 }, 'logZeroGuardValue'],
    [{ logZeroGuardValue: Number.NaN }, 'logZeroGuardValue'],
    [{ logZeroGuardValue: 'small' }, 'logZeroGuardValue'],
    [{ logZeroGuardValue: Number.POSITIVE_INFINITY }, 'logZeroGuardValue'],
    [{ dither: -1 }, 'dither'],
    [{ seed: -1 }, 'seed'],
    [{ frameSplicing: 0 }, 'frameSplicing'],
    [{ frameSplicing: 2 ** 50 }, 'padTo'],
    [{ normalize: null }, 'normalize'],
    [{ normalize: 'fixed' }, 'fixedMean'],
    [{ normalize: 'fixed', fixedMean: new Array(64).fill(0), fixedStd: new Array(64).fill(0) }, 'fixedStd'],
    [{ normalize: 'fixed', fixedMean: new Array(63).fill(0), fixedStd: new Array(64).fill(1) }, 'fixedMean'],
    [{ fixedMean: new Array(64).fill(0) }, 'fixedMean'],
    [{ fixedMean: 'x' }, 'fixedMean'],
    [{ padTo: 2 ** 52 }, 'padTo'],
    [{ padTo: 1.5 }, 'padTo'],
    [{ padValue: Number.NaN }, 'padValue'],
    [{ n_fft: 512 }, 'n_fft'],
  ]
  for (const [given, argument] of options) {
    it(JSON.stringify(given).slice(0, 70), async () => {
      expect(errorOf(() => nemoLogMel(y, given)).argument).toBe(argument)
      await expect(nemoLogMelAsync(y, given)).rejects.toMatchObject({ argument })
    })
  }

  it('of signals', () => {
    const broken = y.slice()
    broken[1234] = Number.NaN
    const signals: [unknown, string][] = [
      [new Float32Array(0), 'ERR_DSP_SHAPE'],
      [y.subarray(0, 159), 'ERR_DSP_SHAPE'],
      [broken, 'ERR_DSP_NOT_FINITE'],
      [new Int16Array(4000), 'ERR_DSP_TYPE'],
      [tensor(new Float32Array(0), [0, 100]), 'ERR_DSP_SHAPE'],
      [new Float64Array(4000).fill(1e160), 'ERR_DSP_ARGUMENT'],
    ]
    for (const [input, code] of signals) {
      expect(errorOf(() => nemoLogMel(input as SignalInput))).toMatchObject({ code, argument: 'y' })
    }
    expect(errorOf(() => nemoLogMelBatch([y, broken]))).toMatchObject({ argument: 'signals[1]' })
    const audio = { samples: y, sampleRate: 8000 }
    expect(errorOf(() => nemoLogMel(audio, { sampleRate: 16000 })).argument).toBe('sampleRate')
    expect(errorOf(() => nemoLogMel(y, 'x' as never)).argument).toBe('options of nemoLogMel')
    expect(errorOf(() => nemoSeqLen(-1)).argument).toBe('samples')
  })
})
