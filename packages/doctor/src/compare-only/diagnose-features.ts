import type { TensorData, TensorLike } from '@dsp/tensor'
import type { CauseId } from '../cause.js'
import { count, plural } from '../figures/numbers.js'
import { type Matrix, relate, spread } from '../matrix.js'
import { align } from './align.js'
import { floorStep } from './floor.js'
import { byteOrder, cepstraOf, roundingOf, unfold } from './layout.js'
import { logarithmStep, offsetStep, slopeStep } from './levels.js'
import { normalisationStep } from './normalised.js'
import { shapeStep, unknownShape, warpStep } from './shape.js'
import type { Pair, Step } from './steps.js'
import { head, MOST_FRAMES, tableOf } from './table.js'
import type { FeatureDiagnosis, Sign } from './types.js'

/** Differences up to this are rounding, or nothing that a model would notice. */
const ROUNDING = 1e-3
/** What a sign must take away of the difference that is left. */
const MIN_SHARE = 0.01
/** The smallest offset that is a sign. */
const LEAST_OFFSET = 0.01
/** Correlation below which two matrices are hardly of one recording. */
const STRANGERS = 0.3

/** Collects signs and keeps the account of what remains. */
class Account {
  readonly signs: Sign[] = []
  constructor(
    public pair: Pair,
    public residual: number,
  ) {}

  add(id: CauseId, equivalent: readonly CauseId[], sentence: string, residual: number): void {
    const explains = this.residual > 0 ? Math.max(0, 1 - residual / this.residual) : 0
    this.signs.push({ id, equivalent, sentence, explains, residual })
    this.residual = residual
  }

  /** Takes, of some kinds of steps, that which leaves least, and then of the others, until none helps. */
  takeBest(kinds: readonly ((pair: Pair) => Step | undefined)[]): void {
    const found = kinds
      .map((kind) => ({ kind, step: kind(this.pair) }))
      .flatMap(({ kind, step }) =>
        step === undefined ? [] : [{ kind, step, rms: relate(step.a.data, this.pair.b.data).rms }],
      )
      .sort((p, q) => p.rms - q.rms)
    const taken = found.find(({ step }) => this.take(step))
    if (taken !== undefined) this.takeBest(kinds.filter((kind) => kind !== taken.kind))
  }

  /** Takes a step if it leaves less than before: of the difference itself, or of what no single offset takes away. */
  take(step: Step | undefined, isAffine = false): boolean {
    if (step === undefined) return false
    const { unit, least } = this.pair
    const pair = { a: step.a, b: this.pair.b, unit: step.unit ?? unit, least: step.least ?? least }
    const [before, after] = [relate(this.pair.a.data, this.pair.b.data), relate(pair.a.data, pair.b.data)]
    const left = ({ rms, offset }: typeof before) => (isAffine ? Math.sqrt(Math.max(0, rms ** 2 - offset ** 2)) : rms)
    if (left(after) > left(before) * (1 - MIN_SHARE)) return false
    this.pair = pair
    this.add(step.id, step.equivalent, step.sentence, after.rms)
    return true
  }
}

/**
 * Says from two matrices of features alone, without the audio, what likely makes them differ: transposed or reversed axes, byte order,
 * padding, a shift in time, another logarithm, gain, normalisation, pre-emphasis, the filters' norm or place, floors and noise. Each
 * pattern that is found is undone in ours before the next is looked for. As nothing is extracted again, no sentence says more than
 * "likely"; with the audio, `diagnose` can prove it.
 * @param ours - Our features, `[frames, bins]`, of any element type.
 * @param reference - The features that they should equal, `[frames, bins]` or in another layout.
 * @returns The signs in the order in which they were undone; none for equal matrices. Matrices that cannot be compared, values that
 *   are not finite and whatever stays unexplained are named in `open`.
 * @throws `DspError` `ERR_DSP_TYPE` if either is not a tensor.
 *
 * @example
 * ```ts
 * import { diagnoseFeatures } from '@dsp/doctor'
 * import { tensor } from '@dsp/tensor'
 * const ours = tensor(new Float32Array(8000).map((_, i) => Math.sin(i * i) - 5), [100, 80])
 * const theirs = tensor(ours.data.map((x) => x / Math.LN10), [100, 80])
 * const { signs } = diagnoseFeatures(ours, theirs)
 * signs.map((sign) => sign.id) // => ['log']
 * ```
 */
export function diagnoseFeatures(ours: TensorLike<TensorData>, reference: TensorLike<TensorData>): FeatureDiagnosis {
  const [mine, theirs] = [tableOf(ours, 'ours'), tableOf(reference, 'reference')]
  const open = [mine.problem, theirs.problem].filter((problem) => problem !== undefined).map((problem) => `${problem}.`)
  const shapes = [mine.shape, theirs.shape] as const
  const nothing = {
    equal: false,
    shapes,
    difference: null,
    correlation: null,
    shift: 0,
    signs: [],
    residual: null,
    share: 0,
    binOffsets: [],
  }
  if (mine.matrix === undefined || theirs.matrix === undefined) return { ...nothing, open }
  if (isEqual(mine.matrix, theirs.matrix)) {
    const { rms, correlation } = relate(mine.matrix.data, theirs.matrix.data)
    return { ...nothing, equal: true, difference: rms, correlation, residual: rms, share: 1, open }
  }
  const early: { id: CauseId; sentence: string }[] = []
  let matrix = theirs.matrix
  const ordered = byteOrder(reference, theirs)
  if (ordered !== undefined) {
    matrix = ordered
    early.push({
      id: 'layout',
      sentence: 'The bytes of the reference are likely in the other order: only so are its values of a sensible size.',
    })
  }
  open.push(...notFinite('Ours', mine.matrix), ...notFinite('The reference', matrix))
  const unfolded = unfold(mine.matrix, matrix)
  early.push(...unfolded.found)
  const cepstra = cepstraOf(mine.matrix, unfolded.matrix)
  if (cepstra !== undefined) {
    early.push({
      id: 'dct',
      sentence: `The reference likely holds ${plural(cepstra.bins, 'cepstral coefficient')}: the cosine transform of our columns follows them.`,
    })
    return compare(cepstra, unfolded.matrix, { ...nothing, open }, early, false)
  }
  if (unfolded.matrix.bins !== mine.matrix.bins) {
    const sentence = `The reference has ${plural(unfolded.matrix.bins, 'bin')}, ours ${String(mine.matrix.bins)}: the numbers of filters likely differ, and values cannot be compared.`
    const signs = [...early, { id: 'num-bins' as const, sentence }].map((sign) => ({
      ...sign,
      equivalent: [],
      explains: 0,
      residual: 0,
    }))
    return { ...nothing, signs, open }
  }
  for (const [who, m] of [
    ['Ours', mine.matrix],
    ['The reference', unfolded.matrix],
  ] as const) {
    const { std, n, mean } = spread(m.data)
    if (n > 0 && std > 0) continue
    const constant = n > 0 ? [`${who}: every value is ${mean.toPrecision(6)}; there is nothing to compare.`] : []
    return { ...nothing, open: [...open, ...constant] }
  }
  return compare(mine.matrix, unfolded.matrix, { ...nothing, open }, early, theirs.isInteger && !mine.isInteger)
}

function isEqual(a: Matrix, b: Matrix): boolean {
  if (a.frames !== b.frames || a.bins !== b.bins) return false
  return a.data.every((x, i) => Math.abs(x - b.data[i]!) <= ROUNDING || Object.is(x, b.data[i]!))
}

function* notFinite(who: string, { data }: Matrix): Generator<string> {
  const n = data.reduce((sum, x) => sum + (Number.isFinite(x) ? 0 : 1), 0)
  if (n > 0) yield `${who}: ${count(n)} of ${count(data.length)} values are NaN or infinite; they are left out.`
}

/** The signs of two matrices with as many bins. */
function compare(
  ours: Matrix,
  theirs: Matrix,
  base: FeatureDiagnosis,
  early: readonly { id: CauseId; sentence: string }[],
  isInteger: boolean,
): FeatureDiagnosis {
  const open = [...base.open]
  const shared = Math.min(ours.frames, theirs.frames) * ours.bins
  const start = relate(ours.data.subarray(0, shared), theirs.data.subarray(0, shared))
  const aligned = align(head(ours), head(theirs))
  const longest = Math.max(ours.frames, theirs.frames)
  if (longest > MOST_FRAMES)
    open.push(`Only the first ${count(MOST_FRAMES)} of ${count(longest)} frames were looked at.`)
  const account = new Account({ a: aligned.a, b: aligned.b, unit: 1, least: LEAST_OFFSET }, start.rms)
  for (const { id, sentence } of early) account.add(id, [], sentence, start.rms)
  const binOffsets = Array.from(
    { length: ours.bins },
    (_, bin) => relate(aligned.a.data, aligned.b.data, bin, ours.bins).offset,
  )
  if (aligned.shift !== 0) {
    const { rms } = relate(aligned.a.data, aligned.b.data)
    const [late, by] = aligned.shift > 0 ? ['later', aligned.fraction] : ['earlier', -aligned.fraction]
    const sentence = `Theirs likely come ${plural(Math.abs(aligned.shift), 'frame')} ${late} (about ${by.toFixed(1)}): so shifted, the course over time correlates by ${aligned.after.toFixed(3)}, unshifted by ${aligned.before.toFixed(3)}.`
    account.add('time-shift', ['decoder-delay', 'layout', 'snip-edges'], sentence, rms)
  }
  const ratio = theirs.frames / ours.frames
  if (Math.abs(Math.log(ratio)) > 0.1)
    open.push(
      `The reference has ${ratio.toFixed(2)} times as many frames: another hop (frame-shift), another sample rate, or another length of audio.`,
    )
  const isRelated = aligned.after >= STRANGERS
  if (!isRelated)
    open.push(
      `The course over time correlates by no more than ${aligned.after.toFixed(2)}, at any shift: these are hardly features of one recording, or of no kind that is known here.`,
    )
  if (isRelated) {
    account.take(logarithmStep(account.pair), true)
    account.take(normalisationStep(account.pair, { ours, theirs }), true)
    account.take(slopeStep(account.pair, false), true)
    account.takeBest([offsetStep, shapeStep, floorStep, warpStep])
    account.take(slopeStep(account.pair, true), true)
    const shape = unknownShape(account.pair)
    if (shape !== undefined) open.push(shape)
  }
  if (isInteger)
    account.add('layout', [], 'The reference holds whole numbers: its values are likely quantised.', account.residual)
  const rounding = isInteger ? undefined : roundingOf(ours, theirs, account.pair.a)
  if (rounding !== undefined) {
    const { rms } = relate(rounding.a.data, account.pair.b.data)
    const sentence = `The reference was likely rounded to ${rounding.dtype}: all of its values are numbers of that format.`
    account.add('layout', [], sentence, Math.min(rms, account.residual))
  }
  const share = start.rms > 0 ? Math.max(0, 1 - account.residual / start.rms) : 1
  if (isRelated && account.residual > ROUNDING && share < 0.99)
    open.push(
      `A difference of ${account.residual.toPrecision(3)} (root mean square) is left over that no sign here explains; with the audio, it could be searched for.`,
    )
  return {
    ...base,
    difference: start.rms,
    correlation: start.correlation,
    shift: aligned.shift,
    signs: account.signs,
    residual: account.residual,
    share,
    binOffsets,
    open,
  }
}
