import { parseOption } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  OnlinePyin,
  OnlineYin,
  pyin,
  pyinAsync,
  pyinBatch,
  pyinOptionSpecs,
  yin,
  yinAsync,
  yinBatch,
} from '../src/index.js'

const range = { fmin: 65, fmax: 2000 }
const y = new Float32Array(5000)

describe.each([
  ['yin', yin],
  ['pyin', pyin],
] as const)('%s refuses', (_, call) => {
  it.each([
    [{ fmin: undefined }, 'fmin'],
    [{ fmax: undefined }, 'fmax'],
    [{ fmin: null }, 'fmin'],
    [{ fmin: 0 }, 'fmin'],
    [{ fmin: -5 }, 'fmin'],
    [{ fmin: Number.NaN }, 'fmin'],
    [{ fmin: 2000 }, 'fmin'],
    [{ fmin: 3000 }, 'fmin'],
    [{ fmin: 10 }, 'fmin'],
    [{ fmax: 11026 }, 'fmax'],
    [{ fmax: Number.POSITIVE_INFINITY }, 'fmax'],
    [{ sr: 0 }, 'sr'],
    [{ sr: Number.NaN }, 'sr'],
    [{ frameLength: 0 }, 'frameLength'],
    [{ frameLength: 1 }, 'hopLength'],
    [{ frameLength: 1, hopLength: 1 }, 'fmin'],
    [{ frameLength: 2.5 }, 'frameLength'],
    [{ frameLength: 1e12, hopLength: 1 }, 'frameLength'],
    [{ hopLength: 0 }, 'hopLength'],
    [{ hopLength: '512' }, 'hopLength'],
    [{ center: 1 }, 'center'],
    [{ padMode: 'empty' }, 'padMode'],
    [{ hop_length: 512 }, 'hop_length'],
    [{ winLength: 512 }, 'winLength'],
  ])('%o', (options, argument) => {
    expect(errorOf(() => call(y, { ...range, ...options } as never)).argument).toBe(argument)
  })

  it('bad signals, naming them', () => {
    expect(errorOf(() => call(new Float32Array(0), range))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const bad = y.slice()
      bad[17] = value
      const error = errorOf(() => call(bad, range))
      expect(error).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'y' })
      expect(error.actual).toContain('index 17')
    }
    for (const bad of [undefined, null, 3, 'x', {}, [1, 2]]) {
      expect(errorOf(() => call(bad as never, range)).code).toBe('ERR_DSP_TYPE')
    }
    expect(errorOf(() => call(new Int16Array(5000) as never, range)).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => call(y.subarray(0, 2047), { ...range, center: false })).code).toBe('ERR_DSP_SHAPE')
    const detached = new Float32Array(8)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    expect(errorOf(() => call(detached, range)).argument).toBe('y')
  })

  it('options that are not an object', () => {
    for (const bad of [undefined, 7, 'x', []]) {
      expect(errorOf(() => call(y, bad as never)).code).toBe('ERR_DSP_ARGUMENT')
    }
  })
})

it('pyin rejects its own invalid options', () => {
  const cases: [object, string][] = [
    [{ nThresholds: 0 }, 'nThresholds'],
    [{ nThresholds: 1e9 }, 'nThresholds'],
    [{ betaParameters: [2] }, 'betaParameters'],
    [{ betaParameters: [2, 0] }, 'betaParameters'],
    [{ boltzmannParameter: 0 }, 'boltzmannParameter'],
    [{ resolution: 0 }, 'resolution'],
    [{ resolution: 1e-9 }, 'resolution'],
    [{ maxTransitionRate: -1 }, 'maxTransitionRate'],
    [{ maxTransitionRate: 1e9 }, 'maxTransitionRate'],
    [{ switchProb: 2 }, 'switchProb'],
    [{ noTroughProb: -1 }, 'noTroughProb'],
    [{ fillNa: 'x' }, 'fillNa'],
    [{ troughThreshold: 0.1 }, 'troughThreshold'],
  ]
  for (const [options, argument] of cases) {
    expect(errorOf(() => pyin(y, { ...range, ...options } as never)).argument).toBe(argument)
  }
  expect(errorOf(() => yin(y, { ...range, troughThreshold: Number.NaN })).argument).toBe('troughThreshold')
})

it('answers silence and single samples as librosa does', () => {
  const silence = yin(y, { fmin: 50, fmax: 2000, sr: 44100 })
  expect([...silence.data]).toEqual(Array(10).fill(44100 / 22))
  for (const fillNa of [undefined, Number.NaN, 0, -1, null]) {
    const found = pyin(y, { ...range, ...(fillNa === undefined ? {} : { fillNa }) })
    expect([...found.voicedFlag.data, ...found.voicedProb.data]).toEqual(Array(20).fill(0))
    const f0 = [...found.f0.data]
    if (fillNa === null) expect(f0.every((value) => value >= range.fmin && value <= range.fmax)).toBe(true)
    else expect(f0).toEqual(Array(10).fill(fillNa ?? Number.NaN))
  }
  expect(yin(Float32Array.of(0.5), range).shape).toEqual([1])
  expect(pyin(Float32Array.of(0.5), { ...range, padMode: 'reflect' }).f0.shape).toEqual([1])
  expect(parseOption('fillNa', pyinOptionSpecs.fillNa, 'null')).toBe(null)
})

it('batches name the signal', () => {
  expect(errorOf(() => yinBatch([y, Float32Array.of(Number.NaN)], range)).argument).toBe('signals[1]')
  expect(errorOf(() => pyinBatch([y, new Float32Array(0)], range)).argument).toBe('signals[1]')
  expect(errorOf(() => yinBatch([y, new Float64Array(9)], range)).code).toBe('ERR_DSP_TYPE')
  expect(errorOf(() => yinBatch(y as never, range)).argument).toBe('signals')
  expect(errorOf(() => yinBatch(new Array(2), range)).argument).toBe('signals[0]')
  const rates = [8000, 16000].map((sampleRate) => ({ samples: y, sampleRate }))
  expect(errorOf(() => yinBatch(rates, range)).argument).toBe('signals[1].sampleRate')
})

it.each([OnlineYin, OnlinePyin])(
  '%o refuses the other type, NaN, another rate, and samples after the end',
  (Online) => {
    const online = new Online(range)
    expect(errorOf(() => online.accept(new Float64Array(4) as never)).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => online.accept(Float32Array.of(Number.NaN))).argument).toBe('block')
    expect(errorOf(() => online.accept({ samples: y, sampleRate: 8000 })).argument).toBe('block.sampleRate')
    online.flush()
    expect(errorOf(() => online.accept(y)).argument).toBe('block')
    online.reset()
    expect(online.accept({ samples: y, sampleRate: 22050 }).size).toBe(8)
    for (const padMode of ['maximum', 'mean', 'median', 'minimum', 'wrap'] as const) {
      expect(errorOf(() => new Online({ ...range, padMode })).argument).toBe('padMode')
      expect(new Online({ ...range, padMode, center: false }).latencySamples).toBe(2048)
    }
    expect(errorOf(() => new Online(range, 'int16' as never)).argument).toBe('type')
  },
)

it('an AbortSignal cancels the work', async () => {
  const signal = AbortSignal.abort()
  await expect(yinAsync(y, { ...range, signal })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  await expect(pyinAsync(y, { ...range, signal })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
})
