import { DspError, tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { laidOut, withLayout } from '../src/index.js'

const short = new DspError('y has 2 samples, too few for one frame', { code: 'ERR_DSP_SHAPE', argument: 'y' })
const swapped = tensor(new Float32Array(32000), [16000, 2])

describe('withLayout', () => {
  it('shows the shape and how to transpose it', () => {
    for (const input of [swapped, { samples: swapped, sampleRate: 16000 }]) {
      const error = withLayout(short, input) as DspError
      expect(error).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y', cause: short })
      expect(error.message).toContain('[16000, 2] was read as [channels, samples]')
      expect(error.message).toContain('{ data, shape: [2, 16000], stride: [1, 2] }')
    }
  })

  it('leaves other errors and shapes as they are', () => {
    const other = new DspError('nFft must be at least 1', { code: 'ERR_DSP_ARGUMENT' })
    const nan = new DspError('samples are NaN', { code: 'ERR_DSP_NOT_FINITE' })
    for (const error of [other, nan, new TypeError('samples'), undefined])
      expect(withLayout(error, swapped)).toBe(error)
    for (const shape of [[2, 16000], [32000], [100, 20], [10, 2, 2], [16000, 0]]) {
      expect(withLayout(short, { data: new Float32Array(0), shape })).toBe(short)
    }
    for (const input of [undefined, null, 'clip.wav', {}, { samples: null }])
      expect(withLayout(short, input)).toBe(short)
  })

  it('is given to what work throws now or later', async () => {
    const advice = /transpose it/
    expect(() =>
      laidOut(swapped, () => {
        throw short
      }),
    ).toThrow(advice)
    await expect(laidOut(swapped, () => Promise.reject(short))).rejects.toThrow(advice)
    expect(laidOut(swapped, () => 3)).toBe(3)
    await expect(laidOut(swapped, async () => 4)).resolves.toBe(4)
  })
})
