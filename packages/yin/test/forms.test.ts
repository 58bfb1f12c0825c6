import { tensor } from '@dsp/tensor'
import { noise, sine } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  OnlinePyin,
  OnlineYin,
  pyin,
  pyinAsync,
  pyinBatch,
  pyinBatchAsync,
  yin,
  yinAsync,
  yinBatch,
  yinBatchAsync,
} from '../src/index.js'

/** A tone with noise. */
function sound(length: number, seed: number): Float32Array {
  const hiss = noise(length, seed, 0.1)
  return sine(length, 180, 8000).map((x, i) => x + hiss[i]!)
}

const anyOptions = fc.record({
  sr: fc.constant(8000),
  fmin: fc.double({ min: 90, max: 150, noNaN: true }),
  fmax: fc.double({ min: 200, max: 3000, noNaN: true }),
  frameLength: fc.integer({ min: 100, max: 500 }),
  hopLength: fc.integer({ min: 20, max: 600 }),
  center: fc.boolean(),
  padMode: fc.constantFrom('constant', 'edge', 'linear_ramp', 'reflect', 'symmetric'),
} as const)
const anyCuts = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 15 })

/** Calls with a signal cut at the given places. */
function blocks(y: Float32Array, cuts: number[], accept: (block: Float32Array) => void): void {
  let at = 0
  for (const cut of [...cuts, y.length]) {
    accept(y.subarray(at, at + cut))
    at = Math.min(y.length, at + cut)
  }
}

describe('a stream is bit-identical to the one-shot result, however it is split', () => {
  it('yin', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 0, max: 4000 }), anyCuts, (options, length, cuts) => {
        const y = sound(length, length)
        const fits = length > 0 && (options.center || options.frameLength <= length)
        const whole = fits ? [...yin(y, options).data] : []
        const online = new OnlineYin(options)
        expect(online.latencySamples).toBe(
          options.center ? options.frameLength - Math.floor(options.frameLength / 2) : options.frameLength,
        )
        for (let round = 0; round < 2; round++) {
          const f0: number[] = []
          blocks(y, cuts, (block) => f0.push(...online.accept(block).data))
          f0.push(...online.flush().data)
          expect(f0).toEqual(whole)
          expect(online.flush().size).toBe(0)
          online.reset()
        }
      }),
      { numRuns: 100 },
    )
  })

  it('pyin, frequencies at the end and probabilities immediately', () => {
    fc.assert(
      fc.property(anyOptions, fc.integer({ min: 0, max: 4000 }), anyCuts, (given, length, cuts) => {
        const options = { ...given, maxTransitionRate: 3 }
        const y = sound(length, length)
        const fits = length > 0 && (options.center || options.frameLength <= length)
        const online = new OnlinePyin(options)
        for (let round = 0; round < 2; round++) {
          const early: number[] = []
          blocks(y, cuts, (block) => early.push(...online.accept(block).data))
          const end = online.flush()
          if (fits) expect(end).toEqual(pyin(y, options))
          else expect(end.f0.size).toBe(0)
          expect([...end.voicedProb.data.subarray(0, early.length)]).toEqual(early)
          expect(online.flush().f0.size).toBe(0)
          online.reset()
        }
      }),
      { numRuns: 50 },
    )
  })

  it('in float64, too', () => {
    const y = Float64Array.from(sound(9000, 2))
    const options = { sr: 8000, fmin: 100, fmax: 1000 }
    const online = new OnlineYin(options, 'float64')
    const parts = [online.accept(y.subarray(0, 5001)), online.accept(y.subarray(5001)), online.flush()]
    expect(parts.flatMap((part) => [...part.data])).toEqual([...yin(y, options).data])
    const probabilities = new OnlinePyin(options, 'float64')
    probabilities.accept(y)
    expect(probabilities.flush()).toEqual(pyin(y, options))
  })
})

describe('is the same', () => {
  const options = { sr: 8000, fmin: 100, fmax: 1000, frameLength: 512, hopLength: 100 }

  it('in batches and off the main thread', async () => {
    const signals = [5000, 700, 1].map((length) => sound(length, length))
    const alone = signals.map((y) => yin(y, options))
    expect(yinBatch(signals, options)).toEqual(alone)
    expect(await yinBatchAsync(signals, options)).toEqual(alone)
    expect(await Promise.all(signals.map((y) => yinAsync(y, options)))).toEqual(alone)
    const pitches = signals.map((y) => pyin(y, options))
    expect(pyinBatch(signals, options)).toEqual(pitches)
    expect(await pyinBatchAsync(signals, options)).toEqual(pitches)
    expect(await Promise.all(signals.map((y) => pyinAsync(y, options)))).toEqual(pitches)
    expect([yinBatch([], options), pyinBatch([], options)]).toEqual([[], []])
  })

  it('channel by channel, whatever the leading axes', async () => {
    const y = sound(6 * 3000, 1)
    const all = yin(tensor(y, [2, 3, 3000]), options)
    const melody = pyin(tensor(y, [2, 3, 3000]), options)
    expect(all.shape).toEqual([2, 3, 31])
    expect(melody.voicedFlag.shape).toEqual([2, 3, 31])
    for (let i = 0; i < 6; i++) {
      const one = y.subarray(i * 3000, (i + 1) * 3000)
      expect(all.data.subarray(i * 31, (i + 1) * 31)).toEqual(yin(one, options).data)
      expect(melody.f0.data.subarray(i * 31, (i + 1) * 31)).toEqual(pyin(one, options).f0.data)
    }
    expect(await yinAsync(tensor(y, [2, 3, 3000]), options)).toEqual(all)
    expect(await pyinAsync(tensor(y, [2, 3, 3000]), options)).toEqual(melody)
  })

  it('for a view and for a copy of it', () => {
    const reversed = tensor(sound(3000, 5)).step(-1)
    expect(yin(reversed, options)).toEqual(yin(sound(3000, 5).reverse(), options))
  })
})

it('takes the rate from the audio', () => {
  const samples = sound(4000, 1)
  const expected = yin(samples, { sr: 8000, fmin: 100, fmax: 1000 })
  expect(yin({ samples, sampleRate: 8000 }, { fmin: 100, fmax: 1000 })).toEqual(expected)
  expect(() => yin({ samples, sampleRate: 8000 }, { fmin: 100, fmax: 1000, sr: 16000 })).toThrow(
    expect.objectContaining({ argument: 'sr' }),
  )
})
