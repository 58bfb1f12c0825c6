import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { filterTable, frequencyResponses, OnlineSinc, sinc, sincBands, sincBatch, sincFilters } from '../src/index.js'

const y = new Float32Array(5000)

describe('sinc refuses', () => {
  it.each([
    [{ low: [100] }, 'band'],
    [{ band: [100] }, 'low'],
    [{ low: [], band: [] }, 'low'],
    [{ low: [100, 200], band: [50] }, 'band'],
    [{ low: [-1], band: [50] }, 'low'],
    [{ low: [Number.NaN], band: [50] }, 'low'],
    [{ low: [100], band: [0] }, 'band[0]'],
    [{ low: [100], band: [7901] }, 'band[0]'],
    [{ low: [8000], band: [1] }, 'low[0]'],
    [{ kernelSize: 250 }, 'kernelSize'],
    [{ kernelSize: 1 }, 'kernelSize'],
    [{ kernelSize: 1e12 }, 'kernelSize'],
    [{ stride: 0 }, 'stride'],
    [{ stride: 1.5 }, 'stride'],
    [{ sampleRate: 0 }, 'highest'],
    [{ sampleRate: Number.NaN }, 'sampleRate'],
    [{ pairs: 1 }, 'pairs'],
    [{ energyFloor: 0 }, 'energyFloor'],
    [{ energyFloor: -1 }, 'energyFloor'],
    [{ kernel_size: 251 }, 'kernel_size'],
  ])('%o', (options, argument) => {
    expect(errorOf(() => sinc(y, options as never)).argument).toBe(argument)
    expect(errorOf(() => new OnlineSinc(options as never)).argument).toBe(argument)
  })

  it('bad signals, naming them', () => {
    expect(errorOf(() => sinc(new Float32Array(0)))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
    expect(errorOf(() => sinc(y.subarray(0, 250)))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const bad = y.slice()
      bad[17] = value
      expect(errorOf(() => sinc(bad))).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'y' })
      expect(errorOf(() => sincBatch([y, bad]))).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'signals[1]' })
    }
    expect(errorOf(() => sinc(new Float32Array(400).fill(3e38))).argument).toBe('y')
    expect(errorOf(() => sinc(new Int16Array(400) as never)).code).toBe('ERR_DSP_TYPE')
    const wrong = { samples: y, sampleRate: 8000 }
    expect(errorOf(() => sinc(wrong, { sampleRate: 16000 }))).toMatchObject({ argument: 'sampleRate' })
    expect(errorOf(() => new OnlineSinc().accept(wrong)).argument).toBe('block.sampleRate')
  })

  it('a stream stays as it was before a bad block', () => {
    const online = new OnlineSinc()
    online.accept(y.subarray(0, 200))
    expect(errorOf(() => online.accept(new Float32Array(9).fill(Number.NaN))).code).toBe('ERR_DSP_NOT_FINITE')
    expect(errorOf(() => online.accept(new Float32Array(400).fill(3e38))).code).toBe('ERR_DSP_ARGUMENT')
    expect(online.accept(y.subarray(200)).shape).toEqual([80, 30])
  })
})

it('filters refuse bands that are none', () => {
  for (const call of [sincFilters, frequencyResponses]) {
    for (const bad of [undefined, null, 3, 'x', {}]) {
      expect(errorOf(() => call(bad as never, [1])).argument).toBe('low')
      expect(errorOf(() => call([1], bad as never)).argument).toBe('band')
    }
    expect(errorOf(() => call(['1'] as never, [1])).argument).toBe('low[0]')
    expect(errorOf(() => call([1, 2], [1])).argument).toBe('band')
  }
  expect(errorOf(() => frequencyResponses([1], [1], { nFft: 1 })).argument).toBe('nFft')
  expect(errorOf(() => sincBands({ lowest: 7950 })).argument).toBe('highest')
  expect(errorOf(() => sincBands({ highest: 8001 })).argument).toBe('highest')
  expect(errorOf(() => filterTable({ low: [1], band: [1] }, { low: [], band: [] })).argument).toBe('learned')
  expect(errorOf(() => filterTable(undefined as never, { low: [], band: [] })).argument).toBe('low')
})
