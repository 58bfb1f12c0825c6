import type { Finding } from '../diagnosis.js'
import { wholeFeatures } from '../extract.js'
import type { FrontEnd } from '../front-end.js'
import { staticColumns, withDeltas } from '../late.js'
import { column, columns as columnRange, type Matrix, median, relate, reversed, spread } from '../matrix.js'
import type { Reference } from '../reference.js'
import type { Sound } from '../sound.js'
import { type Freedom, logarithmsOf, normalisationOf, rowsAt, type Target, tellingFrames } from './target.js'

/** What the search is to reach, and what the reference alone has shown. */
export interface Aim {
  /** Undefined where there is nothing to reach: the reference is constant. */
  readonly target: Target | undefined
  /** The reference, its columns in our order. */
  readonly reference: Matrix
  /** Settings that the reference itself shows. */
  readonly late: Partial<FrontEnd>
  /** By how many frames the reference comes later than ours. */
  readonly lag: number
  readonly isReversed: boolean
  readonly notes: readonly Finding[]
}

/** Frames by which features may be displaced. */
const MAX_LAG = 150
/** Deltas are recognised by at least this correlation. */
const DELTA_LIKE = 0.98

/** What rounding may leave, relative to a value. */
const PRECISION = { float64: 2e-5, float32: 2e-5, float16: 2 ** -11 * 1.1, bfloat16: 2 ** -8 * 1.1 } as const

/** Looks at the reference alone, and beside ours, before anything is searched. */
export function aim(read: Reference, ours: FrontEnd, sound: Sound): Aim {
  const notes: Finding[] = []
  const note = (sentence: string, ...causes: Finding['causes']) => notes.push({ stage: 'signatures', sentence, causes })
  // Deltas stand before what they are of only where all columns are in the opposite order.
  const straight = deltasOf(read.matrix)
  const flipped = straight === 0 ? reversed(read.matrix) : read.matrix
  const deltas = straight === 0 ? deltasOf(flipped) : straight
  const isFlipped = deltas !== straight
  const matrix = isFlipped ? flipped : read.matrix
  const whole = spread(matrix.data, 1)
  if (!(whole.std > 1e-9 * Math.max(1, Math.abs(whole.mean)))) {
    note(`All values of the reference are ${whole.mean.toPrecision(4)}: it says nothing of how it was made.`)
    return { target: undefined, reference: matrix, late: {}, lag: 0, isReversed: false, notes }
  }
  if (deltas > 0)
    note(`Columns ${matrix.bins / (deltas + 1)} to ${matrix.bins - 1} are the deltas of those before them.`, 'deltas')
  const columns = matrix.bins / (deltas + 1)
  const normalisation = normalisationOf(matrix, columns)
  const freedom = freedomOf(normalisation.normalisation)
  if (freedom !== 'none') note(normalisationSentence(normalisation.normalisation), 'normalisation')
  const beside = besideOurs(matrix, columns, ours, sound)
  const isReversed = isFlipped || beside.isReversed
  if (isReversed) note('The columns fit ours in the opposite order.', 'layout')
  const { lag, correlation } = beside
  if (Math.abs(correlation) < 0.3 && matrix.frames > 20) {
    note(
      `The loudness of the reference over time correlates with that of the audio by ${correlation.toFixed(2)} only: it may be of another recording.`,
    )
  } else if (lag !== 0) {
    note(
      `The reference fits ours best ${Math.abs(lag)} ${Math.abs(lag) === 1 ? 'frame' : 'frames'} ${lag > 0 ? 'later' : 'earlier'}.`,
      'time-shift',
      'decoder-delay',
    )
  }
  const reference = beside.isReversed ? reversed(matrix, columns) : matrix
  // What ours are normalised by does not show here: theirs are not.
  const isOurs = ours.normalisation === 'whisper' || ours.normalisation === 'none'
  const unnormalised = isOurs ? {} : ({ normalisation: 'none' } as const)
  const late = { deltas, ...(freedom === 'none' ? unnormalised : normalisation) }
  const frames = tellingFrames(reference, envelope(reference, columns), [
    loudestFrame(reference, columns),
    ...beside.loudest,
  ])
  const values = rowsAt(reference, frames, columns)
  const deviations = Array.from(
    { length: columns },
    (_, b) => spread(column({ data: values, bins: columns }, b), 1).std,
  )
  const least = matrix.data.reduce((a, b) => Math.min(b, a), Number.POSITIVE_INFINITY)
  const atLeast = matrix.data.reduce(
    (n, value) => n + (value - least <= 1e-6 * Math.max(1, Math.abs(least)) ? 1 : 0),
    0,
  )
  const target: Target = {
    frames,
    values,
    columns,
    totalFrames: matrix.frames,
    maskedFrames: read.layout.after <= 2 ? read.layout.after : 0,
    totalColumns: matrix.bins,
    freedom,
    spread: median(deviations) || whole.std,
    logarithms: logarithmsOf(values, columns),
    precision: PRECISION[read.layout.dtype],
    least,
    leastShare: atLeast / matrix.data.length,
  }
  if (target.leastShare > 0.005 && atLeast > 3) {
    note(
      `${Math.round(1000 * target.leastShare) / 10} % of the values are exactly ${least.toPrecision(6)}: a floor.`,
      'log-floor',
    )
  }
  return { target, reference, late, lag, isReversed, notes }
}

function freedomOf(normalisation: FrontEnd['normalisation']): Freedom {
  if (normalisation === 'mean') return 'column-offset'
  if (normalisation === 'per-feature') return 'column-affine'
  return normalisation === 'all-features' ? 'affine' : 'none'
}

function normalisationSentence(normalisation: FrontEnd['normalisation']): string {
  if (normalisation === 'mean') return 'Every column has mean 0 over time: their means were subtracted.'
  if (normalisation === 'per-feature')
    return 'Every column has mean 0 and deviation 1 over time: they were normalised per feature.'
  return 'All values together have mean 0 and deviation 1: they were normalised as a whole.'
}

const columnAt = (m: Matrix, b: number) => Float64Array.from(column(m, b))
const correlate = (a: Float64Array, b: Float64Array) => relate(a, b).correlation

/** How many orders of deltas the columns hold. */
export function deltasOf(matrix: Matrix): FrontEnd['deltas'] {
  if (matrix.frames < 12) return 0
  for (const order of [2, 1] as const) {
    const columns = matrix.bins / (order + 1)
    if (!Number.isInteger(columns) || columns < 2) continue
    const own = columnRange(matrix, 0, columns)
    for (const [i, value] of own.data.entries()) if (!Number.isFinite(value)) own.data[i] = 0
    const made = withDeltas(own, order)
    const correlations: number[] = []
    for (let b = columns; b < matrix.bins; b++) correlations.push(correlate(columnAt(matrix, b), columnAt(made, b)))
    if (median(correlations) > DELTA_LIKE) return order
  }
  return 0
}

/** The frame that holds the largest value. */
function loudestFrame({ data, frames, bins }: Matrix, columns: number): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY]
  for (let f = 0; f < frames; f++) {
    for (let b = 0; b < columns; b++) {
      if (data[f * bins + b]! > most) [best, most] = [f, data[f * bins + b]!]
    }
  }
  return best
}

/** The mean of each frame over its columns. */
function envelope({ data, frames, bins }: Matrix, columns: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, f) => {
    let [sum, count] = [0, 0]
    for (let b = 0; b < columns; b++) {
      const value = data[f * bins + b]!
      if (!Number.isFinite(value)) continue
      sum += value
      count++
    }
    return count === 0 ? 0 : sum / count
  })
}

/** Order and place in time beside features of our own that have as many columns. */
function besideOurs(matrix: Matrix, columns: number, ours: FrontEnd, sound: Sound) {
  const isCepstral = ours.numCeps > 0
  const shape = isCepstral
    ? { numCeps: columns, numBins: Math.max(columns, ours.numBins) }
    : { numBins: columns, energyColumn: 'none' as const }
  const plain: FrontEnd = { ...ours, ...shape, deltas: 0, normalisation: 'none' }
  if (staticColumns(plain) !== columns) return { isReversed: false, lag: 0, correlation: 1, loudest: [] }
  const own = logarithmic(
    wholeFeatures(sound, {
      ...plain,
      log: plain.log === 'none' ? 'ln' : plain.log,
      floorType: 'max',
      floor: plain.floor || 1e-10,
    }),
  )
  const filters = isCepstral ? wholeFeatures(sound, { ...plain, numCeps: 0, energyColumn: 'none' }) : own
  const theirs = logarithmic(columnRange(matrix, 0, columns))
  const loudness = isCepstral ? (m: Matrix) => columnAt(m, 0) : (m: Matrix) => envelope(m, columns)
  const [a, b] = [loudness(own), loudness(theirs)]
  const ratio = own.frames / Math.max(1, theirs.frames)
  const place =
    Math.abs(ratio - 1) < 0.05 ? bestLag(a, b) : { lag: 0, correlation: correlate(stretched(a, b.length), b) }
  let [straight, opposite] = [0, 0]
  for (let k = 0; k < columns; k++) {
    const mine = stretchedOrShifted(columnAt(own, k), theirs.frames, place.lag, ratio)
    straight += correlate(mine, columnAt(theirs, k)) / columns
    opposite += correlate(mine, columnAt(theirs, columns - 1 - k)) / columns
  }
  const own0 = loudestFrame(filters, filters.bins)
  const other0 = loudestElsewhere(plain, sound)
  const loudest = [own0, own0 - 1, own0 + 1, own0 + place.lag, other0, other0 + place.lag]
  return { ...place, loudest, isReversed: columns > 4 && opposite > straight + 0.1 && opposite > 0.5 }
}

/** The loudest frame if pre-emphasis were there, or were not: it decides which one that is. */
function loudestElsewhere(plain: FrontEnd, sound: Sound): number {
  const isEmphasised = plain.signalPreemphasis + plain.framePreemphasis > 0
  const other = { ...plain, numCeps: 0, energyColumn: 'none', framePreemphasis: 0 } as const
  const matrix = wholeFeatures(sound, { ...other, signalPreemphasis: isEmphasised ? 0 : 0.97 })
  return loudestFrame(matrix, matrix.bins)
}

/** Values that are heavy-tailed and never negative are powers: their logarithms. */
function logarithmic(matrix: Matrix): Matrix {
  const most = matrix.data.reduce((a, b) => Math.max(a, Number.isFinite(b) ? b : a), 0)
  if (matrix.data.some((value) => value < 0)) return matrix
  return { ...matrix, data: matrix.data.map((value) => Math.log(value + 1e-8 * most + Number.MIN_VALUE)) }
}

function stretched(values: Float64Array, length: number): Float64Array {
  const factor = values.length / Math.max(1, length)
  return Float64Array.from({ length }, (_, i) => values[Math.min(values.length - 1, Math.floor(i * factor))]!)
}

function stretchedOrShifted(values: Float64Array, length: number, lag: number, ratio: number): Float64Array {
  if (Math.abs(ratio - 1) >= 0.05) return stretched(values, length)
  return Float64Array.from({ length }, (_, i) => values[i - lag] ?? Number.NaN)
}

/** The displacement of b at which it follows a best. */
function bestLag(a: Float64Array, b: Float64Array): { lag: number; correlation: number } {
  const most = Math.min(MAX_LAG, Math.floor(b.length / 4))
  const at = (lag: number) => correlate(stretchedOrShifted(a, b.length, lag, 1), b)
  let best = { lag: 0, correlation: at(0) }
  for (let lag = -most; lag <= most; lag++) {
    const correlation = at(lag)
    // A displacement by nothing is the likelier one.
    if (correlation > best.correlation + (lag === 0 ? 0 : 1e-4)) best = { lag, correlation }
  }
  return best.correlation > at(0) + 0.01 ? best : { lag: 0, correlation: at(0) }
}
