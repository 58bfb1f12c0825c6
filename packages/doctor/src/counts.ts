import type { CauseId } from './cause.js'
import type { Finding } from './diagnosis.js'
import type { FrontEnd } from './front-end.js'
import type { Matrix } from './matrix.js'
import { framings, possibleShifts } from './search/counts.js'
import type { Sound } from './sound.js'

const WORDS = {
  snip: 'whole frames only (snip_edges)',
  mirror: 'mirrored edges (snip_edges=False)',
  reflect: 'centred frames with mirrored edges',
  constant: 'centred frames with zeros at the edges',
  end: 'frames from the first sample on, padded at the end',
} as const

/** What the numbers of samples, frames and columns alone say. */
export function countFindings(ours: FrontEnd, sound: Sound, reference: Matrix): Finding[] {
  const findings: Finding[] = []
  const say = (sentence: string, ...causes: CauseId[]) => findings.push({ stage: 'counts', sentence, causes })
  const samples = sound.length(ours)
  const { frames } = reference
  const own = sound.frames(ours)
  const exact = framings(ours, samples, frames, 0)
  const isOurs = exact.some(({ padding, dropLast }) => padding === ours.padding && dropLast === ours.dropLast)
  if (isOurs) {
    say(
      `${samples} samples at ${ours.sampleRate} Hz give ${frames} frames with our window, shift and edges: the counts agree.`,
    )
  } else if (exact.length > 0) {
    const ways = exact.map(({ padding, dropLast }) => WORDS[padding] + (dropLast ? ' without the last frame' : ''))
    say(
      `${samples} samples give ${own} frames as ours are cut; the reference's ${frames} come of ${ways.join(', or ')}.`,
      'snip-edges',
    )
  } else {
    const shifts = possibleShifts(ours, samples, frames)
    const near = Math.abs(frames - own) <= 60
    if (near) {
      const missing = (frames - own) * ours.frameShift
      say(
        `The reference has ${frames} frames, ours ${own}: about ${Math.abs(missing)} samples ${missing < 0 ? 'fewer' : 'more'}, or a shift of ${shifts.slice(0, 3).join(' or ') || 'no whole number of'} samples.`,
        'time-shift',
        'decoder-delay',
        'frame-shift',
      )
    } else {
      say(
        `The reference has ${frames} frames, ours ${own}: a shift of ${shifts.slice(0, 3).join(' or ') || 'no whole number of'} samples at ${ours.sampleRate} Hz, or another rate.`,
        'frame-shift',
        'sample-rate',
      )
    }
  }
  return findings
}
