import type { Features } from '@dsp/features'
import type { Audio } from '@dsp/tensor'
import { chromaPanel } from '../kinds/chroma.js'
import { timeSpan } from '../kinds/kind.js'
import { pitchPanel, voicedPanel } from '../kinds/pitch.js'
import { showRate } from '../kinds/shapes.js'
import type { Panel, Picture } from '../plot/picture.js'
import { loudestOf, sketch, sketchPanel } from '../plot/sketch.js'

/** Everything that the picture of a track shows. */
export interface Findings {
  readonly name: string
  readonly audio: Audio
  /** The harmonic and the percussive part. */
  readonly parts: Features<'hpss-harmonic'>['parts']
  readonly pitch: Features<'yin' | 'pyin'>
  readonly chroma: Features<'chroma-cqt'>
}

/** The picture of a track: pitch over the spectrogram, the two parts, and chroma. */
export function analysisPicture(findings: Findings): Picture {
  const { name, audio, parts, pitch, chroma } = findings
  const { sampleRate } = audio
  const options = { sampleRate }
  const input = sketch(audio.samples.data, options)
  const loudest = loudestOf(input)
  const times = timeSpan(pitch.timing, pitch.values.size)
  const panels: Panel[] = [pitchPanel(input, pitch.values.data, times, { heading: 'Pitch over the spectrogram' })]
  if (pitch.parts.voicedProb !== undefined) panels.push(voicedPanel(pitch.parts.voicedProb.data, times))
  panels.push(
    sketchPanel(sketch(parts.harmonic.data, options), loudest, { heading: 'Harmonic part' }),
    sketchPanel(sketch(parts.percussive.data, options), loudest, { heading: 'Percussive part' }),
  )
  const panel = chromaPanel(chroma.values, timeSpan(chroma.timing, chroma.values.shape[1]!))
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
