import type { Field } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { median } from '../matrix.js'
import type { Evaluator } from './evaluate.js'
import { CAP, type Judged } from './score.js'

/** A setting that has any value, and features that change smoothly with it. */
interface Parameter {
  readonly name: 'signalPreemphasis' | 'framePreemphasis' | 'lowFreq' | 'highFreq' | 'vtlnWarp' | 'lifter' | Ratio
  /** How far one step of the fit may go; of a ratio, in its natural logarithm. */
  readonly reach: number
  readonly low: number
  readonly high: number
}
type Ratio = 'floor' | 'gain' | 'dither'

const RATIOS: ReadonlySet<string> = new Set<Ratio>(['floor', 'gain', 'dither'])
/** The step of a derivative, as a part of the reach. */
const STEP = 1e-4
/** Parts of a step that are tried. */
const PARTS = [1, 0.5, 0.2, 0.06]
/** Improvements by less end a fit. */
const LEAST_GAIN = 0.002

/** The parameters of a front end that may be fitted, of those that are wanted. */
export function parameters(frontEnd: FrontEnd, wanted: (name: Field) => boolean): Parameter[] {
  const nyquist = frontEnd.sampleRate / 2
  const all: Parameter[] = [{ name: 'gain', reach: 1, low: 1e-12, high: 1e12 }]
  const add = (parameter: Parameter) => {
    if (wanted(parameter.name)) all.push(parameter)
  }
  for (const name of ['signalPreemphasis', 'framePreemphasis'] as const)
    if (frontEnd[name] > 0) add({ name, reach: 0.05, low: 0, high: 1 })
  if (frontEnd.numBins > 0) {
    add({ name: 'lowFreq', reach: 60, low: 0, high: nyquist / 2 })
    add({ name: 'highFreq', reach: nyquist / 10, low: 500, high: nyquist })
    if (frontEnd.vtlnWarp !== 1) add({ name: 'vtlnWarp', reach: 0.05, low: 0.5, high: 2 })
  }
  if (frontEnd.floorType !== 'none' && frontEnd.floor > 0) add({ name: 'floor', reach: 3, low: 1e-30, high: 1e12 })
  if (frontEnd.numCeps > 0 && frontEnd.lifter > 0) add({ name: 'lifter', reach: 4, low: 1, high: 200 })
  if (frontEnd.dither > 0) add({ name: 'dither', reach: 1, low: 1e-8, high: 1 })
  return all
}

/** Fits settings together, by least squares in which differences count about as much as their size alone. */
export async function fit(
  start: Judged,
  wanted: (name: Field) => boolean,
  evaluator: Evaluator,
  rounds: number,
): Promise<Judged> {
  const all = parameters(start.frontEnd, wanted)
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
async function step(from: Judged, all: readonly Parameter[], evaluator: Evaluator): Promise<Judged | undefined> {
  const { frontEnd } = from
  const found = await slopesAt(frontEnd, all, evaluator)
  if (found === undefined) return undefined
  const { own, active, slopes } = found
  const by = solved(own, slopes, evaluator.target.spread)
  if (by === undefined) return undefined
  const tries = PARTS.map((part) =>
    active.reduce(
      (at, parameter, k) => moved(at, parameter, part * Math.max(-1, Math.min(1, by[k]!)) * parameter.reach),
      frontEnd,
    ),
  )
  let best: Judged | undefined
  for (const judged of await evaluator.compareAll(tries))
    if (judged !== undefined && judged.score < (best ?? from).score) best = judged
  return best
}

/** What differs under a front end, and how it changes with each of some settings. */
async function slopesAt(frontEnd: FrontEnd, all: readonly Parameter[], evaluator: Evaluator) {
  // Backwards from an upper edge.
  const signs = all.map(({ name, reach, high }) => (RATIOS.has(name) || frontEnd[name] + STEP * reach <= high ? 1 : -1))
  const near = all.map((parameter, k) => moved(frontEnd, parameter, signs[k]! * STEP * parameter.reach))
  const [own, ...others] = await evaluator.differencesOf([frontEnd, ...near])
  if (own === undefined) return undefined
  const [active, slopes] = [[] as Parameter[], [] as Float64Array[]]
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
export async function promises(
  from: Judged,
  frontEnds: readonly FrontEnd[],
  wanted: (name: Field) => boolean,
  evaluator: Evaluator,
): Promise<number[]> {
  const found = await slopesAt(from.frontEnd, parameters(from.frontEnd, wanted), evaluator)
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

function moved(frontEnd: FrontEnd, { name, low, high }: Parameter, by: number): FrontEnd {
  const value = frontEnd[name]
  const to = RATIOS.has(name) ? value * Math.exp(by) : value + by
  return { ...frontEnd, [name]: Math.max(low, Math.min(high, to)) }
}

/** The changes, in reaches, that bring weighted differences nearest to zero; undefined where nothing changes them. */
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
