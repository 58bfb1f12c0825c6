import type { FrontEnd } from '../front-end.js'
import { type Energies, energyGain, logarithm, staticColumns } from '../late.js'
import { median } from '../matrix.js'
import type { Evaluator } from './evaluate.js'
import { DITHERS } from './moves.js'
import { differencesFrom, type Judged } from './score.js'
import { FOUND } from './search.js'
import type { Target } from './target.js'

/** How far the level of the residual may be from that of noise against noise. */
const MAX_RATIO = 1.25
/** What dither may move the loudest values by, in spreads of the reference. */
const MAX_LOUD = 0.3
/** Parts of the values, by level, in each of which that must hold. */
const PARTS = 4

/**
 * The front end with dither, if what it leaves looks as noise does: nothing where the audio is loud, as much as two draws of the same
 * noise differ where it is quiet.
 */
export async function withDither(best: Judged, ours: FrontEnd, evaluator: Evaluator): Promise<Judged | undefined> {
  const { target } = evaluator
  if (best.exact >= FOUND) return undefined
  const { floorType, floor, topDb } = ours
  const plain = { ...best.frontEnd, dither: 0 }
  // Noise and a floor look alike where it is quiet: our floor first.
  const bases = [
    { ...plain, floorType, floor, topDb },
    { ...plain, floorType, floor, topDb: null },
    plain,
    { ...ours, deltas: plain.deltas, gain: plain.gain },
  ]
  const levels = best.frontEnd.dither > 0 ? [best.frontEnd.dither, ...DITHERS] : DITHERS
  for (const frontEnd of bases) {
    const energies = await evaluator.energiesOf(frontEnd)
    if (energies === undefined || staticColumns(frontEnd) !== target.columns) continue
    if (logarithm(frontEnd) === 0 && (target.logarithms === undefined || target.freedom !== 'none')) continue
    const estimate = await deviationOf(energies, frontEnd, evaluator)
    for (const dither of estimate === undefined ? levels : [estimate, ...levels]) {
      const dithered = { ...frontEnd, dither }
      const draws = await evaluator.draws(dithered, 2)
      if (draws.length < 2 || !isNoise(draws, dithered, target)) continue
      const [judged] = await evaluator.compareAll([dithered])
      if (judged !== undefined) return judged
    }
  }
  return undefined
}

/** The standard deviation of the noise that the quietest values show. */
async function deviationOf(energies: Energies, frontEnd: FrontEnd, evaluator: Evaluator): Promise<number | undefined> {
  const { values, columns } = evaluator.target
  const { freedom } = evaluator.target
  const isPlain = freedom === 'none' && frontEnd.numCeps === 0 && frontEnd.normalisation === 'none'
  if (!isPlain || columns !== energies.columns || frontEnd.spectrum !== 'power') return undefined
  const slope = logarithm(frontEnd)
  const factor = energyGain(frontEnd)
  const unit = evaluator.noise(frontEnd)
  const excess: { share: number; level: number }[] = []
  for (let f = 0; f < energies.frames; f++) {
    for (let b = 0; b < columns; b++) {
      const value = values[f * columns + b]!
      const energy = energies.data[f * (columns + 2) + b]!
      if (!Number.isFinite(value) || !(unit[b]! > 0)) continue
      const theirs = slope === 0 ? value : Math.exp(value / slope)
      excess.push({ share: (theirs / factor - energy) / unit[b]!, level: energy / unit[b]! })
    }
  }
  excess.sort((a, b) => a.level - b.level)
  // The noise in a value is a sum over few bins: means need many values, and those where it prevails.
  const quiet = excess.slice(0, Math.max(40, Math.floor(excess.length / 8)))
  const mean = quiet.reduce((sum, { share }) => sum + share, 0) / quiet.length
  if (!(mean > 0) || mean < 0.2 * median(quiet.map(({ level }) => level))) return undefined
  return Math.sqrt(mean)
}

/** Whether theirs differs from one draw as another draw does, at every level. */
function isNoise(draws: readonly Energies[], frontEnd: FrontEnd, target: Target): boolean {
  const [a, b] = draws as [Energies, Energies]
  const theirs = differencesFrom(a, frontEnd, target)
  const other = differencesFrom(b, frontEnd, target)
  const { columns } = target
  // Each cepstral coefficient is of all filters: how loud it was is its frame's matter.
  const levels =
    frontEnd.numCeps > 0
      ? Array.from(theirs, (_, i) => a.data[Math.floor(i / columns) * (a.columns + 2) + a.columns + 1]!)
      : target.values
  const order = Array.from(theirs.keys())
    .filter((i) => Number.isFinite(theirs[i]!))
    .sort((i, j) => levels[i]! - levels[j]!)
  const isLinear = logarithm(frontEnd) === 0
  const spread = isLinear ? target.logarithms!.spread : target.spread
  let isSeen = false
  for (let part = 0; part < PARTS; part++) {
    const some = order.slice(Math.floor((part * order.length) / PARTS), Math.floor(((part + 1) * order.length) / PARTS))
    const level = (of: (i: number) => number) => Math.sqrt(some.reduce((sum, i) => sum + of(i) ** 2, 0) / some.length)
    const left = level((i) => theirs[i]!)
    const own = level((i) => other[i]! - theirs[i]!)
    if (own > 1e-3) isSeen = true
    // Noise that drowns the loudest values explains anything.
    if (part === PARTS - 1 && own > MAX_LOUD * spread) return false
    if (left > 1e-3 && (left > own * MAX_RATIO || left < own / MAX_RATIO)) return false
  }
  return isSeen
}
