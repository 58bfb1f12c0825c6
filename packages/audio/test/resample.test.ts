import { DspError, tensor } from '@dsp/tensor'
import { golden, maxAbsError, noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AUDIO_TOLERANCES,
  OnlineResampler,
  type ResampleOptions,
  resample,
  resampleAsync,
  resampleBatch,
  resampleBatchAsync,
  toMono,
} from '../src/index.js'

const EDGE = 40

describe('equals torchaudio.transforms.Resample in float64', () => {
  const file = golden(new URL('./golden/resample.npz', import.meta.url))
  const x = Float64Array.from(file.numbers('x'))
  const y = file.numbers('y')
  const lengths = file.array('lengths').data as Int32Array
  let at = 0
  for (const [i, json] of file.text('options').entries()) {
    const kept = Math.min(lengths[i]!, 2 * EDGE)
    const part = y.subarray(at, at + kept)
    at += kept
    it(json, () => {
      const reference = JSON.parse(json) as Record<string, never>
      const options: Partial<ResampleOptions> = Object.fromEntries(
        Object.entries(reference).map(([name, value]) => [
          name.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
          value,
        ]),
      )
      const ends = (data: Float32Array | Float64Array) =>
        data.length <= 2 * EDGE ? data : [...data.subarray(0, EDGE), ...data.subarray(-EDGE)]
      const ours = resample(x, options).data
      expect(ours.length).toBe(lengths[i])
      const { resampleFloat64, resampleFloat64OtherBeta, resampleFloat32 } = AUDIO_TOLERANCES
      const limit = 'beta' in reference ? resampleFloat64OtherBeta : resampleFloat64
      expect(maxAbsError(Float64Array.from(ends(ours)), part)).toBeLessThanOrEqual(limit)
      const single = resample(Float32Array.from(x), options).data
      expect(maxAbsError(Float64Array.from(ends(single)), part)).toBeLessThanOrEqual(resampleFloat32)
    })
  }
})

describe('forms', () => {
  const options = { origFreq: 441, newFreq: 160 }
  const x = noise(3000)

  it('agree, whatever carries the samples', async () => {
    const plain = resample(x, options)
    expect(resample({ samples: tensor(x), sampleRate: 441 }, { newFreq: 160 })).toEqual({
      samples: plain,
      sampleRate: 160,
    })
    expect(await resampleAsync(x, options)).toEqual(plain)
    expect((await resampleAsync({ samples: tensor(x), sampleRate: 441 }, { newFreq: 160 })).samples).toEqual(plain)
    expect(resampleBatch([x, x.subarray(0, 7), tensor(x)], options)).toEqual([
      plain,
      resample(x.subarray(0, 7), options),
      plain,
    ])
    expect(await resampleBatchAsync([x, x.subarray(0, 7)], options)).toEqual(
      resampleBatch([x, x.subarray(0, 7)], options),
    )
    const double = Float64Array.from(x)
    expect(resampleBatch([double, double.subarray(0, 7)], options)[0]).toEqual(resample(double, options))
    const both = resample(tensor(Float32Array.of(...x, ...x), [2, 3000]), options)
    expect(both.shape).toEqual([2, plain.size])
    expect(both.data.subarray(plain.size)).toEqual(plain.data)
    const reversed = tensor(x.slice().reverse()).step(-1)
    expect(resample(reversed, options)).toEqual(plain)
  })

  it('leave equal rates alone', () => {
    expect(resample(x, { origFreq: 16000, newFreq: 16000 }).data).toEqual(x)
    expect(resampleBatch([])).toEqual([])
  })

  it('name the signal of a batch that is not finite', () => {
    for (const rate of [160, 441]) {
      expect(() =>
        resampleBatch([x, Float32Array.of(0, NaN), Float32Array.of(NaN)], { origFreq: 441, newFreq: rate }),
      ).toThrow(expect.objectContaining({ code: 'ERR_DSP_NOT_FINITE', argument: 'signals[1]' }))
    }
  })

  it('can be cancelled', async () => {
    const work = resampleAsync(x, { ...options, signal: AbortSignal.abort() })
    await expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })
})

describe('OnlineResampler', () => {
  it('gives the very samples of the one-shot form for any cuts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.constantFrom('sinc_interp_hann' as const, 'sinc_interp_kaiser' as const),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 12 }),
        fc.constantFrom(1, 2, 3),
        fc.boolean(),
        (origFreq, newFreq, resamplingMethod, cuts, channels, double) => {
          const options = { origFreq, newFreq, resamplingMethod }
          const total = cuts.reduce((a, b) => a + b, 0)
          const source = noise(Math.max(1, total * channels)).subarray(0, total * channels)
          const x = double ? Float64Array.from(source) : source
          const whole = total === 0 ? x : resample(tensor(x, [channels, total]), options).data
          const online = new OnlineResampler<Float32Array | Float64Array>(options)
          const parts: (Float32Array | Float64Array)[][] = Array.from({ length: channels }, () => [])
          const keep = ({ data, shape }: { data: Float32Array | Float64Array; shape: number[] }) => {
            if (shape.length === 2) {
              for (let c = 0; c < channels; c++) parts[c]!.push(data.subarray(c * shape[1]!, (c + 1) * shape[1]!))
            }
          }
          let at = 0
          for (const cut of cuts) {
            const block = new (x.constructor as Float32ArrayConstructor)(channels * cut)
            for (let c = 0; c < channels; c++) block.set(x.subarray(c * total + at, c * total + at + cut), c * cut)
            keep(online.accept(tensor(block, [channels, cut])))
            at += cut
          }
          keep(online.flush())
          const all = parts.flatMap((part) => part.flatMap((piece) => [...piece]))
          expect(all).toEqual([...whole])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('reports its latency and keeps to it', () => {
    const online = new OnlineResampler({ origFreq: 44100, newFreq: 16000 })
    const n = 4000
    const given = online.accept(noise(n)).size
    expect(online.latencySamples).toBeGreaterThan(16)
    expect(online.latencySamples).toBeLessThan(64)
    expect(given).toBeGreaterThanOrEqual(Math.floor(((n - online.latencySamples) * 160) / 441))
  })

  it('begins again after flush and reset, and refuses a change on the way', () => {
    const online = new OnlineResampler<Float32Array | Float64Array>({ origFreq: 3, newFreq: 2 })
    expect(online.flush().size).toBe(0)
    const first = [...online.accept(noise(100)).data, ...online.flush().data]
    online.accept(noise(50))
    online.reset()
    expect([...online.accept(noise(100)).data, ...online.flush().data]).toEqual(first)
    online.accept(noise(50))
    expect(() => online.accept(tensor(noise(50), [2, 25]))).toThrow(DspError)
    expect(() => online.accept(new Float64Array(5))).toThrow(DspError)
    expect(() => online.accept(Float32Array.of(1, Number.NaN))).toThrow(/index 1/)
    expect(() => online.accept({ samples: tensor(noise(5)), sampleRate: 4 })).toThrow(/origFreq/)
  })
})

describe('bad input', () => {
  const code = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return error instanceof DspError ? `${error.code} ${error.argument}` : String(error)
    }
    return 'nothing'
  }
  const x = new Float32Array(3)

  it('is an error that names the argument', () => {
    expect(code(() => resample(x, { newFreq: 0 }))).toBe('ERR_DSP_ARGUMENT newFreq')
    expect(code(() => resample(x, { newFreq: 1e9 }))).toBe('ERR_DSP_ARGUMENT newFreq')
    expect(code(() => resample(x, { origFreq: 1.5 }))).toBe('ERR_DSP_ARGUMENT origFreq')
    expect(code(() => resample(x, { lowpassFilterWidth: 0 }))).toBe('ERR_DSP_ARGUMENT lowpassFilterWidth')
    expect(code(() => resample(x, { rolloff: 0 }))).toBe('ERR_DSP_ARGUMENT rolloff')
    expect(code(() => resample(x, { resamplingMethod: 'linear' as never }))).toBe('ERR_DSP_ARGUMENT resamplingMethod')
    expect(code(() => resample(x, { rate: 3 } as never))).toBe('ERR_DSP_OPTION rate')
    expect(code(() => resample(new Float32Array(0), { newFreq: 8000 }))).toBe('ERR_DSP_SHAPE signal')
    expect(code(() => resample(Float32Array.of(1, Number.NaN), { newFreq: 8000 }))).toBe('ERR_DSP_NOT_FINITE signal')
    expect(code(() => resample({ samples: tensor(x), sampleRate: 0 }))).toBe('ERR_DSP_ARGUMENT signal.sampleRate')
    expect(code(() => resample({ samples: tensor(x), sampleRate: 8000 }, { origFreq: 9000 }))).toBe(
      'ERR_DSP_ARGUMENT origFreq',
    )
    expect(code(() => resample({ samples: tensor(x), sampleRate: 8000.5 }))).toBe('ERR_DSP_ARGUMENT signal.sampleRate')
    expect(code(() => resample(new Int16Array(3) as never))).toBe('ERR_DSP_TYPE signal')
    expect(code(() => new OnlineResampler({ origFreq: 99_999_989, newFreq: 99_999_971 }))).toBe(
      'ERR_DSP_ARGUMENT newFreq',
    )
    expect(code(() => toMono(tensor(new Float32Array(8), [2, 2, 2])))).toBe('ERR_DSP_SHAPE audio')
  })

  it('in a batch names the signal', () => {
    const rates = [8000, 16000].map((sampleRate) => ({ samples: x, sampleRate }))
    expect(code(() => resampleBatch(rates))).toBe('ERR_DSP_ARGUMENT signals[1].sampleRate')
    expect(code(() => resampleBatch([rates[0]!, x], { origFreq: 9000 }))).toBe('ERR_DSP_ARGUMENT origFreq')
    expect(code(() => resampleBatch([x, new Float64Array(3)] as never))).toBe('ERR_DSP_TYPE signals[1]')
    expect(code(() => resampleBatch([x, Float32Array.of(1, Number.NaN)]))).toBe('ERR_DSP_NOT_FINITE signals[1]')
    expect(() => resampleBatch([x, Float32Array.of(1, Number.NaN)])).toThrow(/^signals\[1\] .* index 1/)
    expect(code(() => resampleBatch([x, new Float32Array(0)]))).toBe('ERR_DSP_SHAPE signals[1]')
    expect(code(() => resampleBatch(x as never))).toBe('ERR_DSP_ARGUMENT signals')
    expect(code(() => resampleBatch([{ samples: x, sampleRate: 8000.5 }]))).toBe('ERR_DSP_ARGUMENT signals.sampleRate')
    // The bare array takes the batch's rate.
    const [a, b] = resampleBatch([x, rates[0]!])
    expect(a).toEqual(b)
    expect(a!.size).toBe(6)
  })

  it('of three samples, or with hostile rates, is resampled all the same', () => {
    expect(resample(x, { origFreq: 44100, newFreq: 16000 }).shape).toEqual([2])
    expect(resample(x, { origFreq: 44100, newFreq: 44101 }).shape).toEqual([4])
    expect(resample(x, { origFreq: 1, newFreq: 100_000 }).shape).toEqual([300_000])
    expect(resample(x, { origFreq: 99_999_989, newFreq: 1000 }).shape).toEqual([1])
  })
})
