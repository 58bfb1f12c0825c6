import { tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fbank,
  fbankAsync,
  fbankBatch,
  fbankBatchAsync,
  mfcc,
  mfccBatch,
  OnlineFbank,
  OnlineMfcc,
  OnlineSpectrogram,
  spectrogram,
  spectrogramBatch,
} from '../src/index.js'

const signal = noise(6000, 3).map((x, i) => 0.05 * x + 0.3 * Math.sin(i * 0.02))

const pairs = {
  fbank: [fbank, OnlineFbank],
  mfcc: [mfcc, OnlineMfcc],
  spectrogram: [spectrogram, OnlineSpectrogram],
} as const

describe('a stream', () => {
  it('is bit-identical to the one-shot function, however it is split', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('fbank', 'mfcc', 'spectrogram'),
        fc.record({
          snipEdges: fc.boolean(),
          padding: fc.constantFrom('kaldi' as const, 'lhotse' as const),
          removeDcOffset: fc.boolean(),
          dither: fc.constantFrom(0, 1e-4),
          roundToPowerOfTwo: fc.boolean(),
          frameShift: fc.constantFrom(10, 3.3, 40),
          precision: fc.constantFrom('float32', 'float64'),
        }),
        fc.integer({ min: 500, max: signal.length }),
        fc.array(fc.integer({ min: 0, max: 1500 }), { maxLength: 40 }),
        (kind, options, length, cuts) => {
          const [oneShot, Online] = pairs[kind]
          const samples = signal.subarray(0, length)
          const expected = oneShot(samples, options)
          const online = new Online(options)
          const rows: number[] = []
          let at = 0
          for (const cut of [...cuts, length]) {
            for (const frame of online.accept(samples.subarray(at, at + cut))) rows.push(...frame)
            at = Math.min(length, at + cut)
          }
          for (const frame of online.flush()) rows.push(...frame)
          expect(rows.length).toBe(expected.size)
          expect(rows.every((value, i) => Object.is(value, expected.data[i]))).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('knows its latency and starts again', () => {
    for (const [snipEdges, latency] of [
      [true, 400],
      [false, 280],
    ] as const) {
      const online = new OnlineFbank({ snipEdges })
      expect(online.latencySamples).toBe(latency)
      expect(online.columns).toBe(23)
      expect(online.accept(signal.subarray(0, latency - 1)).shape).toEqual([0, 23])
      expect(online.accept(signal.subarray(latency - 1, latency)).shape).toEqual([1, 23])
      online.flush()
      online.reset()
      expect(online.accept(signal.subarray(0, latency))).toMatchObject({ shape: [1, 23] })
    }
  })
})

describe('the other forms', () => {
  const signals = [signal, signal.subarray(100, 700), signal.subarray(0, 5000)]

  it('batch and asynchronous forms equal single calls', async () => {
    const options = { numMelBins: 40, snipEdges: false }
    const expected = signals.map((one) => fbank(one, options))
    expect(fbankBatch(signals, options)).toEqual(expected)
    expect(await fbankBatchAsync(signals, options)).toEqual(expected)
    expect(await Promise.all(signals.map((one) => fbankAsync(one, options)))).toEqual(expected)
    expect(mfccBatch(signals)).toEqual(signals.map((one) => mfcc(one)))
    expect(fbankBatch([], options)).toEqual([])
    const stereo = tensor(Float32Array.of(...signal, ...signal.slice().reverse()), [2, signal.length])
    const reversed = fbank(signal.slice().reverse())
    expect(fbank(stereo, { channel: 1 })).toEqual(reversed)
    expect(fbankBatch([stereo, stereo], { channel: 1 })).toEqual([reversed, reversed])
    expect(await fbankBatchAsync([stereo], { channel: 1 })).toEqual([reversed])
  })

  it('has one rate and one element type per batch', () => {
    const audio = (sampleRate: number) => ({ samples: tensor(signal), sampleRate })
    for (const batch of [fbankBatch, mfccBatch, spectrogramBatch]) {
      const refusal = (code: string, argument: string) => expect.objectContaining({ code, argument })
      expect(() => batch([audio(8000), audio(16000)])).toThrow(refusal('ERR_DSP_ARGUMENT', 'signals[1].sampleRate'))
      expect(() => batch([audio(8000)], { sampleFrequency: 16000 })).toThrow(
        refusal('ERR_DSP_ARGUMENT', 'sampleFrequency'),
      )
      expect(() => batch([signal, Float64Array.from(signal)])).toThrow(refusal('ERR_DSP_TYPE', 'signals[1]'))
      expect(() => batch([signal, new Float32Array(500).fill(Number.NaN)])).toThrow(
        refusal('ERR_DSP_NOT_FINITE', 'signals[1]'),
      )
      const both = batch([audio(8000), signal])
      expect(both[1]).toEqual(both[0])
    }
    expect(fbankBatch([Float64Array.from(signal)])[0]).toEqual(fbank(signal))
  })

  it('a stream takes blocks of either precision', () => {
    const online = new OnlineFbank()
    const first = online.accept(signal.subarray(0, 3000))
    const second = online.accept(Float64Array.from(signal.subarray(3000)))
    expect([...first.data, ...second.data]).toEqual([...fbank(signal).data])
    online.flush()
    for (let numMelBins = 20; numMelBins < 40; numMelBins++) fbank(signal, { numMelBins })
    online.reset()
    expect(online.accept(signal).data).toEqual(fbank(signal).data)
  })

  it('is cancelled by its AbortSignal while it runs', async () => {
    const controller = new AbortController()
    const work = fbankAsync(signal, { signal: controller.signal })
    controller.abort()
    await expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await expect(fbankAsync(signal, { signal: 'stop' as never })).rejects.toMatchObject({ argument: 'signal' })
  })
})
