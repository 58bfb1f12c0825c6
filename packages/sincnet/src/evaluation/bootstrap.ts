import { DspError } from '@dsp/tensor'
import { type DetCurve, detCurve, equalErrorRate } from './metrics.js'
import { assertScores } from './scores.js'
import type { TrialList } from './trials.js'

/** A scored trial list with its speakers. */
export interface ScoredTrials {
  /** The trials. */
  readonly trials: TrialList
  /** A score per trial. */
  readonly scores: ArrayLike<number>
  /** The speaker of each of `trials.files`. */
  readonly speakers: readonly string[]
}

/** Options of {@link bootstrapSpeakers}. */
export interface BootstrapOptions {
  /** How often speakers are drawn. Default 1000. */
  readonly replicates?: number
  /** Seed of the draws; the same seed draws the same speakers. Default 1. */
  readonly seed?: number
  /** Confidence level of the interval. Default 0.95. */
  readonly confidence?: number
  /** What is measured on each list; the curve is overwritten after the call. Default: the equal error rate. */
  readonly measure?: (curve: DetCurve) => number
}

/** A measure with its interval over speakers. */
export interface Interval {
  /** The measure on all trials: the mean over the lists. */
  readonly value: number
  /** The interval's lower end. */
  readonly low: number
  /** Its upper end. */
  readonly high: number
}

/** What {@link bootstrapSpeakers} returns, for {@link pairedDifference} too. */
export interface Bootstrap extends Interval {
  /** The measure for each draw of speakers. */
  readonly replicates: Float64Array
  /** Identifies the seed and lists of the draws: only systems with the same draws are compared. */
  readonly draws: string
  /** Confidence level of the interval. */
  readonly confidence: number
}

/** Draws that leave one kind of trials empty are repeated at most this often. */
const MOST_DRAWS = 10_000

/**
 * An interval over speakers, for one list or the mean over several. Each draw takes as many speakers as there are, with replacement. A
 * target trial is weighted by how often its speaker was drawn, a non-target trial by the product of these counts for its two speakers
 * (the vertex bootstrap of Snijders and Borgatti 1999, without pairs of a speaker with itself). A draw that leaves one kind of trials
 * empty is repeated. Lists with the same speakers share their draws. The ends are percentiles of the replicates, interpolated
 * linearly.
 *
 * Trials are not independent: an interval over trials would be far too narrow. With five or six speakers even this one is rough.
 * @param lists - One or more scored lists.
 * @param options - Replicates, seed, confidence and measure.
 * @throws DspError ERR_DSP_ARGUMENT if a list has fewer than two speakers, a label contradicts the speakers or an option is out of range;
 * ERR_DSP_SHAPE if scores or speakers are too few or too many.
 * @example
 * ```ts
 * import { bootstrapSpeakers, parseTrials } from '@dsp/sincnet'
 * const trials = parseTrials('1 a1 a2\n1 b1 b2\n0 a1 b1\n0 a2 b2')
 * const list = { trials, scores: [0.9, 0.4, 0.5, 0.1], speakers: ['a', 'a', 'b', 'b'] }
 * const { value, low, high } = bootstrapSpeakers([list])
 * value // => 0.5
 * low <= value && value <= high // => true
 * ```
 */
export function bootstrapSpeakers(lists: readonly ScoredTrials[], options: BootstrapOptions = {}): Bootstrap {
  const { replicates = 1000, seed = 1, confidence = 0.95, measure = (curve) => equalErrorRate(curve).value } = options
  if (lists.length === 0) throw DspError.argument('lists', 'one or more', lists)
  if (!Number.isInteger(replicates) || replicates < 1 || replicates > 1e6) {
    throw DspError.argument('options.replicates', 'a whole number from 1 to 1,000,000', replicates)
  }
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw DspError.argument('options.seed', 'a whole number below 2^32', seed)
  }
  if (!(confidence > 0 && confidence < 1)) throw DspError.argument('options.confidence', 'between 0 and 1', confidence)
  const groups = new Map<string, Sweep[]>()
  for (const list of lists) {
    const sweep = new Sweep(list)
    const key = sweep.names.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), sweep])
  }
  const sums = new Float64Array(replicates)
  for (const [number, sweeps] of [...groups.values()].entries()) {
    const next = uniform((seed + number * 0x9e3779b9) >>> 0)
    const drawn = new Float64Array(sweeps[0]!.names.length)
    for (let replicate = 0; replicate < replicates; replicate++) {
      let tries = 0
      do {
        if (++tries > MOST_DRAWS)
          throw DspError.argument('lists', 'of speakers with trials of both kinds', 'too few of them')
        drawn.fill(0)
        for (let i = 0; i < drawn.length; i++) drawn[Math.floor(next() * drawn.length)]! += 1
      } while (!sweeps.every((sweep) => sweep.weigh(drawn)))
      for (const sweep of sweeps) sums[replicate]! += measure(sweep.curve())
    }
  }
  const values = lists.map(({ scores, trials }) => measure(detCurve(scores, trials.targets)))
  const found = sums.map((sum) => sum / lists.length)
  return {
    value: values.reduce((sum, value) => sum + value, 0) / lists.length,
    ...ends(found, confidence),
    replicates: found,
    draws: [seed, ...new Set(lists.map(({ trials }) => trials.sha256))].join(' '),
    confidence,
  }
}

/**
 * The difference between two systems on the same lists, first minus second, with an interval over speakers: both are measured on
 * the same draws, so that what makes a speaker hard for both cancels out.
 * @param first - The result of {@link bootstrapSpeakers}.
 * @param second - The result for the other system on the same lists, seed and number of replicates.
 * @throws DspError ERR_DSP_ARGUMENT if the draws are not the same.
 * @example
 * ```ts
 * import { bootstrapSpeakers, pairedDifference, parseTrials } from '@dsp/sincnet'
 * const trials = parseTrials('1 a1 a2\n1 b1 b2\n0 a1 b1\n0 a2 b2')
 * const speakers = ['a', 'a', 'b', 'b']
 * const good = bootstrapSpeakers([{ trials, scores: [0.9, 0.8, 0.2, 0.1], speakers }])
 * const bad = bootstrapSpeakers([{ trials, scores: [0.1, 0.2, 0.8, 0.9], speakers }])
 * pairedDifference(good, bad) // => { value: -1, low: -1, high: -1 }
 * ```
 */
export function pairedDifference(first: Bootstrap, second: Bootstrap): Interval {
  if (first.draws !== second.draws || first.replicates.length !== second.replicates.length) {
    throw DspError.argument('second', 'measured on the lists, seed and replicates of the first', 'others')
  }
  const differences = first.replicates.map((value, i) => value - second.replicates[i]!)
  return { value: first.value - second.value, ...ends(differences, first.confidence) }
}

function ends(values: Float64Array, confidence: number): { low: number; high: number } {
  const sorted = values.slice().sort()
  const quantile = (part: number) => {
    const place = part * (sorted.length - 1)
    const below = Math.floor(place)
    return sorted[below]! + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - sorted[below]!)
  }
  return { low: quantile((1 - confidence) / 2), high: quantile((1 + confidence) / 2) }
}

/** A generator of numbers in [0, 1) (mulberry32), the same as in reference.py. */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A list's trials by descending score, with new weights for each draw. */
class Sweep {
  /** The speakers of its trials, sorted. */
  readonly names: readonly string[]
  private readonly targets: Uint8Array
  private readonly one: Uint32Array
  private readonly other: Uint32Array
  /** Where the trials of each distinct score end. */
  private readonly ends: Uint32Array
  /** Weights of the non-target and of the target trials; in `points`, at first those of the trials down to each threshold. */
  private totals = [0, 0]
  private readonly points: DetCurve

  constructor({ trials, scores, speakers }: ScoredTrials) {
    const { first, second, targets } = trials
    assertScores(scores, first.length)
    assertSpeakers(trials, speakers)
    const used = new Set<string>()
    for (let i = 0; i < first.length; i++) used.add(speakers[first[i]!]!).add(speakers[second[i]!]!)
    this.names = [...used].sort()
    if (this.names.length < 2) throw DspError.argument('speakers', 'two or more', this.names.length)
    const index = new Map(this.names.map((name, i) => [name, i]))
    const indices = Uint32Array.from(speakers, (name) => index.get(name) ?? 0)
    const order = Uint32Array.from(first, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!)
    this.targets = Uint8Array.from(order, (i) => targets[i]!)
    this.one = order.map((i) => indices[first[i]!]!)
    this.other = order.map((i) => indices[second[i]!]!)
    const sorted = Float64Array.from(order, (i) => scores[i]!)
    this.ends = Uint32Array.from(order, (_, i) => i + 1).filter((end) => sorted[end] !== sorted[end - 1])
    const threshold = Float64Array.from([0, ...this.ends], (end) => (end === 0 ? Infinity : sorted[end - 1]!))
    this.points = {
      threshold,
      falseAlarm: new Float64Array(threshold.length),
      miss: new Float64Array(threshold.length),
    }
  }

  /** Sets the weight of each trial; false if one kind has no weight. */
  weigh(drawn: Float64Array): boolean {
    const { targets, one, other, ends } = this
    const { falseAlarm, miss } = this.points
    let [alarms, accepted] = [0, 0]
    for (let point = 0, i = 0; point < ends.length; point++) {
      for (const end = ends[point]!; i < end; i++) {
        if (targets[i] === 1) accepted += drawn[one[i]!]!
        else alarms += drawn[one[i]!]! * drawn[other[i]!]!
      }
      falseAlarm[point + 1] = alarms
      miss[point + 1] = accepted
    }
    this.totals = [alarms, accepted]
    return alarms > 0 && accepted > 0
  }

  /** The curve for the current weights; the next one overwrites it. */
  curve(): DetCurve {
    const { falseAlarm, miss } = this.points
    const [alarms, accepted] = this.totals as [number, number]
    miss[0] = 0
    for (let point = 0; point < miss.length; point++) {
      falseAlarm[point]! /= alarms
      miss[point] = 1 - miss[point]! / accepted
    }
    return this.points
  }
}

function assertSpeakers({ files, first, second, targets }: TrialList, speakers: readonly string[]): void {
  if (speakers.length !== files.length) {
    throw new DspError(`speakers must be one for each of ${files.length} recordings, got ${speakers.length}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'speakers',
    })
  }
  for (let i = 0; i < first.length; i++) {
    if ((speakers[first[i]!] === speakers[second[i]!]) === (targets[i] === 1)) continue
    const pair = `${files[first[i]!]} ${files[second[i]!]}`
    throw DspError.argument('speakers', 'what the labels of the trials say', `trial ${i + 1}, ${targets[i]} ${pair}`)
  }
}
