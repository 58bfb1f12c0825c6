/** The frame graph's output for a range of tokens: sums weighted by `exp(logit - peak)`, `[channels]` each. */
export interface Sums {
  readonly peak: ArrayLike<number>
  readonly weight: ArrayLike<number>
  readonly first: ArrayLike<number>
  readonly second: ArrayLike<number>
}

/** Floor of the variance, as in training. */
const MIN_VARIANCE = 1e-6

/**
 * Attentive statistics over any number of ranges, merged as they arrive: the softmax runs over all tokens together, without keeping
 * them.
 */
export class AttentivePooling {
  readonly #peak: Float64Array
  readonly #sums: readonly [Float64Array, Float64Array, Float64Array]
  /** Ranges so far. */
  #ranges = 0

  constructor(channels: number) {
    this.#peak = new Float64Array(channels)
    this.#sums = [new Float64Array(channels), new Float64Array(channels), new Float64Array(channels)]
  }

  /** Whether no range has been added. */
  get isEmpty(): boolean {
    return this.#ranges === 0
  }

  /** Adds a range. */
  add(range: Sums): void {
    const added = [range.weight, range.first, range.second]
    const isFirst = this.#ranges++ === 0
    this.#peak.forEach((old, channel) => {
      const peak = isFirst ? range.peak[channel]! : Math.max(old, range.peak[channel]!)
      const [before, now] = [isFirst ? 0 : Math.exp(old - peak), Math.exp(range.peak[channel]! - peak)]
      this.#peak[channel] = peak
      this.#sums.forEach((sum, i) => {
        sum[channel] = sum[channel]! * before + added[i]![channel]! * now
      })
    })
  }

  /** The weighted mean and standard deviation of every channel. */
  finish(): { readonly mean: Float32Array; readonly deviation: Float32Array } {
    const [weight, first, second] = this.#sums
    const mean = first.map((sum, channel) => sum / weight[channel]!)
    const deviation = second.map((sum, channel) =>
      Math.sqrt(Math.max(sum / weight[channel]! - mean[channel]! ** 2, MIN_VARIANCE)),
    )
    return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) }
  }
}
