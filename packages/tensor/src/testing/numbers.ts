/** Any run of numbers. */
export type Numbers = ArrayLike<number>

/**
 * The largest |a - b|; NaN where one of them is NaN and the other is not.
 * @param a - Numbers.
 * @param b - As many numbers.
 */
export function maxAbsError(a: Numbers, b: Numbers): number {
  sameLength(a, b)
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!]
    if (Object.is(x, y)) continue
    const error = x === y ? 0 : Math.abs(x - y)
    if (!(error <= worst)) worst = error
    if (Number.isNaN(worst)) return worst
  }
  return worst
}

/**
 * The Euclidean norm of a - b over the norm of b (over 1 if b is all zero).
 * @param a - Numbers.
 * @param b - The reference, as many numbers.
 */
export function relativeL2Error(a: Numbers, b: Numbers): number {
  sameLength(a, b)
  let difference = 0
  let norm = 0
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    norm += b[i]! ** 2
  }
  return Math.sqrt(difference) / (norm > 0 ? Math.sqrt(norm) : 1)
}

/**
 * The q-quantile of |a - b| (the nearest rank).
 * @param a - Numbers.
 * @param b - As many numbers.
 * @param q - Between 0 and 1, e.g. 0.999.
 */
export function absErrorQuantile(a: Numbers, b: Numbers, q: number): number {
  sameLength(a, b)
  if (a.length === 0) return 0
  const errors = Float64Array.from(a, (x, i) => Math.abs(x - b[i]!)).sort()
  return errors[Math.min(errors.length - 1, Math.ceil(q * errors.length) - 1)] ?? 0
}

/**
 * A seeded generator of uniform numbers in [0, 1) (mulberry32), for reproducible tests.
 * @param seed - Any 32-bit integer.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 15), z | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * White noise, uniform in [-amplitude, amplitude).
 * @param length - Samples.
 * @param seed - Any 32-bit integer.
 * @param amplitude - Default 0.5.
 */
export function noise(length: number, seed = 1, amplitude = 0.5): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length }, () => (2 * random() - 1) * amplitude)
}

/**
 * A sine wave.
 * @param length - Samples.
 * @param frequency - Hertz.
 * @param sampleRate - Sample rate in Hz.
 * @param amplitude - Default 0.5.
 */
export function sine(length: number, frequency: number, sampleRate: number, amplitude = 0.5): Float32Array {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate))
}

function sameLength(a: Numbers, b: Numbers): void {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`)
}
