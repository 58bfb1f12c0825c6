/** Index of the largest of `count` values from `start`; the first of equals, as `std::max_element` has it. */
export function argmax(values: Float32Array, start: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i
  return best
}

/** Logarithm of the probability that a softmax over `count` scores from `start` gives one of them. */
export function logProbability(values: Float32Array, start: number, count: number, index: number): number {
  const highest = values[start + argmax(values, start, count)]!
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.exp(values[start + i]! - highest)
  return values[start + index]! - highest - Math.log(sum)
}
