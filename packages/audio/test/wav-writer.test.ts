import { tensor } from '@dsp/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAudioSync, probeAudioSync, toMono, writeWav } from '../src/index.js'

const audio = fc
  .record({ channels: fc.integer({ min: 1, max: 5 }), length: fc.nat(50), rate: fc.integer({ min: 1, max: 192000 }) })
  .chain(({ channels, length, rate }) =>
    fc
      .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: channels * length, maxLength: channels * length })
      .map((values) => ({
        samples: tensor(Float32Array.from(values), channels === 1 ? [length] : [channels, length]),
        sampleRate: rate,
      })),
  )

describe('writeWav', () => {
  it('keeps every float32 sample', () => {
    fc.assert(
      fc.property(audio, (a) => {
        expect(decodeAudioSync(writeWav(a))).toEqual(a)
      }),
    )
  })

  it('rounds to 16 bits and clips', () => {
    const samples = tensor(Float32Array.of(0, 0.5, -1, 1, 2, -2, 0.3))
    const bytes = writeWav({ samples, sampleRate: 8000 }, { encoding: 'int16' })
    const top = 32767 / 32768
    const rounded = Math.round(0.3 * 32768) / 32768
    expect(decodeAudioSync(bytes).samples.data).toEqual(Float32Array.of(0, 0.5, -1, top, top, -1, rounded))
    expect(probeAudioSync(bytes)).toMatchObject({ format: 'wav', encoding: 'pcm-s16', samples: 7 })
  })

  it('refuses what no file can hold', () => {
    const samples = tensor(new Float32Array(4))
    expect(() => writeWav({ samples, sampleRate: 44100.5 })).toThrow(/sampleRate/)
    expect(() => writeWav({ samples: tensor(Float32Array.of(0, Number.NaN)), sampleRate: 1 })).toThrow(/index 1/)
    expect(() => writeWav({ samples: tensor(new Float32Array(0), [0, 4]), sampleRate: 1 })).toThrow(/channels/)
    expect(() => writeWav({ samples, sampleRate: 1 }, { encoding: 'int24' as never })).toThrow(/encoding/)
  })
})

describe('toMono', () => {
  it('is the mean of the channels, in float32 and float64', () => {
    fc.assert(
      fc.property(audio, (a) => {
        const { data, shape } = a.samples
        const channels = shape.length === 2 ? shape[0]! : 1
        const length = shape.at(-1)!
        const mixed = toMono(a)
        expect(mixed.samples.shape).toEqual([length])
        for (let i = 0; i < length; i++) {
          let sum = 0
          for (let c = 0; c < channels; c++) sum += data[c * length + i]!
          expect(Math.abs(mixed.samples.data[i]! - sum / channels)).toBeLessThan(1e-7)
        }
        const doubles = toMono({ samples: tensor(Float64Array.from(data), shape), sampleRate: a.sampleRate })
        expect(doubles.samples.data).toBeInstanceOf(Float64Array)
      }),
      { numRuns: 50 },
    )
  })
})
