import { column, type Matrix, mapped, spread } from '../matrix.js'
import type { Pair, Step } from './steps.js'

/** How far a mean may be from 0, and a deviation from 1, in features that count as normalised. */
const NEAR = 0.01

type Kind = 'per-feature' | 'mean' | 'all-features' | 'none'

interface Normalised {
  readonly kind: Kind
  /** Deviation over N. */
  readonly std: number
}

/** Which normalisation the values of a matrix show. */
export function normalisationOf(m: Matrix): Normalised {
  const each = Array.from({ length: m.bins }, (_, b) => spread(column(m, b)))
  const all = spread(m.data)
  const zero = each.every(({ mean, std }) => Math.abs(mean) < NEAR * Math.max(1, std))
  // A dead column stays at 0.
  const alive = each.filter(({ std }) => std > 1e-3)
  const ones = alive.length > 0 && alive.every(({ std }) => Math.abs(std - 1) < NEAR)
  const std = spread(alive.map((column) => column.std)).mean
  if (m.frames > 2 && zero && ones) return { kind: 'per-feature', std }
  if (Math.abs(all.mean) < NEAR && Math.abs(all.std - 1) < NEAR) return { kind: 'all-features', std: all.std }
  if (m.frames > 2 && zero) return { kind: 'mean', std: 1 }
  return { kind: 'none', std: 1 }
}

/** Features with a normalisation, with deviations over N. */
export function normalise(m: Matrix, kind: Kind): Matrix {
  if (kind === 'none') return m
  if (kind === 'all-features') {
    const { mean, std } = spread(m.data)
    return mapped(m, (x) => (x - mean) / (std || 1))
  }
  const each = Array.from({ length: m.bins }, (_, b) => spread(column(m, b)))
  return mapped(m, (x, b) => (x - each[b]!.mean) / (kind === 'mean' ? 1 : each[b]!.std || 1))
}

const WORDS: Record<Kind, string> = {
  'per-feature': 'every column has mean 0 and deviation 1',
  'all-features': 'the whole matrix has mean 0 and deviation 1',
  mean: 'every column has mean 0',
  none: 'no column does',
}

/** Whether a deviation over N says that it was divided by N - 1: null if it is too near to tell. */
function divisor(std: number, frames: number): string {
  const minusOne = Math.sqrt((frames - 1) / frames)
  const gap = Math.abs(1 - minusOne)
  if (Math.abs(std - minusOne) < gap / 4) return ', with N - 1 in the deviation'
  if (Math.abs(std - 1) < gap / 4) return ', with N in the deviation'
  return ''
}

/**
 * The step to the other's normalisation.
 * @param pair - Aligned features.
 * @param whole - Both before they were cut to what they share, as a normalisation is over all frames.
 */
export function normalisationStep({ a, b }: Pair, whole: { ours: Matrix; theirs: Matrix }): Step | undefined {
  const [ours, theirs] = [normalisationOf(whole.ours), normalisationOf(whole.theirs)]
  const name = (n: Normalised, m: Matrix) =>
    `${WORDS[n.kind]}${n.kind === 'per-feature' ? divisor(n.std, m.frames) : ''}`
  if (ours.kind === theirs.kind) {
    const [mine, other] = [divisor(ours.std, whole.ours.frames), divisor(theirs.std, whole.theirs.frames)]
    if (ours.kind !== 'per-feature' || mine === other || mine === '' || other === '') return undefined
    return {
      id: 'normalisation',
      equivalent: [],
      sentence: `Both are normalised per column, theirs likely${other.slice(1)}, ours${mine.slice(1)}.`,
      a: mapped(a, (x) => (x * theirs.std) / ours.std),
    }
  }
  if (theirs.kind !== 'none')
    return {
      id: 'normalisation',
      equivalent: [],
      sentence: `Theirs are likely normalised, ours not in the same way: in theirs, ${name(theirs, whole.theirs)}; in ours, ${WORDS[ours.kind]}.`,
      a: mapped(normalise(a, theirs.kind), (x) => x * theirs.std),
    }
  // What a normalisation took away is in theirs only: columns of theirs give it back.
  const target = Array.from({ length: b.bins }, (_, bin) => spread(column(b, bin)))
  const own = Array.from({ length: a.bins }, (_, bin) => spread(column(a, bin)))
  return {
    id: 'normalisation',
    equivalent: [],
    sentence: `Ours are normalised (${name(ours, whole.ours)}), theirs likely not: level, gain and every offset per bin are lost in ours, and nothing can be said of them.`,
    a: mapped(a, (x, bin) => ((x - own[bin]!.mean) / (own[bin]!.std || 1)) * target[bin]!.std + target[bin]!.mean),
  }
}
