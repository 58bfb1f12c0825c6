import { hpss, partOptionSpecs } from '@dsp/hpss'
import type { OptionSpecs } from '@dsp/tensor'
import type { Picture } from '../plot/picture.js'
import { loudestOf, type Sketch, sketch, sketchPanel } from '../plot/sketch.js'
import type { Kind } from './kind.js'
import { resampleKind } from './resample.js'
import { showRate } from './shapes.js'

type Part = 'harmonic' | 'percussive'

/**
 * Spectrograms of a sound and its parts, all to one scale, over a common time.
 * @param title - Of the picture.
 * @param subtitle - Below the title.
 * @param parts - The sketches by their names; the first one sets the scale.
 */
export function partsPicture(title: string, subtitle: string, parts: readonly (readonly [string, Sketch])[]): Picture {
  const input = parts[0]![1]
  const loudest = loudestOf(input)
  return {
    title,
    subtitle,
    panels: parts.map(([name, of]) =>
      sketchPanel(of, loudest, { heading: `${name[0]!.toUpperCase()}${name.slice(1)}` }),
    ),
    time: [0, input.seconds],
    timeLabel: 'time (s)',
  }
}

/** A kind that is one of the two parts: its samples. */
function partKind(part: Part): Kind {
  return {
    options: partOptionSpecs as OptionSpecs<Record<string, unknown>>,
    hasComplex: false,
    compute(audio, settings) {
      const { harmonic, percussive } = hpss(audio.samples, settings)
      return { values: part === 'harmonic' ? harmonic : percussive, complex: false, parts: { harmonic, percussive } }
    },
    picture(source) {
      const { audio, parts, sampleRate, name } = source
      if (audio === undefined || parts === undefined) {
        const { subtitle: _, ...picture } = resampleKind.picture({ ...source, settings: {} })
        return { ...picture, title: `${name} · hpss-${part}`, subtitle: showRate(sampleRate) }
      }
      const sketchOf = (samples: ArrayLike<number>) => sketch(Float32Array.from(samples), { sampleRate })
      return partsPicture(`${name} · hpss`, showRate(sampleRate), [
        ['input', sketchOf(audio.samples.data)],
        ['harmonic', sketchOf(parts.harmonic!.data)],
        ['percussive', sketchOf(parts.percussive!.data)],
      ])
    },
  }
}

export const hpssHarmonicKind: Kind = partKind('harmonic')
export const hpssPercussiveKind: Kind = partKind('percussive')
