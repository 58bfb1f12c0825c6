import type { FeatureKind } from '@dsp/features'
import type { Tensor } from '@dsp/tensor'
import { difference, magma } from '../plot/colours.js'
import { pitchClassTicks } from '../plot/notes.js'
import type { HeatPanel } from '../plot/picture.js'
import { columnsOf, describeHop, overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'
import { middleRange } from './shapes.js'

/**
 * Chroma as a panel: pitch classes from the bottom up.
 * @param values - `[bins, frames]`.
 * @param time - Seconds where the first frame begins and the last one ends.
 * @param fromC - Whether the first bin is C; else A.
 */
export function chromaPanel(
  values: Tensor<Float32Array> | Tensor<Float64Array>,
  time: readonly [number, number],
  fromC = true,
): HeatPanel {
  const turned = columnsOf(values)
  const most = turned.values.reduce((max, value) => Math.max(max, value), 0)
  return {
    type: 'heat',
    ...turned,
    time,
    range: [0, most || 1],
    label: 'pitch class',
    ticks: pitchClassTicks(turned.rows, fromC),
    unit: 'strength',
    colours: magma,
  }
}

/** The picture of a kind whose result is chroma. */
function drawChroma(kind: FeatureKind): Draw {
  return (source) => {
    const { options, timing } = resolve(kind, source)
    const time = timeSpan(timing, source.values.shape[1] ?? 0)
    const fromC = !('baseC' in options) || options.baseC
    return overTime(source, kind, describeHop(timing, source.sampleRate), [chromaPanel(source.values, time, fromC)])
  }
}

export const drawChromaStft = drawChroma('chroma-stft')
export const drawChromaCqt = drawChroma('chroma-cqt')
export const drawChromaCens = drawChroma('chroma-cens')
export const drawChromaVqt = drawChroma('chroma-vqt')

/** The axes of the tonal space: fifths, minor and major thirds, each as a circle. */
const TONAL = ['5 x', '5 y', 'm3 x', 'm3 y', 'M3 x', 'M3 y']

export const drawTonnetz: Draw = (source) => {
  const { timing } = resolve('tonnetz', source)
  const turned = columnsOf(source.values)
  return overTime(source, 'tonnetz', describeHop(timing, source.sampleRate), [
    {
      type: 'heat',
      ...turned,
      time: timeSpan(timing, turned.columns),
      range: middleRange(source.values.data),
      label: 'tonal centroid',
      ticks: TONAL.map((label, i) => ({ label, value: i + 0.5 })),
      unit: 'value',
      colours: difference,
    },
  ])
}
