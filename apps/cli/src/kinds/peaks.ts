import { magma } from '../plot/colours.js'
import type { HeatPanel } from '../plot/picture.js'
import { niceTicks } from '../plot/ticks.js'
import { describeHop, magnitudeDecibels, overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'
import { matrixShape, relativeDecibels, showRate } from './shapes.js'

/** Most rows of a picture of peaks: peaks are a bin high, and more rows than pixels would average them away. */
const ROWS = 150

/** The greatest values of groups of bins, column after column. */
function strongest(data: ArrayLike<number>, frames: number, bins: number, group: number): Float64Array {
  const rows = Math.ceil(bins / group)
  const out = new Float64Array(rows * frames)
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) {
      const at = frame * rows + Math.floor(bin / group)
      out[at] = Math.max(out[at]!, data[bin * frames + frame]!)
    }
  }
  return out
}

/** Peaks where they are, by their level where it is known. */
export const drawPiptrack: Draw = (source) => {
  const { sampleRate, values, parts } = source
  const [all, frames] = matrixShape(values, '[bins, frames] in hertz')
  const { timing, options } = resolve('piptrack', source)
  const binHertz = sampleRate / (2 * Math.max(1, all - 1))
  const bins = Math.min(all, Math.ceil(Math.max(1, options.fmax) / binHertz) + 1)
  const group = Math.ceil(bins / ROWS)
  const rows = Math.ceil(bins / group)
  const level = (data: ArrayLike<number>) => strongest(data, frames, bins, group)
  const look: Pick<HeatPanel, 'values' | 'range' | 'unit'> =
    parts !== undefined && 'magnitudes' in parts
      ? { ...relativeDecibels(level(parts.magnitudes.data).map(magnitudeDecibels)), unit: 'level (dB, 0 = loudest)' }
      : { values: level(values.data).map((hertz) => (hertz > 0 ? 1 : 0)), range: [0, 1], unit: 'peak' }
  return overTime(source, 'piptrack', `${describeHop(timing, sampleRate)} · peaks below ${options.fmax} Hz`, [
    {
      type: 'heat',
      ...look,
      rows,
      columns: frames,
      time: timeSpan(timing, frames),
      label: 'frequency (Hz)',
      ticks: niceTicks(0, bins * binHertz, 8).map(({ value, label }) => ({
        label,
        value: (value / binHertz + 0.5) / group,
      })),
      colours: magma,
    },
  ])
}

/** Points of a line, so that it reaches both ends of the time. */
const POINTS = 1000

/** The one value as a line over the time of the sound. */
export const drawTuning: Draw = (source) => {
  const { audio, sampleRate, values } = source
  const value = values.data[0] ?? Number.NaN
  const { binsPerOctave } = resolve('tuning', source).options
  const seconds = audio === undefined ? 1 : audio.samples.size / audio.sampleRate
  const cents = Math.round((value * 1200) / binsPerOctave)
  const ticks = [-0.5, -0.25, 0, 0.25, 0.5].map((tick) => ({ value: tick, label: String(tick) }))
  const samples = new Float64Array(POINTS).fill(value)
  return overTime(source, 'tuning', `${showRate(sampleRate)} · ${value} of a bin, ${cents} cents`, [
    { type: 'wave', samples, time: [0, seconds], label: 'bins', range: [-0.5, 0.5], ticks },
  ])
}
