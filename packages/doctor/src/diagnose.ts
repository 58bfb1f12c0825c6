import type { AudioLike } from '@dsp/signal'
import { DspError, type Tensor, type TensorData } from '@dsp/tensor'
import type { Cause, CauseId } from './cause.js'
import { causeIds } from './cause.js'
import { differences, type Field } from './cause-fields.js'
import { countFindings } from './counts.js'
import type { Diagnosis, DiagnosisProgress, Finding } from './diagnosis.js'
import { wholeFeatures } from './extract.js'
import type { FrontEnd } from './front-end.js'
import { type DiagnosableKind, diagnosableKinds, frontEndOf } from './kinds.js'
import { layoutCauseOf, plainLayout } from './layout-cause.js'
import { type Matrix, spread } from './matrix.js'
import { ranked, rootMeanSquare, roundGain } from './rank.js'
import { readReference, type Stored, storedReference } from './reference.js'
import { aim, deltasOf } from './search/aim.js'
import { withDither } from './search/dither.js'
import { Evaluator } from './search/evaluate.js'
import { missedFrames, withFrames } from './search/missed.js'
import { moves } from './search/moves.js'
import type { Judged } from './search/score.js'
import { FOUND, search } from './search/search.js'
import { isAsGood, simplify } from './search/simplify.js'
import { starts } from './search/starts.js'
import type { Target } from './search/target.js'
import { Sound } from './sound.js'

/** What is diagnosed. */
export interface DiagnoseInput {
  /** The recording, in [-1, 1], of shape `[samples]` or `[channels, samples]`, with its rate. */
  readonly audio: AudioLike
  /** Features that somebody else made of it, of two axes and any element type. */
  readonly reference: Tensor<TensorData>
  /** The kind of features that ours are. Default: the kind that comes nearest. */
  readonly kind?: DiagnosableKind
  /**
   * Options of the kind. Default: its own defaults, with the reference's number of columns. A rate other than the audio's means that
   * the audio is resampled to it first.
   */
  readonly options?: object
  /** Our features of the recording, if they were made by something else: their settings are found first. */
  readonly ours?: Tensor<TensorData>
  /** Whether the audio is from a lossy codec, whose decoder may delay it. Default false. */
  readonly isLossy?: boolean
  /** Seconds after which the search ends with the best so far, 1 to 600. Default 8. */
  readonly timeLimit?: number
  /** Ends it with `ERR_DSP_ABORTED`. */
  readonly signal?: AbortSignal
  /** Is told how far it is. */
  readonly onProgress?: (progress: DiagnosisProgress) => void
}

/** Settings that decide the number of columns. */
const SHAPE: ReadonlySet<Field> = new Set<Field>(['numBins', 'numCeps', 'energyColumn', 'deltas'])

/** The part of what was left that a cause must explain to be more than minor. */
const LEAST_SHARE = 0.01

/**
 * Finds the settings that reproduce a reference from audio, and names what differs from ours.
 * @param input - The recording, the reference, and what is known of ours. See {@link DiagnoseInput}.
 * @returns The causes, the most important first, each shown by a re-extraction, with the settings that were found.
 * @throws DspError `ERR_DSP_SHAPE` for a reference that is empty or has more than two axes, `ERR_DSP_NOT_FINITE` for audio with NaN or
 *   infinity and a reference without any finite number, `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options,
 *   `ERR_DSP_ABORTED` if the signal is aborted.
 *
 * @example
 * ```ts
 * import { fbank } from '@dsp/mel-kaldi'
 * import { diagnose } from '@dsp/doctor'
 * const samples = new Float32Array(32000).map((_, i) => Math.sin(i * i * 1e-5) * 0.3 + 0.1 * Math.sin(i / 50))
 * const reference = fbank(samples, { numMelBins: 40, windowType: 'hamming' })
 * const { causes, explained } = await diagnose({ audio: { samples, sampleRate: 16000 }, reference, kind: 'fbank' })
 * causes.map(({ id }) => id) // => ['window']
 * explained // => true
 * ```
 */
export async function diagnose(input: DiagnoseInput): Promise<Diagnosis> {
  const start = Date.now()
  const { audio, timeLimit = 8, signal } = input
  if (!(timeLimit >= 1 && timeLimit <= 600)) throw DspError.argument('timeLimit', 'between 1 and 600 s', timeLimit)
  const padTo = padding(input)
  const sound = new Sound(audio, padTo)
  try {
    const stored = storedReference(input.reference)
    const kind = input.kind ?? (await nearestKind(input, stored, sound))
    const claimed = { kind, ours: ourFrontEnd(kind, input.options, stored, sound) }
    const until = (seconds: number) => ({ start, deadline: start + 1000 * seconds })
    if (input.ours === undefined) return await explained(input, stored, claimed, sound, until(timeLimit))
    const own = await explained(input, storedReference(input.ours), claimed, sound, until(timeLimit / 2))
    const result = await explained(input, stored, { ...claimed, ours: own.theirs }, sound, until(timeLimit))
    const finding: Finding = {
      stage: 'search',
      causes: [],
      sentence: own.explained
        ? 'The settings of our features were found from the features themselves, down to rounding.'
        : `The settings of our features were found only nearly: ${own.residual.toPrecision(3)} of ${own.difference.toPrecision(3)} remain.`,
    }
    return { ...result, findings: [finding, ...result.findings] }
  } finally {
    sound.close()
    signal?.throwIfAborted()
  }
}

/** Whisper's features are of 30 s, unless the reference is as long as the audio. */
function padding({ kind, options, reference, audio }: DiagnoseInput): number | null {
  if (kind !== 'whisper') return null
  const { chunkLength = 30 } = (options ?? {}) as { chunkLength?: number | null }
  const samples = audio.samples as { shape?: readonly number[]; length?: number }
  const seconds = (samples.shape?.at(-1) ?? samples.length ?? 0) / audio.sampleRate
  const frames = Math.max(...reference.shape)
  const isPadded = chunkLength !== null && Math.abs(frames - 100 * chunkLength) <= 2
  return isPadded && Math.abs(seconds - chunkLength) > 0.02 ? chunkLength : null
}

/** The rate that ours are computed at. */
function ourRate(kind: DiagnosableKind, options: object | undefined, sampleRate: number): number {
  if (kind === 'whisper') return 16000
  const { sampleFrequency, sr, sampleRate: rate } = (options ?? {}) as Record<string, number | undefined>
  const given = kind === 'fbank' || kind === 'mfcc' ? sampleFrequency : kind === 'nemo' ? (rate ?? 16000) : sr
  return given ?? sampleRate
}

function ourFrontEnd(kind: DiagnosableKind, options: object | undefined, stored: Stored, sound: Sound): FrontEnd {
  const sampleRate = ourRate(kind, options, sound.sampleRate)
  const resampler = sampleRate === sound.sampleRate ? 'none' : 'torchaudio'
  const frontEnd = { ...frontEndOf(kind, options, sampleRate), resampler } as const
  // Without options, our number of columns is theirs if that is a number of filters at all.
  const count = ['numMelBins', 'nMels', 'features', 'numCeps', 'nMfcc'].some((name) => name in (options ?? {}))
  if (count || 'preset' in (options ?? {})) return frontEnd
  const { matrix } = readReference(stored, sound.frames(frontEnd), columnsOf(frontEnd))
  const columns = matrix.bins / (deltasOf(matrix) + 1)
  if (columns < 3 || columns > 256) return frontEnd
  if (frontEnd.numCeps === 0) return { ...frontEnd, numBins: columns }
  return columns <= frontEnd.numBins ? { ...frontEnd, numCeps: columns } : frontEnd
}

function columnsOf({ numCeps, numBins, deltas }: FrontEnd): number {
  return (numCeps > 0 ? numCeps : numBins) * (deltas + 1)
}

/** What ours are taken for. */
interface Claimed {
  readonly kind: DiagnosableKind
  readonly ours: FrontEnd
}

/** The kind whose own front end, with its defaults, comes nearest. */
async function nearestKind({ signal }: DiagnoseInput, stored: Stored, sound: Sound): Promise<DiagnosableKind> {
  let nearest: { kind: DiagnosableKind; score: number } = { kind: 'fbank', score: Number.POSITIVE_INFINITY }
  for (const kind of diagnosableKinds) {
    const ours = ourFrontEnd(kind, undefined, stored, sound)
    const read = readReference(stored, sound.frames(ours), columnsOf(ours))
    const { target, late } = aim(read, ours, sound)
    if (target === undefined) continue
    const evaluator = new Evaluator(sound, target, signal)
    const tries = starts(ours, sound, target.totalFrames, target.totalColumns, late).slice(0, 3)
    for (const judged of await evaluator.judgeAll(tries)) {
      if (judged !== undefined && judged.score < nearest.score) nearest = { kind, score: judged.score }
    }
  }
  return nearest.kind
}

async function explained(
  input: DiagnoseInput,
  stored: Stored,
  { kind, ours }: Claimed,
  sound: Sound,
  { start, deadline }: { readonly start: number; readonly deadline: number },
): Promise<Diagnosis> {
  const { signal, onProgress } = input
  onProgress?.({ stage: 'counts', tried: 0, residual: Number.NaN })
  const read = readReference(stored, sound.frames(ours), columnsOf(ours))
  const oursValues = wholeFeatures(sound, ours)
  const findings: Finding[] = [...read.findings, ...countFindings(ours, sound, read.matrix)]
  const { target: first, late, lag, notes, reference, isReversed } = aim(read, ours, sound)
  findings.push(...notes)
  const base = { kind, ours, oursValues, reference, layout: { ...read.layout, reversed: isReversed } }
  if (first === undefined) return unexplained({ ...base, findings, tried: 0, seconds: (Date.now() - start) / 1000 })
  onProgress?.({ stage: 'signatures', tried: 0, residual: rootMeanSquare(oursValues, reference) })
  let target = first
  let evaluator = new Evaluator(sound, target, signal)
  const begin = starts(ours, sound, target.totalFrames, target.totalColumns, late, {
    lag,
    masked: target.maskedFrames,
    isLogarithmic: target.freedom === 'none' && target.logarithms === undefined,
    isScaled: target.freedom === 'none' && ours.log !== 'none',
  })
  const onStep = (best: Judged) => onProgress?.({ stage: 'search', tried: evaluator.tried, residual: best.residual })
  const differing = (one: FrontEnd) => differences(ours, { ...one, gain: ours.gain }).map(({ id }) => id)
  const same = await evaluator.compareAll([{ ...ours, ...late }])
  const searched = (from: readonly FrontEnd[]) =>
    search(from, evaluator, { sound, target, slack: 3 }, deadline, onStep, ours, differing)
  let found =
    same[0] !== undefined && same[0].exact >= FOUND && isSameShape(oursValues, reference)
      ? { best: same[0], others: [], isCut: false }
      : await searched(begin)
  if (found !== undefined && found.best.exact >= FOUND) {
    const missed = missedFrames(found.best.frontEnd, sound, reference, target)
    if (missed.length > 0) {
      target = withFrames(target, reference, missed)
      evaluator = new Evaluator(sound, target, signal)
      found = (await searched([found.best.frontEnd, ...begin])) ?? found
    }
  }
  signal?.throwIfAborted()
  if (found === undefined)
    return unexplained({ ...base, findings, tried: evaluator.tried, seconds: (Date.now() - start) / 1000 })
  onProgress?.({ stage: 'proof', tried: evaluator.tried, residual: found.best.residual })
  const dithered = await withDither(found, ours, evaluator, reference, differing)
  const isDithered = dithered !== undefined
  let best = await simplify(dithered ?? found.best, ours, evaluator, isDithered)
  const gain = roundGain(best.frontEnd.gain, ours)
  const [rounded] = gain === best.frontEnd.gain ? [] : await evaluator.compareAll([{ ...best.frontEnd, gain }])
  if (rounded !== undefined && isAsGood(rounded, best)) best = rounded
  best = withOurFloor(best, ours, sound, reference)
  const theirs = asChannels(best.frontEnd, ours, sound)
  if (found.isCut)
    findings.push({
      stage: 'search',
      causes: [],
      sentence: 'The search ended for want of time; a longer time limit may find more.',
    })
  return proof({ ...base, input, theirs, best, isDithered, evaluator, findings, target, sound, start })
}

function isSameShape(a: Matrix, b: Matrix): boolean {
  return a.frames === b.frames && a.bins === b.bins
}

/** Our floor where it gives the same: one relative to the loudest value shows only in all frames, not in those that were searched. */
function withOurFloor(best: Judged, ours: FrontEnd, sound: Sound, reference: Matrix): Judged {
  const { floorType, floor, topDb } = ours
  const frontEnd = { ...best.frontEnd, floorType, floor, topDb }
  const isSame = (['floorType', 'floor', 'topDb'] as const).every((name) => frontEnd[name] === best.frontEnd[name])
  if (isSame) return best
  const left = (one: FrontEnd) => rootMeanSquare(wholeFeatures(sound, one), reference)
  return left(frontEnd) <= left(best.frontEnd) * 1.05 + 1e-6 ? { ...best, frontEnd } : best
}

/** A gain of as many times as there are channels is the sum of them. */
function asChannels(frontEnd: FrontEnd, ours: FrontEnd, { channels }: Sound): FrontEnd {
  const isSum = channels > 1 && frontEnd.channel === 'mean' && Math.abs(frontEnd.gain / ours.gain / channels - 1) < 1e-5
  return isSum ? { ...frontEnd, channel: 'sum', gain: ours.gain } : frontEnd
}

interface Proof extends Pick<Diagnosis, 'kind' | 'ours' | 'oursValues' | 'reference' | 'layout'> {
  readonly input: DiagnoseInput
  readonly theirs: FrontEnd
  readonly best: Judged
  readonly isDithered: boolean
  readonly evaluator: Evaluator
  readonly findings: Finding[]
  readonly target: Target
  readonly sound: Sound
  readonly start: number
}

/** Extracts everything with the settings that were found, and says what each of them explains. */
async function proof(given: Proof): Promise<Diagnosis> {
  const {
    input,
    kind,
    ours,
    theirs,
    best,
    isDithered,
    evaluator,
    findings,
    target,
    sound,
    start,
    reference,
    layout,
    oursValues,
  } = given
  const reproduced = wholeFeatures(sound, theirs)
  const difference = rootMeanSquare(oursValues, reference)
  const residual = rootMeanSquare(reproduced, reference)
  const { peak, rms } = sound.level(theirs)
  const codec = input.isLossy === true || provesCodec(ours, theirs)
  const layouts = [plainLayout(kind, layout), layout] as const
  const context = { peak, rms, layouts }
  const all = differences(ours, theirs, { codec, layouts })
  const isFound = best.exact >= FOUND || (isDithered && theirs.dither > 0)
  const share = difference > 0 ? Math.max(0, 1 - residual / difference) : 1
  const causes = ranked(all, ours, theirs, sound, reference, difference, context)
  // A difference that is mostly a constant is no sign of being near: what is left must be small beside the values' own spread.
  const { std } = spread(reference.data, 1)
  const isNear = isFound || (share >= 0.5 && residual < 0.5 * std)
  const isLikely = share >= 0.9 && residual < 0.2 * std
  const shown = isNear ? causes : []
  const isLayout = all.some(({ id }) => id === 'layout')
  const layoutCause = isLayout ? [layoutCauseOf(ours, theirs, context, difference, causes.length === 0)] : []
  // Noise leaves as much as it makes: that it looks like theirs is what shows it.
  // Columns and frames that are missing differ in no value.
  const isShaped = oursValues.bins !== reference.bins
  const isCounted = oursValues.frames < reference.frames || oursValues.frames > reference.frames + layout.after
  const shapes = new Set(all.filter(({ fields }) => fields.some((field) => SHAPE.has(field))).map(({ id }) => id))
  const isMain = ({ id, explainsRest }: Cause) =>
    explainsRest > LEAST_SHARE ||
    (id === 'dither' && isFound) ||
    (isShaped && shapes.has(id)) ||
    (isCounted && id === 'snip-edges')
  const main = [...layoutCause, ...shown.filter(isMain)]
  const { ruledOut, cannotTell } = await elsewhere(
    best,
    evaluator,
    { sound, target, slack: 0 },
    new Set(causes.map(({ id }) => id)),
  )
  return {
    explained: isFound,
    share,
    residual,
    difference,
    causes: main,
    minor: shown.filter((cause) => !isMain(cause)),
    harmless: [
      {
        id: 'polarity',
        sentence: 'A reversed polarity changes no value of features like these; it cannot be told and does no harm.',
      },
    ],
    ruledOut: isFound ? ruledOut : [],
    cannotTell,
    findings,
    confidence: isFound ? 'certain' : isLikely ? 'likely' : 'none',
    kind,
    ours,
    theirs,
    layout,
    oursValues,
    reference,
    reproduced,
    tried: evaluator.tried,
    seconds: (Date.now() - start) / 1000,
  }
}

/** Whether the difference of starts is whole frames of a codec at a usual rate. */
function provesCodec(ours: FrontEnd, theirs: FrontEnd): boolean {
  const samples = Math.abs(theirs.shift - ours.shift)
  if (samples === 0) return false
  return [44100, 48000, theirs.sampleRate].some((rate) => {
    const frame = (1152 * theirs.sampleRate) / rate
    return Number.isInteger(samples / frame)
  })
}

/** What other settings would change: causes that are ruled out, and those that cannot be told. */
async function elsewhere(
  best: Judged,
  evaluator: Evaluator,
  context: { sound: Sound; target: Target; slack: number },
  named: ReadonlySet<CauseId>,
): Promise<{ ruledOut: CauseId[]; cannotTell: CauseId[] }> {
  const tries = moves(best.frontEnd, context)
  const judged = await evaluator.judgeAll(tries.map(({ frontEnd }) => frontEnd))
  const [changes, same] = [new Set<CauseId>(), new Set<CauseId>()]
  for (const [i, { cause }] of tries.entries()) {
    const one = judged[i]
    if (one !== undefined) (isAsGood(one, best) ? same : changes).add(cause)
  }
  const others = causeIds.filter((id) => !named.has(id))
  return {
    ruledOut: others.filter((id) => changes.has(id) && !same.has(id)),
    cannotTell: others.filter((id) => same.has(id) && !changes.has(id)),
  }
}

function unexplained(
  given: Pick<Diagnosis, 'kind' | 'ours' | 'oursValues' | 'reference' | 'layout' | 'findings' | 'tried' | 'seconds'>,
): Diagnosis {
  const difference = rootMeanSquare(given.oursValues, given.reference)
  return {
    ...given,
    explained: false,
    share: 0,
    residual: difference,
    difference,
    causes: [],
    minor: [],
    harmless: [],
    ruledOut: [],
    cannotTell: [],
    confidence: 'none',
    theirs: given.ours,
    reproduced: given.oursValues,
  }
}
