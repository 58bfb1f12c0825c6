/** Whether a diagnosis says what is known of a case. */

import type { Cause, CauseId, Diagnosis, FrontEnd } from '@dsp/doctor'
import type { Case, Fault } from './cases.ts'

/** What a diagnosis got right and wrong. */
export interface Verdict {
  readonly id: string
  readonly group: Case['group']
  /** Faults that can be told. */
  readonly faults: readonly CauseId[]
  /** What was named, the most important first, then the minor ones. */
  readonly named: readonly CauseId[]
  /** Whether the first cause is one of the faults. */
  readonly first: boolean
  /** Faults that were not named. */
  readonly missed: readonly CauseId[]
  /** Causes that were named and are no faults. */
  readonly accused: readonly CauseId[]
  /** Settings that are not recovered although they change a value by more than 1e-3. */
  readonly wrong: readonly string[]
  /** Whether the settings found give the reference down to rounding. */
  readonly explained: boolean
  readonly residual: number
  readonly seconds: number
  /** Seconds of processor time, over all threads. */
  readonly cpu?: number
  /** The error that ended it. */
  readonly error?: string
}

/** What a diagnosis has that a verdict needs. */
export type Judged = Pick<
  Diagnosis,
  'causes' | 'minor' | 'explained' | 'residual' | 'theirs' | 'layout' | 'seconds' | 'difference'
>

/** By how much front ends that differ in one setting differ in any value; infinity for another shape. */
export type Distance = (a: FrontEnd, b: FrontEnd) => number

/** A change of values below this does not count. */
const TELLS = 1e-3

/** Settings that follow from a cause's own, by the cause that they would be named as. */
const CONSEQUENCES: Readonly<Record<string, CauseId>> = {
  frameLength: 'frame-length',
  frameShift: 'frame-shift',
  fftLength: 'fft-length',
  highFreq: 'high-freq',
  resampler: 'resampler',
  floor: 'log-floor',
  topDb: 'log-floor',
}

const names = (cause: Pick<Cause, 'id' | 'equivalent'>, { id, equivalents }: Fault): boolean =>
  cause.id === id || (equivalents.includes(cause.id) && cause.equivalent.includes(id))

/** Judges a diagnosis. */
export function judge(known: Case, found: Judged, distance: Distance): Verdict {
  const told = known.faults.filter((fault) => fault.told)
  const all = [...found.causes, ...found.minor]
  const { explained, theirs } = found
  // What gives the same features of this sound in other words cannot be told from the faults, noise and layout aside.
  const truth = { ...known.theirs, dither: 0 }
  const isSame = explained && known.faults.length > 1 && distance({ ...theirs, dither: 0 }, truth) <= TELLS
  const cannotBeTold = ({ id }: Fault) => isSame && id !== 'dither' && id !== 'layout'
  const missed = told.filter((fault) => !all.some((cause) => names(cause, fault)) && !cannotBeTold(fault))
  const allowed = new Set(known.faults.flatMap(({ settings }) => Object.keys(settings).map((k) => CONSEQUENCES[k])))
  // Minor ones are named as such; an accusation is what stands among the causes. Where nothing is wrong, nothing may be named.
  const suspects = known.faults.length === 0 ? all : found.causes
  const accused = suspects.filter((cause) => !known.faults.some((f) => names(cause, f)) && !allowed.has(cause.id))
  const [leading] = found.causes
  return {
    id: known.id,
    group: known.group,
    faults: told.map(({ id }) => id),
    named: all.map(({ id }) => id),
    first: leading === undefined ? told.length === 0 : told.some((fault) => names(leading, fault)),
    missed: missed.map(({ id }) => id),
    accused: accused.map(({ id }) => id),
    wrong: [...wrongSettings(known, found.theirs, distance), ...wrongLayout(known, found)],
    explained: found.explained,
    residual: found.residual,
    seconds: found.seconds,
  }
}

/** The verdict on a case whose diagnosis threw. */
export function failed(known: Case, error: string): Verdict {
  const faults = known.faults.filter(({ told }) => told).map(({ id }) => id)
  const none = { named: [], accused: [], wrong: [], first: false, explained: false, residual: Number.NaN }
  return { id: known.id, group: known.group, faults, missed: faults, ...none, seconds: Number.NaN, error }
}

function wrongSettings(known: Case, found: FrontEnd, distance: Distance): string[] {
  const truth = known.theirs as unknown as Record<string, unknown>
  const values = found as unknown as Record<string, unknown>
  const differing = Object.keys(truth).filter((name) => name in values && !isSame(name, truth[name], values[name]))
  // The noise itself cannot be the same: the others are compared without it.
  const plain = { ...found, dither: 0 }
  return differing.filter((name) => name === 'dither' || distance(plain, { ...plain, [name]: truth[name] }) > TELLS)
}

function isSame(name: string, truth: unknown, found: unknown): boolean {
  if (typeof truth !== 'number' || typeof found !== 'number') return truth === found
  // The level of noise is an estimate; a level that nobody can hear counts as none.
  if (name === 'dither') return Math.abs(found - truth) <= 0.25 * Math.max(truth, 1e-6)
  return Math.abs(found - truth) <= 1e-12 * Math.abs(truth)
}

function wrongLayout(known: Case, { layout }: Pick<Judged, 'layout'>): string[] {
  const settings = known.faults
    .filter(({ id, told }) => id === 'layout' && told)
    .flatMap((f) => Object.entries(f.settings))
  return settings
    .filter(([name, value]) => (layout as unknown as Record<string, unknown>)[name] !== value)
    .map(([name]) => name)
}
