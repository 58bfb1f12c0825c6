/** Middle value; the mean of the middle two for an even count. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Time of one iteration in one round. */
export interface Sample {
  /** Number of the round, from 0. */
  readonly round: number
  /** Wall-clock nanoseconds per iteration. */
  readonly ns: number
  /** Processor nanoseconds per iteration. */
  readonly cpu: number
}

/** How many times longer a peer took than we did. */
export interface Ratio {
  /** Median over the rounds in which both ran of (peer's time / our time in the same round). */
  readonly median: number
  /** Smallest of the rounds. */
  readonly min: number
  /** Largest of the rounds. */
  readonly max: number
  /** Peer's best time over our best time: least disturbed by other programs. */
  readonly best: number
  /** Median over the rounds of the ratio of processor times. */
  readonly cpu: number
  /** Rounds in which both ran. */
  readonly rounds: number
}

/** Pairs the samples of a peer with ours of the same round. */
export function ratio(ours: readonly Sample[], peer: readonly Sample[]): Ratio {
  const byRound = new Map(ours.map((sample) => [sample.round, sample]))
  const walls: number[] = []
  const cpus: number[] = []
  for (const sample of peer) {
    const own = byRound.get(sample.round)
    if (own === undefined) continue
    walls.push(sample.ns / own.ns)
    if (own.cpu > 0 && sample.cpu > 0) cpus.push(sample.cpu / own.cpu)
  }
  return {
    median: median(walls),
    min: walls.length === 0 ? Number.NaN : Math.min(...walls),
    max: walls.length === 0 ? Number.NaN : Math.max(...walls),
    best: best(peer) / best(ours),
    cpu: median(cpus),
    rounds: walls.length,
  }
}

/** Shortest wall-clock time of an iteration. */
export function best(samples: readonly Sample[]): number {
  return samples.length === 0 ? Number.NaN : Math.min(...samples.map((sample) => sample.ns))
}

/** What fraction of the values lies at or below the result: nearest rank, as `absErrorQuantile` of the tests. */
export function quantile(values: Float64Array, fraction: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.slice().sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(fraction * sorted.length) - 1))]!
}
