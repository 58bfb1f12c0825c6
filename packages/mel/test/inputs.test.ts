import type { SignalInput } from '@dsp/signal'
import { tensor } from '@dsp/tensor'
import { errorOf, noise } from '@dsp/tensor/testing'
import { describe, expect, it, vi } from 'vitest'
import {
  amplitudeToDb,
  dbToPower,
  hzToMel,
  type MelspectrogramOptions,
  type MfccOptions,
  melFilters,
  melFrequencies,
  melspectrogram,
  melspectrogramAsync,
  melspectrogramBatch,
  melspectrogramFromSpectrogram,
  mfcc,
  mfccBatch,
  mfccFromSpectrogram,
  OnlineMelspectrogram,
  powerToDb,
  whisperLogMel,
  whisperLogMelBatch,
  whisperMelFilters,
} from '../src/index.js'

const signal = noise(4000, 1)

describe('invalid signals', () => {
  const nan = signal.slice()
  nan[1234] = Number.NaN
  const infinite = signal.slice()
  infinite[5] = Number.POSITIVE_INFINITY
  const signals: [string, unknown, string, string][] = [
    ['an empty signal', new Float32Array(0), 'ERR_DSP_SHAPE', 'y'],
    ['NaN', nan, 'ERR_DSP_NOT_FINITE', 'y'],
    ['infinity', infinite, 'ERR_DSP_NOT_FINITE', 'y'],
    ['int16', new Int16Array(4000), 'ERR_DSP_TYPE', 'y'],
    ['a rate of 0', { samples: tensor(signal), sampleRate: 0 }, 'ERR_DSP_ARGUMENT', 'y.sampleRate'],
    ['no channels', tensor(new Float32Array(0), [0, 100]), 'ERR_DSP_SHAPE', 'y'],
  ]
  for (const [name, input, code, argument] of signals) {
    it(name, () => {
      for (const call of [melspectrogram, mfcc, whisperLogMel]) {
        const error = errorOf(() => call(input as SignalInput))
        expect([error.code, error.argument]).toEqual([code, argument])
        expect(error.message.length).toBeGreaterThan(20)
      }
    })
  }

  it('one shorter than a frame that is not centred', () => {
    expect(errorOf(() => melspectrogram(signal.subarray(0, 511), { nFft: 512, center: false })).argument).toBe('nFft')
    expect(errorOf(() => whisperLogMel(signal.subarray(0, 159), { chunkLength: null })).code).toBe('ERR_DSP_SHAPE')
    expect(melspectrogram(signal.subarray(0, 1)).shape).toEqual([128, 1])
  })

  it('rates', () => {
    const audio = { samples: signal, sampleRate: 8000 }
    expect(errorOf(() => melspectrogram(audio, { sr: 16000 })).argument).toBe('sr')
    expect(errorOf(() => whisperLogMel(audio)).argument).toBe('y.sampleRate')
    const powers = { samples: tensor(new Float32Array(201 * 4), [201, 4]), sampleRate: 8000 }
    expect(errorOf(() => melspectrogramFromSpectrogram(powers, { sr: 16000 })).argument).toBe('sr')
    const rates = [audio, { samples: signal, sampleRate: 16000 }]
    for (const batch of [melspectrogramBatch, mfccBatch, whisperLogMelBatch]) {
      expect(errorOf(() => batch(rates))).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'signals[1].sampleRate' })
    }
    expect(errorOf(() => melspectrogramBatch([audio, signal], { sr: 16000 })).argument).toBe('sr')
    const [, bare] = melspectrogramBatch([audio, signal], { nFft: 512 })
    expect(bare).toEqual(melspectrogram(audio, { nFft: 512 }))
  })

  it('batches', () => {
    for (const batch of [melspectrogramBatch, mfccBatch, whisperLogMelBatch]) {
      const error = errorOf(() => batch([signal, nan]))
      expect(error).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'signals[1]' })
      expect(error.message).toContain('signals[1]')
      const mixed = [signal, Float64Array.from(signal)] as never
      expect(errorOf(() => batch(mixed))).toMatchObject({ code: 'ERR_DSP_TYPE', argument: 'signals[1]' })
    }
    expect(errorOf(() => melspectrogramBatch(signal as never)).argument).toBe('signals')
    expect(errorOf(() => melspectrogramBatch('x' as never)).argument).toBe('signals')
  })

  it('silence has no NaN', () => {
    const zeros = new Float32Array(4000)
    expect(melspectrogram(zeros).data.every((x) => x === 0)).toBe(true)
    expect(powerToDb(melspectrogram(zeros), { ref: 'max' }).data.every((x) => x === 0)).toBe(true)
    expect(mfcc(zeros).data.every(Number.isFinite)).toBe(true)
  })
})

describe('invalid options', () => {
  const options: [Partial<MelspectrogramOptions>, string][] = [
    [{ nMels: 0 }, 'nMels'],
    [{ nMels: 2 ** 21 }, 'nMels'],
    [{ nMels: 2.5 }, 'nMels'],
    [{ nFft: 0 }, 'nFft'],
    [{ nFft: 2 ** 40 }, 'nFft'],
    [{ hopLength: 0 }, 'hopLength'],
    [{ winLength: 4096 }, 'winLength'],
    [{ fmin: -1 }, 'fmin'],
    [{ fmin: 4000, fmax: 3000 }, 'fmax'],
    [{ fmin: 4000, fmax: 4000 }, 'fmax'],
    [{ fmax: 11026 }, 'fmax'],
    [{ fmin: 12000 }, 'fmax'],
    [{ sr: 0 }, 'sr'],
    [{ power: 0 }, 'power'],
    [{ norm: -1 }, 'norm'],
    [{ norm: 'htk' as 'slaney' }, 'norm'],
    [{ norm: Number.NaN }, 'norm'],
    [{ htk: true, melScale: 'slaney' }, 'melScale'],
    [{ window: 'kaiser', beta: -1 }, 'beta'],
    [{ n_mels: 80 } as Partial<MelspectrogramOptions>, 'n_mels'],
  ]
  for (const [given, argument] of options) {
    it(JSON.stringify(given), async () => {
      expect(errorOf(() => melspectrogram(signal, given)).argument).toBe(argument)
      expect(errorOf(() => new OnlineMelspectrogram(given)).argument).toBe(argument)
      await expect(melspectrogramAsync(signal, given)).rejects.toMatchObject({ argument })
    })
  }

  it('of the cepstrum', () => {
    const given: [Partial<MfccOptions>, string][] = [
      [{ nMfcc: 0 }, 'nMfcc'],
      [{ nMfcc: 41, nMels: 40, lifter: 22 }, 'nMfcc'],
      [{ dctType: 4 }, 'dctType'],
      [{ dctType: 1, nMels: 1 }, 'dctType'],
      [{ lifter: -1 }, 'lifter'],
      [{ norm: 'slaney' as 'ortho' }, 'norm'],
    ]
    for (const [options, argument] of given) expect(errorOf(() => mfcc(signal, options)).argument).toBe(argument)
    expect(mfcc(signal, { nMfcc: 50, nMels: 40 }).shape[0]).toBe(40)
  })

  it('of spectrograms', () => {
    const s = tensor(new Float32Array(201 * 4), [201, 4])
    expect(errorOf(() => melspectrogramFromSpectrogram(s, { nFft: 512 })).argument).toBe('nFft')
    expect(errorOf(() => melspectrogramFromSpectrogram(new Float32Array(10))).argument).toBe('S')
    expect(errorOf(() => melspectrogramFromSpectrogram(tensor(new Float32Array(0), [201, 0]))).argument).toBe('S')
    expect(errorOf(() => melspectrogramFromSpectrogram(tensor(new Float32Array(0), [0, 5]))).argument).toBe('S')
    expect(errorOf(() => melspectrogramFromSpectrogram(tensor(Float32Array.of(Number.NaN, 1), [2, 1]))).code).toBe(
      'ERR_DSP_NOT_FINITE',
    )
    expect(errorOf(() => mfccFromSpectrogram(new Float32Array(10))).argument).toBe('S')
  })

  it('of decibels and scales', () => {
    for (const convert of [powerToDb, amplitudeToDb]) {
      expect(errorOf(() => convert(signal, { amin: 0 })).argument).toBe('amin')
      expect(errorOf(() => convert(signal, { topDb: -1 })).argument).toBe('topDb')
      expect(errorOf(() => convert(signal, { ref: Number.NaN })).argument).toBe('ref')
      expect(errorOf(() => convert(signal, { ref: () => Number.NaN })).argument).toBe('ref')
      expect(errorOf(() => convert(new Float32Array(0))).argument).toBe('S')
      expect(errorOf(() => convert(Float32Array.of(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    }
    expect(errorOf(() => dbToPower(signal, { reference: 1 } as object)).argument).toBe('reference')
    expect(errorOf(() => hzToMel(Number.NaN)).argument).toBe('frequencies')
    expect(errorOf(() => melFrequencies(10, { fmin: 5, fmax: 5 })).argument).toBe('fmax')
    expect(errorOf(() => melFrequencies(0)).argument).toBe('nMels')
    expect(errorOf(() => whisperMelFilters(0)).argument).toBe('nMels')
    expect(errorOf(() => whisperLogMel(signal, { chunkLength: 0 })).argument).toBe('chunkLength')
  })

  it('of streams', () => {
    const online = new OnlineMelspectrogram()
    expect(errorOf(() => online.accept(Float32Array.of(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    expect(errorOf(() => online.accept(new Float64Array(3) as never)).code).toBe('ERR_DSP_TYPE')
    const audio = { samples: signal, sampleRate: 8000 }
    expect(errorOf(() => online.accept(audio)).argument).toBe('block.sampleRate')
    expect(errorOf(() => new OnlineMelspectrogram({}, 'int16' as never)).argument).toBe('type')
    online.flush()
    expect(errorOf(() => online.accept(signal)).argument).toBe('block')
  })
})

it('warns once of empty filters', async () => {
  const heard = vi.fn()
  const listener = (warning: Error & { code?: string }) => {
    if (warning.code === 'DSP_EMPTY_MEL_FILTERS' && warning.message.includes('of 100')) heard(warning.message)
  }
  process.on('warning', listener)
  for (let i = 0; i < 3; i++) melspectrogram(signal, { nFft: 128, nMels: 100 })
  melFilters({ nFft: 128, nMels: 100 })
  melFilters({ nFft: 2048, nMels: 128 })
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listener)
  expect(heard).toHaveBeenCalledTimes(1)
  expect(heard.mock.calls[0]![0]).toMatch(/^\d+ of 100 mel filters hold no bin/)
})

it('is cancelled by its AbortSignal', async () => {
  const controller = new AbortController()
  controller.abort()
  await expect(melspectrogramAsync(signal, { signal: controller.signal })).rejects.toMatchObject({
    code: 'ERR_DSP_ABORTED',
  })
})
