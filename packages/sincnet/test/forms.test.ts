import { tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OnlineSinc, sinc, sincAsync, sincBatch, sincBatchAsync } from '../src/index.js'

const anyOptions = fc.record({
  low: fc.constant([0, 100, 900, 2500, 7000]),
  band: fc.array(fc.double({ min: 1, max: 900, noNaN: true }), { minLength: 5, maxLength: 5 }),
  kernelSize: fc.integer({ min: 1, max: 150 }).map((half) => 2 * half + 1),
  stride: fc.integer({ min: 1, max: 400 }),
  pairs: fc.boolean(),
})

it('a stream is bit-identical to the one-shot result, however it is split', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 15 })
  fc.assert(
    fc.property(anyOptions, fc.integer({ min: 0, max: 4000 }), cuts, fc.boolean(), (options, length, cuts, double) => {
      const single = noise(length, length)
      const y = double ? Float64Array.from(single) : single
      const whole = length < options.kernelSize ? tensor(new Float32Array(0), [5, 0]) : sinc(y, options)
      const online = new OnlineSinc(options, double ? 'float64' : 'float32')
      expect(online.latencySamples).toBe(options.kernelSize)
      for (let round = 0; round < 2; round++) {
        const rows: number[][] = [[], [], [], [], []]
        let at = 0
        for (const cut of [...cuts, length]) {
          const { data, shape } = online.accept(y.subarray(at, at + cut) as never)
          for (const [i, row] of rows.entries()) row.push(...data.subarray(i * shape[1]!, (i + 1) * shape[1]!))
          at = Math.min(length, at + cut)
        }
        expect(rows.flat()).toEqual([...whole.data])
        expect(online.flush().shape).toEqual([5, 0])
        expect(online.flush().shape).toEqual([5, 0])
        expect(() => online.accept(y as never)).toThrow(/flush/)
        online.reset()
      }
    }),
    { numRuns: 60 },
  )
})

it('every form has the same bits', async () => {
  const signals = [noise(16000, 1), noise(251, 2), noise(40_000, 3)]
  for (const pairs of [false, true]) {
    const each = signals.map((y) => sinc(y, { pairs }))
    expect(sincBatch(signals, { pairs })).toEqual(each)
    expect(await sincBatchAsync(signals, { pairs })).toEqual(each)
    expect(await Promise.all(signals.map((y) => sincAsync(y, { pairs })))).toEqual(each)
    const stereo = tensor(Float32Array.from([...signals[0]!, ...signals[0]!]), [2, 16000])
    expect(sinc(stereo, { pairs }).shape).toEqual([2, 80, 99])
    expect(sinc(stereo, { pairs }).data.subarray(80 * 99)).toEqual(each[0]!.data)
  }
})

it('aborts', async () => {
  await expect(sincAsync(noise(16000, 1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ERR_DSP_ABORTED',
  })
})
