import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  decomposeHpss,
  harmonic,
  harmonicBatch,
  hpss,
  hpssAsync,
  hpssBatch,
  hpssOptionSpecs,
  medianFilter,
  OnlineHpss,
  percussive,
  percussiveBatch,
  softmask,
} from '../src/index.js'

const y = new Float32Array(100).map((_, i) => Math.sin(i))

const detached = () => {
  const x = new Float32Array(8)
  structuredClone(x.buffer, { transfer: [x.buffer] })
  return x
}

describe.each([
  ['hpss', hpss],
  ['harmonic', harmonic],
  ['percussive', percussive],
  ['OnlineHpss', (_: unknown, options: object) => new OnlineHpss(options)],
])('%s refuses', (_, call) => {
  it.each([
    [{ kernelSize: 0 }, 'kernelSize'],
    [{ kernelSize: [31, 0] }, 'kernelSize'],
    [{ kernelSize: [31] }, 'kernelSize'],
    [{ kernelSize: 2.5 }, 'kernelSize'],
    [{ kernelSize: 1e12 }, 'kernelSize'],
    [{ margin: 0.99 }, 'margin'],
    [{ margin: [1, 0] }, 'margin'],
    [{ margin: Number.NaN }, 'margin'],
    [{ power: 0 }, 'power'],
    [{ power: -Infinity }, 'power'],
    [{ power: -1 }, 'power'],
    [{ power: '2' }, 'power'],
    [{ mask: 1 }, 'mask'],
    [{ hopLength: 0 }, 'hopLength'],
    [{ nFft: 0 }, 'nFft'],
    [{ nFft: 3 }, 'hopLength'],
    [{ nFft: 64, winLength: 65 }, 'winLength'],
    [{ window: 'hanning' }, 'window'],
    [{ padMode: 'wrap' }, 'padMode'],
    [{ kernel_size: 31 }, 'kernel_size'],
  ])('%o', (options, argument) => {
    expect(errorOf(() => call(y, options as never)).argument).toBe(argument)
  })
})

describe('signals', () => {
  it.each([
    [new Float32Array(0), 'ERR_DSP_SHAPE'],
    [tensor(new Float32Array(0), [2, 0]), 'ERR_DSP_SHAPE'],
    [Float32Array.of(1, Number.NaN), 'ERR_DSP_NOT_FINITE'],
    [Float64Array.of(1, Number.POSITIVE_INFINITY), 'ERR_DSP_NOT_FINITE'],
    [new Int16Array(10), 'ERR_DSP_TYPE'],
    [[1, 2, 3], 'ERR_DSP_TYPE'],
    [undefined, 'ERR_DSP_TYPE'],
    [detached(), 'ERR_DSP_ARGUMENT'],
  ])('%o', async (bad, code) => {
    for (const call of [hpss, harmonic, percussive]) {
      expect(errorOf(() => call(bad as never))).toMatchObject({ code, argument: 'y' })
    }
    await expect(hpssAsync(bad as never)).rejects.toMatchObject({ code, argument: 'y' })
  })

  it('of a batch are named by their index', () => {
    expect(errorOf(() => hpssBatch([y, Float32Array.of(Number.NaN)])).argument).toBe('signals[1]')
    expect(errorOf(() => hpssBatch([y, new Float32Array(0)])).argument).toBe('signals[1]')
    expect(errorOf(() => hpssBatch([y, new Float64Array(9)] as never)).code).toBe('ERR_DSP_TYPE')
    expect(errorOf(() => hpssBatch(y as never)).argument).toBe('signals')
    expect(errorOf(() => hpssBatch(new Array(2))).argument).toBe('signals[0]')
  })

  it('of a batch have one rate and one type; bare arrays have any rate', () => {
    const rates = [8000, 16000].map((sampleRate) => ({ samples: y, sampleRate }))
    for (const call of [hpssBatch, harmonicBatch, percussiveBatch]) {
      expect(errorOf(() => call(rates)).argument).toBe('signals[1].sampleRate')
      expect(errorOf(() => call([y, new Float64Array(9)] as never))).toMatchObject({
        code: 'ERR_DSP_TYPE',
        argument: 'signals[1]',
      })
      expect(() => call([y, Float32Array.of(1, Number.NaN)])).toThrow(/^signals\[1\] .* index 1/)
      const [a, b] = call([rates[0]!, y])
      expect(a).toEqual(b)
    }
  })

  it('shorter than a frame, or one sample', () => {
    expect(errorOf(() => hpss(y, { center: false })).argument).toBe('nFft')
    for (const short of [y.subarray(0, 1), y.subarray(0, 7)]) {
      const { harmonic, percussive } = hpss(short)
      expect(harmonic.shape).toEqual([short.length])
      short.forEach((v, i) => {
        expect(harmonic.get(i) + percussive.get(i)).toBeCloseTo(v, 6)
      })
    }
    expect(hpss(y, { kernelSize: 1001, nFft: 16 }).harmonic.shape).toEqual([100])
  })

  it('of residuals there are none with masks', () => {
    expect(errorOf(() => hpss(y, { mask: true, residual: true })).argument).toBe('residual')
    expect(errorOf(() => harmonic(y, { residual: true } as never)).code).toBe('ERR_DSP_OPTION')
  })

  it('can be cancelled', async () => {
    await expect(hpssAsync(y, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await expect(hpssAsync(y, { signal: 3 } as never)).rejects.toMatchObject({ argument: 'signal' })
  })
})

it('streams refuse the other type, NaN, and samples after the end', () => {
  const online = new OnlineHpss({ nFft: 16 })
  expect(errorOf(() => online.accept(new Float64Array(4) as never)).code).toBe('ERR_DSP_TYPE')
  expect(errorOf(() => online.accept(Float32Array.of(Number.NaN))).argument).toBe('block')
  expect(errorOf(() => online.accept(detached())).argument).toBe('block')
  online.accept(y)
  online.flush()
  expect(errorOf(() => online.accept(y)).argument).toBe('block')
  online.reset()
  expect(online.accept(new Float32Array(1000)).harmonic.shape[0]).toBeGreaterThan(900)
  expect(errorOf(() => new OnlineHpss({}, 'int16' as never)).argument).toBe('type')
})

it('decomposeHpss rejects input that is not a spectrogram', () => {
  expect(errorOf(() => decomposeHpss(y)).argument).toBe('S')
  expect(errorOf(() => decomposeHpss(tensor(y, [50, 2]), { complex: true })).argument).toBe('S')
  expect(errorOf(() => decomposeHpss(tensor(y, [10, 10]), { complex: true })).argument).toBe('S')
  expect(errorOf(() => decomposeHpss(tensor(new Float32Array(0), [4, 0])))).toMatchObject({ code: 'ERR_DSP_SHAPE' })
  expect(errorOf(() => decomposeHpss(tensor(new Float32Array(4).fill(-1), [2, 2]))).argument).toBe('S')
  expect(errorOf(() => decomposeHpss(tensor(new Float32Array(4).fill(Number.NaN), [2, 2]))).code).toBe(
    'ERR_DSP_NOT_FINITE',
  )
  const S = tensor(y.map(Math.abs), [5, 10, 2])
  expect(decomposeHpss(S, { mask: true }).harmonic.shape).toEqual([5, 10])
  expect(decomposeHpss(S, { mask: true, complex: false }).harmonic.shape).toEqual([5, 10, 2])
  expect(errorOf(() => decomposeHpss(S, { mask: true, residual: true })).argument).toBe('residual')
  expect(errorOf(() => decomposeHpss(S, { margin: 0.5 })).argument).toBe('margin')
  expect(errorOf(() => decomposeHpss(S, { kernelSize: [31, 100_000] })).argument).toBe('kernelSize')
})

it('softmask refuses unequal and negative inputs', () => {
  const x = Float32Array.of(1, 2, 3, 4)
  expect(errorOf(() => softmask(x, x.subarray(1))).argument).toBe('xRef')
  expect(errorOf(() => softmask(tensor(x, [2, 2]), x)).argument).toBe('xRef')
  expect(errorOf(() => softmask(x, Float64Array.from(x) as never)).code).toBe('ERR_DSP_TYPE')
  expect(
    errorOf(() =>
      softmask(
        x,
        x.map((v) => -v),
      ),
    ).argument,
  ).toBe('xRef')
  expect(
    errorOf(() =>
      softmask(
        x.map(Math.log10).map((v) => v / 0),
        x,
      ),
    ).code,
  ).toBe('ERR_DSP_NOT_FINITE')
  for (const power of [0, -1, Number.NaN]) expect(errorOf(() => softmask(x, x, { power })).argument).toBe('power')
})

it('medianFilter refuses', () => {
  for (const size of [0, -1, 1.5, 1e12, [1], [3, 0], undefined, '3']) {
    expect(errorOf(() => medianFilter(y, size as never)).argument).toBe('size')
  }
  expect(errorOf(() => medianFilter(y, [3, 3])).code).toBe('ERR_DSP_SHAPE')
  expect(errorOf(() => medianFilter(y, 3, { axis: 1 })).argument).toBe('axis')
  expect(errorOf(() => medianFilter(y, 3, { axis: -2 })).argument).toBe('axis')
  expect(errorOf(() => medianFilter(y, 3, { mode: 'symmetric' as never })).argument).toBe('mode')
  expect(errorOf(() => medianFilter(y, 3, { cval: Number.NaN })).argument).toBe('cval')
  expect(errorOf(() => medianFilter(new Float32Array(0), 3)).argument).toBe('x')
  expect(errorOf(() => medianFilter(Float32Array.of(1, Number.NaN), 3))).toMatchObject({
    code: 'ERR_DSP_NOT_FINITE',
    argument: 'x',
  })
  expect(medianFilter(Float32Array.of(5), 100).data).toEqual(Float32Array.of(5))
})

it('warns that a window has no effect', async () => {
  const warned = new Promise<Error & { code?: string }>((resolve) => process.once('warning', resolve))
  expect(hpss(y, { window: 'hamming' })).toEqual(hpss(y))
  expect((await warned).code).toBe('DSP_HPSS_WINDOW')
  expect(hpssOptionSpecs.window.default).toBe('hann')
})
