import type { TensorData, TensorLike } from '@dsp/tensor'
import { plural } from '../figures/numbers.js'
import { cosines } from '../late.js'
import { column, columns, fill, isFlat, type Matrix, relate, reversed, rows, spread, transposed } from '../matrix.js'
import { align } from './align.js'
import { head, swapped, type Table, tableOf } from './table.js'

/** What the layout of the reference was, and the reference without it. */
export interface Unfolded {
  readonly matrix: Matrix
  /** What was undone, in sentences. */
  readonly found: readonly {
    readonly id: 'layout' | 'energy-column' | 'deltas' | 'num-bins'
    readonly sentence: string
  }[]
}

const MAX_SANE = 1e9
const isSane = (data: Float64Array) => {
  let sane = 0
  for (const x of data) if (x === 0 || (Math.abs(x) < MAX_SANE && Math.abs(x) > 1 / MAX_SANE)) sane++
  return sane / data.length
}

/** A reference whose bytes make sense only in the other order, in that order. */
export function byteOrder(reference: TensorLike<TensorData>, table: Table): Matrix | undefined {
  if (table.matrix === undefined || isSane(table.matrix.data) > 0.9) return undefined
  const other = swapped(reference)
  const matrix = other && tableOf(other, 'reference').matrix
  return matrix && isSane(matrix.data) > 0.99 ? matrix : undefined
}

/** Frames at either end in which every value is one and the same, as padding has. */
export function paddingOf(m: Matrix): { before: number; after: number } {
  let before = 0
  while (before < m.frames && isFlat(m, before)) before++
  let after = 0
  while (after < m.frames - before && isFlat(m, m.frames - 1 - after)) after++
  return { before, after }
}

/** Whether flat frames at the ends are padding, rather than silence at a floor: there are so many frames more, or they are no floor. */
function isPadding(
  { data, bins, frames }: Matrix,
  { before, after }: { before: number; after: number },
  more: number,
): boolean {
  const pads = before + after
  if (pads === 0 || pads === frames) return false
  if (more === pads || (pads > 2 && Math.abs(more - pads) <= 2)) return true
  const value = before > 0 ? data[0]! : data.at(-1)!
  return data.subarray(before * bins, (frames - after) * bins).some((x) => x < value - 1e-6)
}

/** How well two matrices go together, whatever their levels: mean correlation of columns at the best alignment. */
function agreement(ours: Matrix, theirs: Matrix): number {
  if (ours.bins !== theirs.bins || Math.min(ours.frames, theirs.frames) < 4) return -1
  const { a, b } = align(head(ours), head(theirs))
  const each = Array.from({ length: ours.bins }, (_, bin) => relate(a.data, b.data, bin, ours.bins).correlation)
  return spread(each).mean
}

/**
 * Undoes what only moves values: the order of axes and bins, padding, columns more or fewer.
 * @param ours - Our features.
 * @param theirs - The reference as it lies in the file.
 */
export function unfold(ours: Matrix, theirs: Matrix): Unfolded {
  const found: Unfolded['found'][number][] = []
  let matrix = theirs
  const sameAxes = agreement(ours, theirs)
  const isOtherShape = theirs.bins !== ours.bins && theirs.frames === ours.bins
  if (isOtherShape || (theirs.frames === theirs.bins && agreement(ours, transposed(theirs)) > sameAxes + 0.1)) {
    matrix = transposed(theirs)
    found.push({
      id: 'layout',
      sentence: `The reference is likely transposed, [bins, frames]: its shape is [${String(theirs.frames)}, ${String(theirs.bins)}], ours [${String(ours.frames)}, ${String(ours.bins)}].`,
    })
  }
  const own = paddingOf(ours)
  const { before, after } = paddingOf(matrix)
  const pad = { before: Math.max(0, before - own.before), after: Math.max(0, after - own.after) }
  if (isPadding(matrix, pad, matrix.frames - ours.frames)) {
    const value = pad.before > 0 ? matrix.data[0]! : matrix.data.at(-1)!
    const where = [
      pad.before > 0 ? `the first ${String(pad.before)}` : '',
      pad.after > 0 ? `the last ${String(pad.after)}` : '',
    ]
    found.push({
      id: 'layout',
      sentence: `The reference is likely padded: in ${where.filter(Boolean).join(' and ')} of its ${plural(matrix.frames, 'frame')}, every value is ${value.toPrecision(4)}.`,
    })
    matrix = rows(matrix, pad.before, matrix.frames - pad.after)
  }
  if (matrix.bins !== ours.bins) {
    const cut = otherColumns(ours, matrix)
    if (cut !== undefined) {
      found.push(cut.found)
      matrix = cut.matrix
    }
  }
  if (matrix.bins === ours.bins && matrix.bins > 3) {
    const as = agreement(ours, matrix)
    const back = agreement(ours, reversed(matrix))
    // Speech correlates between all bins, so that only a clear gain counts.
    if (back > 0.5 && back > as + 0.1) {
      found.push({
        id: 'layout',
        sentence: `Their bins likely run from the highest to the lowest: turned round, columns correlate by ${back.toFixed(2)} on average, as they are by ${as.toFixed(2)}.`,
      })
      matrix = reversed(matrix)
    }
  }
  return { matrix, found }
}

/** Columns that the reference has more than ours and what they likely are. */
function otherColumns(ours: Matrix, theirs: Matrix): { matrix: Matrix; found: Unfolded['found'][number] } | undefined {
  const more = theirs.bins - ours.bins
  if (more === 1) {
    const [first, last] = [columns(theirs, 1, theirs.bins), columns(theirs, 0, ours.bins)]
    const isFirst = agreement(ours, first) > agreement(ours, last)
    const own = spread(column(theirs, isFirst ? 0 : ours.bins)).mean
    return {
      matrix: isFirst ? first : last,
      found: {
        id: 'energy-column',
        sentence: `The reference has one column more, likely the energy of the frame as its ${isFirst ? 'first' : 'last'} column (mean ${own.toFixed(2)}).`,
      },
    }
  }
  if ([1, 2].some((orders) => more === orders * ours.bins)) {
    const orders = more / ours.bins
    return {
      matrix: columns(theirs, 0, ours.bins),
      found: {
        id: 'deltas',
        sentence: `The reference has ${String(orders + 1)} times as many columns as ours, likely with ${orders === 1 ? 'deltas' : 'deltas and double deltas'} behind the features.`,
      },
    }
  }
  return undefined
}

/** How well cepstra of ours must follow the reference's columns. */
const FOLLOWS = 0.7
/** Coefficients that are looked at. */
const MOST_CEPSTRA = 40

/** Ours as cepstral coefficients (type 2, orthonormal), if the reference has fewer columns than ours and these follow them. */
export function cepstraOf(ours: Matrix, theirs: Matrix): Matrix | undefined {
  const { frames, bins } = ours
  const count = theirs.bins
  if (count >= bins || count > MOST_CEPSTRA || count < 4) return undefined
  const basis = cosines(bins, count, 2, true)
  const cepstra = fill(frames, count, (f, k) => {
    let sum = 0
    for (let b = 0; b < bins; b++) sum += ours.data[f * bins + b]! * basis[k * bins + b]!
    return sum
  })
  return agreement(cepstra, theirs) > FOLLOWS ? cepstra : undefined
}

/** Formats of few bits, by those of their significands. */
const SHORT = [
  ['bfloat16', 8],
  ['float16', 11],
] as const

/** A value rounded to so many bits. */
function rounded(x: number, bits: number): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const step = 2 ** (Math.floor(Math.log2(Math.abs(x))) + 1 - bits)
  return Math.round(x / step) * step
}

/** The format that the reference was rounded to and ours was not, and ours rounded so. */
export function roundingOf(ours: Matrix, theirs: Matrix, now: Matrix): { dtype: string; a: Matrix } | undefined {
  for (const [dtype, bits] of SHORT) {
    const isRounded = ({ data }: Matrix) => data.every((x) => rounded(x, bits) === x || Number.isNaN(x))
    if (isRounded(theirs) && !isRounded(ours))
      return { dtype, a: { ...now, data: now.data.map((x) => rounded(x, bits)) } }
  }
  return undefined
}
