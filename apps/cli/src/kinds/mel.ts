import { difference } from '../plot/colours.js'
import { coefficientTicks } from '../plot/ticks.js'
import { columnsOf, describeHop, levelPanel, overTime, powerDecibels, resolve } from './frames.js'
import { type Draw, type Resolved, timeSpan } from './kind.js'
import { librosaTicks, melTicks } from './mel-ticks.js'
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
  const subtitle = `${describeFrames(resolved, source.sampleRate)} · ${rows} mel bands`
  return overTime(source, 'mel', subtitle, [
    {
      ...levels,
      time: timeSpan(timing, columns),
      label: 'frequency (Hz, mel scale)',
      ticks: librosaTicks(options, source.sampleRate, rows),
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
      ticks: coefficientTicks(rows),
      unit: 'value',
    },
  ])
}

/** Decibels of a natural logarithm of powers. */
const DECIBELS = 10 / Math.LN10

export const drawNemo: Draw = (source) => {
  const resolved = resolve('nemo', source)
  const { options, timing } = resolved
  const perPower = 2 / (options.magPower || 2)
  const decibels = (value: number) => perPower * (options.log ? DECIBELS * value : powerDecibels(value))
  const panel =
    options.normalize === 'none'
      ? levelPanel(source.values, decibels)
      : {
          type: 'heat' as const,
          ...columnsOf(source.values),
          range: middleRange(source.values.data),
          colours: difference,
          unit: 'deviations from the mean',
        }
  const { columns, rows } = panel
  const subtitle = `${describeHop(timing, source.sampleRate)} · ${rows} mel bands`
  const picture = overTime(source, 'nemo', subtitle, [
    {
      ...panel,
      time: timeSpan(timing, columns),
      label: 'frequency (Hz, mel scale)',
      ticks: melTicks('slaney', options.lowfreq, options.highfreq || source.sampleRate / 2, options.features),
    },
  ])
  // The columns after the sound are features too.
  return { ...picture, time: [0, Math.max(picture.time[1], columns / timing.rate)] }
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
