import { DspError } from '@dsp/tensor'
import { assertScores } from './scores.js'

/**
 * The errors of a verifier as its threshold falls: it accepts scores of at least `threshold[i]`. The first point accepts nothing
 * (threshold Infinity), the last one everything; there is one for each distinct score.
 */
export interface DetCurve {
  /** Descending. */
  readonly threshold: Float64Array
  /** The share of the non-target trials that are accepted; from 0 to 1. */
  readonly falseAlarm: Float64Array
  /** The share of the target trials that are not accepted; from 1 to 0. */
  readonly miss: Float64Array
}

/** Checks that there is one label per score, 0 or 1, and that both occur. */
function assertTargets(targets: ArrayLike<number>, scores: ArrayLike<number>): void {
  assertScores(scores, targets.length)
  let ones = 0
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] !== 0 && targets[i] !== 1) throw DspError.argument('targets', '0 or 1 for each trial', targets[i])
    ones += targets[i]!
  }
  if (ones === 0 || ones === targets.length) {
    throw DspError.argument('targets', 'trials of both kinds', `${ones} targets of ${targets.length} trials`)
  }
}

/**
 * The false alarm and miss rates of a verifier at every threshold. A million trials take a fraction of a second.
 * @param scores - A score per trial; higher means the same speaker.
 * @param targets - 1 for a target trial, 0 for a non-target trial.
 * @throws DspError ERR_DSP_SHAPE if the lengths differ, ERR_DSP_NOT_FINITE for a score that is not finite, ERR_DSP_ARGUMENT for labels
 * other than 0 and 1, or if only one of them occurs.
 * @example
 * ```ts
 * import { detCurve } from '@dsp/sincnet'
 * const { threshold, falseAlarm, miss } = detCurve([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0])
 * Array.from(threshold) // => [Infinity, 0.9, 0.6, 0.1]
 * Array.from(falseAlarm) // => [0, 0, 0.5, 1]
 * Array.from(miss) // => [1, 0.5, 0, 0]
 * ```
 */
export function detCurve(scores: ArrayLike<number>, targets: ArrayLike<number>): DetCurve {
  assertTargets(targets, scores)
  const same = scoresOf(1, scores, targets)
  const other = scoresOf(0, scores, targets)
  const threshold = new Float64Array(scores.length + 1)
  const [falseAlarm, miss] = [threshold.slice(), threshold.slice()]
  threshold[0] = Infinity
  miss[0] = 1
  let [a, b, points] = [same.length, other.length, 1]
  for (; a > 0 || b > 0; points++) {
    const next = Math.max(a > 0 ? same[a - 1]! : -Infinity, b > 0 ? other[b - 1]! : -Infinity)
    while (a > 0 && same[a - 1] === next) a--
    while (b > 0 && other[b - 1] === next) b--
    threshold[points] = next
    falseAlarm[points] = 1 - b / other.length
    miss[points] = a / same.length
  }
  return {
    threshold: threshold.slice(0, points),
    falseAlarm: falseAlarm.slice(0, points),
    miss: miss.slice(0, points),
  }
}

/** The scores of one kind of trials, ascending. */
function scoresOf(kind: number, scores: ArrayLike<number>, targets: ArrayLike<number>): Float64Array {
  const found = new Float64Array(scores.length)
  let count = 0
  for (let i = 0; i < scores.length; i++) if (targets[i] === kind) found[count++] = scores[i]!
  return found.subarray(0, count).sort()
}

/** A rate or a cost, and the threshold at which it occurs. */
export interface OperatingPoint {
  /** The equal error rate from 0 to 1, or the normalised detection cost. */
  readonly value: number
  /** The score at which it occurs. */
  readonly threshold: number
}

/**
 * The equal error rate: where the curve's points are joined by straight lines (as `roc_curve` and `brentq` do in Python), the rate at
 * which false alarms and misses are equal. The threshold is interpolated with the same weights.
 * @param curve - The result of {@link detCurve}.
 * @example
 * ```ts
 * import { detCurve, equalErrorRate } from '@dsp/sincnet'
 * equalErrorRate(detCurve([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0])) // => { value: 0.25, threshold: 0.75 }
 * ```
 */
export function equalErrorRate({ threshold, falseAlarm, miss }: DetCurve): OperatingPoint {
  const i = falseAlarm.findIndex((rate, point) => rate >= miss[point]!)
  const [before, after] = [miss[i - 1]! - falseAlarm[i - 1]!, miss[i]! - falseAlarm[i]!]
  const part = before / (before - after)
  const value = falseAlarm[i - 1]! + part * (falseAlarm[i]! - falseAlarm[i - 1]!)
  const from = threshold[i - 1]!
  return { value, threshold: from === Infinity ? threshold[i]! : from + part * (threshold[i]! - from) }
}

/** Options of {@link minimumCost}. */
export interface CostOptions {
  /** The probability of a target trial. */
  readonly prior: number
  /** The cost of a miss. Default 1. */
  readonly missCost?: number
  /** The cost of a false alarm. Default 1. */
  readonly falseAlarmCost?: number
}

/**
 * The minimum of the detection cost (minDCF): missCost x prior x miss + falseAlarmCost x (1 - prior) x falseAlarm at the best threshold,
 * divided by the lower of the costs of accepting nothing and accepting everything, so it is at most 1.
 * @param curve - The result of {@link detCurve}.
 * @param options - The prior and the costs.
 * @throws DspError ERR_DSP_ARGUMENT for a prior outside (0, 1) or a cost that is not positive.
 * @example
 * ```ts
 * import { detCurve, minimumCost } from '@dsp/sincnet'
 * minimumCost(detCurve([0.9, 0.6, 0.6, 0.1], [1, 1, 0, 0]), { prior: 0.05 }) // => { value: 0.5, threshold: 0.9 }
 * ```
 */
export function minimumCost({ threshold, falseAlarm, miss }: DetCurve, options: CostOptions): OperatingPoint {
  const { prior, missCost = 1, falseAlarmCost = 1 } = options
  if (!(prior > 0 && prior < 1)) throw DspError.argument('options.prior', 'between 0 and 1', prior)
  for (const [name, cost] of Object.entries({ missCost, falseAlarmCost })) {
    if (!(cost > 0 && cost < Infinity)) throw DspError.argument(`options.${name}`, 'positive', cost)
  }
  const [ofMiss, ofAlarm] = [missCost * prior, falseAlarmCost * (1 - prior)]
  let best = 0
  let cost = Infinity
  for (let i = 0; i < threshold.length; i++) {
    const here = ofMiss * miss[i]! + ofAlarm * falseAlarm[i]!
    if (here < cost) [best, cost] = [i, here]
  }
  return { value: cost / Math.min(ofMiss, ofAlarm), threshold: threshold[best]! }
}

/**
 * The corners of a curve, which draw the same line with far fewer points: those within horizontal or vertical stretches are left out.
 * @param curve - The result of {@link detCurve}.
 * @example
 * ```ts
 * import { detCorners, detCurve } from '@dsp/sincnet'
 * Array.from(detCorners(detCurve([4, 3, 2, 1], [1, 1, 0, 0])).threshold) // => [Infinity, 3, 1]
 * ```
 */
export function detCorners({ threshold, falseAlarm, miss }: DetCurve): DetCurve {
  const isCorner = (_: number, i: number) => {
    if (i === 0 || i === threshold.length - 1) return true
    const level = miss[i - 1] === miss[i] && miss[i] === miss[i + 1]
    return !level && !(falseAlarm[i - 1] === falseAlarm[i] && falseAlarm[i] === falseAlarm[i + 1])
  }
  return { threshold: threshold.filter(isCorner), falseAlarm: falseAlarm.filter(isCorner), miss: miss.filter(isCorner) }
}

const CENTRE = [
  [2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946],
  [1971.5909503065513, 133.14166789178438, 3.3871328727963665],
  [5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751],
  [687.1870074920579, 42.31333070160091, 1],
] as const
const NEAR = [
  [0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684],
  [3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835],
  [1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008],
  [0.6897673349851, 1.6763848301838038, 2.053191626637759, 1],
] as const
const FAR = [
  [2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124],
  [0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103],
  [2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133],
  [0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1],
] as const

/**
 * The quantile function of the standard normal distribution, the scale of both axes of a DET plot (Wichura 1988, AS 241; accurate to
 * about 1e-16).
 * @param probability - From 0 to 1.
 * @returns -Infinity at 0, Infinity at 1.
 * @throws DspError ERR_DSP_ARGUMENT for any other number.
 * @example
 * ```ts
 * import { probit } from '@dsp/sincnet'
 * probit(0.5) // => 0
 * ```
 */
export function probit(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw DspError.argument('probability', 'from 0 to 1', probability)
  if (probability === 0 || probability === 1) return probability === 0 ? -Infinity : Infinity
  const q = probability - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability))
  return Math.sign(q) * (r <= 5 ? ratio(NEAR, r - 1.6) : ratio(FAR, r - 5))
}

/** A ratio of two polynomials, each in two parts from the highest power down. */
function ratio([above, more, below, rest]: readonly (readonly number[])[], x: number): number {
  const value = (terms: readonly number[]) => terms.reduce((sum, term) => sum * x + term, 0)
  return value([...above!, ...more!]) / value([...below!, ...rest!])
}
