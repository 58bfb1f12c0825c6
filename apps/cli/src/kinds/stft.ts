import { frameTiming } from '@dsp/features'
import { niceTicks } from '../plot/ticks.js'
import { levelPanel, magnitudeDecibels, overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'
import { matrixShape, showRate } from './shapes.js'

export const drawStft: Draw = (source) => {
  const { sampleRate, settings } = source
  const [bins, frames] = matrixShape(source.values, '[bins, frames] of magnitudes')
  const { options } = resolve('stft', source)
  // The number of bins in a file determines the length, unless it is odd.
  const nFft = Math.floor(options.nFft / 2) + 1 === bins ? options.nFft : 2 * (bins - 1)
  const timing = frameTiming('stft', { ...settings, nFft }, sampleRate)
  const hop = Math.round(sampleRate / timing.rate)
  const binHertz = sampleRate / nFft
  const subtitle = `${showRate(sampleRate)} · ${nFft} points every ${hop} samples · ${options.window} window`
  return overTime(source, 'stft', subtitle, [
    {
      ...levelPanel(source.values, magnitudeDecibels),
      time: timeSpan(timing, frames),
      label: 'frequency (Hz)',
      ticks: niceTicks(0, sampleRate / 2, 8).map(({ value, label }) => ({ label, value: value / binHertz + 0.5 })),
    },
  ])
}
