import { expect } from 'vitest'
import type { Results } from './compute.js'

/**
 * The furthest that a value of the WebAssembly build is from the native one, in parts of the largest of the result. Additions have
 * another order, and there is no fused multiplication.
 */
export const TOLERANCE = { float32: 1e-5, float64: 1e-10, chroma: 1e-4 }

/** Chroma normalises each frame in single precision, near silence, too. Kaldi's kinds compute in it whatever they are given. */
function toleranceOf(name: string): number {
  if (/^(fbank|mfcc) float64$/.test(name)) return TOLERANCE.float32
  if (name.endsWith('float64')) return TOLERANCE.float64
  return /^(chroma|tonnetz)/.test(name) ? TOLERANCE.chroma : TOLERANCE.float32
}

/** Expects results of equal shape, NaN at equal places, and values within {@link TOLERANCE}. */
export function expectEqual(actual: Results, expected: Results): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected))
  const far: string[] = []
  for (const [name, wanted] of Object.entries(expected)) {
    const values = actual[name]!
    expect(values.length, name).toBe(wanted.length)
    let [largest, distance] = [0, 0]
    for (const [i, value] of wanted.entries()) {
      if (Number.isNaN(value) && Number.isNaN(values[i])) continue
      largest = Math.max(largest, Math.abs(value))
      const d = Math.abs(values[i]! - value)
      distance = Math.max(distance, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d)
    }
    const limit = toleranceOf(name) * largest
    if (distance > limit) far.push(`${name}: ${distance} > ${limit}`)
  }
  expect(far).toEqual([])
}
