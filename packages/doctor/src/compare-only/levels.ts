import type { CauseId } from '../cause.js'
import { signed } from '../figures/numbers.js'
import { column, type Matrix, mapped, median, type Relation, relate, spread } from '../matrix.js'
import type { Pair, Step } from './steps.js'
import { loudOffsets } from './table.js'

const LN10 = Math.LN10
/** Slopes that one setting gives, of theirs over ours. */
const SLOPES: readonly { slope: number; id: CauseId; equivalent: readonly CauseId[]; what: string }[] = [
  { slope: 1 / LN10, id: 'log', equivalent: [], what: 'log10 in theirs and ln in ours' },
  { slope: LN10, id: 'log', equivalent: [], what: 'ln in theirs and log10 in ours' },
  { slope: 1 / Math.LN2, id: 'log', equivalent: [], what: 'log2 in theirs and ln in ours' },
  { slope: Math.LN2, id: 'log', equivalent: [], what: 'ln in theirs and log2 in ours' },
  { slope: 10 / LN10, id: 'log', equivalent: [], what: 'dB in theirs and ln in ours' },
  { slope: LN10 / 10, id: 'log', equivalent: [], what: 'ln in theirs and dB in ours' },
  { slope: 10, id: 'log', equivalent: [], what: 'dB in theirs and log10 in ours' },
  { slope: 0.1, id: 'log', equivalent: [], what: 'log10 in theirs and dB in ours' },
  { slope: 0.5, id: 'spectrum', equivalent: ['log'], what: 'magnitudes in theirs and powers in ours' },
  { slope: 2, id: 'spectrum', equivalent: ['log'], what: 'powers in theirs and magnitudes in ours' },
  { slope: 20 / LN10, id: 'log', equivalent: ['spectrum'], what: '20 log10 in theirs and ln in ours' },
  { slope: 0.25, id: 'normalisation', equivalent: [], what: "Whisper's (x + 4) / 4 of the same logarithm" },
  {
    slope: 0.25 / LN10,
    id: 'normalisation',
    equivalent: ['log'],
    what: "Whisper's (log10 x + 4) / 4 in theirs and ln in ours",
  },
]
/** Offsets in the natural logarithm of a power that one setting gives. */
const OFFSETS: readonly { factor: number; id: CauseId; what: string }[] = [
  { factor: 32768 ** 2, id: 'sample-scale', what: 'samples as int16 values instead of [-1, 1]' },
  { factor: 32767 ** 2, id: 'sample-scale', what: 'samples times 32,767 instead of [-1, 1]' },
  ...[256, 320, 400, 512, 1024, 2048].flatMap((n) => [
    { factor: n, id: 'fft-scaling' as const, what: `a power divided by N = ${String(n)}` },
    { factor: n ** 2, id: 'fft-scaling' as const, what: `an amplitude divided by N = ${String(n)}` },
  ]),
]

/** What changes the energy of all bins a little. */
const SMALL_OFFSETS: readonly CauseId[] = ['window', 'frame-length', 'fft-length', 'fft-scaling']
/** Offsets below this, in the natural logarithm, may be of those. */
const SMALL = 1.5

/** How near a slope must be to one of the list, as a part of it. */
const NEAR = 0.02

/** A matrix of energies against one of logarithms: only one of them has a logarithm. */
export function logarithmStep({ a, b }: Pair): Step | undefined {
  const as = relate(a.data, b.data).correlation
  const positive = (data: Float64Array) => data.every((x) => !(x < 0)) && data.some((x) => x > 0)
  const ln = (x: number) => Math.log(Math.max(x, 1e-30))
  if (positive(b.data) && !positive(a.data)) {
    const exp = mapped(a, Math.exp)
    const log = relate(a.data, b.data.map(ln)).correlation
    if (log < as + 0.1) return undefined
    const sentence = `Theirs likely have no logarithm: none of their values is negative, and their logarithm correlates with ours by ${log.toFixed(3)}, they themselves by ${as.toFixed(3)}.`
    return { id: 'log', equivalent: [], sentence, a: exp }
  }
  if (positive(a.data) && !positive(b.data)) {
    const own = mapped(a, ln)
    const log = relate(own.data, b.data).correlation
    if (log < as + 0.1) return undefined
    const sentence = `Ours have no logarithm and theirs likely do: the logarithm of ours correlates with theirs by ${log.toFixed(3)}, ours themselves by ${as.toFixed(3)}.`
    return { id: 'log', equivalent: [], sentence, a: own }
  }
  return undefined
}

/** Whether a slope leads from another logarithm to the natural one of a power. */
const isBack = (slope: number) => [LN10, Math.LN2, LN10 / 10, 2].some((back) => Math.abs(slope / back - 1) < 1e-6)

/** The relation of a column in its louder frames: a floor is no slope. */
function relateLoud({ a, b }: Pick<Pair, 'a' | 'b'>, bin: number): Relation {
  const [x, y] = [[...column(a, bin)], [...column(b, bin)]]
  const middle = median(x.filter(Number.isFinite))
  const loud = [...x.keys()].filter((f) => x[f]! >= middle)
  return relate(
    Float64Array.from(loud, (f) => x[f]!),
    Float64Array.from(loud, (f) => y[f]!),
  )
}

/** One slope of all bins, which is of the list, or, if `isAny`, another one: a base of the logarithm, powers and magnitudes. */
export function slopeStep({ a, b }: Pair, isAny: boolean): Step | undefined {
  const { bins } = a
  const each = Array.from({ length: bins }, (_, bin) => relateLoud({ a, b }, bin)).filter(
    ({ correlation }) => correlation > 0.8,
  )
  if (each.length < bins / 2 || each.length === 0) return undefined
  // The ratio of the deviations, as a least-squares slope is too small wherever other differences add noise.
  const ratios = each.map(({ slope, correlation }) => slope / correlation).sort((x, y) => x - y)
  const slope = ratios[Math.floor(ratios.length / 2)]!
  if (Math.abs(slope - 1) < NEAR) return undefined
  const named = SLOPES.find((known) => Math.abs(slope / known.slope - 1) < NEAR)
  const close = isAny && each.every(({ correlation }) => correlation > 0.99)
  if (named === undefined && !close) return undefined
  const factor = named?.slope ?? slope
  const says = named
    ? `which is likely ${named.what} (a factor of ${named.slope.toFixed(3)})`
    : 'which is none of the usual bases of a logarithm; a normalisation by a deviation may be the reason'
  return {
    id: named?.id ?? 'normalisation',
    equivalent: named?.equivalent ?? [],
    sentence: `Theirs vary ${slope.toFixed(3)} times as much as ours in every bin, ${says}.`,
    a: named?.id === 'spectrum' ? summed({ a, b }, factor) : mapped(a, (x) => x * factor),
    unit: isBack(factor) ? 1 : factor,
  }
}

/** A sum of magnitudes is no root of a sum of powers: each filter has an offset by its number of bins besides the slope. */
function summed({ a, b }: Pick<Pair, 'a' | 'b'>, factor: number): Matrix {
  const scaled = mapped(a, (x) => x * factor)
  const offsets = loudOffsets(scaled, b)
  const middle = median(offsets)
  const rest = Math.abs(middle) < SMALL ? 0 : middle
  return mapped(scaled, (x, bin) => x + offsets[bin]! - rest)
}

/** One offset of all values. */
export function offsetStep({ a, b, unit, least }: Pair): Step | undefined {
  const each = loudOffsets(a, b)
  const offset = median(each)
  const { rms } = relate(a.data, b.data)
  if (Math.abs(offset) < Math.max(least, rms * 0.02)) return undefined
  const named = OFFSETS.find(({ factor }) => Math.abs(Math.abs(offset / unit) - Math.log(factor)) < 0.005)
  const factor = Math.exp(offset / unit / 2)
  const gain = factor > 1 ? `${factor.toPrecision(4)} times as large` : `${(1 / factor).toPrecision(4)} times as small`
  const apart = spread(each).std
  const even =
    apart < 0.05 * Math.abs(offset) ? 'the same in every bin' : `from bin to bin it varies by ${apart.toFixed(2)}`
  const likely =
    named === undefined
      ? ''
      : `; likely ${named.what}${named.id === 'fft-scaling' ? ` in ${offset < 0 ? 'theirs' : 'ours'}` : ''}`
  return {
    id: named?.id ?? 'sample-scale',
    equivalent:
      named?.id === 'fft-scaling'
        ? ['sample-scale']
        : Math.abs(offset / unit) < SMALL
          ? SMALL_OFFSETS
          : ['fft-scaling'],
    sentence: `Theirs are offset by ${signed(offset, 3)} (${even}), as samples ${gain} would give in the logarithm of a power${likely}.`,
    a: mapped(a, (x) => x + offset),
  }
}
