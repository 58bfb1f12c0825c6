import { seededRandom } from '@dsp/tensor/testing'

/** The complex transform by its definition, with the index of each root reduced exactly. */
export function naiveFft(x: Float64Array, inverse = false): Float64Array {
  const n = x.length / 2
  const sign = inverse ? 1 : -1
  const roots = Array.from({ length: n }, (_, i) => [
    Math.cos((2 * Math.PI * i) / n),
    sign * Math.sin((2 * Math.PI * i) / n),
  ])
  const out = new Float64Array(2 * n)
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const [cos, sin] = roots[(j * k) % n] as [number, number]
      out[2 * k]! += x[2 * j]! * cos - x[2 * j + 1]! * sin
      out[2 * k + 1]! += x[2 * j]! * sin + x[2 * j + 1]! * cos
    }
  }
  return inverse ? out.map((value) => value / n) : out
}

/** The bins 0 to n / 2 of a real signal's transform by its definition. */
export function naiveRfft(x: Float64Array): Float64Array {
  const complex = new Float64Array(2 * x.length)
  for (let i = 0; i < x.length; i++) complex[2 * i] = x[i]!
  return naiveFft(complex).subarray(0, 2 * (Math.floor(x.length / 2) + 1))
}

/** Uniform noise in [-1, 1), float64. */
export function noise64(length: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length }, () => 2 * random() - 1)
}
