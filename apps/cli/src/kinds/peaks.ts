import { magma } from '../plot/colours.js'
import { niceTicks } from '../plot/ticks.js'
import { columnsOf, describeHop, levelPanel, magnitudeDecibels, overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'
import { matrixShape, showRate } from './shapes.js'

/** Peaks where they are, by their level where it is known. */
export const drawPiptrack: Draw = (source) => {
  const { sampleRate, values, parts } = source
  const [bins, frames] = matrixShape(values, '[bins, frames] in hertz')
  const { timing } = resolve('piptrack', source)
  const { fmax } = resolve('piptrack', source).options
  const binHertz = sampleRate / (2 * (bins - 1 || 1))
  const found = { type: 'heat', ...columnsOf(values, (hertz) => (hertz > 0 ? 1 : 0)), range: [0, 1] } as const
  const panel =
    parts !== undefined && 'magnitudes' in parts
      ? levelPanel(parts.magnitudes, magnitudeDecibels)
      : { ...found, range: [0, 1] as [number, number], unit: 'peak', colours: magma }
  return overTime(source, 'piptrack', `${describeHop(timing, sampleRate)} · peaks below ${fmax} Hz`, [
    {
      ...panel,
      time: timeSpan(timing, frames),
      label: 'frequency (Hz)',
      ticks: niceTicks(0, sampleRate / 2, 8).map(({ value, label }) => ({ label, value: value / binHertz + 0.5 })),
    },
  ])
}

/** The one value as a line over the time of the sound. */
export const drawTuning: Draw = (source) => {
  const { audio, sampleRate, values } = source
  const value = values.data[0] ?? Number.NaN
  const { binsPerOctave } = resolve('tuning', source).options
  const seconds = audio === undefined ? 1 : audio.samples.size / audio.sampleRate
  const cents = Math.round((value * 1200) / binsPerOctave)
  const ticks = [-0.5, -0.25, 0, 0.25, 0.5].map((tick) => ({ value: tick, label: String(tick) }))
  return overTime(source, 'tuning', `${showRate(sampleRate)} · ${value} of a bin, ${cents} cents`, [
    {
      type: 'wave',
      samples: Float64Array.of(value, value),
      time: [0, seconds],
      label: 'bins',
      range: [-0.5, 0.5],
      ticks,
    },
  ])
}
