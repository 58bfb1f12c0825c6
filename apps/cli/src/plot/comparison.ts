import { type Comparable, type Comparison, minus } from '../compare.js'
import { difference, magma } from './colours.js'
import type { HeatPanel, Panel, Picture, WavePanel } from './picture.js'
import { niceTicks } from './ticks.js'

/**
 * The picture of a comparison: A, B and A minus B over frames; of complex numbers the magnitudes of each.
 * @param a - Of 1 axis (frames) or 2.
 * @param b - The same shape.
 * @param names - What A and B are called.
 * @param binsFirst - Whether the first axis is that of the bins.
 * @param result - What the comparison found.
 */
export function comparisonPicture(
  a: Comparable,
  b: Comparable,
  names: readonly [string, string],
  binsFirst: boolean,
  result: Comparison,
): Picture {
  const { complex } = a
  const [first = 0, second] = result.shape
  const frames = second === undefined || !binsFirst ? first : second
  const bins = second === undefined ? undefined : binsFirst ? first : second
  const turned = (values: ArrayLike<number>) =>
    binsFirst && bins !== undefined ? columnsFirst(values, bins, frames) : values
  const differences = Float64Array.from(a.values.data, (x, i) => minus(x, b.values.data[i]!))
  const left = turned(complex ? magnitudesOf(a.values.data) : a.values.data)
  const right = turned(complex ? magnitudesOf(b.values.data) : b.values.data)
  const apart = turned(complex ? magnitudesOf(differences) : differences)
  const common = extentOf(left, right)
  const reach = Math.max(...extentOf(apart).map(Math.abs)) || 1
  const minusLabel = complex ? '|A − B|' : 'A − B'
  const panel = (heading: string, values: ArrayLike<number>, range: [number, number], signed: boolean): Panel => {
    const shared = { heading, range, time: [0, frames] as const }
    if (bins === undefined) {
      return { ...shared, type: 'wave', samples: values, label: 'value' } satisfies WavePanel
    }
    return {
      ...shared,
      type: 'heat',
      values,
      columns: frames,
      rows: bins,
      label: 'bin',
      ticks: niceTicks(0, bins, 5).map(({ value, label }) => ({ value: value + 0.5, label })),
      unit: signed ? minusLabel : complex ? 'magnitude' : 'value',
      colours: signed ? difference : magma,
    } satisfies HeatPanel
  }
  const digits = (value: number) =>
    Number.isNaN(value) ? 'undefined' : String(Number(value.toPrecision(3))).replace('-', '−')
  const correlation = Number.isNaN(result.correlation) ? 'undefined' : result.correlation.toFixed(6)
  return {
    title: `${names[0]} against ${names[1]}`,
    subtitle: `mean offset ${digits(result.meanOffset)} · max |A − B| ${digits(result.maxAbs)} · correlation ${correlation}`,
    panels: [
      panel(`A: ${names[0]}`, left, common, false),
      panel(`B: ${names[1]}`, right, common, false),
      panel(minusLabel, apart, [complex ? 0 : -reach, reach], true),
    ],
    time: [0, frames],
    timeLabel: 'frame',
  }
}

function magnitudesOf(pairs: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: pairs.length / 2 }, (_, i) => Math.hypot(pairs[2 * i]!, pairs[2 * i + 1]!))
}

function columnsFirst(values: ArrayLike<number>, bins: number, frames: number): Float64Array {
  const turned = new Float64Array(values.length)
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) turned[frame * bins + bin] = values[bin * frames + frame]!
  }
  return turned
}

function extentOf(...all: ArrayLike<number>[]): [number, number] {
  let [least, most] = [Infinity, -Infinity]
  for (const values of all) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (!Number.isFinite(value)) continue
      if (value < least) least = value
      if (value > most) most = value
    }
  }
  return least > most ? [0, 1] : [least, most]
}
