import { tensor } from '@dsp/tensor'
import { maxAbsError } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as chroma from '../src/index.js'

/** Two tones and a little noise. */
function sound(length: number, seed: number): Float32Array {
  let state = seed * 2654435761
  return Float32Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return 0.5 * Math.sin(i / 9) + 0.3 * Math.sin(i / 31 + seed) + (state / 2 ** 31) * 0.01
  })
}

describe('forms', () => {
  const signals = [sound(20000, 1), sound(9000, 2)]
  const vqtOptions = { intervals: 'ji5' } as const
  const families = {
    cqt: [chroma.cqt, chroma.cqtAsync, chroma.cqtBatch, chroma.cqtBatchAsync, undefined],
    vqt: [chroma.vqt, chroma.vqtAsync, chroma.vqtBatch, chroma.vqtBatchAsync, vqtOptions],
    hybridCqt: [chroma.hybridCqt, chroma.hybridCqtAsync, chroma.hybridCqtBatch, chroma.hybridCqtBatchAsync, undefined],
    pseudoCqt: [chroma.pseudoCqt, chroma.pseudoCqtAsync, chroma.pseudoCqtBatch, chroma.pseudoCqtBatchAsync, undefined],
    chromaCqt: [chroma.chromaCqt, chroma.chromaCqtAsync, chroma.chromaCqtBatch, chroma.chromaCqtBatchAsync, undefined],
    chromaVqt: [chroma.chromaVqt, chroma.chromaVqtAsync, chroma.chromaVqtBatch, chroma.chromaVqtBatchAsync, vqtOptions],
    chromaCens: [
      chroma.chromaCens,
      chroma.chromaCensAsync,
      chroma.chromaCensBatch,
      chroma.chromaCensBatchAsync,
      undefined,
    ],
    chromaStft: [
      chroma.chromaStft,
      chroma.chromaStftAsync,
      chroma.chromaStftBatch,
      chroma.chromaStftBatchAsync,
      undefined,
    ],
    tonnetz: [chroma.tonnetz, chroma.tonnetzAsync, chroma.tonnetzBatch, chroma.tonnetzBatchAsync, undefined],
    piptrack: [chroma.piptrack, chroma.piptrackAsync, chroma.piptrackBatch, chroma.piptrackBatchAsync, undefined],
    estimateTuning: [
      chroma.estimateTuning,
      chroma.estimateTuningAsync,
      chroma.estimateTuningBatch,
      chroma.estimateTuningBatchAsync,
      undefined,
    ],
  } as const
  type Form = (input: unknown, options: unknown) => unknown
  for (const [name, [...forms]] of Object.entries(families)) {
    const options = forms.pop()
    const [one, oneAsync, many, manyAsync] = forms as unknown as [Form, Form, Form, Form]
    it(`${name}: the same bits alone, off the main thread and in batches`, async () => {
      const alone = signals.map((y) => one(y, options))
      expect(await Promise.all(signals.map((y) => oneAsync(y, options)))).toEqual(alone)
      expect(many(signals, options)).toEqual(alone)
      expect(await manyAsync(signals, options)).toEqual(alone)
      expect(many([], options)).toEqual([])
    })
  }

  it('a long signal can be reused immediately, and threads change no bit of the result', async () => {
    const y = sound(2_100_000, 3)
    const wanted = { stft: chroma.chromaStft(y), cqt: chroma.chromaCqt(y) }
    const stft = chroma.chromaStftAsync(y)
    const cqt = chroma.chromaCqtAsync(y)
    y.fill(0)
    expect(Buffer.from((await stft).data.buffer).equals(Buffer.from(wanted.stft.data.buffer))).toBe(true)
    expect(Buffer.from((await cqt).data.buffer).equals(Buffer.from(wanted.cqt.data.buffer))).toBe(true)
  })

  it('channels are transformed one by one, with any leading axes', () => {
    const y = tensor(Float32Array.of(...sound(6000, 1), ...sound(6000, 5)), [1, 2, 6000])
    const both = chroma.cqt(y, { nBins: 24 })
    expect(both.shape).toEqual([1, 2, 24, 12, 2])
    expect(both.data.subarray(both.data.length / 2)).toEqual(chroma.cqt(sound(6000, 5), { nBins: 24 }).data)
    expect(chroma.chromaCqt(y).shape).toEqual([1, 2, 12, 12])
    expect(chroma.piptrack(y).pitches.shape).toEqual([1, 2, 1025, 12])
    const back = chroma.icqt(both, { length: 6000 })
    expect(back.shape).toEqual([1, 2, 6000])
  })

  it('takes transforms, spectrograms and chroma that are there already', () => {
    const y = Float64Array.from(sound(20000, 3))
    const c = chroma.cqt(y, { nBins: 84 })
    const magnitudes = Float64Array.from({ length: c.data.length / 2 }, (_, i) =>
      Math.hypot(c.data[2 * i]!, c.data[2 * i + 1]!),
    )
    const C = tensor(magnitudes, [84, 40])
    const direct = chroma.chromaCqt(y, { binsPerOctave: 12, tuning: 0 })
    expect(maxAbsError(chroma.chromaCqtFromCqt(C, { binsPerOctave: 12 }).data, direct.data)).toBeLessThan(1e-12)
    const cens = chroma.chromaCens(y, { binsPerOctave: 12, tuning: 0 })
    expect(maxAbsError(chroma.chromaCensFromCqt(C, { binsPerOctave: 12 }).data, cens.data)).toBeLessThan(1e-12)
    const vqt = chroma.chromaVqt(y, { intervals: 'equal' })
    expect(maxAbsError(chroma.chromaVqtFromVqt(C, { intervals: 'equal' }).data, vqt.data)).toBeLessThan(1e-12)
    const centroids = chroma.tonnetz(y, { binsPerOctave: 12, tuning: 0 })
    expect(chroma.tonnetzFromChroma(direct)).toEqual(centroids)
  })

  it('has the precision that dtype says', () => {
    const single = sound(5000, 1)
    expect(chroma.cqt(single, { dtype: 'complex128' })).toEqual(chroma.cqt(Float64Array.from(single)))
    const rounded = chroma.cqt(Float64Array.from(single), { dtype: 'complex64' })
    expect(rounded.data).toBeInstanceOf(Float32Array)
    expect(rounded.data).toEqual(Float32Array.from(chroma.cqt(Float64Array.from(single)).data))
  })

  it('takes the rate of an Audio', () => {
    const samples = tensor(sound(16000, 1))
    const byAudio = chroma.chromaCqt({ samples, sampleRate: 16000 })
    expect(byAudio).toEqual(chroma.chromaCqt(samples, { sr: 16000 }))
    expect(chroma.chromaCqt({ samples, sampleRate: 16000 }, { sr: 16000 })).toEqual(byAudio)
    expect(chroma.chromaCqt({ samples, sampleRate: 16000 }, { sr: null })).toEqual(byAudio)
    expect(chroma.chromaCqt({ samples, sampleRate: 22050 })).toEqual(chroma.chromaCqt(samples))
  })

  it('the inverse gives most of the signal back', () => {
    const y = Float64Array.from(sound(30000, 4))
    const options = { hopLength: 128, binsPerOctave: 24, fmin: 55 }
    const back = chroma.icqt(chroma.cqt(y, { ...options, nBins: 24 * 6 }), { ...options, length: y.length })
    let [error, energy] = [0, 0]
    for (let i = 6000; i < 24000; i++) {
      error += (back.data[i]! - y[i]!) ** 2
      energy += y[i]! ** 2
    }
    expect(error / energy).toBeLessThan(0.02)
  })

  it('a stream is bit-identical to the one-shot result, however it is split', () => {
    fc.assert(
      fc.property(
        fc.record({
          nFft: fc.integer({ min: 2, max: 300 }),
          hopLength: fc.integer({ min: 1, max: 400 }),
          center: fc.boolean(),
          padMode: fc.constantFrom('constant', 'edge'),
          nChroma: fc.constantFrom(12, 7),
        } as const),
        fc.integer({ min: 1, max: 1500 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 }),
        (given, length, cuts) => {
          const options = { ...given, tuning: 0.1 }
          const y = sound(length, length)
          const fits = options.center || options.nFft <= length
          const whole = fits ? chroma.chromaStft(y, options) : undefined
          const online = new chroma.OnlineChromaStft(options)
          const frames: number[][] = []
          let at = 0
          for (const cut of [...cuts, length]) {
            for (const frame of online.accept(y.subarray(at, at + cut))) frames.push(values(frame))
            at = Math.min(length, at + cut)
          }
          for (const frame of online.flush()) frames.push(values(frame))
          expect(frames.length).toBe(whole?.shape[1] ?? 0)
          frames.forEach((frame, i) => {
            expect(frame).toEqual(values(whole!.pick(null, i)))
          })
        },
      ),
      { numRuns: 100 },
    )
  })
})

function values(frame: { shape: readonly number[]; get(i: number): number }): number[] {
  return Array.from({ length: frame.shape[0]! }, (_, i) => frame.get(i))
}
