import type { Matrix } from '../matrix.js'

/**
 * Mean and deviation of every bin over the frames of a recording, gathered as they come (Chan, Golub and LeVeque 1983). Frames whose
 * bins are all equal are left out: digital silence, whose value is the front end's floor and says nothing of the sound.
 */
export class FeatureSums {
  /** Frames that count. */
  frames = 0
  readonly mean: Float64Array
  /** Sums of squared differences from the mean. */
  readonly squares: Float64Array

  constructor(readonly bins: number) {
    this.mean = new Float64Array(bins)
    this.squares = new Float64Array(bins)
  }

  /** Takes the next frames. */
  add({ data, frames, bins }: Matrix): void {
    // sums of differences from the first frame that counts: a plain sum of squares would cancel
    const base = new Float64Array(bins)
    const sum = new Float64Array(bins)
    const square = new Float64Array(bins)
    let count = 0
    for (let t = 0; t < frames; t++) {
      const row = t * bins
      if (isFlat(data, row, bins)) continue
      if (count === 0) for (let b = 0; b < bins; b++) base[b] = data[row + b]!
      count++
      for (let b = 0; b < bins; b++) {
        const difference = data[row + b]! - base[b]!
        sum[b]! += difference
        square[b]! += difference * difference
      }
    }
    if (count === 0) return
    const total = this.frames + count
    for (let b = 0; b < bins; b++) {
      const mean = sum[b]! / count
      const step = base[b]! + mean - this.mean[b]!
      this.squares[b]! += square[b]! - sum[b]! * mean + (step * step * this.frames * count) / total
      this.mean[b]! += (step * count) / total
    }
    this.frames = total
  }

  /** Takes the frames that another one has seen. */
  merge(other: FeatureSums): void {
    const total = this.frames + other.frames
    if (other.frames === 0) return
    for (let b = 0; b < this.bins; b++) {
      const step = other.mean[b]! - this.mean[b]!
      this.squares[b]! += other.squares[b]! + (step * step * this.frames * other.frames) / total
      this.mean[b]! += (step * other.frames) / total
    }
    this.frames = total
  }

  /** The deviation of every bin over the frames. */
  deviation(): number[] {
    return Array.from(this.squares, (square) => Math.sqrt(Math.max(0, square) / Math.max(1, this.frames)))
  }
}

function isFlat(data: Float32Array, row: number, bins: number): boolean {
  if (bins === 1) return false
  const first = data[row]!
  for (let b = 1; b < bins; b++) if (data[row + b] !== first) return false
  return true
}

/** Mean and deviation of numbers that come one by one (Welford 1962). */
export class Spread {
  count = 0
  mean = 0
  #squares = 0

  add(value: number): void {
    this.count++
    const step = value - this.mean
    this.mean += step / this.count
    this.#squares += step * (value - this.mean)
  }

  /** The deviation, by the number of values less one. */
  get std(): number {
    return Math.sqrt(this.#squares / Math.max(1, this.count - 1))
  }
}

/** The mean of numbers. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}
