import type { HeatPanel, Panel, WavePanel } from '../plot/picture.js'
import { loudestOf, type Sketch, sketch, sketchPanel } from '../plot/sketch.js'
import { knownFrequencies } from '../plot/ticks.js'
import { overTime, resolve } from './frames.js'
import { type Draw, timeSpan } from './kind.js'
import { extent, showRate } from './shapes.js'

/** A leap of the pitch, which no line bridges: a quarter of an octave. */
const LEAP_OCTAVES = 0.25

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

function drawPitch(kind: 'yin' | 'pyin'): Draw {
  return (source) => {
    const { audio, parts, sampleRate } = source
    const f0 = source.values.data
    const { options, timing } = resolve(kind, source)
    const { fmin, fmax } = options
    const time = timeSpan(timing, f0.length)
    const hertz = (value: number) => `${Number(value.toFixed(1))} Hz`
    const panels: Panel[] = []
    if (audio === undefined) panels.push(linePanel(f0, time))
    else panels.push(pitchPanel(sketch(audio.samples.data, { sampleRate, top: Math.max(8000, 2 * fmax) }), f0, time))
    if (parts !== undefined && 'voicedProb' in parts) panels.push(voicedPanel(parts.voicedProb!.data, time))
    return overTime(source, kind, `${showRate(sampleRate)} · ${hertz(fmin)} to ${hertz(fmax)}`, panels)
  }
}

export const drawYin = drawPitch('yin')
export const drawPyin = drawPitch('pyin')
