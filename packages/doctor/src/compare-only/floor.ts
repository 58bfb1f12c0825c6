import { type Matrix, mapped, median, relate, spread } from '../matrix.js'
import type { Pair, Step } from './steps.js'

/** What part of all values must be the smallest one to count as a floor. */
const MIN_PART = 0.003
/** What part of each column's lowest values shows an added floor. */
const QUIET = 0.2
/** Columns over which a floor varies by less are one floor for all; and so for the values at it over time. */
const STEADY = 0.15

/** Smallest value and what part of all values lies at it. */
function bottom(data: Float64Array): { value: number; part: number } {
  let value = Number.POSITIVE_INFINITY
  for (const x of data) if (x < value) value = x
  const near = 1e-5 * Math.max(1, Math.abs(value))
  let n = 0
  for (const x of data) if (x - value < near) n++
  return { value, part: n / data.length }
}

const percent = (part: number) => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`

/** A floor of either side below which the other goes: hard, added, or a noise. */
export function floorStep(pair: Pair): Step | undefined {
  const { a, b } = pair
  const [ours, theirs] = [bottom(a.data), bottom(b.data)]
  if (theirs.part > MIN_PART && theirs.part > 2 * ours.part && theirs.value > ours.value) {
    return {
      id: 'log-floor',
      equivalent: [],
      sentence: `${percent(theirs.part)} of their values are exactly their smallest one, ${theirs.value.toPrecision(5)}: likely a floor, max(x, floor), under which ours go down to ${ours.value.toPrecision(5)}.`,
      a: mapped(a, (x) => Math.max(x, theirs.value)),
    }
  }
  if (ours.part > MIN_PART && ours.part > 2 * theirs.part && ours.value > theirs.value) {
    return {
      id: 'log-floor',
      equivalent: [],
      sentence: `${percent(ours.part)} of our values are exactly our smallest one, ${ours.value.toPrecision(5)}, and theirs go down to ${theirs.value.toPrecision(5)}: likely their floor is lower, or of another kind.`,
      a: { ...a, data: a.data.map((x, i) => (x - ours.value < 1e-5 ? Math.min(x, b.data[i]!) : x)) },
    }
  }
  return addedFloor(pair)
}

/** Energies that one side adds to each column: their logarithms, from the frames in which the other is lowest, and what is left there. */
function added(low: Matrix, high: Matrix, unit: number): { levels: number[]; left: number } | undefined {
  const { bins } = low
  const levels: number[] = []
  const left: number[] = []
  for (let bin = 0; bin < bins; bin++) {
    const pairs: [number, number][] = []
    for (let i = bin; i < low.data.length; i += bins) pairs.push([low.data[i]!, high.data[i]!])
    const quiet = pairs
      .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
      .sort(([x], [y]) => x - y)
      .slice(0, Math.max(4, Math.floor(pairs.length * QUIET)))
    const mean = spread(quiet.map(([x, y]) => Math.exp(y / unit) - Math.exp(x / unit))).mean
    if (!(mean > 0)) continue
    levels.push(unit * Math.log(mean))
    left.push(spread(quiet.map(([x, y]) => y - unit * Math.log(Math.exp(x / unit) + mean))).std)
  }
  return levels.length < bins * 0.8 ? undefined : { levels, left: median(left) }
}

/** An energy that one side adds: a constant of log(x + floor), or the noise of dither. */
function addedFloor({ a, b, unit }: Pair): Step | undefined {
  const { rms } = relate(a.data, b.data)
  if (rms < 0.01) return undefined
  const bins = a.bins
  for (const side of ['theirs', 'ours'] as const) {
    const [low, high] = side === 'theirs' ? [a, b] : [b, a]
    const found = added(low, high, unit)
    if (found === undefined || found.levels.length !== bins) continue
    const { levels, left } = found
    const filled = mapped(low, (x, bin) => unit * Math.log(Math.exp(x / unit) + Math.exp(levels[bin]! / unit)))
    if (relate(filled.data, high.data).rms > 0.8 * rms) continue
    const isConstant = left < STEADY * unit && spread(levels).std < STEADY * unit
    const level = median(levels)
    const who = side === 'theirs' ? 'they' : 'we'
    const sentence = isConstant
      ? `Where the other side is lowest, ${who} stay at ${level.toFixed(2)} in every bin: likely a floor of ${Math.exp(level / unit).toPrecision(3)} that ${who} add, log(x + floor).`
      : `Where the other side is lowest, ${who} stay at about ${level.toFixed(1)}, and vary there by ${left.toFixed(2)} over time: likely noise that ${who} add to the samples, as dither does.`
    // What our side adds cannot be taken away again; theirs, with it, stand for ours where they are low.
    const data =
      side === 'theirs'
        ? filled.data
        : a.data.map((x, i) => (x - filled.data[i]! < 1 ? b.data[i]! + (x - filled.data[i]!) : x))
    return {
      id: isConstant ? 'log-floor' : 'dither',
      equivalent: [isConstant ? 'dither' : 'log-floor'],
      sentence,
      a: { ...a, data },
    }
  }
  return undefined
}
