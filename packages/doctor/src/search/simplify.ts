import { differences, type Field, withFields } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { staticColumns } from '../late.js'
import { frameCount, framings } from './counts.js'
import type { Evaluator } from './evaluate.js'
import type { Judged } from './score.js'
import { FOUND } from './search.js'

/** Values that a setting must change by more than rounding before it counts, as a part of all. */
const LEAST_CHANGED = 0.0005
/** How much worse a score may get by a simpler answer where nothing is certain. */
const LEAST_WORSE = 1.004

/**
 * Takes back, of the differences from ours, every one without which the target is reproduced as well; dither that its statistics have shown
 * stays, since noise hardly shows in a score.
 */
export async function simplify(
  found: Judged,
  ours: FrontEnd,
  evaluator: Evaluator,
  isDithered = false,
): Promise<Judged> {
  const told = await asToldOtherwise(await ofTheirCount(found, evaluator), ours, evaluator)
  let best = await withOurGain(told, ours, evaluator)
  for (;;) {
    // Normalisation over time cannot be judged by some frames: the reference itself has shown whose it is.
    const isShown = evaluator.target.freedom !== 'none' || !['none', 'whisper'].includes(ours.normalisation)
    const ids = differences(ours, best.frontEnd).filter(
      ({ id, fields }) =>
        !fields.includes('gain') && !(id === 'normalisation' && isShown) && !(id === 'dither' && isDithered),
    )
    const groups: Field[][] = ids.map(({ fields }) => [...fields])
    for (const [i, a] of ids.entries()) for (const b of ids.slice(i + 1)) groups.push([...a.fields, ...b.fields])
    const simpler = await firstAsGood(
      groups.map((fields) => withFields(best.frontEnd, ours, fields)),
      best,
      ours,
      evaluator,
    )
    if (simpler === undefined) return best
    best = simpler
  }
}

/** The same front end with other edges, if only those give the reference's number of frames. */
async function ofTheirCount(found: Judged, evaluator: Evaluator): Promise<Judged> {
  const { sound, target } = evaluator
  const samples = sound.length(found.frontEnd)
  if (frameCount(found.frontEnd, samples) >= target.totalFrames) return found
  const framed = framings(found.frontEnd, samples, target.totalFrames, 0)
  const judged = await evaluator.compareAll(framed.map((framing) => ({ ...found.frontEnd, ...framing })))
  return judged.find((one) => one !== undefined && isAsGood(one, found)) ?? found
}

/** A gain rather than another floor, where normalisation leaves nothing else of it: both give the same features. */
async function asToldOtherwise(found: Judged, ours: FrontEnd, evaluator: Evaluator): Promise<Judged> {
  const { floor, floorType, spectrum } = found.frontEnd
  const isSame = floorType === ours.floorType && floor === ours.floor
  if (evaluator.target.freedom === 'none' || isSame || !(floor > 0) || !(ours.floor > 0)) return found
  const gain = found.frontEnd.gain * (ours.floor / floor) ** (spectrum === 'power' ? 0.5 : 1)
  const [one] = await evaluator.compareAll([{ ...found.frontEnd, gain, floor: ours.floor, floorType: ours.floorType }])
  return one !== undefined && isAsGood(one, found) ? one : found
}

/** The gain is ours unless another is needed. */
async function withOurGain(found: Judged, ours: FrontEnd, evaluator: Evaluator): Promise<Judged> {
  const [same] = await evaluator.compareAll([{ ...found.frontEnd, gain: ours.gain }])
  return same !== undefined && isAsGood(same, found) ? same : found
}

async function firstAsGood(
  frontEnds: readonly FrontEnd[],
  best: Judged,
  ours: FrontEnd,
  evaluator: Evaluator,
): Promise<Judged | undefined> {
  const isOurs = best.frontEnd.gain === ours.gain
  const { sound, target } = evaluator
  const away = (one: FrontEnd) => {
    const more = frameCount(one, sound.length(one)) - target.totalFrames
    return Math.min(Math.abs(more), Math.abs(more - target.maskedFrames))
  }
  // Counts are facts: an answer that gives another number of frames or columns is no simpler one.
  const most = away(best.frontEnd)
  const isShaped = (one: FrontEnd) => staticColumns(one) * (one.deltas + 1) === target.totalColumns && away(one) <= most
  const shaped = frontEnds.filter(isShaped)
  const judged = isOurs ? await evaluator.compareAll(shaped) : await evaluator.judgeAll(shaped)
  let simplest: Judged | undefined
  for (const one of judged) {
    if (one === undefined || !isAsGood(one, best)) continue
    const settled = isOurs ? one : await withOurGain(one, ours, evaluator)
    if (simplest === undefined || settled.score < simplest.score) simplest = settled
  }
  return simplest
}

/** Whether one reproduces the target as well as another. */
export function isAsGood(one: Judged, best: Judged): boolean {
  if (best.exact >= FOUND) return one.exact >= best.exact - LEAST_CHANGED
  return one.score <= best.score * LEAST_WORSE
}
