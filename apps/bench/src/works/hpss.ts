import { ofPeak, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import type { Context } from './context.ts'
import { musicWorks } from './music.ts'

/** Harmonic and percussive parts of a waveform. */
export function hpssWorks(context: Context): Work[] {
  return musicWorks(context, {
    name: 'hpss',
    function: 'effects.hpss',
    title: 'Harmonic–percussive separation',
    rated: false,
    agree: ofPeak(TOLERANCES.music),
    goal: { ratio: 30, seconds: 240, rate: 22050 },
  })
}
