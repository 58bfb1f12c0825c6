import { type Tensor, type TensorData, tensor } from '@dsp/tensor'
import { maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  amplitudeToDb,
  dbToAmplitude,
  dbToPower,
  hzToMel,
  melFilters,
  melFrequencies,
  melspectrogram,
  melspectrogramFromSpectrogram,
  melToHz,
  mfcc,
  mfccFromSpectrogram,
  powerToDb,
} from '../src/index.js'
import { cases, open, options, relativeError, signal } from './cases.js'
import { DB_TOLERANCE, FILTER_TOLERANCE, MEL_TOLERANCE, MFCC_TOLERANCE } from './tolerance.js'

const double = ({ data, shape }: Tensor<TensorData>) => tensor(Float64Array.from(data as Numbers), shape)

/** The same signal in both precisions. */
const both = (name: string): Tensor<Numbers>[] => [signal(name), double(signal(name))]
type Numbers = Float32Array | Float64Array

const largest = (values: Numbers) => Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0)

describe('filters', () => {
  const file = open('filters')
  for (const { name, ...given } of cases(file)) {
    it(`${name} ${JSON.stringify(given)}`, () => {
      const want = file.array(name) as Tensor<Numbers>
      const got = melFilters(options(given))
      expect(got.shape).toEqual(want.shape)
      expect(got.data.constructor).toBe(want.data.constructor)
      const limit = FILTER_TOLERANCE[given.dtype as 'float32'] * largest(want.data)
      expect(maxAbsError(got.data, want.data)).toBeLessThanOrEqual(limit)
    })
  }

  it('scales', () => {
    for (const htk of [false, true]) {
      const [key, scale] = [htk ? 'True' : 'False', htk ? 60 : 1]
      const mels = file.numbers('mels').map((mel) => mel * scale) as Float64Array
      const pairs = [
        [hzToMel(file.numbers('hertz') as Float64Array, { htk }).data, file.numbers(`hz_to_mel_${key}`)],
        [melToHz(mels, { htk }).data, file.numbers(`mel_to_hz_${key}`)],
        [melFrequencies(40, { fmin: 31.5, fmax: 7600, htk }).data, file.numbers(`mel_frequencies_${key}`)],
      ] as const
      for (const [got, want] of pairs) expect(relativeError(got, want)).toBeLessThanOrEqual(FILTER_TOLERANCE.float64)
    }
  })
})

describe('melspectrogram', () => {
  const file = open('melspectrogram')
  for (const { name, y, ...given } of cases(file)) {
    it(`${name} of ${y} ${JSON.stringify(given)}`, () => {
      const want = file.array(name) as Tensor<Numbers>
      for (const samples of both(y)) {
        const got = melspectrogram<Numbers>(samples, options(given))
        expect(got.shape).toEqual(want.shape)
        expect(relativeError(got.data, want.data)).toBeLessThanOrEqual(MEL_TOLERANCE)
      }
    })
  }

  it('from a spectrogram', () => {
    const s = double(file.array('S'))
    for (const [i, nFft] of [200, 201].entries()) {
      const got = melspectrogramFromSpectrogram(s, { sr: 16000, nFft, nMels: 20, htk: true, norm: null })
      expect(got.shape).toEqual([2, 20, 9])
      expect(relativeError(got.data, file.numbers(`given_${i}`))).toBeLessThanOrEqual(MEL_TOLERANCE)
    }
  })
})

describe('mfcc', () => {
  const file = open('mfcc')
  for (const { name, y, ...given } of cases(file)) {
    it(`${name} of ${y} ${JSON.stringify(given)}`, () => {
      const want = file.array(name) as Tensor<Numbers>
      for (const samples of both(y)) {
        const got = mfcc<Numbers>(samples, options(given))
        expect(got.shape).toEqual(want.shape)
        const limit = MFCC_TOLERANCE[samples.data instanceof Float32Array ? 'float32' : 'float64'] * largest(want.data)
        expect(maxAbsError(got.data, want.data)).toBeLessThanOrEqual(limit)
      }
    })
  }

  it('from a spectrogram', () => {
    const s = double(file.array('S'))
    const got = mfccFromSpectrogram(s, { nMfcc: 40, dctType: 3 })
    expect(got.shape).toEqual([2, 12, 5])
    expect(maxAbsError(got.data, file.numbers('given'))).toBeLessThanOrEqual(DB_TOLERANCE * 100)
  })
})

interface DbCase {
  name: string
  ref: number | 'max' | 'median'
  amplitude: boolean
  amin: number
  top_db: number | null
}

describe('decibels', () => {
  const file = open('db')
  for (const { name, ref, amplitude, amin, top_db: topDb } of cases<DbCase>(file)) {
    it(JSON.stringify({ ref, amplitude, amin, topDb }), () => {
      const s = double(file.array(`s_${name}`))
      const median = ({ data }: Tensor<Numbers>) => {
        const sorted = Float64Array.from(data).sort()
        return (sorted[29]! + sorted[30]!) / 2
      }
      const [to, from] = amplitude ? [amplitudeToDb, dbToAmplitude] : [powerToDb, dbToPower]
      const got = to(s, { ref: ref === 'median' ? median : ref, amin, topDb })
      expect(maxAbsError(got.data, file.numbers(`db_${name}`))).toBeLessThanOrEqual(DB_TOLERANCE * 100)
      const back = from(double(file.array(`db_${name}`)), { ref: 0.7 })
      expect(relativeError(back.data, file.numbers(`back_${name}`))).toBeLessThanOrEqual(DB_TOLERANCE)
    })
  }
})
