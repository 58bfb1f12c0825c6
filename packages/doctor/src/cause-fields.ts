import { type CauseId, causeIds } from './cause.js'
import type { FrontEnd, Layout } from './front-end.js'
import { isScalingOfTransform } from './gain.js'

/** A setting of a front end or of a layout. */
export type Field = keyof FrontEnd | keyof Layout

const FIELDS: Readonly<Record<CauseId, readonly Field[]>> = {
  channel: ['channel'],
  'sample-rate': ['sampleRate'],
  resampler: ['resampler'],
  'decoder-delay': ['shift'],
  'time-shift': ['shift'],
  'sample-scale': ['gain'],
  polarity: ['gain'],
  'dc-offset': ['dcOffset'],
  dither: ['dither'],
  preemphasis: ['signalPreemphasis', 'framePreemphasis', 'preemphasisTimes'],
  'frame-length': ['frameLength'],
  'frame-shift': ['frameShift'],
  'snip-edges': ['padding', 'dropLast'],
  window: ['window', 'periodic'],
  'fft-length': ['fftLength'],
  spectrum: ['spectrum'],
  'fft-scaling': ['gain'],
  'mel-scale': ['melScale'],
  'mel-norm': ['melNorm'],
  'mel-triangles': ['triangles'],
  'low-freq': ['lowFreq'],
  'high-freq': ['highFreq'],
  'num-bins': ['numBins'],
  vtln: ['vtlnWarp'],
  log: ['log'],
  'log-floor': ['floorType', 'floor', 'topDb'],
  'energy-column': ['energyColumn', 'rawEnergy', 'energyFloor'],
  dct: ['numCeps', 'dctType', 'dctOrtho', 'lifter', 'lifterType'],
  deltas: ['deltas'],
  normalisation: ['normalisation', 'normalisationDdof', 'normalisationTimes'],
  layout: ['axes', 'reversed', 'dtype', 'swapped', 'before', 'after'],
}

/**
 * The settings that a cause is about.
 * @param cause - The id of the cause. `sample-scale`, `polarity` and `fft-scaling` share `gain`; `decoder-delay` and `time-shift`
 *   share `shift`.
 * @returns Names of settings of a {@link FrontEnd}; those of `layout` are of a {@link Layout}.
 *
 * @example
 * ```ts
 * import { fieldsOf } from '@dsp/doctor'
 * fieldsOf('window') // => ['window', 'periodic']
 * ```
 */
export function fieldsOf(cause: CauseId): readonly Field[] {
  return FIELDS[cause]
}

/**
 * A front end with some settings of another one.
 * @param from - What it is but for those settings.
 * @param to - The one that has them.
 * @param fields - Their names.
 * @returns A new front end.
 *
 * @example
 * ```ts
 * import { fieldsOf, type FrontEnd, withFields } from '@dsp/doctor'
 * const [ours, theirs] = [{ window: 'povey', numBins: 80 }, { window: 'hann', numBins: 40 }] as FrontEnd[]
 * withFields(ours, theirs, fieldsOf('window')).window // => 'hann'
 * ```
 */
export function withFields(from: FrontEnd, to: FrontEnd, fields: readonly Field[]): FrontEnd {
  return { ...from, ...Object.fromEntries(fields.map((field) => [field, to[field as keyof FrontEnd]])) }
}

/** What decides between causes that features cannot tell apart. */
export interface DifferenceContext {
  /** Whether the audio is lossy, or counts prove that whole codec frames are missing: a delay is then `decoder-delay`. */
  readonly codec?: boolean
  /** Our layout and theirs; if they are not given, `layout` is no difference. */
  readonly layouts?: readonly [ours: Layout, theirs: Layout]
}

/** A difference between two front ends. */
export interface Difference {
  /** The cause that it is. */
  readonly id: CauseId
  /** The settings that differ. */
  readonly fields: readonly Field[]
}

/** Settings that do nothing in a front end, as another one switches them off. */
function idle(frontEnd: FrontEnd): ReadonlySet<Field> {
  const fields: Field[] = []
  if (frontEnd.signalPreemphasis === 0 && frontEnd.framePreemphasis === 0) fields.push('preemphasisTimes')
  if (frontEnd.window === 'rectangular') fields.push('periodic')
  if (frontEnd.numBins === 0) fields.push('melScale', 'melNorm', 'triangles', 'lowFreq', 'highFreq', 'vtlnWarp')
  if (frontEnd.log === 'none') fields.push('topDb')
  if (frontEnd.floorType === 'none') fields.push('floor')
  if (frontEnd.energyColumn === 'none') fields.push('rawEnergy', 'energyFloor')
  if (frontEnd.numCeps === 0) fields.push('dctType', 'dctOrtho', 'lifter')
  if (frontEnd.numCeps === 0 || frontEnd.lifter === 0) fields.push('lifterType')
  const { normalisation } = frontEnd
  if (normalisation === 'none') fields.push('normalisationTimes')
  if (normalisation !== 'per-feature' && normalisation !== 'all-features') fields.push('normalisationDdof')
  return new Set(fields)
}

/** Two numbers that no features could tell apart. */
export function isClose(a: number, b: number, tolerance = 1e-9): boolean {
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

function isEqual(a: unknown, b: unknown): boolean {
  return typeof a === 'number' && typeof b === 'number' ? isClose(a, b) : a === b
}

/** What a rate brings with it: a resampler, lengths, and an upper edge. */
const RATED = ['resampler', 'frameLength', 'frameShift', 'fftLength', 'highFreq'] as const
/** Lengths are whole samples, and those of transforms powers of two. */
const RATED_TOLERANCE = 0.02

/** Those of the lengths that differ only since the rate does, the upper edge if it is as far below half the rate in
 * both, and the resampler that one of them does not need. */
function followRate(ours: FrontEnd, theirs: FrontEnd): ReadonlySet<Field> {
  const ratio = theirs.sampleRate / ours.sampleRate
  if (isClose(ratio, 1)) return new Set()
  const scaled = (field: 'frameLength' | 'frameShift' | 'fftLength' | 'highFreq') =>
    isClose(theirs[field], ours[field] * ratio, RATED_TOLERANCE)
  const power = (n: number) => 2 ** Math.ceil(Math.log2(n))
  const isNext = (frontEnd: FrontEnd) => frontEnd.fftLength === power(frontEnd.frameLength)
  const below = ({ highFreq, sampleRate }: FrontEnd) => sampleRate / 2 - highFreq
  const length = scaled('frameLength')
  const followed = {
    frameLength: length,
    frameShift: scaled('frameShift'),
    fftLength: length && (scaled('fftLength') || (isNext(ours) && isNext(theirs))),
    highFreq: Math.abs(below(ours) - below(theirs)) < 1,
    resampler: ours.resampler === 'none' || theirs.resampler === 'none',
  }
  return new Set(RATED.filter((field) => followed[field]))
}

/**
 * All causes by which two front ends differ, in the order of the pipeline. Settings without effect in both do not count: a lifter where
 * there are no cepstra, for one. Giving ours the fields of all of them makes it compute what theirs does.
 * @param ours - Our front end.
 * @param theirs - Theirs.
 * @param context - See {@link DifferenceContext}.
 * @returns Each cause with the settings of it that differ; empty if both compute the same. A gain is `fft-scaling` if it is within
 *   0.1 % of a transform's length, its square root, the sum of the window, or what these are under a power spectrum, and
 *   `sample-scale` otherwise; its sign is `polarity`. Lengths that have the same duration at another rate go with `sample-rate`.
 *
 * @example
 * ```ts
 * import { differences, frontEndOf } from '@dsp/doctor'
 * const ours = frontEndOf('fbank', { numMelBins: 80 }, 16000)
 * differences(ours, { ...ours, melScale: 'slaney', gain: 32768 }).map(({ id }) => id) // => ['sample-scale', 'mel-scale']
 * ```
 */
export function differences(ours: FrontEnd, theirs: FrontEnd, context: DifferenceContext = {}): Difference[] {
  const off = [idle(ours), idle(theirs)]
  const rated = followRate(ours, theirs)
  const [from, to] = [
    { ...ours, ...context.layouts?.[0] },
    { ...theirs, ...context.layouts?.[1] },
  ] as Record<Field, unknown>[]
  // What is off in one only is on in the other, whose value counts.
  const differs = (field: Field) => !(off[0]!.has(field) && off[1]!.has(field)) && !isEqual(from![field], to![field])
  const changed = (fields: readonly Field[]) => fields.filter((field) => differs(field) && !rated.has(field))
  const isScaling = isScalingOfTransform(ours, theirs)
  const magnitude = !isClose(Math.abs(ours.gain), Math.abs(theirs.gain))
  const applies: Partial<Record<CauseId, boolean>> = {
    'decoder-delay': context.codec === true,
    'time-shift': context.codec !== true,
    'sample-scale': magnitude && !isScaling,
    'fft-scaling': magnitude && isScaling,
    polarity: ours.gain < 0 !== theirs.gain < 0,
  }
  return causeIds.flatMap((id): Difference[] => {
    const fields = applies[id] === false ? [] : changed(fieldsOf(id))
    if (fields.length === 0) return []
    return [
      { id, fields: id === 'sample-rate' ? [...fields, ...[...rated].filter((field) => differs(field))] : fields },
    ]
  })
}
