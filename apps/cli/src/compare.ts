import { DspError, type Tensor } from '@dsp/tensor'

type Matrix = Tensor<Float32Array> | Tensor<Float64Array>

/** How one bin or frame differs. */
export interface Difference {
  /** Index along its axis. */
  readonly index: number
  /** The largest |A - B| in it. */
  readonly maxAbs: number
  /** The mean of A - B over it. */
  readonly meanOffset: number
}

/** How two arrays differ. */
export interface Comparison {
  readonly shape: readonly number[]
  /** The mean of A - B. */
  readonly meanOffset: number
  /** The largest |A - B|; infinite where only one of the two is a number. */
  readonly maxAbs: number
  /** Pearson's correlation of the elements; NaN where one side is constant. */
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
export function compare(a: Matrix, b: Matrix, binsFirst: boolean, worst: number): Comparison {
  if (a.shape.length !== b.shape.length || a.shape.some((length, axis) => length !== b.shape[axis])) {
    const [left, right] = [`[${a.shape.join(', ')}]`, `[${b.shape.join(', ')}]`]
    throw new DspError(`the shapes differ: A is ${left}, B is ${right}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'B',
      expected: left,
      actual: right,
    })
  }
  if (a.shape.length > 2) {
    throw new DspError(`arrays of 1 or 2 axes can be compared, these have ${a.shape.length}`, { code: 'ERR_DSP_SHAPE' })
  }
  const [first, second = 1] = a.shape as [number, number?]
  const rows = Array.from({ length: first }, () => new Tally())
  const columns = Array.from({ length: second }, () => new Tally())
  const all = new Tally()
  const moments = new Moments()
  for (let i = 0, at = 0; i < first; i++) {
    for (let j = 0; j < second; j++, at++) {
      const [x, y] = [a.data[at]!, b.data[at]!]
      const same = Object.is(x, y) || x === y
      const difference = same ? 0 : x - y
      const size = same ? 0 : Number.isFinite(difference) ? Math.abs(difference) : Infinity
      rows[i]!.add(difference, size)
      columns[j]!.add(difference, size)
      all.add(difference, size)
      if (Number.isFinite(x) && Number.isFinite(y)) moments.add(x, y)
    }
  }
  const [bins, frames] = binsFirst ? [rows, columns] : [columns, rows]
  return {
    shape: a.shape,
    meanOffset: all.mean,
    maxAbs: all.most,
    correlation: moments.correlation,
    worstBins: a.shape.length === 1 ? [] : worstOf(bins, worst),
    worstFrames: worstOf(frames, worst),
  }
}

class Tally {
  most = 0
  private sum = 0
  private count = 0

  add(difference: number, size: number): void {
    if (size > this.most) this.most = size
    if (!Number.isFinite(difference)) return
    this.sum += difference
    this.count++
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }
}

/** Sums for a correlation, relative to the first pair, so that nothing cancels. */
class Moments {
  private count = 0
  private meanX = 0
  private meanY = 0
  private xx = 0
  private yy = 0
  private xy = 0

  add(x: number, y: number): void {
    this.count++
    const dx = x - this.meanX
    const dy = y - this.meanY
    this.meanX += dx / this.count
    this.meanY += dy / this.count
    this.xx += dx * (x - this.meanX)
    this.yy += dy * (y - this.meanY)
    this.xy += dx * (y - this.meanY)
  }

  get correlation(): number {
    return this.xy / Math.sqrt(this.xx * this.yy)
  }
}

function worstOf(tallies: readonly Tally[], count: number): Difference[] {
  return tallies
    .map((tally, index) => ({ index, maxAbs: tally.most, meanOffset: tally.mean }))
    .filter(({ maxAbs }) => maxAbs > 0)
    .sort((x, y) => (y.maxAbs === x.maxAbs ? x.index - y.index : y.maxAbs - x.maxAbs))
    .slice(0, count)
}
