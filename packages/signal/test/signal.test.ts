import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  BlockInput,
  checkPrecision,
  gatherBatch,
  type NativeStream,
  PlanCache,
  perChannel,
  precisionOf,
  StreamHandle,
  warn,
  withRate,
} from '../src/index.js'

const at = (sampleRate: number, length = 8) => ({ samples: new Float32Array(length), sampleRate })

describe('gatherBatch', () => {
  it('gives a bare array the rate of the audio in the batch', () => {
    expect(gatherBatch([new Float32Array(3), at(16000), at(16000)])).toMatchObject({
      precision: 'float32',
      sampleRate: 16000,
    })
    expect(gatherBatch([new Float64Array(3)])).toMatchObject({ precision: 'float64', sampleRate: undefined })
    expect(gatherBatch([])).toEqual({ data: [], precision: 'float32', sampleRate: undefined })
  })

  it.each([
    [[at(16000), at(8000)], 'ERR_DSP_ARGUMENT', 'signals[1].sampleRate'],
    [[new Float32Array(3), at(16000), at(8000)], 'ERR_DSP_ARGUMENT', 'signals[2].sampleRate'],
    [[new Float32Array(3), new Float64Array(3)], 'ERR_DSP_TYPE', 'signals[1]'],
    [[new Float32Array(3), tensor(new Float32Array(4), [2, 2])], 'ERR_DSP_SHAPE', 'signals[1]'],
    [new Array(2), 'ERR_DSP_TYPE', 'signals[0]'],
    [new Float32Array(3), 'ERR_DSP_ARGUMENT', 'signals'],
    [undefined, 'ERR_DSP_ARGUMENT', 'signals'],
  ])('refuses %o', (signals, code, argument) => {
    expect(errorOf(() => gatherBatch(signals as never))).toMatchObject({ code, argument })
  })
})

it('a rate against an option is an error that names the option', () => {
  const options = { sr: 8000 }
  expect(errorOf(() => withRate<{ sr: number }>(options, 'sr', 16000))).toMatchObject({
    code: 'ERR_DSP_ARGUMENT',
    argument: 'sr',
    actual: '8000',
  })
  expect(withRate<{ sr: number }>(options, 'sr', 8000)).toEqual(options)
  expect(withRate<{ sr: number }>(options, 'sr', undefined)).toBe(options)
  expect(withRate<{ sr: number }>(undefined, 'sr', 8000)).toEqual(options)
  // Anything but an object is left to the check of the options.
  for (const bad of [7, 'x', null, [1]]) expect(withRate(bad as never, 'sr' as never, 8000)).toBe(bad)
})

it('precision is recognised across realms and checked by name', () => {
  expect([precisionOf(new Float32Array(1)), precisionOf(new Float64Array(1))]).toEqual(['float32', 'float64'])
  const error = errorOf(() => checkPrecision('x', new Float64Array(1), 'float32', 'as the plan was made for'))
  expect(error).toMatchObject({ code: 'ERR_DSP_TYPE', argument: 'x', expected: 'Float32Array', actual: 'Float64Array' })
})

it('results get the axes of their channels', () => {
  const data = new Float64Array(24)
  expect(perChannel(data, [2, 2], (values) => [3, values / 3]).shape).toEqual([2, 2, 3, 2])
  expect(perChannel(data, [], (values) => [values]).shape).toEqual([24])
})

describe('PlanCache', () => {
  const plans = () => {
    const closed: object[] = []
    const make = (options: object) => () => ({ options, close: () => closed.push(options) })
    return { closed, make, cache: new PlanCache<ReturnType<ReturnType<typeof make>>>() }
  }

  it('keeps the 16 plans used last and closes what it evicts', () => {
    const { cache, closed, make } = plans()
    const get = (norm: number) => cache.get({ norm }, 512, make({ norm }))
    const first = get(0)
    for (let i = 1; i < 16; i++) get(i)
    expect(get(0)).toBe(first)
    get(Number.POSITIVE_INFINITY)
    expect(closed).toEqual([{ norm: 1 }])
    expect(get(Number.POSITIVE_INFINITY)).not.toBe(get(Number.NEGATIVE_INFINITY))
  })

  it('does not keep long plans nor those with custom values, and closes them at the next', () => {
    const { cache, closed, make } = plans()
    const long = { nFft: 1e6 }
    const custom = { window: new Float64Array(2) }
    expect(cache.get(long, 1e6, make(long))).not.toBe(cache.get(long, 1e6, make(long)))
    cache.get(custom, 2, make(custom))
    cache.get(custom, 2, make(custom))
    expect(closed).toEqual([long, long, custom])
  })
})

describe('streams', () => {
  class Native implements NativeStream {
    resets = 0
    reset() {
      this.resets++
    }
  }

  it('are made again by the reset after their end', () => {
    const handle = new StreamHandle(() => new Native())
    const first = handle.native
    handle.reset()
    expect([handle.native === first, first.resets]).toEqual([true, 1])
    expect(handle.end(() => 'rest')).toBe('rest')
    handle.reset()
    expect([handle.native === first, first.resets]).toEqual([false, 1])
  })

  it('take blocks of one precision and one rate', () => {
    const input = new BlockInput('float32', 16000)
    expect(input.samples(at(16000)).length).toBe(8)
    expect(errorOf(() => input.samples(at(8000))).argument).toBe('block.sampleRate')
    expect(errorOf(() => input.samples(new Float64Array(2) as never))).toMatchObject({ code: 'ERR_DSP_TYPE' })
    expect(errorOf(() => new BlockInput('int16' as never)).argument).toBe('type')
    expect(new BlockInput('float64').samples(new Float64Array(2)).length).toBe(2)
  })
})

it('a warning with a key is given once', async () => {
  const seen: string[] = []
  const listen = (warning: Error & { code?: string }) => seen.push(`${warning.name} ${warning.code} ${warning.message}`)
  process.on('warning', listen)
  for (const key of ['a', 'a', 'b']) warn('DSP_TEST', `about ${key}`, key)
  warn('DSP_TEST', 'without a key')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  expect(seen).toEqual([
    'DspWarning DSP_TEST about a',
    'DspWarning DSP_TEST about b',
    'DspWarning DSP_TEST without a key',
  ])
})
