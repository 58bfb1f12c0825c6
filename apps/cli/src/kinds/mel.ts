import {
  hzToMel,
  type MelScale,
  type MelspectrogramOptions,
  melspectrogram,
  melspectrogramOptionSpecs,
  mfcc,
  mfccOptionSpecs,
  type WhisperOptions,
  whisperLogMel,
  whisperOptionSpecs,
} from '@dsp/mel'
import { type OptionSpecs, resolveOptions } from '@dsp/tensor'
import { difference } from '../plot/colours.js'
import { knownFrequencies, niceTicks, type Tick } from '../plot/ticks.js'
import { columnsOf, frameTimes, levelPanel, overTime, powerDecibels, withRate } from './frames.js'
import type { Kind, PictureSource, Settings } from './kind.js'
import { middleRange, showRate } from './shapes.js'

type AnySpecs = OptionSpecs<Record<string, unknown>>

/** Where known frequencies lie among mel bands: band b is centred at b + 1 of the steps between the ends. */
function melTicks(scale: MelScale, fmin: number, fmax: number, bands: number): Tick[] {
  const mel = (hertz: number) => hzToMel(hertz, { melScale: scale })
  const [low, high] = [mel(fmin), mel(fmax)]
  return knownFrequencies(fmin, fmax).map(({ value, label }) => ({
    label,
    value: ((mel(value) - low) / (high - low)) * (bands + 1) - 0.5,
  }))
}

function resolve(name: string, specs: AnySpecs, { settings, sampleRate }: PictureSource): MelspectrogramOptions {
  return resolveOptions(name, specs, withRate(settings, sampleRate)) as unknown as MelspectrogramOptions
}

function timesOf(options: MelspectrogramOptions, frames: number, sampleRate: number): [number, number] {
  return frameTimes({ ...options, hopLength: hopOf(options), frameLength: options.nFft }, frames, sampleRate)
}

function hopOf({ hopLength, winLength, nFft }: MelspectrogramOptions): number {
  return hopLength ?? Math.floor((winLength ?? nFft) / 4)
}

function describeFrames(options: MelspectrogramOptions, sampleRate: number): string {
  return `${showRate(sampleRate)} · ${options.nFft} points every ${hopOf(options)} samples`
}

export const melKind: Kind = {
  options: melspectrogramOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: melspectrogram(audio, settings), complex: false }),
  picture(source) {
    const options = resolve('melspectrogram', this.options, source)
    const perDecade = 2 / (options.power || 2)
    const levels = levelPanel(source.values, (value) => perDecade * powerDecibels(value))
    const { columns, rows } = levels
    const scale = options.melScale ?? (options.htk ? 'htk' : 'slaney')
    const subtitle = `${describeFrames(options, source.sampleRate)} · ${rows} mel bands`
    return overTime(source, 'mel', subtitle, [
      {
        ...levels,
        time: timesOf(options, columns, source.sampleRate),
        label: 'frequency (Hz, mel scale)',
        ticks: melTicks(scale, options.fmin, options.fmax ?? source.sampleRate / 2, rows),
      },
    ])
  },
}

export const melMfccKind: Kind = {
  options: mfccOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: mfcc(audio, settings), complex: false }),
  picture(source) {
    const options = resolve('mfcc', this.options, source)
    const turned = columnsOf(source.values)
    const { columns, rows } = turned
    const subtitle = `${describeFrames(options, source.sampleRate)} · ${rows} coefficients`
    return overTime(source, 'mfcc', subtitle, [
      {
        type: 'heat',
        ...turned,
        range: middleRange(source.values.data),
        colours: difference,
        time: timesOf(options, columns, source.sampleRate),
        label: 'coefficient',
        ticks: niceTicks(0, rows - 1, Math.min(rows - 1, 12))
          .filter(({ value }) => Number.isInteger(value))
          .map(({ value, label }) => ({ value: value + 0.5, label })),
        unit: 'value',
      },
    ])
  },
}

/** What Whisper's features are made of. */
const WHISPER = { rate: 16000, hop: 160 }

export const whisperKind: Kind = {
  options: whisperOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings: Settings) => ({
    values: whisperLogMel(audio, settings as Partial<WhisperOptions>),
    complex: false,
  }),
  picture(source) {
    // (log10 of the power + 4) / 4
    const levels = levelPanel(source.values, (value) => 10 * (4 * value - 4))
    const { columns, rows } = levels
    const subtitle = `${rows} mel bands of 400 points every 160 samples at 16 kHz`
    const picture = overTime(source, 'whisper', subtitle, [
      {
        ...levels,
        time: frameTimes({ hopLength: WHISPER.hop }, columns, WHISPER.rate),
        label: 'frequency (Hz, mel scale)',
        ticks: melTicks('slaney', 0, WHISPER.rate / 2, rows),
      },
    ])
    // Zeros after the sound are features too.
    return { ...picture, time: [0, Math.max(picture.time[1], (columns * WHISPER.hop) / WHISPER.rate)] }
  },
}
