import { melQ15, q15Bank, q15Frames } from '@dsp/mel-q15'
import { describe, expect, it } from 'vitest'
import { exactLevels, signalToNoise } from '../src/works/q15.ts'

describe('the q15 group', () => {
  it('measures the distance to float64', () => {
    const samples = Float32Array.from(
      { length: 16000 },
      (_, i) => 0.3 * Math.sin(i * i * 1e-5) + 0.1 * Math.sin(i * 0.3),
    )
    const { data, shape } = q15Frames(samples)
    const exact = exactLevels(data, shape[0]!, q15Bank({ profile: 'classic-fixed' }))
    const codes = melQ15(samples, { profile: 'classic-fixed', output: 'log2-int16' })
    const levels = Float32Array.from(codes.data, (code) => code / 256)
    expect(exact.shape).toEqual([Math.ceil(shape[0]! / 20), 80])
    const near = signalToNoise(exact, { shape: codes.shape, data: levels })
    expect(near).toBeGreaterThan(50)
    // an eighth of an octave more everywhere is worse by far, and silence is no level
    const off = signalToNoise(exact, { shape: codes.shape, data: levels.map((level) => level + 0.125) })
    expect(off).toBeLessThan(near - 5)
    expect(signalToNoise(exact, { shape: codes.shape, data: levels.fill(-128) })).toBeCloseTo(0)
  })
})
