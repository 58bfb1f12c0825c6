import type { FrontEnd } from '../front-end.js'
import { type Energies, logarithm, staticColumns } from '../late.js'
import type { Matrix } from '../matrix.js'
import { Evaluator } from './evaluate.js'
import { withFrames } from './missed.js'
import { differencesFrom, type Judged } from './score.js'
import { type Differing, FOUND, type Found } from './search.js'
import type { Target } from './target.js'

/** How far the level of the residual may be from that of noise against noise. */
const MAX_RATIO = 1.25
/** How much worse than the best score others may be, and how many are tried. */
const [MAX_WORSE, MAX_TRIED] = [1.4, 5]
/** What dither may move the loudest values by, in spreads of the reference. */
const MAX_LOUD = 0.3
/** Parts of the values, by level, in each of which that must hold. */
const PARTS = 4
/** Differences by less, in the values' unit or their spread if that is smaller, are rounding. */
const LEAST_SEEN = 1e-3
/** How many times that noise must be somewhere. */
const CLEAR = 4
/** Frames on which noise is compared with noise: it takes many values. */
const FRAMES = 160
/** Deviations that are tried, as parts of full scale, from one to the next, and in how many parts the right step is divided. */
const [LEAST, MOST, STEP] = [1e-6, 1e-2, 2]
const FINER = 5

/**
 * A front end with dither whose residual looks as noise does: nothing where the audio is loud, as much as two draws of the same noise
 * differ where it is quiet. Noise hides which of the best ones is right: of those that pass, the one that differs least from ours.
 */
export async function withDither(
  { best, others }: Pick<Found, 'best' | 'others'>,
  ours: FrontEnd,
  evaluator: Evaluator,
  reference: Matrix,
  differing: Differing,
): Promise<Judged | undefined> {
  if (best.exact >= FOUND) return undefined
  const step = Math.max(1, Math.floor(reference.frames / FRAMES))
  const more = Array.from({ length: reference.frames }, (_, f) => f).filter((f) => f % step === 0)
  const wide = new Evaluator(evaluator.sound, withFrames(evaluator.target, reference, more), evaluator.signal)
  const isNear = ({ score }: Judged) => score <= MAX_WORSE * best.score
  const near = [best, ...others.filter(isNear)].slice(0, MAX_TRIED)
  const plain = near.map(({ frontEnd }) => ({ ...frontEnd, dither: 0 }))
  // Strong noise is made up for by many things at once: ours with nothing but dither, too.
  const alone = { ...ours, deltas: best.frontEnd.deltas, gain: best.frontEnd.gain, dither: 0 }
  const bases = [alone, ...plain].flatMap((frontEnd) => basesOf(frontEnd, ours, wide.target))
  const known = new Map(bases.map((frontEnd) => [JSON.stringify(frontEnd), frontEnd]))
  const simplest = [...known.values()]
    .map((frontEnd) => ({ frontEnd, count: differing(frontEnd).length + (frontEnd.gain === ours.gain ? 0 : 1) }))
    .sort((a, b) => a.count - b.count)
  for (const { frontEnd } of simplest) {
    if (staticColumns(frontEnd) !== wide.target.columns) continue
    if (logarithm(frontEnd) === 0 && (wide.target.logarithms === undefined || wide.target.freedom !== 'none')) continue
    if (!(await isQuietWhereLoud(frontEnd, evaluator))) continue
    const dithered = { ...frontEnd, dither: await deviationOf(frontEnd, evaluator) }
    const draws = await wide.draws(dithered, 2)
    if (draws.length < 2 || !isNoise(draws, dithered, wide.target)) continue
    const [judged] = await evaluator.compareAll([dithered])
    if (judged !== undefined && isNear(judged)) return judged
  }
  return undefined
}

/** A front end with what noise may be taken for as it is in ours: a floor, which looks alike where it is quiet, and a gain that is not fitted. */
function basesOf(plain: FrontEnd, ours: FrontEnd, { freedom }: Target): FrontEnd[] {
  const { floorType, floor, topDb, gain } = ours
  const own = { ...plain, floorType, floor, topDb }
  return [...(freedom === 'none' ? [] : [{ ...own, gain }]), own, { ...own, topDb: null }, plain]
}

/** Whether what a front end leaves may be noise, without any: it shows little in the loudest values. */
async function isQuietWhereLoud(frontEnd: FrontEnd, evaluator: Evaluator): Promise<boolean> {
  const [energies, left] = [await evaluator.energiesOf(frontEnd), (await evaluator.differencesOf([frontEnd]))[0]]
  if (energies === undefined || left === undefined) return false
  const { target } = evaluator
  const loudest = byLevel(left, energies, frontEnd, target).slice(-Math.floor(left.length / PARTS))
  return level(loudest, (i) => left[i]!) < 2 * MAX_LOUD * spreadOf(frontEnd, target)
}

/**
 * The standard deviation of the noise two draws of which differ by as much as theirs and one do. Where it is strong, less noise and more
 * both leave more than that; where it is weak, more noise leaves less.
 */
async function deviationOf(frontEnd: FrontEnd, evaluator: Evaluator): Promise<number> {
  /** The logarithm of how much more theirs and a draw differ by than two draws do. */
  const excess = async (dither: number) => {
    const dithered = { ...frontEnd, dither }
    const draws = await evaluator.draws(dithered, 2)
    if (draws.length < 2) return Number.POSITIVE_INFINITY
    const { theirs, other } = residuals(draws, dithered, evaluator.target)
    const all = Array.from(theirs.keys()).filter((i) => Number.isFinite(theirs[i]!))
    return Math.log(level(all, (i) => theirs[i]!) / level(all, (i) => other[i]! - theirs[i]!))
  }
  let [dither, last] = [LEAST, await excess(LEAST)]
  while (last > 0 && dither < MOST) {
    const next = await excess(dither * STEP)
    if (!(next < last)) break
    dither *= STEP
    last = next
  }
  let best = { dither, off: Math.abs(last) }
  for (let n = last > 0 ? FINER - 1 : -1; n > -FINER; n--) {
    const tried = dither * STEP ** (n / FINER)
    const off = n === 0 ? Number.POSITIVE_INFINITY : Math.abs(await excess(tried))
    if (off < best.off) best = { dither: tried, off }
  }
  return best.dither
}

const level = (some: readonly number[], of: (i: number) => number) =>
  some.reduce((sum, i) => sum + Math.abs(of(i)), 0) / some.length

/** Theirs less each of two draws. */
function residuals(draws: readonly Energies[], frontEnd: FrontEnd, target: Target) {
  const [a, b] = draws as [Energies, Energies]
  return { theirs: differencesFrom(a, frontEnd, target), other: differencesFrom(b, frontEnd, target) }
}

const spreadOf = (frontEnd: FrontEnd, { logarithms, spread }: Target) =>
  logarithm(frontEnd) === 0 ? logarithms!.spread : spread

/** The places of the finite values, from the quietest to the loudest. */
function byLevel(values: Float64Array, energies: Energies, { numCeps }: FrontEnd, target: Target): number[] {
  const { data, columns } = energies
  // Each cepstral coefficient is of all filters: how loud it was is its frame's matter.
  const ofFrame = (i: number) => data[Math.floor(i / target.columns) * (columns + 2) + columns + 1]!
  const levels = numCeps > 0 ? Array.from(values, (_, i) => ofFrame(i)) : target.values
  return Array.from(values.keys())
    .filter((i) => Number.isFinite(values[i]!))
    .sort((i, j) => levels[i]! - levels[j]!)
}

/** Whether theirs differs from one draw as another draw does, at every level. */
function isNoise(draws: readonly Energies[], frontEnd: FrontEnd, target: Target): boolean {
  const [a] = draws as [Energies, Energies]
  const { theirs, other } = residuals(draws, frontEnd, target)
  const order = byLevel(theirs, a, frontEnd, target)
  const spread = spreadOf(frontEnd, target)
  const seen = LEAST_SEEN * Math.min(1, spread)
  let isSeen = false
  for (let part = 0; part < PARTS; part++) {
    const some = order.slice(Math.floor((part * order.length) / PARTS), Math.floor(((part + 1) * order.length) / PARTS))
    const left = level(some, (i) => theirs[i]!)
    const own = level(some, (i) => other[i]! - theirs[i]!)
    if (own > CLEAR * seen) isSeen = true
    // Noise that drowns the loudest values explains anything.
    if (part === PARTS - 1 && own > MAX_LOUD * spread) return false
    // Rounding adds to what is left; it takes nothing away.
    if (left > own * MAX_RATIO + seen / 2 || (own > seen && left < own / MAX_RATIO)) return false
  }
  return isSeen
}
