import { type TensorLike, tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { mix, random, speechLike } from '../../src/figures/speech.js'
import {
  type CauseId,
  diagnoseFeatures,
  extractFrontEnd,
  type FrontEnd,
  featuresText,
  frontEndOf,
  type Matrix,
} from '../../src/index.js'

const audio = {
  samples: tensor(mix(speechLike({ seconds: 6, sampleRate: 16000, seed: 11, high: true }), 40, 0.05)),
  sampleRate: 16000,
}
const base = frontEndOf('fbank', { numMelBins: 80 }, 16000)
const features = (changes: Partial<FrontEnd> = {}) => extractFrontEnd(audio, { ...base, ...changes })
const asTensor = ({ data, frames, bins }: Matrix) => tensor(Float32Array.from(data), [frames, bins])
const ours = features()

/** Ids of what may be named for a change; the first sign must be the first of them. */
const singles: [name: string, Partial<FrontEnd>, CauseId[]][] = [
  ['int16 samples', { gain: 32768 }, ['sample-scale']],
  ['a gain', { gain: 0.3 }, ['sample-scale']],
  ['a power over N', { gain: 1 / Math.sqrt(512) }, ['fft-scaling']],
  ['log10', { log: 'log10' }, ['log']],
  ['log2', { log: 'log2' }, ['log']],
  ['dB', { log: 'dB' }, ['log']],
  ['no logarithm', { log: 'none', floorType: 'none' }, ['log']],
  ['magnitudes', { spectrum: 'magnitude' }, ['spectrum']],
  ['no pre-emphasis', { framePreemphasis: 0 }, ['preemphasis']],
  ["Slaney's norm", { melNorm: 'slaney' }, ['mel-norm']],
  ['the Slaney scale', { melScale: 'slaney', triangles: 'hertz' }, ['mel-scale']],
  ['another low edge', { lowFreq: 200 }, ['low-freq']],
  ['another high edge', { highFreq: 6000 }, ['high-freq']],
  ['a hard floor', { floorType: 'max', floor: 0.003 }, ['log-floor']],
  ['a soft floor', { floorType: 'add', floor: 0.01 }, ['log-floor']],
  ['dither', { dither: 2e-3 }, ['dither']],
  ['normalised columns', { normalisation: 'per-feature' }, ['normalisation']],
  ['a normalised matrix', { normalisation: 'all-features' }, ['normalisation']],
  ['means taken out', { normalisation: 'mean' }, ['normalisation']],
  ['deltas', { deltas: 2 }, ['deltas']],
  ['an energy column', { energyColumn: 'first' }, ['energy-column']],
  ['other bins', { numBins: 64 }, ['num-bins']],
  ['cepstra', { numCeps: 13, lifter: 22 }, ['dct']],
  ['a shift of three frames', { shift: 480 }, ['time-shift']],
  ['a shift of half a frame', { shift: 80 }, []],
]

describe('one change of a front end', () => {
  it.each(singles)('%s', (_, changes, expected) => {
    const { signs } = diagnoseFeatures(asTensor(ours), asTensor(features(changes)))
    expect(signs[0]?.id, signs.map(({ id, sentence }) => `${id}: ${sentence}`).join('\n')).toBe(expected[0])
    for (const { sentence } of signs) expect(sentence).toMatch(/likely|would/)
  })
})

const ids = (theirs: TensorLike, mine: TensorLike = asTensor(ours)) =>
  diagnoseFeatures(mine, theirs).signs.map(({ id }) => id)

describe('two changes at once', () => {
  it.each<[string, Partial<FrontEnd>, CauseId[]]>([
    ['log10 of int16 samples', { log: 'log10', gain: 32768 }, ['log', 'sample-scale']],
    ["Slaney's norm and a gain", { melNorm: 'slaney', gain: 100 }, ['mel-norm', 'sample-scale']],
    ['no pre-emphasis, in dB', { framePreemphasis: 0, log: 'dB' }, ['preemphasis', 'log']],
    ['a floor and a shift', { floorType: 'max', floor: 0.001, shift: 800 }, ['log-floor', 'time-shift']],
    ['magnitudes and a gain', { spectrum: 'magnitude', gain: 32768 }, ['spectrum', 'sample-scale']],
    ['another edge and a gain', { highFreq: 6000, gain: 10 }, ['high-freq', 'sample-scale']],
    ['deltas of normalised columns', { deltas: 1, normalisation: 'per-feature' }, ['deltas', 'normalisation']],
  ])('%s', (_, changes, expected) => {
    const found = ids(asTensor(features(changes)))
    expect(found).toEqual(expect.arrayContaining(expected))
    expect(found.length).toBeLessThanOrEqual(expected.length + 1)
  })
})

describe('layout', () => {
  const { data, frames, bins } = ours
  const values = Float32Array.from(data)
  const padded = (before: number, after: number, value: number) => {
    const all = new Float32Array((frames + before + after) * bins).fill(value)
    all.set(values, before * bins)
    return tensor(all, [frames + before + after, bins])
  }

  it('is told from the values', () => {
    expect(ids(tensor(asTensor(ours).transpose(1, 0).data.slice(), [bins, frames]))).not.toEqual([])
    expect(ids(asTensor(ours).transpose(1, 0))).toEqual(['layout'])
    expect(ids(asTensor(ours).step(1, -1))).toEqual(['layout'])
    const swapped = values.slice()
    Buffer.from(swapped.buffer).swap32()
    expect(ids(tensor(swapped, [frames, bins]))).toEqual(['layout'])
    expect(ids(tensor(values, [1, frames, bins]))).toEqual([])
  })

  it.each([
    [0, 12, 0],
    [3, 9, 0],
    [5, 0, -15.942],
  ])('with %d and %d frames of padding of %d', (before, after, value) => {
    const { signs, residual } = diagnoseFeatures(asTensor(ours), padded(before, after, value))
    expect(signs.map(({ id }) => id)).toEqual(['layout'])
    expect(residual).toBeLessThan(1e-3)
  })

  it('in few bits is told so', () => {
    // Two decimals are no format.
    const { signs, residual } = diagnoseFeatures(
      asTensor(ours),
      tensor(
        Float32Array.from(data, (x) => Math.round(x * 100) / 100),
        [frames, bins],
      ),
    )
    expect([signs, residual! < 0.01]).toEqual([[], true])
    const float16 = Float32Array.from(data, (x) => {
      const step = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10)
      return Math.round(x / step) * step
    })
    const told = diagnoseFeatures(asTensor(ours), tensor(float16, [frames, bins]))
    expect(told.signs.map(({ id }) => id)).toEqual(['layout'])
    expect(told.signs[0]!.sentence).toContain('float16')
    expect(told.residual).toBeLessThan(1e-4)
  })

  it('in whole numbers is told so', () => {
    const { signs } = diagnoseFeatures(asTensor(ours), tensor(Int16Array.from(data, Math.round), [frames, bins]))
    expect(signs.at(-1)?.sentence).toContain('whole numbers')
  })
})

describe('normalisation', () => {
  it('tells N from N - 1', () => {
    const [n, less] = ([0, 1] as const).map((normalisationDdof) =>
      features({ normalisation: 'per-feature', normalisationDdof }),
    )
    expect(diagnoseFeatures(asTensor(ours), asTensor(less!)).signs[0]?.sentence).toContain('with N - 1')
    expect(diagnoseFeatures(asTensor(ours), asTensor(n!)).signs[0]?.sentence).toContain('with N in')
  })
})

describe('what has no answer', () => {
  const matrix = (frames: number, bins: number, value: (i: number) => number) =>
    tensor(
      Float64Array.from({ length: frames * bins }, (_, i) => value(i)),
      [frames, bins],
    )
  const noise = random(3)

  it('equal matrices have no signs', () => {
    const { equal, signs, open } = diagnoseFeatures(asTensor(ours), asTensor(ours))
    expect([equal, signs, open]).toEqual([true, [], []])
    expect(
      diagnoseFeatures(
        asTensor(ours),
        tensor(
          Float64Array.from(ours.data, (x) => x + 5e-4),
          [ours.frames, ours.bins],
        ),
      ).equal,
    ).toBe(true)
  })

  it.each<[string, TensorLike, RegExp]>([
    ['another recording', matrix(598, 80, () => noise()), /hardly features of one recording/],
    ['a constant', matrix(598, 80, () => 3), /every value is 3.0/],
    ['NaN', matrix(598, 80, (i) => (i % 2 ? Number.NaN : ours.data[i]!)), /23,920 of 47,840 values are NaN/],
    ['only NaN', matrix(598, 80, () => Number.NaN), /47,840 of 47,840/],
    ['three axes', tensor(new Float32Array(48), [2, 4, 6]), /is no matrix/],
    ['a vector', tensor(new Float32Array(48), [48]), /is no matrix/],
    ['nothing', tensor(new Float32Array(0), [0, 80]), /is empty/],
    [
      'another length',
      asTensor({ ...ours, data: ours.data.slice(0, 80 * 200), frames: 200 }),
      /0.33 times as many frames/,
    ],
    ["a neural encoder's output", matrix(150, 512, () => noise()), /likely differ/],
    ['one frame', matrix(1, 80, (i) => ours.data[i]! + 1), /./],
    ['infinity', matrix(598, 80, () => Number.POSITIVE_INFINITY), /47,840 of 47,840/],
  ])('%s', (_, theirs, says) => {
    const started = performance.now()
    const diagnosis = diagnoseFeatures(asTensor(ours), theirs)
    const text = featuresText(diagnosis)
    expect(text).toMatch(says)
    expect(text).not.toMatch(/undefined|NaN[^ ]|\[object/)
    expect(diagnosis.equal).toBe(false)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('an hour is bounded', () => {
    const long = matrix(100_000, 8, () => noise())
    const started = performance.now()
    const { open, signs } = diagnoseFeatures(
      long,
      tensor(
        long.data.map((x) => 2.5 * x + 1),
        [100_000, 8],
      ),
    )
    expect(open[0]).toBe('Only the first 12,000 of 100,000 frames were looked at.')
    expect(signs.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('and what is no tensor is an error', () => {
    expect(errorOf(() => diagnoseFeatures([1] as never, asTensor(ours))).argument).toBe('ours')
    expect(errorOf(() => diagnoseFeatures(asTensor(ours), null as never)).argument).toBe('reference')
  })
})
