import type { Picture } from '../plot/picture.js'
import { loudestOf, type Sketch, sketch, sketchPanel } from '../plot/sketch.js'
import type { Draw } from './kind.js'
import { drawResample } from './resample.js'
import { showRate } from './shapes.js'

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

/** The picture of one of the two parts: of both, and the sound, if there is sound. */
function drawPart(part: 'harmonic' | 'percussive'): Draw {
  return (source) => {
    const { audio, parts, sampleRate, name } = source
    if (audio === undefined || parts === undefined || !('harmonic' in parts)) {
      const { subtitle: _, ...picture } = drawResample({ ...source, settings: {} })
      return { ...picture, title: `${name} · hpss-${part}`, subtitle: showRate(sampleRate) }
    }
    const sketchOf = (samples: ArrayLike<number>) => sketch(Float32Array.from(samples), { sampleRate })
    return partsPicture(`${name} · hpss`, showRate(sampleRate), [
      ['input', sketchOf(audio.samples.data)],
      ['harmonic', sketchOf(parts.harmonic!.data)],
      ['percussive', sketchOf(parts.percussive!.data)],
    ])
  }
}

export const drawHarmonic = drawPart('harmonic')
export const drawPercussive = drawPart('percussive')
