import { describe, expect, it } from 'vitest'
import { difference, magma } from '../src/plot/colours.js'
import { knownFrequencies, niceTicks } from '../src/plot/ticks.js'
import { bar, showTime } from '../src/progress.js'

const labels = (low: number, high: number, count: number) => niceTicks(low, high, count).map(({ label }) => label)

describe('ticks', () => {
  it('are round and within the ends', () => {
    expect(labels(0, 8000, 8)).toEqual(['0', '1000', '2000', '3000', '4000', '5000', '6000', '7000', '8000'])
    expect(labels(-80, 0, 4)).toEqual(['−80', '−60', '−40', '−20', '0'])
    expect(labels(0, 1.1, 6)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(labels(-0.07, 0.07, 3)).toEqual(['−0.05', '0.00', '0.05'])
    expect(labels(3, 3, 5)).toEqual(['3'])
  })

  it('are few, whatever the ends', () => {
    for (const scale of [1e-9, 1e-3, 1, 7, 1e5, 1e9]) {
      const ticks = niceTicks(-scale, 2 * scale, 6)
      expect(ticks.length).toBeGreaterThan(2)
      expect(ticks.length).toBeLessThan(10)
      expect(ticks.every(({ value }) => value >= -scale * 1.001 && value <= 2.001 * scale)).toBe(true)
      expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
    }
  })

  it('know frequencies', () => {
    expect(knownFrequencies(20, 7600).map(({ value }) => value)).toEqual([
      50, 125, 250, 500, 1000, 1500, 2000, 3000, 4000, 6000,
    ])
  })
})

it('magma grows lighter all the way, and the difference map is lightest in the middle', () => {
  const light = ([r, g, b]: readonly number[]) =>
    0.2126 * (r! / 255) ** 2.2 + 0.7152 * (g! / 255) ** 2.2 + 0.0722 * (b! / 255) ** 2.2
  for (let i = 1; i < 256; i++) expect(light(magma(i / 255))).toBeGreaterThanOrEqual(light(magma((i - 1) / 255)) - 1e-9)
  expect(magma(-1)).toEqual(magma(0))
  expect(magma(2)).toEqual(magma(1))
  expect(difference(0.5)).toEqual([0xf7, 0xf7, 0xf7])
  expect(difference(0)).toEqual([0x05, 0x30, 0x61])
  expect(difference(1)).toEqual([0x67, 0x00, 0x1f])
})

it('the progress bar fills by eighths and times are short', () => {
  expect(bar(0)).toBe(`▕${' '.repeat(30)}▏`)
  expect(bar(1)).toBe(`▕${'█'.repeat(30)}▏`)
  expect(bar(0.5).length).toBe(32)
  expect([showTime(11.2), showTime(185), showTime(3725)]).toEqual(['12 s', '3:05 min', '1:02:05 h'])
})
