import { golden, maxAbsError, noise, sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { whisperLogMel, whisperLogMelAsync, whisperLogMelBatch, whisperMelFilters } from '../src/index.js'
import { cases, open, signal } from './cases.js'
import { WHISPER_FILTER_TOLERANCE, WHISPER_FLOAT32_TOLERANCE, WHISPER_TOLERANCE } from './tolerance.js'

interface WhisperCase {
  name: string
  y: string
  n_mels: number
  first: number
  last: number
}

describe("transformers' numpy path", () => {
  const file = open('whisper')
  for (const { name, y, n_mels: nMels, first, last } of cases<WhisperCase>(file)) {
    it(`${nMels} bands of ${y}`, () => {
      const padded = whisperLogMel(signal(y), { nMels })
      expect(padded.shape).toEqual([nMels, 3000])
      const columns = Array.from({ length: nMels * 10 }, (_, i) => padded.get(Math.floor(i / 10), first + (i % 10)))
      expect(maxAbsError(columns, file.numbers(`padded_${name}`))).toBeLessThanOrEqual(WHISPER_TOLERANCE)
      expect(Math.abs(padded.get(0, 2999) - last)).toBeLessThanOrEqual(WHISPER_TOLERANCE)

      const plain = whisperLogMel(signal(y), { nMels, chunkLength: null })
      const kept = Math.ceil(plain.shape[1]! / 2)
      const halves = Array.from({ length: nMels * kept }, (_, i) => plain.get(Math.floor(i / kept), 2 * (i % kept)))
      expect(maxAbsError(halves, file.numbers(`plain_${name}`))).toBeLessThanOrEqual(WHISPER_TOLERANCE)
    })
  }
})

describe('in float32', () => {
  const pink = (length: number, seed: number): Float32Array => {
    let low = 0
    return noise(length, seed).map((x) => {
      low = 0.99 * low + x
      return 0.02 * low + 1e-4 * x
    })
  }
  const signals = {
    noise: noise(50_000, 3),
    'noise of low frequencies': pink(50_000, 4),
    click: new Float32Array(5000),
  }
  signals.click[2000] = 1

  for (const [name, y] of Object.entries(signals)) {
    for (const nMels of [80, 128]) {
      it(`${name}, ${nMels} bands: as close to float64 as promised, in every form the same bits`, async () => {
        const options = { nMels, chunkLength: null, precision: 'float32' } as const
        const features = whisperLogMel(y, options)
        const exact = whisperLogMel(Float64Array.from(y), { nMels, chunkLength: null })
        expect(maxAbsError(features.data, exact.data)).toBeLessThanOrEqual(WHISPER_FLOAT32_TOLERANCE)
        expect(await whisperLogMelAsync(y, options)).toEqual(features)
        expect(whisperLogMelBatch([y, y.subarray(0, 400)], options)[0]).toEqual(features)
      })
    }
  }

  it('silence is -1.5, and the element type stays', () => {
    const { data } = whisperLogMel(new Float64Array(1600), { precision: 'float32' })
    expect(data).toBeInstanceOf(Float64Array)
    expect(data.every((x) => x === -1.5)).toBe(true)
    expect(() => whisperLogMel(new Float32Array(1600), { precision: 'float16' as never })).toThrow(/precision/)
  })
})

it('silence is -1.5 everywhere', () => {
  for (const chunkLength of [null, 30]) {
    for (const length of [160, 16000]) {
      const { data } = whisperLogMel(new Float32Array(length), { chunkLength })
      expect(data.every((x) => x === -1.5)).toBe(true)
    }
  }
})

it('cuts what is longer than the chunk', () => {
  const y = noise(40_000, 1)
  const cut = whisperLogMel(y, { chunkLength: 2 })
  expect(cut.shape).toEqual([80, 200])
  expect(cut).toEqual(whisperLogMel(y.subarray(0, 32_000), { chunkLength: null }))
})

describe('the published matrices', () => {
  for (const nMels of [80, 128]) {
    it(`${nMels} bands`, (context) => {
      const file = golden(sharedDataOrSkip(context, 'whisper/mel_filters.npz'))
      const error = maxAbsError(whisperMelFilters(nMels).data, file.numbers(`mel_${nMels}`))
      expect(error).toBeLessThanOrEqual(WHISPER_FILTER_TOLERANCE)
    })
  }
})
