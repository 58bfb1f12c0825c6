import type { Tensor } from '@dsp/tensor'
import type { Comparison } from '../compare.js'
import { difference, magma } from './colours.js'
import type { HeatPanel, Panel, Picture, WavePanel } from './picture.js'
import { niceTicks } from './ticks.js'

type Matrix = Tensor<Float32Array> | Tensor<Float64Array>

/**
 * The picture of a comparison: A, B and A minus B over frames.
 * @param a - Of 1 axis (frames) or 2.
 * @param b - The same shape.
 * @param names - What A and B are called.
 * @param binsFirst - Whether the first axis is that of the bins.
 * @param result - What the comparison found.
 */
export function comparisonPicture(
  a: Matrix,
  b: Matrix,
  names: readonly [string, string],
  binsFirst: boolean,
  result: Comparison,
): Picture {
  const [first = 0, second] = a.shape
  const frames = second === undefined || !binsFirst ? first : second
  const bins = second === undefined ? undefined : binsFirst ? first : second
  const left = binsFirst && bins !== undefined ? columnsFirst(a.data, bins, frames) : a.data
  const right = binsFirst && bins !== undefined ? columnsFirst(b.data, bins, frames) : b.data
  const minus = Float64Array.from(left, (x, i) => (Object.is(x, right[i]!) || x === right[i] ? 0 : x - right[i]!))
  const common = extentOf(left, right)
  const reach = Math.max(...extentOf(minus, minus).map(Math.abs)) || 1
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
      unit: signed ? 'A − B' : 'value',
      colours: signed ? difference : magma,
    } satisfies HeatPanel
  }
  const digits = (value: number) => String(Number(value.toPrecision(3))).replace('-', '−')
  const correlation = Number.isNaN(result.correlation) ? 'undefined' : result.correlation.toFixed(6)
  return {
    title: `${names[0]} against ${names[1]}`,
    subtitle: `mean offset ${digits(result.meanOffset)} · max |A − B| ${digits(result.maxAbs)} · correlation ${correlation}`,
    panels: [
      panel(`A: ${names[0]}`, left, common, false),
      panel(`B: ${names[1]}`, right, common, false),
      panel('A − B', minus, [-reach, reach], true),
    ],
    time: [0, frames],
    timeLabel: 'frame',
  }
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
