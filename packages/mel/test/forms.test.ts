import { type TensorLike, tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  melspectrogram,
  melspectrogramAsync,
  melspectrogramBatch,
  melspectrogramBatchAsync,
  mfcc,
  mfccAsync,
  mfccBatch,
  mfccBatchAsync,
  mfccFromSpectrogram,
  OnlineMelspectrogram,
  powerToDb,
  whisperLogMel,
  whisperLogMelAsync,
  whisperLogMelBatch,
  whisperLogMelBatchAsync,
} from '../src/index.js'

const double = (length: number, seed: number) => Float64Array.from(noise(length, seed))

const anyOptions = fc.record({
  nFft: fc.integer({ min: 2, max: 70 }),
  hopLength: fc.integer({ min: 1, max: 90 }),
  nMels: fc.integer({ min: 1, max: 5 }),
  center: fc.boolean(),
  power: fc.constantFrom(1, 2, 0.7),
  padMode: fc.constantFrom('constant', 'edge', 'reflect', 'symmetric'),
} as const)

describe('a stream', () => {
  it('is bit-identical to the one-shot result, however it is split', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 0, max: 600 }),
        fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 20 }),
        fc.constantFrom('float32', 'float64'),
        (options, length, cuts, type) => {
          const y = type === 'float32' ? noise(length, length + 1) : double(length, length + 1)
          const fits = length > 0 && (options.center || options.nFft <= length)
          const whole = fits ? melspectrogram(y as Float32Array, options) : undefined
          const online = new OnlineMelspectrogram(options, type as 'float32')
          for (let round = 0; round < 2; round++) {
            const frames: number[][] = []
            let at = 0
            for (const cut of [...cuts, length]) {
              const block = online.accept(y.subarray(at, at + cut) as Float32Array)
              at = Math.min(length, at + cut)
              for (const frame of block) frames.push(values(frame))
            }
            for (const frame of online.flush()) frames.push(values(frame))
            expect(frames.length).toBe(whole?.shape[1] ?? 0)
            frames.forEach((frame, i) => {
              expect(frame).toEqual(values(whole!.pick(null, i)))
            })
            expect(online.flush().shape).toEqual([options.nMels, 0])
            online.reset()
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('says how long it waits', () => {
    expect(new OnlineMelspectrogram({ nFft: 512 }).latencySamples).toBe(256)
    expect(new OnlineMelspectrogram({ nFft: 512, center: false }).latencySamples).toBe(512)
  })
})

it('works while the same options are in use off the main thread, and plans come and go', async () => {
  const y = noise(3000, 5)
  const own = Float64Array.from({ length: 64 }, (_, i) => 0.5 + i / 200)
  for (const window of ['hann', own] as const) {
    const options = { nFft: 64, nMels: 8, window }
    const whole = melspectrogram(y, options)
    const pending = melspectrogramAsync(y, options)
    expect(melspectrogram(y, options)).toEqual(whole)
    for (let nFft = 40; nFft < 60; nFft++) melspectrogram(y, { nFft, nMels: 3 })
    expect(await pending).toEqual(whole)
  }
})

describe('batches, channels and other threads give the same bits', () => {
  const functions = [
    [melspectrogram, melspectrogramAsync, melspectrogramBatch, melspectrogramBatchAsync],
    [mfcc, mfccAsync, mfccBatch, mfccBatchAsync],
    [whisperLogMel, whisperLogMelAsync, whisperLogMelBatch, whisperLogMelBatchAsync],
  ] as const
  for (const [one, oneAsync, batch, batchAsync] of functions) {
    it(one.name, async () => {
      for (const make of [noise, double] as unknown as [typeof noise]) {
        const signals = [5000, 1649, 161].map((length) => make(length, length))
        const alone = signals.map((y) => one(y))
        expect(batch(signals)).toEqual(alone)
        expect(await batchAsync(signals)).toEqual(alone)
        expect(await Promise.all(signals.map((y) => oneAsync(y)))).toEqual(alone)
        expect(batch([])).toEqual([])
        const stereo = tensor(make(2 * 4000, 3), [2, 1, 4000])
        const both = one(stereo)
        expect(await oneAsync(stereo)).toEqual(both)
        expect(both.shape.length).toBe(4)
        if (one === mfcc) continue // its floor is that of both channels
        const second = one(stereo.data.subarray(4000))
        expect(both.data.subarray(both.data.length / 2)).toEqual(second.data)
      }
    })
  }

  it('strided views and rates of an audio', () => {
    const wide = noise(2 * 3000, 4)
    const view = { data: wide, shape: [3000], stride: [2], offset: 1 }
    const narrow = wide.filter((_, i) => i % 2 === 1)
    expect(melspectrogram(view, { nFft: 512 })).toEqual(melspectrogram(narrow, { nFft: 512 }))
    const audio = { samples: narrow, sampleRate: 8000 }
    expect(melspectrogram(audio, { nFft: 512 })).toEqual(melspectrogram(narrow, { nFft: 512, sr: 8000 }))
    expect(mfcc(audio, { sr: 8000 })).toEqual(mfcc(narrow, { sr: 8000 }))
  })
})

it('mfcc is the cosine transform of decibels', () => {
  const y = double(6000, 8)
  const options = { nMels: 40, nFft: 512, hopLength: 160 }
  const parts = mfccFromSpectrogram(powerToDb(melspectrogram(y, options)), { nMfcc: 13, lifter: 22 })
  expect(mfcc(y, { ...options, nMfcc: 13, lifter: 22 })).toEqual(parts)
})

function values(frame: TensorLike<Float32Array | Float64Array> & { get(...index: number[]): number }): number[] {
  return Array.from({ length: frame.shape[0]! }, (_, i) => frame.get(i))
}
