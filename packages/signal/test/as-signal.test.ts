import { DspError, tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { asSignal } from '../src/index.js'

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i)

function detached(length: number): Float32Array {
  const data = new Float32Array(length)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
}

/** The error of a call: a DspError, or the test fails. */
function errorOf(call: () => unknown): DspError {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(DspError)
    return error as DspError
  }
  throw new Error('there was no error')
}

describe('asSignal', () => {
  it('takes audio, tensors, views and typed arrays', () => {
    const data = ramp(6)
    expect(asSignal(data)).toEqual({ data, shape: [6] })
    expect(asSignal(tensor(data, [2, 3]))).toEqual({ data, shape: [2, 3] })
    expect(asSignal({ samples: tensor(data, [2, 3]), sampleRate: 8000 })).toEqual({
      data,
      shape: [2, 3],
      sampleRate: 8000,
    })
    expect(asSignal({ samples: data, sampleRate: 8000 }).shape).toEqual([6])
    expect([...asSignal(tensor(data).step(-2)).data]).toEqual([5, 3, 1])
    expect(asSignal(new Float64Array(2)).data).toBeInstanceOf(Float64Array)
    expect(asSignal(new Float32Array(0)).shape).toEqual([0])
  })

  it.each<[string, unknown, string, string]>([
    ['integers', Int16Array.of(1), 'ERR_DSP_TYPE', 'signal'],
    ['integers in audio', { samples: Int16Array.of(1), sampleRate: 8000 }, 'ERR_DSP_TYPE', 'signal.samples'],
    ['a list', [1, 2, 3], 'ERR_DSP_TYPE', 'signal'],
    ['nothing', undefined, 'ERR_DSP_TYPE', 'signal'],
    ['no axes', { data: ramp(1), shape: [] }, 'ERR_DSP_SHAPE', 'signal'],
    ['a rate of 0', { samples: ramp(2), sampleRate: 0 }, 'ERR_DSP_ARGUMENT', 'signal.sampleRate'],
    ['a rate of NaN', { samples: ramp(2), sampleRate: Number.NaN }, 'ERR_DSP_ARGUMENT', 'signal.sampleRate'],
    ['no rate', { samples: ramp(2) }, 'ERR_DSP_ARGUMENT', 'signal.sampleRate'],
    ['a detached buffer', detached(2), 'ERR_DSP_ARGUMENT', 'signal'],
  ])('refuses %s', (_, value, code, argument) => {
    expect(errorOf(() => asSignal(value as Float32Array))).toMatchObject({ code, argument })
  })

  it('checks the number of axes', () => {
    expect(errorOf(() => asSignal(tensor(ramp(4), [2, 2]), 'x', [1]))).toMatchObject({
      code: 'ERR_DSP_SHAPE',
      argument: 'x',
      expected: '1 axis',
    })
    expect(asSignal(tensor(ramp(4), [2, 2]), 'x', [1, 2]).shape).toEqual([2, 2])
  })
})
