import { tensor } from '@dsp/tensor'
import { golden, maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  addDeltas,
  CmvnStats,
  cmvn,
  deltas,
  fbank,
  logEnergies,
  lowFrameRate,
  mfcc,
  normalizePerFeature,
  slidingWindowCmn,
} from '../src/index.js'
import { type Case, distances, FLOAT32_PEER, ours, signalOf } from './parity.js'

describe('kaldi-native-fbank', () => {
  const file = golden(new URL('./golden/knf.npz', import.meta.url))
  file.text('cases').forEach((text, index) => {
    const one = JSON.parse(text) as Case
    it(`${one.kind} ${JSON.stringify(one.options)} of ${one.source.file ?? `signal ${one.source.synthetic}`}`, ({
      skip,
    }) => {
      const signal = signalOf(one, file) ?? skip('../shared/data is not beside this checkout')
      const expected = file.array(`case${index}`)
      const features = ours(one, signal, 'float32')
      expect(features.shape).toEqual(expected.shape)
      const apart = distances(features.data, expected.data as Float32Array, one)
      expect(Math.max(0, ...apart)).toBeLessThanOrEqual(FLOAT32_PEER[one.kind])
    })
  })
})

describe('lhotse', () => {
  it('has the features of its preset', () => {
    const file = golden(new URL('./golden/lhotse.npz', import.meta.url))
    const signal = file.numbers('synthetic0')
    for (const [name, call] of [
      ['fbank', fbank],
      ['mfcc', mfcc],
    ] as const) {
      const features = call(signal, { preset: 'lhotse' })
      const expected = file.array(name)
      expect(features.shape).toEqual(expected.shape)
      const one = { kind: name, source: { scale: 1, rate: 16000 }, options: {} } as Case
      const apart = distances(features.data, expected.data as Float32Array, one)
      expect(Math.max(...apart)).toBeLessThanOrEqual(FLOAT32_PEER[name])
    }
  })
})

describe('presets at the usual sample rates', () => {
  const file = golden(new URL('./golden/presets.npz', import.meta.url))
  file.text('cases').forEach((text, index) => {
    const one = JSON.parse(text) as Case
    it(`${one.options.preset} ${one.kind} at ${one.source.rate} Hz`, () => {
      const expected = file.array(`case${index}`)
      const features = ours(one, signalOf(one, file)!, 'float32')
      expect(features.shape).toEqual(expected.shape)
      const apart = distances(features.data, expected.data as Float32Array, one)
      expect(Math.max(0, ...apart)).toBeLessThanOrEqual(FLOAT32_PEER[one.kind])
    })
  })
})

describe('feature matrices', () => {
  const file = golden(new URL('./golden/matrices.npz', import.meta.url))
  const features = tensor(file.numbers('features') as Float64Array, file.array('features').shape)
  /** Both sides are float64. */
  const CLOSE = 1e-9

  for (const name of file.names.filter((name) => name.startsWith('deltas_'))) {
    it(`torchaudio.functional.compute_deltas: ${name}`, () => {
      const [, winLength, mode] = name.split('_')
      const ours = deltas(features, { winLength: Number(winLength), mode: mode as 'reflect' })
      expect(maxAbsError(ours.data, file.numbers(name))).toBeLessThan(CLOSE)
    })
  }

  for (const name of file.names.filter((name) => name.startsWith('sliding_'))) {
    it(`torchaudio.functional.sliding_window_cmn: ${name}`, () => {
      const [cmnWindow, minCmnWindow, center, normVars] = name.split('_').slice(1).map(Number)
      const ours = slidingWindowCmn(features, {
        cmnWindow: cmnWindow as number,
        minCmnWindow: minCmnWindow as number,
        center: center === 1,
        normVars: normVars === 1,
      })
      expect(maxAbsError(ours.data, file.numbers(name))).toBeLessThan(1e-6)
    })
  }

  for (const name of file.names.filter((name) => name.startsWith('lfr_'))) {
    it(`FunASR's apply_lfr: ${name}`, () => {
      const [, lfrM, lfrN] = name.split('_').map(Number)
      const ours = lowFrameRate(features, { lfrM: lfrM as number, lfrN: lfrN as number })
      expect(ours.shape).toEqual(file.array(name).shape)
      expect(ours.data).toEqual(file.numbers(name))
    })
  }

  it('normalises by the statistics of one utterance, or of its parts', () => {
    expect(maxAbsError(cmvn(features).data, file.numbers('cmvn_means'))).toBeLessThan(CLOSE)
    expect(maxAbsError(cmvn(features, { normVars: true }).data, file.numbers('cmvn_both'))).toBeLessThan(CLOSE)
    const frames = features.shape[0] as number
    const stats = new CmvnStats(10).accumulate(features.hi(7, null)).accumulate(features.lo(7, null))
    expect(stats.count).toBe(frames)
    const again = CmvnStats.from(stats.matrix)
    expect(maxAbsError(again.apply(features).data, file.numbers('cmvn_means'))).toBeLessThan(CLOSE)
    expect(() => new CmvnStats(3).apply(features)).toThrow('stats')
    expect(() => new CmvnStats(10).apply(features)).toThrow('at least one frame')
  })

  it('adds derivatives that are repeated regressions away from the edges', () => {
    const all = addDeltas(features)
    expect(all.shape).toEqual([features.shape[0], 30])
    const once = deltas(features)
    const twice = deltas(once)
    const inner = (features.shape[0] as number) - 4
    for (let t = 4; t < inner; t++) {
      for (let c = 0; c < 10; c++) {
        expect(all.get(t, c)).toBe(features.get(t, c))
        expect(all.get(t, 10 + c)).toBeCloseTo(once.get(t, c) as number, 9)
        expect(all.get(t, 20 + c)).toBeCloseTo(twice.get(t, c) as number, 9)
      }
    }
  })

  it('names input that is not a feature matrix', () => {
    for (const call of [deltas, addDeltas, cmvn, slidingWindowCmn, lowFrameRate, normalizePerFeature, logEnergies]) {
      expect(() => call(tensor(new Float32Array(6)))).toThrow('[frames, columns]')
      expect(() => call(tensor(Float32Array.of(1, Number.NaN), [2, 1]))).toThrow('features')
      expect(() => call(tensor(new Int16Array(4), [2, 2]) as never)).toThrow('float32 or float64')
    }
    expect(() => deltas(features, { winLength: 2 })).toThrow('winLength')
    expect(() => deltas(features, { winLength: 99, mode: 'reflect' })).toThrow('winLength')
    expect(() => lowFrameRate(features, { lfrM: 0 })).toThrow('lfrM')
    expect(() => normalizePerFeature(features, { ddof: 2 })).toThrow('ddof')
    expect(() => normalizePerFeature(tensor(Float32Array.of(1, 2), [1, 2]))).toThrow('features')
    expect(() => logEnergies(features, { logZeroGuardValue: 0 })).toThrow('logZeroGuardValue')
  })
})
