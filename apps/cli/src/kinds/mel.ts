import { difference } from '../plot/colours.js'
import { niceTicks } from '../plot/ticks.js'
import { columnsOf, levelPanel, overTime, powerDecibels, resolve } from './frames.js'
import { type Draw, type Resolved, timeSpan } from './kind.js'
import { melTicks } from './mel-ticks.js'
import { middleRange, showRate } from './shapes.js'

function describeFrames({ options, timing }: Resolved<'mel' | 'mel-mfcc'>, sampleRate: number): string {
  return `${showRate(sampleRate)} · ${options.nFft} points every ${Math.round(sampleRate / timing.rate)} samples`
}

export const drawMel: Draw = (source) => {
  const resolved = resolve('mel', source)
  const { options, timing } = resolved
  const perDecade = 2 / (options.power || 2)
  const levels = levelPanel(source.values, (value) => perDecade * powerDecibels(value))
  const { columns, rows } = levels
  const scale = options.melScale ?? (options.htk ? 'htk' : 'slaney')
  const subtitle = `${describeFrames(resolved, source.sampleRate)} · ${rows} mel bands`
  return overTime(source, 'mel', subtitle, [
    {
      ...levels,
      time: timeSpan(timing, columns),
      label: 'frequency (Hz, mel scale)',
      ticks: melTicks(scale, options.fmin, options.fmax ?? source.sampleRate / 2, rows),
    },
  ])
}

export const drawMelMfcc: Draw = (source) => {
  const resolved = resolve('mel-mfcc', source)
  const turned = columnsOf(source.values)
  const { columns, rows } = turned
  const subtitle = `${describeFrames(resolved, source.sampleRate)} · ${rows} coefficients`
  return overTime(source, 'mfcc', subtitle, [
    {
      type: 'heat',
      ...turned,
      range: middleRange(source.values.data),
      colours: difference,
      time: timeSpan(resolved.timing, columns),
      label: 'coefficient',
      ticks: niceTicks(0, rows - 1, Math.min(rows - 1, 12))
        .filter(({ value }) => Number.isInteger(value))
        .map(({ value, label }) => ({ value: value + 0.5, label })),
      unit: 'value',
    },
  ])
}

/** The rate of the sound that Whisper's features are made of. */
const WHISPER_RATE = 16000

export const drawWhisper: Draw = (source) => {
  const { timing } = resolve('whisper', source)
  // (log10 of the power + 4) / 4
  const levels = levelPanel(source.values, (value) => 10 * (4 * value - 4))
  const { columns, rows } = levels
  const subtitle = `${rows} mel bands of 400 points every 160 samples at 16 kHz`
  const picture = overTime(source, 'whisper', subtitle, [
    {
      ...levels,
      time: timeSpan(timing, columns),
      label: 'frequency (Hz, mel scale)',
      ticks: melTicks('slaney', 0, WHISPER_RATE / 2, rows),
    },
  ])
  // Zeros after the sound are features too.
  return { ...picture, time: [0, Math.max(picture.time[1], columns / timing.rate)] }
}
