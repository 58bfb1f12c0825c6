import type { SignalInput } from '@dsp/signal'
import { DspError, tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
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

/** The error that a call throws. */
function failure(call: () => unknown): DspError {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(DspError)
    return error as DspError
  }
  throw new Error('nothing was thrown')
}

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
        const error = failure(() => call(input as SignalInput))
        expect([error.code, error.argument]).toEqual([code, argument])
        expect(error.message.length).toBeGreaterThan(20)
      }
    })
  }

  it('one shorter than a frame that is not centred', () => {
    expect(failure(() => melspectrogram(signal.subarray(0, 511), { nFft: 512, center: false })).argument).toBe('nFft')
    expect(failure(() => whisperLogMel(signal.subarray(0, 159), { chunkLength: null })).code).toBe('ERR_DSP_SHAPE')
    expect(melspectrogram(signal.subarray(0, 1)).shape).toEqual([128, 1])
  })

  it('rates', () => {
    const audio = { samples: signal, sampleRate: 8000 }
    expect(failure(() => melspectrogram(audio, { sr: 16000 })).argument).toBe('sr')
    expect(failure(() => whisperLogMel(audio)).argument).toBe('y.sampleRate')
    const powers = { samples: tensor(new Float32Array(201 * 4), [201, 4]), sampleRate: 8000 }
    expect(failure(() => melspectrogramFromSpectrogram(powers, { sr: 16000 })).argument).toBe('sr')
    const rates = [audio, { samples: signal, sampleRate: 16000 }]
    for (const batch of [melspectrogramBatch, mfccBatch, whisperLogMelBatch]) {
      expect(failure(() => batch(rates))).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'signals[1].sampleRate' })
    }
    expect(failure(() => melspectrogramBatch([audio, signal], { sr: 16000 })).argument).toBe('sr')
    const [, bare] = melspectrogramBatch([audio, signal], { nFft: 512 })
    expect(bare).toEqual(melspectrogram(audio, { nFft: 512 }))
  })

  it('batches', () => {
    for (const batch of [melspectrogramBatch, mfccBatch, whisperLogMelBatch]) {
      const error = failure(() => batch([signal, nan]))
      expect(error).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'signals[1]' })
      expect(error.message).toContain('signals[1]')
      const mixed = [signal, Float64Array.from(signal)] as never
      expect(failure(() => batch(mixed))).toMatchObject({ code: 'ERR_DSP_TYPE', argument: 'signals[1]' })
    }
    expect(failure(() => melspectrogramBatch(signal as never)).argument).toBe('signals')
    expect(failure(() => melspectrogramBatch('x' as never)).argument).toBe('signals')
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
      expect(failure(() => melspectrogram(signal, given)).argument).toBe(argument)
      expect(failure(() => new OnlineMelspectrogram(given)).argument).toBe(argument)
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
    for (const [options, argument] of given) expect(failure(() => mfcc(signal, options)).argument).toBe(argument)
    expect(mfcc(signal, { nMfcc: 50, nMels: 40 }).shape[0]).toBe(40)
  })

  it('of spectrograms', () => {
    const s = tensor(new Float32Array(201 * 4), [201, 4])
    expect(failure(() => melspectrogramFromSpectrogram(s, { nFft: 512 })).argument).toBe('nFft')
    expect(failure(() => melspectrogramFromSpectrogram(new Float32Array(10))).argument).toBe('S')
    expect(failure(() => melspectrogramFromSpectrogram(tensor(new Float32Array(0), [201, 0]))).argument).toBe('S')
    expect(failure(() => melspectrogramFromSpectrogram(tensor(new Float32Array(0), [0, 5]))).argument).toBe('S')
    expect(failure(() => melspectrogramFromSpectrogram(tensor(Float32Array.of(Number.NaN, 1), [2, 1]))).code).toBe(
      'ERR_DSP_NOT_FINITE',
    )
    expect(failure(() => mfccFromSpectrogram(new Float32Array(10))).argument).toBe('S')
  })

  it('of decibels and scales', () => {
    for (const convert of [powerToDb, amplitudeToDb]) {
      expect(failure(() => convert(signal, { amin: 0 })).argument).toBe('amin')
      expect(failure(() => convert(signal, { topDb: -1 })).argument).toBe('topDb')
      expect(failure(() => convert(signal, { ref: Number.NaN })).argument).toBe('ref')
      expect(failure(() => convert(signal, { ref: () => Number.NaN })).argument).toBe('ref')
      expect(failure(() => convert(new Float32Array(0))).argument).toBe('S')
      expect(failure(() => convert(Float32Array.of(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    }
    expect(failure(() => dbToPower(signal, { reference: 1 } as object)).argument).toBe('reference')
    expect(failure(() => hzToMel(Number.NaN)).argument).toBe('frequencies')
    expect(failure(() => melFrequencies(10, { fmin: 5, fmax: 5 })).argument).toBe('fmax')
    expect(failure(() => melFrequencies(0)).argument).toBe('nMels')
    expect(failure(() => whisperMelFilters(0)).argument).toBe('nMels')
    expect(failure(() => whisperLogMel(signal, { chunkLength: 0 })).argument).toBe('chunkLength')
  })

  it('of streams', () => {
    const online = new OnlineMelspectrogram()
    expect(failure(() => online.accept(Float32Array.of(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    expect(failure(() => online.accept(new Float64Array(3) as never)).code).toBe('ERR_DSP_TYPE')
    const audio = { samples: signal, sampleRate: 8000 }
    expect(failure(() => online.accept(audio)).argument).toBe('block.sampleRate')
    expect(failure(() => new OnlineMelspectrogram({}, 'int16' as never)).argument).toBe('type')
    online.flush()
    expect(failure(() => online.accept(signal)).argument).toBe('block')
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
