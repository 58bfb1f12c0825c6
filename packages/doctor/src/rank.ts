import type { Cause } from './cause.js'
import { type Difference, isClose, withFields } from './cause-fields.js'
import { wholeFeatures } from './extract.js'
import type { FrontEnd } from './front-end.js'
import { normalised, staticFeatures } from './late.js'
import type { Matrix } from './matrix.js'
import { rowsAt } from './search/target.js'
import type { Sound } from './sound.js'
import { describeSetting } from './words/describe.js'
import { equivalents, type SentenceContext, sentence } from './words/sentence.js'

/** What is left between two matrices, over the frames that both have; columns that ours does not have count as zeros. */
export function rootMeanSquare(ours: Matrix, theirs: Matrix): number {
  const frames = Math.min(ours.frames, theirs.frames)
  let [square, count] = [0, 0]
  for (let f = 0; f < frames; f++) {
    for (let b = 0; b < theirs.bins; b++) {
      const own = b < ours.bins ? ours.data[f * ours.bins + b]! : 0
      const difference = theirs.data[f * theirs.bins + b]! - own
      if (!Number.isFinite(difference)) continue
      square += difference * difference
      count++
    }
  }
  return count === 0 ? Number.NaN : Math.sqrt(square / count)
}

/** Frames of a recording that is compared as a whole for every fix. */
const MAX_WHOLE = 12_000
/** Frames that stand for a longer one. */
const SAMPLE = 4000

/** Frames at even distances that stand for a long recording. */
function sampled(frames: number): Uint32Array | undefined {
  if (frames <= MAX_WHOLE) return undefined
  return Uint32Array.from({ length: SAMPLE }, (_, i) => Math.floor((i * frames) / SAMPLE))
}

/** Features of some frames, normalised over them; their deltas are left out. */
function featuresAt(sound: Sound, frontEnd: FrontEnd, frames: Uint32Array): Matrix {
  return normalised(staticFeatures(sound.energies(frontEnd, frames), frontEnd), frontEnd)
}

/** The causes in the order in which fixing them helps most, each with what its fix takes away. */
export function ranked(
  all: readonly Difference[],
  ours: FrontEnd,
  theirs: FrontEnd,
  sound: Sound,
  reference: Matrix,
  difference: number,
  context: SentenceContext,
): Cause[] {
  const some = sampled(reference.frames)
  const rows = some && { ...reference, frames: some.length, data: rowsAt(reference, some, reference.bins) }
  const left = (frontEnd: FrontEnd): number => {
    try {
      const ours = rows === undefined ? wholeFeatures(sound, frontEnd) : featuresAt(sound, frontEnd, some!)
      return rootMeanSquare(ours, rows ?? reference)
    } catch {
      // A step on the way, such as a window that is longer than the transform, may be impossible by itself.
      return Number.POSITIVE_INFINITY
    }
  }
  const causes: Cause[] = []
  const rest = all.filter(({ id }) => id !== 'layout')
  let [at, before] = [ours, difference]
  const end = left(theirs)
  while (rest.length > 0) {
    const tries = rest.map((one) => {
      const frontEnd = withFields(at, theirs, one.fields)
      return { one, frontEnd, residual: rest.length === 1 ? end : left(frontEnd) }
    })
    const chosen = tries.reduce((best, next) => (next.residual < best.residual ? next : best))
    const residual = Number.isFinite(chosen.residual) ? chosen.residual : before
    // What it hides: the difference if all others were fixed and this one were not.
    const alone = left(withFields(theirs, ours, chosen.one.fields))
    const inTurn = Math.max(0, before - residual)
    const hidden = Number.isFinite(alone) ? Math.max(0, alone - end) : 0
    const explains = difference > 0 ? Math.min(1, inTurn / difference) : 0
    // A fix that others hide until they are made counts for what is left without it.
    const gone = Math.max(inTurn, Math.min(hidden, before))
    const { id } = chosen.one
    causes.push({
      id,
      ours: describeSetting(id, ours, undefined, context),
      theirs: describeSetting(id, theirs, undefined, context),
      explains,
      explainsRest: before > 0 ? Math.min(1, gone / before) : 0,
      residual,
      equivalent: equivalents(id, ours, theirs, context),
      sentence: sentence(id, ours, theirs, explains, context),
    })
    rest.splice(rest.indexOf(chosen.one), 1)
    ;[at, before] = [chosen.frontEnd, residual]
  }
  return causes
}

/** A gain that people choose, if one is so near that no value tells. */
export function roundGain(gain: number, ours: FrontEnd): number {
  const nice = [1, 32768, 32767, 1 / 32768, 1 / 32767, 2 ** 31, 2 ** -31, 2, 0.5, 10, 0.1, 100].map(
    (value) => value * ours.gain,
  )
  return nice.find((value) => isClose(value, gain, 2e-5)) ?? gain
}
