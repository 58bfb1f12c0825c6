import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'
import type { Evaluator } from './evaluate.js'
import { prospects } from './fit.js'
import { type Context, type Move, moves } from './moves.js'
import { differingFrom, refine, refineMove } from './refine.js'
import type { Judged } from './score.js'

/** Front ends that go on from one generation to the next. */
const BEAM = 8
/** Settings that may differ. */
const MAX_GENERATIONS = 12
/** A part of the values that agrees to within rounding: the settings are found. */
export const FOUND = 0.998
/** Improvements by less are none. */
const LEAST_GAIN = 0.02

/** What the search came to. */
export interface Found {
  readonly best: Judged
  /** The best ones, each of which differs from ours in other causes, whatever their order. */
  readonly others: readonly Judged[]
  /** Whether it ended for want of time. */
  readonly isCut: boolean
}

/** The causes in which a front end differs from ours. */
export type Differing = (frontEnd: FrontEnd) => readonly CauseId[]

/** Best first: every front end that differs in one cause from the best ones so far, until the residual is rounding or nothing helps. */
export async function search(
  starts: readonly FrontEnd[],
  evaluator: Evaluator,
  context: Context,
  deadline: number,
  onStep: (best: Judged) => void,
  ours: FrontEnd,
  differing: Differing,
): Promise<Found | undefined> {
  const judged = (await evaluator.judgeAll(starts)).filter((one): one is Judged => one !== undefined)
  let beam = distinct(judged, BEAM, differing)
  if (beam.length === 0) return undefined
  let best = beam[0]!
  // Most answers are few steps away from ours, wherever others stand at first.
  const own = judged.filter(({ frontEnd }) => differing(frontEnd).length <= 2)
  const nearest = own.reduce<Judged | undefined>((best, one) => {
    return best === undefined || differing(one.frontEnd).length < differing(best.frontEnd).length ? one : best
  }, undefined)
  beam = [...new Set([...(nearest ? [nearest] : []), ...distinct(own, 3, differing), ...beam])]
  let idle = 0
  for (let generation = 0; generation < MAX_GENERATIONS; generation++) {
    onStep(best)
    if (best.exact >= FOUND) break
    if (Date.now() > deadline) return { best, others: beam, isCut: true }
    const pool: Judged[] = [...beam]
    for (const [rank, parent] of beam.entries()) {
      const children = childrenOf(parent.frontEnd, ours, context)
      const judgedChildren = await evaluator.judgeAll(children.map((move) => move.frontEnd))
      pool.push(...judgedChildren.filter((one): one is Judged => one !== undefined))
      if (rank < FITTED_NODES && !pool.some(isFound))
        pool.push(...(await fittedMoves(parent, children, judgedChildren, ours, evaluator)))
      if (pool.some(isFound) || Date.now() > deadline) break
    }
    beam = distinct(pool, BEAM, differing)
    if (!beam.some(isFound) && Date.now() <= deadline) {
      const refined: Judged[] = []
      for (const one of beam.slice(0, idle > 0 ? 2 : 1))
        refined.push(await refine(one, ours, evaluator, idle > 0 ? undefined : 4))
      beam = distinct([...refined, ...beam], BEAM, differing)
    }
    const top = beam[0]!
    idle = top.score < best.score * (1 - LEAST_GAIN) ? 0 : idle + 1
    if (top.score < best.score) best = top
    if (idle >= 2) break
  }
  best = await refine(best, ours, evaluator)
  onStep(best)
  return { best, others: beam, isCut: false }
}

/** Moves from a front end, also with our gain where none is fitted to them: one that made up for something else leads astray. */
function childrenOf(from: FrontEnd, ours: FrontEnd, context: Context): Move[] {
  const children = moves(from, context)
  if (context.target.freedom === 'none' || from.gain === ours.gain) return children
  return [...children, ...children.map((move) => ({ ...move, frontEnd: { ...move.frontEnd, gain: ours.gain } }))]
}

/** Causes of which the best move is fitted in every generation, from each of the best front ends. */
const FITTED = 6
const FITTED_NODES = 5
/** Moves of which it is told beforehand what a fit would come to. */
const PROMISED = 100

const isFound = ({ exact }: Judged) => exact >= FOUND

/** The most promising moves of a few causes, with what differs from ours fitted to each. */
async function fittedMoves(
  from: Judged,
  children: readonly Move[],
  judged: readonly (Judged | undefined)[],
  ours: FrontEnd,
  evaluator: Evaluator,
): Promise<Judged[]> {
  const known = children.flatMap(({ cause }, i) => (judged[i] === undefined ? [] : [{ cause, one: judged[i] }]))
  const near = known.sort((a, b) => a.one.score - b.one.score).slice(0, PROMISED)
  const frontEnds = near.map(({ one }) => one.frontEnd)
  const promised = await prospects(from, frontEnds, differingFrom(ours, from.frontEnd), evaluator)
  const best = new Map<CauseId, { one: Judged; score: number }>()
  for (const [i, { cause, one }] of near.entries()) {
    const score = Math.min(one.score, promised[i]!)
    if (score < (best.get(cause)?.score ?? Number.POSITIVE_INFINITY)) best.set(cause, { one, score })
  }
  const order = [...best].sort(([, a], [, b]) => a.score - b.score)
  const out: Judged[] = []
  for (const [cause, { one }] of order.slice(0, FITTED)) out.push(await refineMove(one, cause, ours, evaluator))
  return out
}

/** What a front end's score is multiplied by for each cause in which it differs from ours: the simpler of two answers is likelier. */
const PARSIMONY = 1.03

/** The best ones, each of which differs from ours in other causes. */
function distinct(judged: readonly Judged[], count: number, differing: Differing): Judged[] {
  const cheap = [...judged].sort((a, b) => a.score - b.score).slice(0, 80 * count)
  const known = cheap.map((one) => ({ one, causes: differing(one.frontEnd) }))
  const ranks = new Map(
    known.map(({ one, causes }) => [one, isFound(one) ? 0 : one.score * PARSIMONY ** causes.length]),
  )
  known.sort((a, b) => ranks.get(a.one)! - ranks.get(b.one)!)
  const [out, seen] = [[] as Judged[], new Set<string>()]
  for (const { one, causes } of known) {
    if (out.length === count) break
    const key = causes.filter((cause) => cause !== 'sample-scale' && cause !== 'fft-scaling').join()
    if (seen.has(key)) continue
    seen.add(key)
    out.push(one)
  }
  return out
}
