import { tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import {
  type Algorithm,
  batch,
  batchAsync,
  type NativePlan,
  oneShot,
  oneShotAsync,
  perChannel,
  type SignalData,
  type SignalInfo,
} from '../src/index.js'

/** A plan that doubles, and records what it was called with. */
class Doubling implements NativePlan {
  readonly calls: unknown[] = []
  run(data: SignalData, rows: number, columns: number) {
    this.calls.push(['run', rows, columns])
    return [data.map((x) => 2 * x) as SignalData]
  }
  async runAsync(data: SignalData, rows: number, columns: number, signal?: AbortSignal) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (signal?.aborted) this.calls.push('aborted')
    return this.run(data, rows, columns)
  }
  batch(signals: SignalData[]) {
    return signals.flatMap((signal) => this.run(signal, 1, signal.length))
  }
  async batchAsync(signals: SignalData[]) {
    return this.batch(signals)
  }
  close() {
    this.calls.push('close')
  }
}

interface Options {
  readonly fail: boolean
}

function doubling(transient: boolean, axes: 1 | 2 | 3 = 1) {
  const plan = new Doubling()
  const infos: [string, Partial<Options> | undefined, SignalInfo][] = []
  const algorithm: Algorithm<Options, ReturnType<typeof tensor>> = {
    input: 'x',
    axes,
    plan: (owner, options, info) => {
      infos.push([owner, options, info])
      if (options?.fail)
        plan.run = () => {
          throw new Error('failed')
        }
      return { plan, transient, wrap: ([data], leading) => perChannel(data as never, leading, (values) => [values]) }
    },
  }
  return { plan, infos, algorithm }
}

describe('one shot', () => {
  it('passes rows and columns and wraps the result, and leaves a kept plan open', () => {
    const { plan, infos, algorithm } = doubling(false)
    const result = oneShot(
      algorithm,
      'twice',
      { samples: tensor(Float32Array.of(1, 2, 3, 4), [2, 2]), sampleRate: 8000 },
      {},
    )
    expect([...result.data, ...result.shape]).toEqual([2, 4, 6, 8, 2, 2])
    expect(plan.calls).toEqual([['run', 1, 2]])
    expect(infos).toEqual([['twice', {}, { sampleRate: 8000, precision: 'float32', rows: 1 }]])
  })

  it('closes a transient plan, also when the work fails', () => {
    const { plan, algorithm } = doubling(true)
    expect(() => oneShot(algorithm, 'twice', new Float32Array(2), { fail: true })).toThrow('failed')
    expect(plan.calls).toEqual(['close'])
  })

  it('checks the axes that the algorithm consumes', () => {
    const spectrogram = tensor(new Float64Array(24), [2, 3, 2, 2])
    const { plan, algorithm } = doubling(false, 3)
    expect(oneShot(algorithm, 'f', spectrogram, undefined).shape).toEqual([2, 12])
    expect(plan.calls).toEqual([['run', 3, 2]])
    for (const shape of [[24], [4, 6], [2, 2, 6]]) {
      expect(() => oneShot(algorithm, 'f', tensor(new Float64Array(24), shape), undefined)).toThrow(
        `x must have the shape [..., bins, frames, 2], got [${shape.join(', ')}]`,
      )
    }
  })
})

it('the asynchronous form can be cancelled, and rejects anything but an AbortSignal', async () => {
  const { plan, algorithm } = doubling(true)
  const controller = new AbortController()
  const work = oneShotAsync(algorithm, 'f', new Float32Array(2), { signal: controller.signal })
  controller.abort('enough')
  await expect(work).rejects.toMatchObject({
    code: 'ERR_DSP_ABORTED',
    message: 'the operation was aborted',
    cause: 'enough',
  })
  expect(plan.calls[0]).toBe('close')
  const done = await oneShotAsync(algorithm, 'f', new Float32Array([3]), { signal: new AbortController().signal })
  expect([...done.data]).toEqual([6])
  await expect(oneShotAsync(algorithm, 'f', new Float32Array(1), { signal: 5 as never })).rejects.toMatchObject({
    code: 'ERR_DSP_ARGUMENT',
    argument: 'signal',
  })
})

it('batches give one result per signal', async () => {
  const { infos, algorithm } = doubling(false)
  const signals = [Float64Array.of(1, 2), Float64Array.of(3)]
  const expected = [[2, 4], [6]]
  expect(batch(algorithm, 'f', signals, undefined).map((t) => [...t.data])).toEqual(expected)
  expect((await batchAsync(algorithm, 'fAsync', signals, {})).map((t) => [...t.data])).toEqual(expected)
  expect(batch(algorithm, 'f', [], undefined)).toEqual([])
  expect(infos.map(([owner, , info]) => [owner, info.precision])).toEqual([
    ['f', 'float64'],
    ['fAsync', 'float64'],
    ['f', 'float32'],
  ])
  await expect(batchAsync(algorithm, 'f', signals, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ERR_DSP_ABORTED',
  })
})
