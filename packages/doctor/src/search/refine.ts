import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'
import type { Evaluator } from './evaluate.js'
import { fit, type Wanted } from './fit.js'
import { type Knob, knobs } from './knobs.js'
import type { Judged } from './score.js'

/** The settings that are also tried at other values one by one. */
const turned = (frontEnd: FrontEnd) => knobs(frontEnd).filter(({ reach }) => reach > 0)

const POINTS = [-1, -0.6, -0.33, -0.12, 0.12, 0.33, 0.6, 1]
const ROUNDS = 9
const SHRINK = 0.34

/** Settings that are fitted one after the other, that which helps most first. */
const TURNS = 3

/** Fits the settings that differ from ours, then others that have any value, for as long as it helps. */
export async function refine(start: Judged, ours: FrontEnd, evaluator: Evaluator, rounds = ROUNDS): Promise<Judged> {
  let best = await fit(start, differingFrom(ours, start.frontEnd), evaluator, rounds)
  for (let n = 0; n < TURNS; n++) {
    const all = turned(best.frontEnd)
    const steps = all.map((knob) =>
      around(best.frontEnd, knob, knob.reach).map((value) => changed(best.frontEnd, knob, value)),
    )
    const judged = await evaluator.judgeAll(steps.flat())
    let at = 0
    let chosen: { knob: Knob; judged: Judged } | undefined
    for (const [i, knob] of all.entries()) {
      for (const one of judged.slice(at, at + steps[i]!.length)) {
        if (one !== undefined && one.score < (chosen?.judged ?? best).score) chosen = { knob, judged: one }
      }
      at += steps[i]!.length
    }
    if (chosen === undefined) break
    const before = best.score
    best = await turn(chosen.judged, chosen.knob, evaluator, rounds)
    best = await fit(best, differingFrom(ours, best.frontEnd), evaluator, rounds)
    if (best.score > before * 0.99) break
  }
  return rounded(best, ours, evaluator)
}

/** The settings in which a front end differs from ours. */
export function differingFrom(ours: FrontEnd, frontEnd: FrontEnd): Wanted {
  return (name) => !Object.is(ours[name as keyof FrontEnd], frontEnd[name as keyof FrontEnd])
}

/** The setting that a cause is about, if it has any value. */
const TURNED: Partial<Record<CauseId, readonly Knob['name'][]>> = {
  'time-shift': ['shift'],
  preemphasis: ['framePreemphasis', 'signalPreemphasis'],
  'high-freq': ['highFreq'],
  'low-freq': ['lowFreq'],
  vtln: ['vtlnWarp'],
  'log-floor': ['floor'],
  dct: ['lifter'],
}

/** Fits the settings that differ from ours after a move, and that which it is about before others make up for it. */
export async function refineMove(
  judged: Judged,
  cause: CauseId,
  ours: FrontEnd,
  evaluator: Evaluator,
): Promise<Judged> {
  const all = turned(judged.frontEnd)
  let best = judged
  const own = TURNED[cause] ?? []
  const differs = differingFrom(ours, best.frontEnd)
  for (const knob of all) {
    const isOwn = own.includes(knob.name)
    // Edges at whole bins move in steps, which have no slope.
    const isEdge = knob.name === 'lowFreq' || knob.name === 'highFreq'
    const isStepped = isEdge && best.frontEnd.triangles === 'bins' && (isOwn || differs(knob.name))
    if (isStepped) best = await roundest(best, knob, evaluator)
    // A warp has better values on either side of worse ones.
    else if (isOwn && (knob.name === 'shift' || knob.name === 'vtlnWarp')) best = await turn(best, knob, evaluator, 5)
  }
  return fit(best, (name) => own.includes(name as Knob['name']) || differs(name), evaluator, 3)
}

/** Steps of an edge on either side of where it is. */
const EDGES = 8

/** The best of the round values around: edges that are cut to whole bins have no better ones in between. */
async function roundest(best: Judged, knob: Knob, evaluator: Evaluator): Promise<Judged> {
  const step = knob.name === 'lowFreq' ? 5 : 50
  const centre = Math.round(best.frontEnd[knob.name] / step) * step
  const values = Array.from({ length: 2 * EDGES + 1 }, (_, i) => centre + (i - EDGES) * step)
  const inside = values.filter((value) => value >= knob.low && value <= knob.high)
  for (const judged of await evaluator.judgeAll(inside.map((value) => changed(best.frontEnd, knob, value))))
    if (judged !== undefined && judged.score < best.score) best = judged
  return best
}

/** Every fitted setting at the roundest value that is no worse. */
async function rounded(best: Judged, ours: FrontEnd, evaluator: Evaluator): Promise<Judged> {
  const differs = differingFrom(ours, best.frontEnd)
  for (const knob of turned(best.frontEnd)) if (differs(knob.name)) best = await nicest(best, knob, evaluator)
  return best
}

function around(frontEnd: FrontEnd, knob: Knob, reach: number): number[] {
  const centre = frontEnd[knob.name]
  const values = new Set(POINTS.map((point) => moved(centre, point * reach, knob)))
  return [...values].filter((value) => value !== centre && value >= knob.low && value <= knob.high)
}

async function turn(start: Judged, knob: Knob, evaluator: Evaluator, rounds: number): Promise<Judged> {
  let best = start
  let reach = knob.reach
  for (let round = 0; round < rounds; round++) {
    const values = around(best.frontEnd, knob, reach)
    for (const judged of await evaluator.judgeAll(values.map((value) => changed(best.frontEnd, knob, value)))) {
      if (judged !== undefined && judged.score < best.score) best = judged
    }
    reach *= SHRINK
    if (knob.isWhole === true && reach < 0.9) {
      if (reach < 0.3) break
      reach = 1
    }
  }
  return nicest(best, knob, evaluator)
}

function moved(centre: number, by: number, { isWhole, isRatio }: Knob): number {
  if (isRatio === true) return centre * Math.exp(by)
  return isWhole === true ? Math.round(centre + by) : centre + by
}

function changed(frontEnd: FrontEnd, { name }: Knob, value: number): FrontEnd {
  return { ...frontEnd, [name]: value }
}

/** The roundest value that is no worse. */
async function nicest(best: Judged, knob: Knob, evaluator: Evaluator): Promise<Judged> {
  const value = best.frontEnd[knob.name]
  for (const step of knob.nice) {
    const round = Number((Math.round(value / step) * step).toPrecision(12))
    if (round === value) return best
    if (round < knob.low || round > knob.high) continue
    const [judged] = await evaluator.judgeAll([changed(best.frontEnd, knob, round)])
    if (judged !== undefined && judged.score <= best.score * 1.002 + 1e-7) return judged
  }
  return best
}
