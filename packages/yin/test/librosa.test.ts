import { tensor } from '@dsp/tensor'
import { golden } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { type PyinOptions, pyin, type WithRange, type YinOptions, yin } from '../src/index.js'
import { PYIN_TOLERANCE, YIN_TOLERANCE } from './tolerance.js'

const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/** The cases of a golden file with their signals, in float64 and in float32 (which holds them exactly). */
function cases(file: string) {
  const reference = golden(new URL(`./golden/${file}.npz`, import.meta.url))
  const signals = golden(new URL('./golden/signals.npz', import.meta.url))
  return reference.text('cases').map((text) => {
    const { name, signal, options } = JSON.parse(text)
    const { data, shape } = signals.array(`signal_${signal}`)
    const doubles = Float64Array.from(data as Int16Array, (sample) => sample / 32768)
    const given = Object.entries(options).filter(([, value]) => value !== 'nan')
    return {
      name: `case ${name}: [${shape.join(', ')}] ${JSON.stringify(options)}`,
      options: Object.fromEntries(given.map(([key, value]) => [camel(key), value])),
      float64: tensor(doubles, shape),
      float32: tensor(Float32Array.from(doubles), shape),
      want: (key: string) => reference.array(`${key}_${name}`),
    }
  })
}

describe('yin is librosa’s', () => {
  for (const { name, options, float64, float32, want } of cases('yin')) {
    it(name, () => {
      const f0 = yin(float64, options as WithRange<YinOptions>)
      const { data, shape } = want('f0')
      expect(f0.shape).toEqual(shape)
      f0.data.forEach((value, i) => {
        const wanted = data[i] as number
        expect(Math.abs(value - wanted)).toBeLessThanOrEqual(YIN_TOLERANCE * wanted)
      })
      expect(yin(float32, options as WithRange<YinOptions>)).toEqual(f0)
    })
  }
})

describe('pyin is librosa’s', () => {
  let frames = 0
  let other = 0
  for (const { name, options, float64, float32, want } of cases('pyin')) {
    it(name, () => {
      const found = pyin(float64, options as WithRange<PyinOptions>)
      const [f0, flag, prob] = ['f0', 'flag', 'prob'].map((key) => want(key).data as Float64Array)
      expect(found.f0.shape).toEqual(want('f0').shape)
      frames += f0!.length
      found.f0.data.forEach((value, i) => {
        expect(Math.abs(found.voicedProb.data[i]! - prob![i]!)).toBeLessThanOrEqual(PYIN_TOLERANCE.probability)
        if (found.voicedFlag.data[i] !== flag![i]) {
          other++
        } else if (flag![i] === 1) {
          expect(Math.abs(value - f0![i]!)).toBeLessThanOrEqual(PYIN_TOLERANCE.f0 * f0![i]!)
        } else if (options.fillNa !== null) {
          // A best guess without a voice is one of many that are equally probable: rounding picks it.
          expect(value).toBe(f0![i])
        }
      })
      expect(pyin(float32, options as WithRange<PyinOptions>)).toEqual(found)
    })
  }

  it('and nearly no voicing is another', () => {
    expect(frames).toBeGreaterThan(1000)
    expect(other).toBeLessThanOrEqual(PYIN_TOLERANCE.voicing * frames)
  })
})
