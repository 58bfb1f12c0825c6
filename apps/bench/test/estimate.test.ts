import { describe, expect, it } from 'vitest'
import { minutes, remaining } from '../src/estimate.ts'
import { GROUPS } from '../src/options.ts'

describe('remaining', () => {
  it('knows every group, and that the whole of the music ends within 25 minutes', () => {
    for (const group of GROUPS) expect(remaining([group], 0, 0, 1)).toBeGreaterThan(0)
    const music = GROUPS.slice(GROUPS.indexOf('hpss'))
    expect(remaining(music, 0, 0, 1)).toBeLessThan(25 * 60)
  })

  it('grows where the first groups took longer than they should', () => {
    const [asExpected, slow] = [remaining(['fft'], 0, 0, 1), remaining(['hpss', 'mel'], 1, 600, 1)]
    expect(asExpected).toBe(25)
    expect(slow).toBeCloseTo((630 / 320) * 40)
    expect(remaining(['hpss'], 1, 600, 1)).toBe(0)
  })

  it('counts the seconds of works that are a budget', () => {
    expect(remaining(['fft'], 0, 0, 11)).toBe(25 + 3 * 10)
  })
})

describe('minutes', () => {
  it('rounds to what means something', () => {
    expect([4, 44, 89, 100, 1000].map(minutes)).toEqual(['10 s', '40 s', '90 s', '2 min', '17 min'])
  })
})
