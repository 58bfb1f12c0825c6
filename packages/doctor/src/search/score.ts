import type { FrontEnd } from '../front-end.js'
import {
  beforeWhisper,
  type Energies,
  energyGain,
  FLOAT32_EPSILON,
  logarithm,
  staticColumns,
  staticFeatures,
  whisperScaled,
} from '../late.js'
import { median } from '../matrix.js'
import { roundingNoise } from './noise.js'
import type { Target } from './target.js'

/** How near a front end comes to the target. */
export interface Judged {
  /** With the gain, and floor, that fit best. */
  readonly frontEnd: FrontEnd
  /** Mean of the capped absolute differences, in spreads of the reference. */
  readonly score: number
  /** Root mean square of the differences, in the reference's unit. */
  readonly residual: number
  /** The part of the values that agree to within rounding. */
  readonly exact: number
}

/** Differences above so many spreads count no more than this: they are of something else that is wrong. */
export const CAP = 2

/** A least value that more of the values have is a floor. */
const FLOORED = 0.005
/** Passes in which a gain settles beside a floor. */
const MAX_PASSES = 6
/** No gain differs from one that was tried before by more, as an amplitude. */
const MAX_RATIO = 1e12
/** Scores above this are of front ends that are not exact anywhere. */
const PROMISING = 0.05

/** Judges a front end by the energies that it extracts, with the gain that fits best. */
export function judge(energies: Energies, given: FrontEnd, target: Target): Judged | undefined {
  if (staticColumns(given) !== target.columns) return undefined
  let frontEnd = given
  if (target.freedom === 'none') {
    // Without a floor first: a gain that is far off puts everything below it.
    const free = { ...given, floorType: given.floorType === 'add' ? 'add' : 'none', floor: 0, topDb: null } as const
    frontEnd = {
      ...given,
      gain: fittedGain(energies, { ...free, floor: free.floorType === 'add' ? given.floor : 0 }, target),
    }
    // The gain moves values at the floor otherwise than those above it.
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      const { gain } = frontEnd
      frontEnd = { ...frontEnd, gain: fittedGain(energies, frontEnd, target) }
      if (Math.abs(frontEnd.gain / gain - 1) < 1e-7) break
    }
  }
  // Where nothing fits, passes run away: what is tried from there must not begin with such a gain.
  const ratio = frontEnd.gain / given.gain
  return compared(energies, ratio > 1 / MAX_RATIO && ratio < MAX_RATIO ? frontEnd : given, target)
}

/** Judges a front end as it is. */
export function compared(energies: Energies, frontEnd: FrontEnd, target: Target): Judged | undefined {
  if (staticColumns(frontEnd) !== target.columns) return undefined
  const isLinear = frontEnd.log === 'none' && target.freedom === 'none'
  if (isLinear && target.logarithms === undefined) return undefined
  const differences = differencesFrom(energies, frontEnd, target)
  const { values, columns } = target
  const spread = isLinear ? target.logarithms!.spread : target.spread
  let [sum, square, count, exact] = [0, 0, 0, 0]
  for (let i = 0; i < differences.length; i++) {
    const size = Math.abs(differences[i]!)
    if (Number.isNaN(size)) {
      if (Number.isNaN(values[i]!)) continue
      sum += CAP
      count++
      continue
    }
    count++
    sum += Math.min(CAP, size / spread)
    square += size * size
  }
  if (sum < PROMISING * count) {
    const noise = roundingNoise(energies, frontEnd, target)
    const rounding = (i: number) => (isLinear ? Math.max(1e-3, target.precision) : tolerance(values[i]!, target))
    for (let i = 0; i < differences.length; i++) {
      if (Math.abs(differences[i]!) <= rounding(i) + noise[i]!) exact++
    }
  }
  if (count === 0 || columns === 0) return undefined
  return { frontEnd, score: sum / count, residual: Math.sqrt(square / count), exact: exact / count }
}

/** Theirs minus what a front end makes of energies, less what the target is freed of. */
export function differencesFrom(energies: Energies, frontEnd: FrontEnd, target: Target): Float64Array {
  const ours = whisperScaled(staticFeatures(energies, frontEnd), frontEnd)
  const isLinear = frontEnd.log === 'none' && target.freedom === 'none' && target.logarithms !== undefined
  return isLinear ? ratios(ours.data, target) : freed(ours.data, target)
}

/** What rounding may leave of a value. */
function tolerance(value: number, { precision, spread }: Pick<Target, 'precision' | 'spread'>): number {
  return Math.max(1e-3 * Math.min(1, spread), precision * Math.abs(value))
}

/** Where no logarithm was taken: the logarithms of theirs less those of ours, so that quiet values count as much as loud ones. */
function ratios(ours: Float64Array, { logarithms }: Target): Float64Array {
  const { values, least } = logarithms!
  return values.map((value, i) => value - Math.log(Math.max(ours[i]!, 0) + least))
}

/** Theirs minus ours, less what the target's freedom takes away. */
function freed(ours: Float64Array, { values, columns, freedom }: Target): Float64Array {
  const out = new Float64Array(values.length)
  if (freedom === 'none') {
    for (let i = 0; i < values.length; i++) out[i] = values[i]! - ours[i]!
    return out
  }
  const groups = freedom === 'affine' ? 1 : columns
  const step = freedom === 'affine' ? 1 : columns
  for (let g = 0; g < groups; g++) {
    let [n, x, y, xx, xy] = [0, 0, 0, 0, 0]
    for (let i = g; i < values.length; i += step) {
      if (!Number.isFinite(values[i]!) || !Number.isFinite(ours[i]!)) continue
      n++
      x += ours[i]!
      y += values[i]!
    }
    const [mx, my] = [x / n, y / n]
    for (let i = g; i < values.length; i += step) {
      if (!Number.isFinite(values[i]!) || !Number.isFinite(ours[i]!)) continue
      xx += (ours[i]! - mx) ** 2
      xy += (ours[i]! - mx) * (values[i]! - my)
    }
    const slope = freedom === 'column-offset' ? 1 : xx > 0 ? xy / xx : 0
    for (let i = g; i < values.length; i += step) out[i] = values[i]! - my - slope * (ours[i]! - mx)
  }
  return out
}

/** The gain at which ours and theirs agree in the middle. */
function fittedGain(energies: Energies, frontEnd: FrontEnd, target: Target): number {
  const { values, columns } = target
  const slope = logarithm(frontEnd)
  const power = frontEnd.spectrum === 'power' ? 2 : 1
  const level = (value: number) => beforeWhisper(value, frontEnd)
  const at: number[] = []
  if (frontEnd.numCeps > 0) {
    // A factor on all energies is a constant in every filter: only the zeroth coefficient sees it.
    const place = frontEnd.energyColumn === 'first' ? 1 : 0
    if (slope === 0) return frontEnd.gain
    const energyColumn = frontEnd.energyColumn === 'c0' ? 'c0' : 'none'
    const zeroth = staticFeatures(energies, { ...frontEnd, numCeps: 1, energyColumn }).data
    if (energyColumn === 'c0') {
      // The energy in its place follows the gain alone.
      const least = slope * Math.log(Math.max(frontEnd.energyFloor, FLOAT32_EPSILON))
      for (let i = 0, f = 0; i < values.length; i += columns, f++)
        if (zeroth[f]! > least) at.push((level(values[i]!) - zeroth[f]!) / slope)
      return at.length < 4 ? frontEnd.gain : frontEnd.gain * Math.exp(middle(at) / 2)
    }
    const weight = frontEnd.dctOrtho ? Math.sqrt(energies.columns) : 2 * energies.columns
    const scale =
      frontEnd.lifter > 0 && frontEnd.lifterType === 'librosa'
        ? 1 + (frontEnd.lifter / 2) * Math.sin(Math.PI / frontEnd.lifter)
        : 1
    for (let i = place, f = 0; i < values.length; i += columns, f++)
      at.push((level(values[i]!) - zeroth[f]!) / (weight * scale))
    return frontEnd.gain * Math.exp(middle(at) / slope / power)
  }
  const factor = energyGain(frontEnd)
  const first = frontEnd.energyColumn === 'first' ? 1 : 0
  const step = Math.max(1, Math.floor((energies.frames * energies.columns) / SAMPLE))
  for (let cell = 0; cell < energies.frames * energies.columns; cell += step) {
    const [f, b] = [Math.floor(cell / energies.columns), cell % energies.columns]
    const value = values[f * columns + b + first]!
    const energy = energies.data[f * (energies.columns + 2) + b]! * factor
    if (!Number.isFinite(value)) continue
    const theirs = slope === 0 ? value : Math.exp(level(value) / slope)
    // At a floor the gain does not show, be it theirs or ours.
    if (target.leastShare > FLOORED && value <= target.least + 1e-6 * Math.max(1, Math.abs(target.least))) continue
    if (frontEnd.floorType === 'add') {
      if (theirs - frontEnd.floor > 3e-4 * frontEnd.floor) at.push(Math.log((theirs - frontEnd.floor) / energy))
    } else if (energy > 4 * frontEnd.floor && theirs > 0) at.push(Math.log(theirs / energy))
  }
  if (at.length < 8) return frontEnd.gain
  return frontEnd.gain * Math.exp(middle(at) / power)
}

/** Values that a median is taken of: more would not move it. */
const SAMPLE = 240

/** The median of the finite values, or of some of them. */
function middle(values: readonly number[]): number {
  const step = Math.max(1, values.length / SAMPLE)
  const some: number[] = []
  for (let at = 0; at < values.length; at += step) {
    const value = values[Math.floor(at)]!
    if (Number.isFinite(value)) some.push(value)
  }
  return median(some)
}
