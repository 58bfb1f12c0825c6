import { tensor } from '@dsp/tensor'
import { sine } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { clippedSamples, frameLevels } from '../src/index.js'

describe('frameLevels', () => {
  it.each([Float32Array, Float64Array])('gives the mean power of whole frames, in %o', (Numbers) => {
    const wave = Numbers.from(sine(16050, 1000, 16000, 0.5))
    const { data } = frameLevels(wave, 160)
    expect(data).toHaveLength(100)
    const expected = 10 * Math.log10(0.5 ** 2 / 2)
    for (const level of data) expect(level).toBeCloseTo(expected, 4)
  })

  it('gives silence a number', () => {
    expect([...frameLevels(new Float32Array(10), 5).data]).toEqual([-200, -200])
    expect(frameLevels(new Float32Array(0), 5).size).toBe(0)
  })

  it('refuses bad input by name', () => {
    expect(() => frameLevels(new Float32Array(4), 0)).toThrow(/frameLength must be/)
    expect(() => frameLevels(tensor(new Float32Array(4), [2, 2]), 1)).toThrow(/signal must have 1 axis/)
    const nan = expect.objectContaining({ code: 'ERR_DSP_NOT_FINITE', argument: 'signal' })
    expect(() => frameLevels(Float32Array.of(0, Number.NaN), 1)).toThrow(nan)
  })
})

describe('clippedSamples', () => {
  it('counts peaks that were cut off, in each channel', () => {
    const loud = sine(16000, 100, 16000, 2).map((x) => Math.max(-1, Math.min(1, x)))
    const clipped = clippedSamples(loud)
    expect(clipped).toBe(loud.filter((x) => Math.abs(x) >= 0.999).length)
    expect(clipped).toBeGreaterThan(9000)
    const stereo = tensor(Float32Array.of(...loud, ...sine(16000, 100, 16000, 0.9)), [2, 16000])
    expect(clippedSamples(stereo)).toBe(clipped)
  })

  it('does not count what only touches full scale', () => {
    expect(clippedSamples(sine(16000, 4000, 16000, 1))).toBe(0)
    expect(clippedSamples(new Float32Array(0))).toBe(0)
  })
})
