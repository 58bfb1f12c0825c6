import { tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  melQ15,
  melQ15Async,
  melQ15Batch,
  melQ15BatchAsync,
  OnlineMelQ15,
  q15Frames,
  q15Outputs,
  q15Profiles,
} from '../src/index.js'

describe('all forms give the same codes', () => {
  const signals = [noise(4000, 1), noise(700, 2), noise(160, 3)]

  it.each(q15Profiles)('%s', async (profile) => {
    for (const output of q15Outputs) {
      const options = { profile, output, linearGain: 9000 } as const
      const all = signals.map((signal) => melQ15(signal, options))
      expect(all.map(({ shape }) => shape)).toEqual([
        [25, 80],
        [4, 80],
        [1, 80],
      ])
      expect(new Set(all[0]!.data).size).toBeGreaterThan(10)
      const batches = [melQ15Batch(signals, options), await melQ15BatchAsync(signals, options)]
      for (const batch of batches) expect(batch.map(({ data }) => data)).toEqual(all.map(({ data }) => data))
      expect((await melQ15Async(signals[0]!, options)).data).toEqual(all[0]!.data)
      expect(melQ15(Float64Array.from(signals[0]!), options).data).toEqual(all[0]!.data)
      const two = tensor(new Float32Array([...signals[0]!, ...signals[0]!]), [2, 4000])
      expect([...melQ15(two, options).data]).toEqual([...all[0]!.data, ...all[0]!.data])
    }
  })

  it('a stream gives those of the whole signal, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 }),
        fc.boolean(),
        fc.integer({ min: 50, max: 500 }),
        (blocks, center, hopLength) => {
          const signal = noise(
            blocks.reduce((sum, block) => sum + block, 0),
            4,
          )
          const online = new OnlineMelQ15({ center, hopLength, output: 'log2-int16' })
          const codes: number[] = []
          let at = 0
          for (const block of blocks) {
            codes.push(...online.accept(signal.subarray(at, at + block)).data)
            at += block
          }
          codes.push(...online.flush().data)
          const enough = center ? signal.length >= hopLength : signal.length >= 400
          const whole = enough ? [...melQ15(signal, { center, hopLength, output: 'log2-int16' }).data] : []
          expect(codes).toEqual(whole)
        },
      ),
    )
  })

  it('a stream can be reset, and ends once', () => {
    const online = new OnlineMelQ15({}, 'float64')
    const signal = Float64Array.from(noise(1000, 5))
    const first = [...online.accept(signal).data, ...online.flush().data]
    expect(online.flush().data).toEqual(new Int8Array(0))
    online.reset()
    expect([...online.accept(signal).data, ...online.flush().data]).toEqual(first)
    expect(online.latencySamples).toBe(201)
  })
})

it("frames are Whisper's", () => {
  const y = Float32Array.from({ length: 800 }, (_, i) => (i + 1) / 32768)
  const frames = q15Frames(y)
  expect(frames.shape).toEqual([5, 400])
  const at = (frame: number, i: number) => frames.get(frame, i)
  expect([at(0, 0), at(0, 199), at(0, 200), at(0, 399)]).toEqual([201, 2, 1, 200])
  expect([at(4, 0), at(4, 359), at(4, 360)]).toEqual([441, 800, 0])
})

it('silence is code 0 everywhere', () => {
  expect(new Set(melQ15(new Float32Array(16000)).data)).toEqual(new Set([0]))
  expect(new Set(melQ15(new Float32Array(16000), { output: 'log2-int16' }).data)).toEqual(new Set([-32768]))
})
