import { count, signed } from '../figures/numbers.js'
import { mapped, median, relate, spread } from '../matrix.js'
import type { Pair, Step } from './steps.js'
import { loudOffsets } from './table.js'

/** What part of the variance over bins a known shape must explain to be named. */
const MIN_FIT = 0.9
/** How far the size of a known shape may be off. */
const MAX_OFF = 0.25
/** A constant beside a known shape up to this is due to filters that are not exactly those assumed. */
const MAX_CONSTANT = 0.4

const melOf = (hz: number) => 1127 * Math.log1p(hz / 700)
const hzOf = (mel: number) => 700 * Math.expm1(mel / 1127)

/** Corners of HTK filters over the band of a usual front end, in Hz: nothing in the features says which band it was. */
function corners(bins: number, low = 20, high = 8000): number[] {
  const [from, to] = [melOf(low), melOf(high)]
  return Array.from({ length: bins + 2 }, (_, i) => hzOf(from + ((to - from) * i) / (bins + 1)))
}

/** Offsets over bins that one setting gives: theirs less ours, if theirs have it and ours do not. */
function shapes(bins: number): { id: 'preemphasis' | 'mel-norm'; values: number[]; what: string }[] {
  const edges = corners(bins)
  const pre = edges.slice(1, -1).map((hz) => {
    const w = (2 * Math.PI * hz) / 16000
    return Math.log((1 - 0.97 * Math.cos(w)) ** 2 + (0.97 * Math.sin(w)) ** 2)
  })
  const norm = edges.slice(1, -1).map((_, b) => Math.log(2 / (edges[b + 2]! - edges[b]!)))
  return [
    { id: 'preemphasis', values: pre, what: 'pre-emphasis of about 0.97' },
    { id: 'mel-norm', values: norm, what: "filters scaled by their width (Slaney's norm)" },
  ]
}

/** Offsets of the bins around their mean that follow a known shape. */
export function shapeStep({ a, b, unit }: Pair): Step | undefined {
  const { bins } = a
  if (bins < 8) return undefined
  const each = Float64Array.from(loudOffsets(a, b))
  const { rms } = relate(a.data, b.data)
  const apart = spread(each).std
  if (apart < Math.max(0.01, 0.05 * rms)) return undefined
  const known = shapes(bins)
    .map((shape) => ({ ...shape, values: shape.values.map((x) => unit * x) }))
    .map((shape) => ({ ...shape, ...relate(Float64Array.from(shape.values), each) }))
    .filter(({ correlation, slope }) => correlation ** 2 > MIN_FIT && Math.abs(Math.abs(slope) - 1) < MAX_OFF)
    .sort((x, y) => Math.abs(y.correlation) - Math.abs(x.correlation))[0]
  if (known === undefined) return undefined
  const [mine, other] = known.slope > 0 ? ['ours not', 'theirs'] : ['theirs not', 'ours']
  const sign = Math.sign(known.slope)
  const ends = `from ${signed(each[0]!)} in bin 0 to ${signed(each[bins - 1]!)} in bin ${String(bins - 1)}`
  // A constant beside the shape is another matter, unless an offset has been undone already; the shape is taken as it was measured.
  const constant = median([...each].map((x, bin) => x - sign * known.values[bin]!))
  const isUndone = Math.abs(median([...each])) < 0.05 * unit
  const beside = isUndone || Math.abs(constant) < MAX_CONSTANT * unit ? 0 : constant
  return {
    id: known.id,
    equivalent: [],
    sentence: `The offset changes over the bins ${ends}, likely by ${known.what} in ${other} and ${mine}: that shape fits ${(100 * known.correlation ** 2).toFixed(0)} % of it.`,
    a: mapped(a, (x, bin) => x + each[bin]! - beside),
  }
}

/** What the offsets of the bins look like where no known shape fits. */
export function unknownShape({ a, b }: Pair): string | undefined {
  const { bins } = a
  const each = Array.from({ length: bins }, (_, bin) => relate(a.data, b.data, bin, bins).offset)
  const { rms } = relate(a.data, b.data)
  if (bins < 2 || spread(each).std < Math.max(1e-3, 0.2 * rms)) return undefined
  const worst = each.reduce((best, x, bin) => (Math.abs(x) > Math.abs(each[best]!) ? bin : best), 0)
  return `The bins differ by offsets of ${signed(Math.min(...each))} to ${signed(Math.max(...each))}, the largest in bin ${String(worst)}, in a shape that no single setting known here leaves.`
}

/** Filters at other places are wider or narrower, by which their energies differ. */
const MOVED_OFFSET = 0.3
/** Frames taken for the map of the bins. */
const MAP_FRAMES = 2000

/**
 * Whether columns of theirs follow other columns of ours: another scale, band or warp of the filters. Theirs at bin `b` is compared, over time,
 * with ours between bins.
 */
export function warpStep({ a, b }: Pair): Step | undefined {
  const { bins, frames } = a
  if (bins < 20 || frames < 20) return undefined
  const stride = Math.max(1, Math.floor(frames / MAP_FRAMES))
  const z = (m: typeof a) =>
    Array.from({ length: bins }, (_, bin) => {
      const values: number[] = []
      for (let f = 0; f < frames; f += stride) values.push(m.data[f * bins + bin]!)
      const { mean, std } = spread(values)
      return Float64Array.from(values, (x) => (x - mean) / (std || 1))
    })
  const [x, y] = [z(a), z(b)]
  const n = x[0]!.length
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((s, value, i) => s + value * v[i]!, 0) / n
  const reach = Math.ceil(bins / 5)
  const moves: { bin: number; move: number }[] = []
  let gain = 0
  for (let bin = 2; bin < bins - 2; bin++) {
    let [best, at] = [-1, bin]
    for (let other = Math.max(0, bin - reach); other <= Math.min(bins - 1, bin + reach); other++) {
      const r = dot(x[other]!, y[bin]!)
      if (r > best) [best, at] = [r, other]
    }
    gain += best - dot(x[bin]!, y[bin]!)
    const [left, right] = [at - 1, at + 1].map((other) => (x[other] ? dot(x[other], y[bin]!) : undefined))
    const bend = left === undefined || right === undefined ? 0 : left + right - 2 * best
    moves.push({ bin, move: at - bin + (bend < 0 ? (left! - right!) / (2 * bend) : 0) })
  }
  gain /= moves.length
  // The median of five, as single columns without speech follow anything.
  const smooth = moves.slice(2, -2).map(({ bin }, i) => ({
    bin,
    move: moves
      .slice(i, i + 5)
      .map(({ move }) => move)
      .sort((p, q) => p - q)[2]!,
  }))
  const size = Math.max(...smooth.map(({ move }) => Math.abs(move)))
  if (size < 0.3 || gain < 0.002) return undefined
  const at = (part: number) => smooth[Math.round(part * (smooth.length - 1))]!
  const says = [at(0.1), at(0.5), at(0.9)]
    .map(({ bin, move }) => `bin ${String(bin)} follows our ${count(bin + move)}`)
    .join(', ')
  const filled = fillMoves(smooth, bins)
  const moved = mapped(a, () => 0)
  for (let f = 0; f < frames; f++)
    for (let bin = 0; bin < bins; bin++) {
      const place = Math.min(bins - 1, Math.max(0, bin + filled[bin]!))
      const low = Math.min(bins - 2, Math.floor(place))
      const part = place - low
      moved.data[f * bins + bin] = a.data[f * bins + low]! * (1 - part) + a.data[f * bins + low + 1]! * part
    }
  const named = namedWarps(bins)
    .map((warp) => ({
      ...warp,
      miss: Math.sqrt(spread(smooth.map(({ bin, move }) => (warp.moves[bin]! - move) ** 2)).mean),
    }))
    .sort((p, q) => p.miss - q.miss)
  const [best] = named as [(typeof named)[number]]
  const close = named
    .filter(({ id, miss }) => id !== best.id && miss < Math.max(0.3, 2 * best.miss))
    .map(({ id }) => id)
  const why =
    best.miss < 1
      ? `likely by ${best.what}, if the other filters are HTK's from 20 to 8000 Hz`
      : 'likely by another mel scale, other edges or a warp'
  return {
    id: best.id,
    equivalent: [...new Set(close), ...(best.miss > 0.3 ? (['mel-triangles'] as const) : [])],
    sentence: `Their bins lie at other frequencies: over time, their ${says}; ${why}.`,
    a: moved,
    least: MOVED_OFFSET,
  }
}

type Warp = { id: 'mel-scale' | 'low-freq' | 'high-freq' | 'vtln'; what: string; moves: number[] }

/** Slaney's mel scale: straight up to 1 kHz, logarithmic beyond. */
const slaneyOf = (hz: number) => (hz < 1000 ? hz / (200 / 3) : 15 + Math.log(hz / 1000) / (Math.log(6.4) / 27))
const hzOfSlaney = (mel: number) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27))

/** By how many bins one setting moves each bin, if all else is HTK's filters from 20 to 8000 Hz. */
function namedWarps(bins: number): Warp[] {
  const centres = (of: (hz: number) => number, back: (mel: number) => number, low: number, high: number) =>
    Array.from({ length: bins }, (_, b) => back(of(low) + ((of(high) - of(low)) * (b + 1)) / (bins + 1)))
  const place = (of: (hz: number) => number, hz: number) => ((of(hz) - of(20)) / (of(8000) - of(20))) * (bins + 1) - 1
  const moved = (hz: number[], of = melOf) => hz.map((at, b) => place(of, at) - b)
  const htk = centres(melOf, hzOf, 20, 8000)
  const warps: Warp[] = [
    {
      id: 'mel-scale',
      what: 'the Slaney mel scale in theirs and the HTK one in ours',
      moves: moved(centres(slaneyOf, hzOfSlaney, 20, 8000)),
    },
    { id: 'mel-scale', what: 'the HTK mel scale in theirs and the Slaney one in ours', moves: moved(htk, slaneyOf) },
  ]
  for (const low of [0, 50, 64, 80, 100, 125, 150, 200, 300, 400])
    warps.push({
      id: 'low-freq',
      what: `a low_freq of about ${String(low)} Hz in theirs`,
      moves: moved(centres(melOf, hzOf, low, 8000)),
    })
  for (const high of [3400, 3800, 4000, 5000, 5500, 6000, 6500, 7000, 7600, 7800])
    warps.push({
      id: 'high-freq',
      what: `a high_freq of about ${String(high)} Hz in theirs`,
      moves: moved(centres(melOf, hzOf, 20, high)),
    })
  for (const warp of [0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2])
    warps.push({
      id: 'vtln',
      what: `a warp of about ${String(warp)} in theirs`,
      moves: moved(htk.map((hz) => hz / warp)),
    })
  return warps
}

/** The moves of all bins, the first and last ones as their neighbours. */
function fillMoves(smooth: readonly { bin: number; move: number }[], bins: number): number[] {
  const [first, last] = [smooth[0]!, smooth.at(-1)!]
  return Array.from({ length: bins }, (_, bin) => {
    if (bin <= first.bin) return first.move
    if (bin >= last.bin) return last.move
    return smooth[bin - first.bin]!.move
  })
}
