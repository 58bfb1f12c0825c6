import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { asSignal } from '../src/index.js'

const ramp = (n: number) => Float32Array.from({ length: n }, (_, i) => i)

function detached(length: number): Float32Array {
  const data = new Float32Array(length)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
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

  it('copies strided views, and nothing else', () => {
    const stereo = tensor(Float32Array.of(1, 2, 3, 4), [2, 2])
    expect(asSignal(stereo.transpose(1, 0))).toEqual({ data: Float32Array.of(1, 3, 2, 4), shape: [2, 2] })
    expect(asSignal({ samples: stereo, sampleRate: 8000 })).toMatchObject({ shape: [2, 2], sampleRate: 8000 })
    expect(asSignal(stereo).data).toBe(stereo.data)
  })

  it.each([
    [new Int16Array(4), 'ERR_DSP_TYPE', 'y'],
    [[0, 0], 'ERR_DSP_TYPE', 'y'],
    [undefined, 'ERR_DSP_TYPE', 'y'],
    [{ samples: new Float32Array(3), sampleRate: 0 }, 'ERR_DSP_ARGUMENT', 'y.sampleRate'],
    [{ samples: new Float32Array(3), sampleRate: Number.NaN }, 'ERR_DSP_ARGUMENT', 'y.sampleRate'],
    [{ samples: 'x', sampleRate: 8000 }, 'ERR_DSP_TYPE', 'y.samples'],
    [tensor(new Float32Array(4), [2, 2]), 'ERR_DSP_SHAPE', 'y'],
  ])('refuses %o by the name given', (input, code, argument) => {
    expect(errorOf(() => asSignal(input as never, 'y', [1]))).toMatchObject({ code, argument })
  })
})
