import type { SignalInput } from '@dsp/signal'
import { tensor } from '@dsp/tensor'
import { errorOf, noise } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  emptyMelFilters,
  type FbankOptions,
  fbank,
  fbankAsync,
  fbankBatch,
  mfcc,
  numFrames,
  OnlineFbank,
  spectrogram,
} from '../src/index.js'

const signal = noise(4000, 1)

describe('samples before channels', () => {
  it('are told from channels before samples', async () => {
    const swapped = tensor(new Float32Array(8000), [4000, 2])
    const advice = 'the shape [4000, 2] was read as [channels, samples]'
    expect(errorOf(() => fbank(swapped)).message).toContain(advice)
    await expect(fbankAsync({ samples: swapped, sampleRate: 16000 })).rejects.toThrow(advice)
    expect(fbank({ data: swapped.data, shape: [2, 4000], stride: [1, 2] }).shape).toEqual([23, 23])
  })
})

describe('invalid input', () => {
  const nan = signal.slice()
  nan[1234] = Number.NaN
  const infinite = signal.slice()
  infinite[5] = Number.POSITIVE_INFINITY
  const signals: [string, unknown, string, string][] = [
    ['an empty signal', new Float32Array(0), 'ERR_DSP_SHAPE', 'signal'],
    ['three samples', new Float32Array(3), 'ERR_DSP_SHAPE', 'signal'],
    ['one sample less than a frame', new Float32Array(399), 'ERR_DSP_SHAPE', 'signal'],
    ['NaN', nan, 'ERR_DSP_NOT_FINITE', 'signal'],
    ['infinity', infinite, 'ERR_DSP_NOT_FINITE', 'signal'],
    ['int16', new Int16Array(4000), 'ERR_DSP_TYPE', 'signal'],
    ['a string', 'speech', 'ERR_DSP_ARGUMENT', ''],
    ['a rate of 0', { samples: tensor(signal), sampleRate: 0 }, 'ERR_DSP_ARGUMENT', 'signal.sampleRate'],
    ['a rate of 1e9', { samples: tensor(signal), sampleRate: 1e9 }, 'ERR_DSP_ARGUMENT', 'sampleFrequency'],
    ['three axes', tensor(signal, [2, 2, 1000]), 'ERR_DSP_SHAPE', 'signal'],
  ]
  for (const [name, input, code, argument] of signals) {
    it(`names what is wrong: ${name}`, () => {
      for (const call of [fbank, mfcc, spectrogram]) {
        const error = errorOf(() => call(input as SignalInput))
        if (argument !== '') expect([error.code, error.argument]).toEqual([code, argument])
        expect(error.message.length).toBeGreaterThan(20)
      }
    })
  }

  const options: [FbankOptions, string][] = [
    [{ numMelBins: 0 }, 'numMelBins'],
    [{ numMelBins: 10_000 }, 'numMelBins'],
    [{ numMelBins: 2.5 }, 'numMelBins'],
    [{ lowFreq: 4000, highFreq: 3000 }, 'highFreq'],
    [{ highFreq: 9000 }, 'highFreq'],
    [{ lowFreq: 8000 }, 'lowFreq'],
    [{ sampleFrequency: 0 }, 'sampleFrequency'],
    [{ sampleFrequency: 1e9 }, 'sampleFrequency'],
    [{ frameLength: 0 }, 'frameLength'],
    [{ frameLength: 1e12 }, 'frameLength'],
    [{ frameLength: 25.1, roundToPowerOfTwo: false }, 'frameLength'],
    [{ frameShift: 0.01 }, 'frameShift'],
    [{ preemphasisCoefficient: 1.5 }, 'preemphasisCoefficient'],
    [{ dither: -1 }, 'dither'],
    [{ channel: 1 }, 'channel'],
    [{ windowType: 'kaiser' as 'povey' }, 'windowType'],
    [{ preset: 'htk' as 'torchaudio' }, 'preset'],
    [{ vtlnWarp: 1.1, vtlnLow: 10 }, 'vtlnLow'],
    [{ vtlnWarp: 1.1, vtlnHigh: 8000 }, 'vtlnHigh'],
    [{ vtlnWarp: 0 }, 'vtlnWarp'],
    [{ seed: -1 }, 'seed'],
    [{ numMelbins: 80 } as FbankOptions, 'numMelbins'],
  ]
  for (const [given, argument] of options) {
    it(`names the option: ${JSON.stringify(given)}`, () => {
      const error = errorOf(() => fbank(signal, given))
      expect(error.argument).toBe(argument)
      expect(error.code).toBe(argument === 'numMelbins' ? 'ERR_DSP_OPTION' : 'ERR_DSP_ARGUMENT')
    })
  }

  it('names the coefficient count, the contradicting rate and the signal of a batch', async () => {
    expect(errorOf(() => mfcc(signal, { numCeps: 24 })).argument).toBe('numCeps')
    const audio = { samples: tensor(signal), sampleRate: 8000 }
    expect(errorOf(() => fbank(audio, { sampleFrequency: 16000 })).argument).toBe('sampleFrequency')
    expect(fbank(audio).shape).toEqual(fbank(signal, { sampleFrequency: 8000 }).shape)
    expect(errorOf(() => fbankBatch([signal, new Float32Array(3)])).argument).toBe('signals[1]')
    await expect(fbankAsync(signal, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ERR_DSP_ABORTED',
    })
  })

  it('names what a stream cannot do', () => {
    expect(errorOf(() => new OnlineFbank({ subtractMean: true })).argument).toBe('subtractMean')
    expect(errorOf(() => new OnlineFbank({ minDuration: 1 })).argument).toBe('minDuration')
    const online = new OnlineFbank()
    expect(errorOf(() => online.accept(nan)).code).toBe('ERR_DSP_NOT_FINITE')
    expect(errorOf(() => online.accept({ samples: tensor(signal), sampleRate: 8000 })).argument).toBe(
      'block.sampleRate',
    )
    online.flush()
    expect(errorOf(() => online.accept(signal)).argument).toBe('block')
  })

  it('refuses a detached buffer', () => {
    const lost = signal.slice()
    structuredClone(lost.buffer, { transfer: [lost.buffer] })
    expect(errorOf(() => fbank(lost)).code).toBe('ERR_DSP_ARGUMENT')
  })
})

describe('valid input', () => {
  it('reads views backwards, columns and channels', () => {
    const expected = fbank(signal.slice().reverse())
    expect(fbank(tensor(signal).step(-1))).toEqual(expected)
    const stereo = tensor(Float32Array.of(...signal, ...signal.slice().reverse()), [2, 4000])
    expect(fbank(stereo, { channel: 1 })).toEqual(expected)
    expect(fbank(stereo)).toEqual(fbank(signal))
    const interleaved = tensor(new Float32Array(8000), [4000, 2]).transpose(1, 0)
    for (let i = 0; i < 4000; i++) interleaved.set(1, i, signal[3999 - i] as number)
    expect(fbank(interleaved, { channel: 1 })).toEqual(expected)
  })

  it('gives no frames below minDuration, and Kaldi-silence for digital silence', () => {
    expect(fbank(signal, { minDuration: 1 }).shape).toEqual([0, 23])
    expect(mfcc(signal, { minDuration: 1 }).shape).toEqual([0, 13])
    const silence = fbank(new Float32Array(800))
    expect(new Set(silence.data)).toEqual(new Set([Math.fround(Math.log(2 ** -23))]))
  })

  it('counts frames and empty filters', () => {
    expect([0, 399, 400, 559, 560].map((n) => numFrames(n))).toEqual([0, 0, 1, 1, 2])
    expect(emptyMelFilters({ numMelBins: 128 })).toHaveLength(1)
    expect(emptyMelFilters({ numMelBins: 128, roundToPowerOfTwo: false })).toHaveLength(3)
  })

  it('repeats the noise of a seed', () => {
    const draw = (seed: number) => fbank(signal, { dither: 0.1, seed }).data
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })
})
