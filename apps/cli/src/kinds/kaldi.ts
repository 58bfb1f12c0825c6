import {
  fbank,
  fbankOptionSpecs,
  mfcc,
  mfccOptionSpecs,
  type PresetName,
  presets,
  spectrogram,
  spectrogramOptionSpecs,
} from '@dsp/mel-kaldi'
import { DspError, type OptionSpecs, resolveOptions } from '@dsp/tensor'
import { difference, magma } from '../plot/colours.js'
import type { HeatPanel, Picture } from '../plot/picture.js'
import { knownFrequencies, niceTicks, type Tick } from '../plot/ticks.js'
import type { Kind, PictureSource, Settings } from './kind.js'
import { matrixShape, middleRange, relativeDecibels, showRate, waveform } from './shapes.js'

type Name = 'fbank' | 'mfcc' | 'spectrogram'
type AnySpecs = OptionSpecs<Record<string, unknown>>

/** What the pictures need of the resolved options. */
interface Resolved {
  readonly preset: PresetName
  readonly sampleFrequency: number
  readonly frameLength: number
  readonly frameShift: number
  readonly snipEdges: boolean
  readonly roundToPowerOfTwo: boolean
  readonly numMelBins: number
  readonly lowFreq: number
  readonly highFreq: number
  readonly useEnergy: boolean
  readonly htkCompat: boolean
  readonly isLibrosa: boolean
  readonly useSlaneyMelScale: boolean
  readonly useLogFbank: boolean
  readonly usePower: boolean
}

/** Frames around their centres on the time axis, in seconds. */
function frameTimes(options: Resolved, frames: number): [number, number] {
  const shift = options.frameShift / 1000
  const start = options.snipEdges ? options.frameLength / 2000 - shift / 2 : 0
  return [start, start + frames * shift]
}

function resolve(name: Name, specs: AnySpecs, { settings, sampleRate }: PictureSource): Resolved {
  const preset = (settings.preset ?? 'torchaudio') as PresetName
  const given = { ...settings, sampleFrequency: sampleRate }
  return resolveOptions(name, specs, given, presets[preset][name] as Settings) as unknown as Resolved
}

function picture(
  source: PictureSource,
  name: Name,
  options: Resolved,
  frames: number,
  heat: Partial<HeatPanel>,
): Picture {
  const times = frameTimes(options, frames)
  const wave = waveform(source)
  const panel = { type: 'heat', columns: frames, time: times, colours: magma, ...heat } as HeatPanel
  const { frameLength, frameShift, preset } = options
  const bins = name === 'spectrogram' ? '' : ` · ${panel.rows} ${name === 'mfcc' ? 'coefficients' : 'bins'}`
  return {
    title: `${source.name} · ${name}`,
    subtitle: `${preset} · ${showRate(source.sampleRate)} · ${frameLength} ms frames every ${frameShift} ms${bins}`,
    panels: [...wave, panel],
    time: wave[0]?.time ?? [0, times[1]],
    timeLabel: 'time (s)',
  }
}

/** Natural logarithms of power (or of magnitudes) as decibels, without some columns. */
function decibels(values: ArrayLike<number>, columns: number, keep: readonly [number, number], perNeper: number) {
  const width = keep[1] - keep[0]
  const frames = values.length / columns
  const levels = new Float64Array(frames * width)
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < width; bin++) {
      levels[frame * width + bin] = perNeper * values[frame * columns + keep[0] + bin]!
    }
  }
  return relativeDecibels(levels)
}

const POWER_DB = 10 / Math.LN10
const MAGNITUDE_DB = 20 / Math.LN10

/** Where known frequencies lie among the mel bins: bin b is centred at b + 0.5. */
function melTicks(options: Resolved): Tick[] {
  const nyquist = options.sampleFrequency / 2
  const high = options.highFreq <= 0 ? nyquist + options.highFreq : options.highFreq
  const mel = options.isLibrosa && options.useSlaneyMelScale ? slaneyMel : (hertz: number) => Math.log1p(hertz / 700)
  const [low, top] = [mel(options.lowFreq), mel(high)]
  return knownFrequencies(options.lowFreq, high).map(({ value, label }) => ({
    label,
    value: ((mel(value) - low) / (top - low)) * (options.numMelBins + 1) - 0.5,
  }))
}

function slaneyMel(hertz: number): number {
  return hertz < 1000 ? (3 * hertz) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4)
}

export const fbankKind: Kind = {
  options: fbankOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: fbank(audio, settings), complex: false }),
  picture(source) {
    const [frames, columns] = matrixShape(source.values, '[frames, bins]')
    const options = resolve('fbank', this.options, source)
    const energy = columns === options.numMelBins + 1 && options.useEnergy
    const bins = energy ? columns - 1 : columns
    const first = energy && !options.htkCompat ? 1 : 0
    const perNeper = options.usePower ? POWER_DB : MAGNITUDE_DB
    const source1 = options.useLogFbank ? source.values.data : logarithms(source.values.data)
    const { values, range } = decibels(source1, columns, [first, first + bins], perNeper)
    return picture(source, 'fbank', options, frames, {
      values,
      rows: bins,
      range,
      label: 'frequency (Hz, mel scale)',
      ticks: melTicks({ ...options, numMelBins: bins }),
      unit: 'level (dB, 0 = loudest)',
    })
  },
}

export const mfccKind: Kind = {
  options: mfccOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: mfcc(audio, settings), complex: false }),
  picture(source) {
    const [frames, rows] = matrixShape(source.values, '[frames, coefficients]')
    const options = resolve('mfcc', this.options, source)
    return picture(source, 'mfcc', options, frames, {
      values: source.values.data,
      rows,
      range: middleRange(source.values.data),
      colours: difference,
      label: 'coefficient',
      ticks: niceTicks(0, rows - 1, Math.min(rows - 1, 12))
        .filter(({ value }) => Number.isInteger(value))
        .map(({ value, label }) => ({ value: value + 0.5, label })),
      unit: 'value',
    })
  },
}

export const spectrogramKind: Kind = {
  options: spectrogramOptionSpecs as AnySpecs,
  hasComplex: false,
  compute: (audio, settings) => ({ values: spectrogram(audio, settings), complex: false }),
  picture(source) {
    const [frames, columns] = matrixShape(source.values, '[frames, bins]')
    const options = resolve('spectrogram', this.options, source)
    if (columns < 2) throw DspError.argument('values', 'at least 2 bins wide', columns)
    // Kaldi puts the frame's energy into the bin of 0 Hz, which is left out here.
    const { values, range } = decibels(source.values.data, columns, [1, columns], POWER_DB)
    const binHertz = source.sampleRate / 2 / (columns - 1)
    return picture(source, 'spectrogram', options, frames, {
      values,
      rows: columns - 1,
      range,
      label: 'frequency (Hz)',
      ticks: niceTicks(0, source.sampleRate / 2, 8).map(({ value, label }) => ({
        label,
        value: value / binHertz - 0.5,
      })),
      unit: 'level (dB, 0 = loudest)',
    })
  },
}

function logarithms(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value) => Math.log(Math.max(value, 2 ** -23)))
}
