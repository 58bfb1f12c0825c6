import { chromaCqtOptionSpecs } from '@dsp/chroma'
import { type Audio, type OptionSpecs, resolveOptions, type Tensor } from '@dsp/tensor'
import { chromaPanel } from '../kinds/chroma.js'
import { frameTimes } from '../kinds/frames.js'
import type { Settings } from '../kinds/kind.js'
import { pitchPanel, pitchTimes, voicedPanel } from '../kinds/pitch.js'
import { showRate } from '../kinds/shapes.js'
import type { Panel, Picture } from '../plot/picture.js'
import { loudestOf, sketch, sketchPanel } from '../plot/sketch.js'

/** What was found of the pitch; flags and probabilities by `pyin` alone. */
export interface Pitch {
  readonly f0: Tensor<Float64Array>
  readonly voicedFlag?: Tensor<Uint8Array>
  readonly voicedProb?: Tensor<Float64Array>
}

/** Everything that the picture of a track shows. */
export interface Findings {
  readonly name: string
  readonly audio: Audio
  readonly harmonic: Tensor<Float32Array>
  readonly percussive: Tensor<Float32Array>
  readonly pitch: Pitch
  readonly chroma: Tensor<Float32Array>
  readonly settings: { readonly pitch: Settings; readonly chroma: Settings }
}

/** The picture of a track: pitch over the spectrogram, the two parts, and chroma. */
export function analysisPicture(findings: Findings): Picture {
  const { name, audio, harmonic, percussive, pitch, chroma, settings } = findings
  const { sampleRate } = audio
  const options = { sampleRate }
  const input = sketch(audio.samples.data, options)
  const loudest = loudestOf(input)
  const times = pitchTimes(settings.pitch, pitch.f0.size, sampleRate)
  const panels: Panel[] = [pitchPanel(input, pitch.f0.data, times, { heading: 'Pitch over the spectrogram' })]
  if (pitch.voicedProb !== undefined) panels.push(voicedPanel(pitch.voicedProb.data, times))
  panels.push(
    sketchPanel(sketch(harmonic.data, options), loudest, { heading: 'Harmonic part' }),
    sketchPanel(sketch(percussive.data, options), loudest, { heading: 'Percussive part' }),
  )
  const { hopLength } = resolveOptions(
    'chromaCqt',
    chromaCqtOptionSpecs as OptionSpecs<Record<string, unknown>>,
    settings.chroma,
  ) as { hopLength: number }
  const chromaTimes = frameTimes({ hopLength }, chroma.shape[1]!, sampleRate)
  const panel = chromaPanel(chroma, chromaTimes)
  // There is no room for twelve names.
  const ticks = panel.ticks.filter(({ label }) => !label.endsWith('#'))
  panels.push({ ...panel, ticks, heading: 'Chroma (constant Q)' })
  const seconds = input.seconds.toFixed(1)
  return {
    title: name,
    subtitle: `${seconds} s · ${showRate(sampleRate)} · harmonic-percussive separation, pitch, chroma`,
    panels,
    time: [0, input.seconds],
    timeLabel: 'time (s)',
  }
}
