import { DspError, type Tensor } from '@dsp/tensor'

/** An array to compare. */
export interface Comparable {
  /** The numbers; complex ones as pairs in a last axis of 2. */
  readonly values: Tensor<Float32Array> | Tensor<Float64Array>
  /** Whether the last axis holds real and imaginary parts. */
  readonly complex: boolean
}

/** How one bin or frame differs. */
export interface Difference {
  /** Index along its axis. */
  readonly index: number
  /** The largest |A - B| in it. */
  readonly maxAbs: number
  /** The mean of A - B over it, of complex numbers its magnitude; NaN where there is no pair of numbers. */
  readonly meanOffset: number
}

/** How two arrays differ. */
export interface Comparison {
  /** Without the axis of real and imaginary parts. */
  readonly shape: readonly number[]
  /** The mean of A - B, of complex numbers its magnitude; NaN where there is no pair of numbers. */
  readonly meanOffset: number
  /** The largest |A - B|; infinite where only one of the two is a number. */
  readonly maxAbs: number
  /** Pearson's correlation of the elements, of complex ones its real part; NaN where one side is constant. */
  readonly correlation: number
  readonly worstBins: readonly Difference[]
  readonly worstFrames: readonly Difference[]
}

/**
 * Compares two arrays of the same shape, element by element. Places where both are NaN, or the same infinity, are equal.
 * @param a - Of 1 axis (frames) or 2.
 * @param b - The reference.
 * @param binsFirst - Whether the first axis is that of the bins.
 * @param worst - How many of the worst bins and frames to name.
 */
export function compare(a: Comparable, b: Comparable, binsFirst: boolean, worst: number): Comparison {
  const { complex } = a
  if (complex !== b.complex) {
    const kind = (of: Comparable) => (of.complex ? 'complex' : 'real')
    const message = `A is ${kind(a)}, B is ${kind(b)}: compare complex numbers with complex ones, or the magnitudes of both`
    throw new DspError(message, { code: 'ERR_DSP_TYPE', argument: 'B', expected: kind(a), actual: kind(b) })
  }
  const [shape, other] = [shapeOf(a), shapeOf(b)]
  if (shape.length !== other.length || shape.some((length, axis) => length !== other[axis])) {
    const [left, right] = [`[${shape.join(', ')}]`, `[${other.join(', ')}]`]
    throw new DspError(`the shapes differ: A is ${left}, B is ${right}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'B',
      expected: left,
      actual: right,
    })
  }
  if (shape.length < 1 || shape.length > 2) {
    throw new DspError(`arrays of 1 or 2 axes can be compared, these have ${shape.length}`, { code: 'ERR_DSP_SHAPE' })
  }
  const [first, second = 1] = shape as [number, number?]
  const rows = Array.from({ length: first }, () => new Tally())
  const columns = Array.from({ length: second }, () => new Tally())
  const all = new Tally()
  const moments = new Moments()
  for (let i = 0, at = 0; i < first; i++) {
    for (let j = 0; j < second; j++, at++) {
      const [x, y] = [a.values.data[complex ? 2 * at : at]!, b.values.data[complex ? 2 * at : at]!]
      const [xi, yi] = complex ? [a.values.data[2 * at + 1]!, b.values.data[2 * at + 1]!] : [0, 0]
      const [real, imaginary] = [minus(x, y), minus(xi, yi)]
      const size = Math.hypot(real, imaginary)
      const isNumber = Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(xi) && Number.isFinite(yi)
      for (const tally of [rows[i]!, columns[j]!, all]) tally.add(real, imaginary, size, isNumber)
      if (isNumber) moments.add(x, xi, y, yi)
    }
  }
  const [bins, frames] = binsFirst ? [rows, columns] : [columns, rows]
  return {
    shape,
    meanOffset: all.mean(complex),
    maxAbs: all.most,
    correlation: moments.correlation,
    worstBins: shape.length === 1 ? [] : worstOf(bins, worst, complex),
    worstFrames: worstOf(frames, worst, complex),
  }
}

function shapeOf({ values, complex }: Comparable): readonly number[] {
  return complex ? values.shape.slice(0, -1) : values.shape
}

/** A difference: 0 of two NaNs or equal infinities, infinite where only one side is a number. */
export function minus(x: number, y: number): number {
  if (Object.is(x, y) || x === y) return 0
  const difference = x - y
  return Number.isFinite(difference) ? difference : Infinity
}

class Tally {
  most = 0
  private real = 0
  private imaginary = 0
  private count = 0

  add(real: number, imaginary: number, size: number, isNumber: boolean): void {
    if (size > this.most) this.most = size
    if (!isNumber) return
    this.real += real
    this.imaginary += imaginary
    this.count++
  }

  mean(complex: boolean): number {
    return (complex ? Math.hypot(this.real, this.imaginary) : this.real) / this.count
  }
}

/** Sums for a correlation, relative to the first pair, so that nothing cancels. */
class Moments {
  private count = 0
  private readonly meanX = [0, 0]
  private readonly meanY = [0, 0]
  private xx = 0
  private yy = 0
  private xy = 0

  /** Adds a pair of complex numbers: the real part of their product is the sum of those of their parts. */
  add(x: number, xi: number, y: number, yi: number): void {
    this.count++
    this.part(0, x, y)
    this.part(1, xi, yi)
  }

  private part(i: 0 | 1, x: number, y: number): void {
    const dx = x - this.meanX[i]!
    const dy = y - this.meanY[i]!
    this.meanX[i]! += dx / this.count
    this.meanY[i]! += dy / this.count
    this.xx += dx * (x - this.meanX[i]!)
    this.yy += dy * (y - this.meanY[i]!)
    this.xy += dx * (y - this.meanY[i]!)
  }

  get correlation(): number {
    return this.xy / Math.sqrt(this.xx * this.yy)
  }
}

function worstOf(tallies: readonly Tally[], count: number, complex: boolean): Difference[] {
  return tallies
    .map((tally, index) => ({ index, maxAbs: tally.most, meanOffset: tally.mean(complex) }))
    .filter(({ maxAbs }) => maxAbs > 0)
    .sort((x, y) => (y.maxAbs === x.maxAbs ? x.index - y.index : y.maxAbs - x.maxAbs))
    .slice(0, count)
}
