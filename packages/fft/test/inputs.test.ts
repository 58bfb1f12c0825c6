import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  fft,
  fftAsync,
  ifft,
  irfft,
  istft,
  OnlineStft,
  rfft,
  rfftAsync,
  stft,
  stftAsync,
  stftBatch,
} from '../src/index.js'

const detached = () => {
  const x = new Float32Array(8)
  structuredClone(x.buffer, { transfer: [x.buffer] })
  return x
}

describe.each([
  ['rfft', rfft, [4]],
  ['irfft', irfft, [4, 2]],
  ['fft', fft, [4, 2]],
  ['ifft', ifft, [4, 2]],
] as const)('%s refuses', (_, transform, shape) => {
  const size = shape.reduce((a: number, b) => a * b, 1)
  const x = () => tensor(new Float32Array(size), shape)

  it.each([0, -1, 1.5, 1e12, 2 ** 53, Number.NaN, '4'])('n = %s', (n) => {
    expect(errorOf(() => transform(x(), { n: n as number }))).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'n' })
  })

  it('NaN and infinity, naming the place', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const bad = x()
      bad.data[3] = value
      const error = errorOf(() => transform(bad))
      expect(error).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'x' })
      expect(error.actual).toContain('index 3')
    }
  })

  it('input that is empty, not a tensor, of another type, or detached', () => {
    expect(
      errorOf(() =>
        transform(
          tensor(
            new Float32Array(0),
            shape.map((n) => (n === 4 ? 0 : n)),
          ),
        ),
      ),
    ).toMatchObject({
      code: expect.stringMatching(/SHAPE|ARGUMENT/),
    })
    for (const bad of [undefined, null, 3, 'x', {}, [1, 2], { data: [1, 2], shape: [2] }]) {
      expect(errorOf(() => transform(bad as never)).code).toBe('ERR_DSP_TYPE')
    }
    expect(errorOf(() => transform(tensor(new Int16Array(size), shape) as never)).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => transform(detached())).actual).toBe('a detached ArrayBuffer')
  })

  it('unknown options', () => {
    expect(errorOf(() => transform(x(), { norm: 'ortho' } as never))).toMatchObject({
      code: 'ERR_DSP_OPTION',
      argument: 'norm',
    })
    expect(errorOf(() => transform(x(), 7 as never)).code).toBe('ERR_DSP_ARGUMENT')
  })
})

it('complex transforms want a last axis of 2', () => {
  for (const transform of [irfft, fft, ifft]) {
    for (const shape of [[8], [4, 2, 1], [2, 4]]) {
      expect(errorOf(() => transform(tensor(new Float32Array(8), shape)))).toMatchObject({
        code: 'ERR_DSP_SHAPE',
        argument: 'x',
      })
    }
  }
})

it('views that are not contiguous are accepted', () => {
  const x = tensor(
    Float64Array.from({ length: 12 }, (_, i) => i * i),
    [3, 4],
  )
  const columns = x.transpose(1, 0)
  expect(rfft(columns).shape).toEqual([4, 2, 2])
  expect(rfft(columns).pick(1, null, null).get(0, 0)).toBe(1 + 25 + 81)
  expect(rfft(x.step(1, -1)).data).toEqual(
    rfft(
      tensor(
        x.data.map((_, i) => x.data[4 * Math.floor(i / 4) + 3 - (i % 4)]!),
        [3, 4],
      ),
    ).data,
  )
  const reversed = tensor(Float32Array.from({ length: 500 }, (_, i) => Math.sin(i))).step(-1)
  expect(stft(reversed, { nFft: 32 })).toEqual(
    stft(
      Float32Array.from({ length: 500 }, (_, i) => Math.sin(499 - i)),
      { nFft: 32 },
    ),
  )
})

describe('stft refuses', () => {
  const y = new Float32Array(100)

  it.each([
    [{ nFft: 0 }, 'nFft'],
    [{ nFft: 1e12 }, 'nFft'],
    [{ nFft: 101, center: false }, 'nFft'],
    [{ hopLength: 0 }, 'hopLength'],
    [{ hopLength: 2.5 }, 'hopLength'],
    [{ nFft: 3 }, 'hopLength'],
    [{ nFft: 64, winLength: 65 }, 'winLength'],
    [{ nFft: 64, winLength: 1e12 }, 'winLength'],
    [{ padMode: 'wrap' }, 'padMode'],
    [{ window: 'hanning' }, 'window'],
    [{ window: [] }, 'window'],
    [{ window: [1, Number.NaN], nFft: 4, hopLength: 1 }, 'window'],
    [{ window: 7 }, 'window'],
    [{ window: 'kaiser', beta: -1 }, 'beta'],
    [{ center: 1 }, 'center'],
    [{ n_fft: 64 }, 'n_fft'],
    [{ nFft: 2 ** 20, hopLength: 1, winLength: 1 }, undefined],
  ])('%o', (options, argument) => {
    const long = argument === undefined ? new Float32Array(2 ** 20) : y
    expect(errorOf(() => stft(long, options as never)).argument).toBe(argument ?? 'hopLength')
  })

  it('bad signals, naming them', () => {
    expect(errorOf(() => stft(new Float32Array(0)))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
    expect(errorOf(() => stft(Float32Array.of(1, Number.NaN)))).toMatchObject({
      code: 'ERR_DSP_NOT_FINITE',
      argument: 'y',
    })
    expect(errorOf(() => stft(detached())).argument).toBe('y')
    expect(errorOf(() => stftBatch([y, Float32Array.of(Number.NaN)])).argument).toBe('signals[1]')
    expect(errorOf(() => stftBatch([y, new Float32Array(0)])).argument).toBe('signals[1]')
    expect(errorOf(() => stftBatch([y, new Float64Array(9)] as never)).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => stftBatch(y as never)).argument).toBe('signals')
    expect(errorOf(() => stftBatch(new Array(2))).argument).toBe('signals[0]')
    expect(errorOf(() => stft(y, { window: detached() })).argument).toBe('window')
  })

  it('batches of two rates or types, naming the signal', () => {
    const rates = [8000, 16000].map((sampleRate) => ({ samples: y, sampleRate }))
    expect(errorOf(() => stftBatch(rates)).argument).toBe('signals[1].sampleRate')
    expect(errorOf(() => stftBatch([y, new Float64Array(9)] as never))).toMatchObject({
      code: 'ERR_DSP_TYPE',
      argument: 'signals[1]',
    })
    expect(() => stftBatch([y, Float32Array.of(1, Number.NaN)])).toThrow(/^signals\[1\] .* index 1/)
    expect(stftBatch([rates[0]!, y])).toEqual([stft(y), stft(y)])
  })

  it('a very short signal is one frame', () => {
    expect(stft(Float32Array.of(1, 2, 3)).shape).toEqual([1025, 1, 2])
    expect(stft(Float32Array.of(1), { padMode: 'reflect' }).shape).toEqual([1025, 1, 2])
  })
})

it('istft refuses', () => {
  const spectrum = tensor(new Float32Array(33 * 5 * 2), [33, 5, 2])
  expect(errorOf(() => istft(spectrum, { nFft: 66 })).argument).toBe('nFft')
  expect(errorOf(() => istft(spectrum, { length: 1e12 })).argument).toBe('length')
  expect(errorOf(() => istft(spectrum, { length: 0 })).argument).toBe('length')
  expect(errorOf(() => istft(spectrum, { hopLength: 1e12 })).argument).toBe('hopLength')
  expect(errorOf(() => istft(tensor(new Float32Array(66), [33, 2]))).argument).toBe('spectrum')
  expect(errorOf(() => istft(tensor(new Float32Array(0), [33, 0, 2]))).argument).toBe('spectrum')
  spectrum.data[7] = Number.NaN
  expect(errorOf(() => istft(spectrum)).code).toBe('ERR_DSP_NOT_FINITE')
})

it('streams refuse the other type, NaN, and samples after the end', () => {
  const online = new OnlineStft({ nFft: 16 })
  expect(errorOf(() => online.accept(new Float64Array(4) as never)).code).toBe('ERR_DSP_TYPE')
  expect(errorOf(() => online.accept(Float32Array.of(Number.NaN))).argument).toBe('block')
  expect(errorOf(() => online.accept(detached())).argument).toBe('block')
  online.flush()
  expect(errorOf(() => online.accept(new Float32Array(4))).argument).toBe('block')
  online.reset()
  expect(online.accept(new Float32Array(16)).shape).toEqual([9, 3, 2])
})

describe('AbortSignal', () => {
  const x = tensor(new Float32Array(2 ** 20), [2 ** 8, 2 ** 12])

  it('rejects immediately if it is already aborted', async () => {
    for (const call of [
      () => rfftAsync(x, { signal: AbortSignal.abort() }),
      () => stftAsync(x, { signal: AbortSignal.abort() }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED', argument: 'signal' })
    }
  })

  it('rejects when it is aborted, and does no harm afterwards', async () => {
    const controller = new AbortController()
    const work = Array.from({ length: 8 }, () => rfftAsync(x, { signal: controller.signal }))
    controller.abort()
    for (const result of await Promise.allSettled(work)) expect(result.status).toBe('rejected')
    const settled = new AbortController()
    expect((await fftAsync(tensor(new Float32Array(4), [2, 2]), { signal: settled.signal })).shape).toEqual([2, 2])
    settled.abort()
    await expect(rfftAsync(x, { signal: 3 } as never)).rejects.toMatchObject({ argument: 'signal' })
  })
})
