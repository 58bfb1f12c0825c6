import type { Agreement, Result } from './contestant.ts'
import { quantile } from './statistics.ts'

/**
 * Largest distances at which a peer's work counts as the same. They are wide enough for a peer's own float32 rounding:
 * whether ours is right is what the packages' tests show, against float64.
 */
export const TOLERANCES = {
  /** FFT: relative L2 error of the whole batch. */
  fft: 2e-6,
  /** fbank: absolute, natural log, 99.9 % of the cells. */
  fbank: 1e-3,
  /** Resampled samples: absolute. */
  resample: 1e-5,
  /** Decoded samples: absolute; lossless formats give 0. */
  decode: 1e-4,
  /** Separated samples and mel energies: of the peak. */
  music: 1e-5,
  /** f0: relative, 99 % of the frames (in float32 librosa picks another trough here and there). */
  pitch: 1e-3,
  /** Chroma: absolute, 99.9 % of the cells (normalised frames of near silence are anybody's rounding noise). */
  chroma: 5e-3,
  /** Filtered samples: of the peak. */
  sinc: 1e-5,
  /** Embeddings: the least cosine. */
  embedding: 0.999,
  /** The scores of the nearest voices: absolute. */
  score: 1e-5,
  /** Whisper's features: absolute (the torch paths compute in float32). */
  whisper: 1e-3,
  /** NeMo's features after normalisation: absolute (a peer that rounds each stage to float32 is this near). */
  nemo: 1e-4,
} as const

const small = (value: number): string => (value === 0 ? '0' : value.toExponential(1))

const sizes = (result: Result): string => result.shape.join('×')

function otherShape(ours: Result, theirs: Result): Agreement | undefined {
  if (sizes(ours) === sizes(theirs) && ours.data.length === theirs.data.length) return undefined
  return { same: false, text: `shape ${sizes(theirs)}, ours ${sizes(ours)}` }
}

function largest(ours: Result, theirs: Result): number {
  let max = 0
  // Math.max keeps NaN, which then fails every tolerance.
  for (let i = 0; i < ours.data.length; i++) max = Math.max(max, Math.abs(ours.data[i]! - theirs.data[i]!))
  return max
}

/** Same shape, and the relative L2 distance is within the tolerance. */
export function relativeL2(tolerance: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    let error = 0
    let norm = 0
    for (let i = 0; i < ours.data.length; i++) {
      error += (ours.data[i]! - theirs.data[i]!) ** 2
      norm += theirs.data[i]! ** 2
    }
    const relative = error === 0 ? 0 : Math.sqrt(error / norm)
    return { same: relative <= tolerance, text: `relative L2 ${small(relative)}` }
  }
}

/** The largest distance of a result from the one in float64; undefined where the shapes differ. */
export function distance(exact: Result, result: Result): number | undefined {
  return otherShape(exact, result) === undefined ? largest(exact, result) : undefined
}

/** Signal-to-noise ratio in decibels of values that ought to be `exact`. */
export function snr(exact: readonly number[], values: readonly number[]): number {
  let signal = 0
  let noise = 0
  for (const [i, value] of exact.entries()) {
    signal += value ** 2
    noise += (value - values[i]!) ** 2
  }
  return 10 * Math.log10(signal / noise)
}

/** Same shape, and the largest distance is within the tolerance. */
export function maxAbs(tolerance: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    const max = largest(ours, theirs)
    return { same: max <= tolerance, text: max === 0 ? 'identical' : `max |Δ| ${small(max)}` }
  }
}

/** Same shape, and 99.9 % of the cells are within the tolerance; the largest distance is reported too. */
export function mostlyWithin(tolerance: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    const differences = Float64Array.from(ours.data, (value, i) => Math.abs(value - theirs.data[i]!))
    const most = quantile(differences, 0.999)
    const max = largest(ours, theirs)
    return { same: most <= tolerance && Number.isFinite(max), text: `p99.9 |Δ| ${small(most)}, max ${small(max)}` }
  }
}

/** Same shape, and the largest distance is within the tolerance, as a part of the largest value. */
export function ofPeak(tolerance: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    let peak = 0
    for (const value of theirs.data) peak = Math.max(peak, Math.abs(value))
    const max = largest(ours, theirs) / (peak || 1)
    return { same: max <= tolerance, text: max === 0 ? 'identical' : `max |Δ| ${small(max)} of the peak` }
  }
}

/** Same shape, and 99 % of the values are within the tolerance relatively; reports how many are not. */
export function mostlyRelative(tolerance: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    let off = 0
    for (let i = 0; i < ours.data.length; i++) if (!(Math.abs(ours.data[i]! / theirs.data[i]! - 1) <= tolerance)) off++
    return { same: off <= ours.data.length / 100, text: `${off} of ${ours.data.length} beyond ${small(tolerance)}` }
  }
}

/** Same shape, and each row points the same way: the cosine is at least so much. */
export function sameDirections(least: number) {
  return (ours: Result, theirs: Result): Agreement => {
    const shape = otherShape(ours, theirs)
    if (shape !== undefined) return shape
    const size = ours.shape.at(-1)!
    let lowest = 1
    for (let at = 0; at < ours.data.length; at += size) {
      const [a, b] = [ours.data.subarray(at, at + size), theirs.data.subarray(at, at + size)]
      lowest = Math.min(lowest, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)))
    }
    return { same: lowest >= least, text: `cosine at least ${lowest.toFixed(5)}` }
  }
}

const dot = (a: Result['data'], b: Result['data']): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** Smallest share of equal transcripts at which two recognizers count as doing the same work. */
const MIN_EQUAL_TEXTS = 0.9

/** Largest share of words in which two transcripts of the same work differ. */
const MAX_OTHER_WORDS = 0.1

/** Mostly the same words, ignoring case and punctuation; reports how many transcripts are equal, and how many words are not. */
export function sameWords(ours: Result, theirs: Result): Agreement {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []
  const [mine, others] = [ours.texts ?? [], theirs.texts ?? []]
  const all = mine.reduce((sum, text) => sum + words(text).length, 0)
  const apart = mine.map((text, i) => edits(words(text), words(others[i] ?? '')))
  const other = apart.reduce((sum, one) => sum + one, 0)
  return {
    same: mine.length === others.length && other <= MAX_OTHER_WORDS * all,
    text: `${apart.filter((one) => one === 0).length} of ${mine.length} transcripts equal, ${other} of ${all} words differ`,
  }
}

/** Words to put in, leave out or change, to make one list the other. */
function edits(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (const [i, word] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (word === other ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** Mostly the same texts, letter by letter, ignoring case and surrounding whitespace; reports how many. */
export function sameTexts(ours: Result, theirs: Result): Agreement {
  const normalized = (text: string): string => text.trim().toLowerCase()
  const [mine, others] = [ours.texts ?? [], theirs.texts ?? []]
  const equal = mine.filter((text, i) => normalized(text) === normalized(others[i] ?? '')).length
  return {
    same: mine.length === others.length && equal >= MIN_EQUAL_TEXTS * mine.length,
    text: `${equal} of ${mine.length} transcripts equal`,
  }
}
