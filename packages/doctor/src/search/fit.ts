import type { Field } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { median } from '../matrix.js'
import type { Evaluator } from './evaluate.js'
import { type Knob, knobs } from './knobs.js'
import { CAP, type Judged } from './score.js'

/** Which settings a fit may change: those that are known to differ. */
export type Wanted = (name: Field) => boolean

/** The step of a derivative, as a part of the stride. */
const STEP = 1e-4
/** Parts of a step that are tried. */
const PARTS = [1, 0.5, 0.2, 0.06]
/** Improvements by less end a fit. */
const LEAST_GAIN = 0.002

/** What is fitted together: the gain, and of the settings with a slope those that are wanted. */
function fitted(frontEnd: FrontEnd, wanted: Wanted): Knob[] {
  return knobs(frontEnd).filter(({ name, stride }) => stride > 0 && (name === 'gain' || wanted(name)))
}

/** Fits settings together, by least squares in which differences count about as much as their size alone. */
export async function fit(start: Judged, wanted: Wanted, evaluator: Evaluator, rounds: number): Promise<Judged> {
  const all = fitted(start.frontEnd, wanted)
  let best = start
  for (let round = 0; round < rounds; round++) {
    const next = await step(best, all, evaluator)
    if (next === undefined) return best
    const isLast = next.score > best.score * (1 - LEAST_GAIN)
    best = next
    if (isLast) break
  }
  return best
}

/** One step, or undefined if none helps. */
async function step(from: Judged, all: readonly Knob[], evaluator: Evaluator): Promise<Judged | undefined> {
  const { frontEnd } = from
  const found = await slopesAt(frontEnd, all, evaluator)
  if (found === undefined) return undefined
  const { own, active, slopes } = found
  const by = solved(own, slopes, evaluator.target.spread)
  if (by === undefined) return undefined
  const tries = PARTS.map((part) =>
    active.reduce((at, knob, k) => moved(at, knob, part * Math.max(-1, Math.min(1, by[k]!)) * knob.stride), frontEnd),
  )
  let best: Judged | undefined
  for (const judged of await evaluator.compareAll(tries))
    if (judged !== undefined && judged.score < (best ?? from).score) best = judged
  return best
}

/** What differs under a front end, and how it changes with each of some settings. */
async function slopesAt(frontEnd: FrontEnd, all: readonly Knob[], evaluator: Evaluator) {
  // Backwards from an upper edge.
  const signs = all.map(({ name, stride, isRatio, high }) =>
    isRatio || frontEnd[name] + STEP * stride <= high ? 1 : -1,
  )
  const near = all.map((knob, k) => moved(frontEnd, knob, signs[k]! * STEP * knob.stride))
  const [own, ...others] = await evaluator.differencesOf([frontEnd, ...near])
  if (own === undefined) return undefined
  const [active, slopes] = [[] as Knob[], [] as Float64Array[]]
  for (const [k, other] of others.entries()) {
    if (other === undefined) continue
    active.push(all[k]!)
    slopes.push(other.map((value, i) => (value - own[i]!) / (signs[k]! * STEP)))
  }
  return { own, active, slopes }
}

/**
 * What the scores of front ends would come to if settings were fitted to each: linearly, by how they act on another one near them.
 * Infinite where that cannot be told.
 */
export async function prospects(
  from: Judged,
  frontEnds: readonly FrontEnd[],
  wanted: Wanted,
  evaluator: Evaluator,
): Promise<number[]> {
  const found = await slopesAt(from.frontEnd, fitted(from.frontEnd, wanted), evaluator)
  const { spread } = evaluator.target
  return (await evaluator.differencesOf(frontEnds)).map((own) => {
    const by = own && found && solved(own, found.slopes, spread)
    if (own === undefined || by === undefined) return Number.POSITIVE_INFINITY
    let sum = 0
    for (let i = 0; i < own.length; i++) {
      let value = own[i]!
      for (const [k, slope] of found!.slopes.entries()) value += by[k]! * slope[i]!
      sum += Number.isFinite(value) ? Math.min(CAP, Math.abs(value) / spread) : CAP
    }
    return sum / own.length
  })
}

function moved(frontEnd: FrontEnd, { name, isRatio, low, high }: Knob, by: number): FrontEnd {
  const value = frontEnd[name]
  const to = isRatio ? value * Math.exp(by) : value + by
  return { ...frontEnd, [name]: Math.max(low, Math.min(high, to)) }
}

/** The changes, in strides, that bring weighted differences nearest to zero; undefined where nothing changes them. */
function solved(own: Float64Array, slopes: readonly Float64Array[], spread: number): number[] | undefined {
  const sizes = own.map((value) => Math.abs(value) / spread)
  const inside = Array.from(sizes.keys()).filter((i) => sizes[i]! < CAP)
  if (inside.length === 0 || slopes.length === 0) return undefined
  const soft = 0.5 * median(inside.map((i) => sizes[i]!)) + 1e-9
  const n = slopes.length
  const a = Array.from({ length: n }, () => new Float64Array(n + 1))
  for (const i of inside) {
    const weight = 1 / Math.max(soft, sizes[i]!)
    for (let j = 0; j < n; j++) {
      const value = slopes[j]![i]!
      if (value === 0 || !Number.isFinite(value)) continue
      for (let k = j; k < n; k++) a[j]![k]! += weight * value * (slopes[k]![i] || 0)
      a[j]![n]! -= weight * value * own[i]!
    }
  }
  const most = Math.max(...a.map((row, j) => row[j]!))
  if (!(most > 0)) return undefined
  for (let j = 0; j < n; j++) {
    // What changes nothing stays where it is.
    a[j]![j]! = a[j]![j]! * (1 + 1e-9) + 1e-14 * most
    for (let k = 0; k < j; k++) a[j]![k] = a[k]![j]!
  }
  return gauss(a)
}

/** The solution of linear equations whose matrix is positive definite. */
function gauss(a: Float64Array[]): number[] {
  const n = a.length
  for (let j = 0; j < n; j++)
    for (let i = j + 1; i < n; i++) {
      const ratio = a[i]![j]! / a[j]![j]!
      for (let k = j; k <= n; k++) a[i]![k]! -= ratio * a[j]![k]!
    }
  const x = new Array<number>(n).fill(0)
  for (let j = n - 1; j >= 0; j--) {
    let sum = a[j]![n]!
    for (let k = j + 1; k < n; k++) sum -= a[j]![k]! * x[k]!
    x[j] = sum / a[j]![j]!
  }
  return x
}
