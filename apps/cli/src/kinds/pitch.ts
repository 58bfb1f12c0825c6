import type { Audio, OptionSpecs, Tensor } from '@dsp/tensor'
import { option, resolveOptions } from '@dsp/tensor'
import { pyin, pyinOptionSpecs, type WithRange, type YinOptions, yin, yinOptionSpecs } from '@dsp/yin'
import type { HeatPanel, Panel, WavePanel } from '../plot/picture.js'
import { loudestOf, type Sketch, sketch, sketchPanel } from '../plot/sketch.js'
import { knownFrequencies } from '../plot/ticks.js'
import { frameTimes, overTime } from './frames.js'
import type { Kind, PictureSource, Settings } from './kind.js'
import { extent, showRate } from './shapes.js'

type AnySpecs = OptionSpecs<Record<string, unknown>>

/** librosa has no default for the range and recommends these notes: C2 and C7. */
const range = {
  fmin: option.number(65.40639132514966, { min: 0 }),
  fmax: option.number(2093.004522404789, { min: 0 }),
}

const yinSpecs = { ...yinOptionSpecs, ...range } as AnySpecs
const pyinSpecs = { ...pyinOptionSpecs, ...range } as AnySpecs

/** The settings with the range that a picture and a computation use. */
function withRange(settings: Settings): WithRange<YinOptions> {
  return { fmin: range.fmin.default, fmax: range.fmax.default, ...settings }
}

/** A leap of the pitch, which no line bridges: a quarter of an octave. */
const LEAP_OCTAVES = 0.25

/** Frames of pitches as they lie in time. */
export function pitchTimes(settings: Settings, frames: number, sampleRate: number): [number, number] {
  const options = resolveOptions('yin', pyinSpecs, withoutNaN(settings)) as unknown as YinOptions
  const hopLength = options.hopLength ?? Math.floor(options.frameLength / 4)
  return frameTimes({ hopLength, center: options.center, frameLength: options.frameLength }, frames, sampleRate)
}

/** yin's own option means nothing to where frames lie. */
function withoutNaN({ troughThreshold: _, ...settings }: Settings): Settings {
  return settings
}

/**
 * A pitch as a line over a spectrogram.
 * @param of - The spectrogram.
 * @param f0 - `[frames]` in hertz; NaN where there is none.
 * @param time - Seconds where the first frame begins and the last one ends.
 * @param more - What differs from the spectrogram's own panel.
 */
export function pitchPanel(
  of: Sketch,
  f0: ArrayLike<number>,
  time: readonly [number, number],
  more: Partial<HeatPanel> = {},
): HeatPanel {
  const values = Float64Array.from(f0, (hertz) => of.rowOf(hertz))
  const leap = (of.rowOf(2) - of.rowOf(1)) * LEAP_OCTAVES
  return sketchPanel(of, loudestOf(of), { curves: [{ values, time, leap }], ...more })
}

/** A strip of the probability of a voice. */
export function voicedPanel(probabilities: ArrayLike<number>, time: readonly [number, number]): WavePanel {
  const ticks = [0, 1].map((value) => ({ value, label: String(value) }))
  return { type: 'wave', samples: probabilities, time, label: 'voiced', range: [0, 1], ticks }
}

/** A pitch without its sound: a line on an axis of octaves. */
function linePanel(f0: ArrayLike<number>, time: readonly [number, number]): WavePanel {
  const octaves = Float64Array.from(f0, (hertz) => (hertz > 0 ? Math.log2(hertz) : Number.NaN))
  const [low, high] = extent(octaves)
  const ends = [low - 0.1, high + 0.1] as const
  const ticks = knownFrequencies(2 ** ends[0], 2 ** ends[1]).map(({ value, label }) => ({
    value: Math.log2(value),
    label,
  }))
  return { type: 'wave', samples: octaves, time, label: 'pitch (Hz)', range: ends, ticks }
}

function picture(source: PictureSource, kind: string) {
  const { audio, parts, settings, sampleRate } = source
  const f0 = source.values.data
  const time = pitchTimes(settings, f0.length, sampleRate)
  const { fmin, fmax } = withRange(settings)
  const hertz = (value: number) => `${Number(value.toFixed(1))} Hz`
  const panels: Panel[] = []
  if (audio === undefined) panels.push(linePanel(f0, time))
  else panels.push(pitchPanel(sketch(audio.samples.data, { sampleRate, top: Math.max(8000, 2 * fmax) }), f0, time))
  if (parts?.voicedProb !== undefined) panels.push(voicedPanel(parts.voicedProb.data, time))
  return overTime(source, kind, `${showRate(sampleRate)} · ${hertz(fmin)} to ${hertz(fmax)}`, panels)
}

export const yinKind: Kind = {
  options: yinSpecs,
  hasComplex: false,
  compute: (audio: Audio, settings) => ({ values: yin(audio, withRange(settings)), complex: false }),
  picture: (source) => picture(source, 'yin'),
}

export const pyinKind: Kind = {
  options: pyinSpecs,
  hasComplex: false,
  compute(audio: Audio, settings) {
    const { f0, voicedProb } = pyin(audio, withRange(settings))
    return { values: f0 as Tensor<Float64Array>, complex: false, parts: { voicedProb } }
  },
  picture: (source) => picture(source, 'pyin'),
}
