import type { FrontEnd } from '../front-end.js'
import { FRAME_COUNTS } from '../search/counts.js'
import { count, either, plural } from './numbers.js'
import type { ReportedSide, Statement } from './report.js'

/** A rule that says how many frames a signal has. */
interface Framing {
  readonly padding: FrontEnd['padding'] | 'floor' | 'ceil' | 'fft'
  readonly name: string
  frames(samples: number, length: number, shift: number, fft: number): number
}

/** Every rule in use, by its number of frames. */
export const framings: readonly Framing[] = [
  { padding: 'snip', name: 'snip_edges=True (whole frames only)', frames: FRAME_COUNTS.snip },
  { padding: 'mirror', name: 'snip_edges=False (mirrored edges)', frames: FRAME_COUNTS.mirror },
  {
    padding: 'reflect',
    name: 'centred frames, as in librosa and torch.stft',
    frames: FRAME_COUNTS.reflect,
  },
  {
    padding: 'floor',
    name: 'one frame per whole hop, as in Whisper and newer NeMo',
    frames: (n, _w, h) => Math.floor(n / h),
  },
  { padding: 'ceil', name: 'one frame per hop that has begun', frames: (n, _w, h) => Math.ceil(n / h) },
  {
    padding: 'end',
    name: 'zeros up to the end of the last frame, as in python_speech_features',
    frames: FRAME_COUNTS.end,
  },
  {
    padding: 'fft',
    name: 'whole frames of the length of the transform, as in torch.stft with center=False',
    frames: (n, _w, h, fft) => FRAME_COUNTS.snip(n, fft, h),
  },
]

/** Milliseconds between frames that are in use, for counts that no rule with the claimed hop gives. */
const HOPS_MS = [4, 5, 8, 10, 11.61, 12.5, 15, 16, 20, 23.22, 32]

/** What one side's counts of samples and frames say. */
export interface FramingResult {
  readonly statements: readonly Statement[]
  /** The rules that give the reported count; empty if none does, undefined if a count is missing. */
  readonly possible: readonly Framing['padding'][] | undefined
}

/**
 * Which rules give a side's number of frames from its number of samples.
 * @param who - `Ours` or `Theirs`.
 * @param side - Its counts.
 * @param frontEnd - Its settings, defaults included.
 */
export function framingOf(who: string, side: ReportedSide, frontEnd: FrontEnd): FramingResult {
  const { samples, frames } = side
  if (samples === undefined || frames === undefined) return { statements: [], possible: undefined }
  const { frameLength: length, frameShift: shift, fftLength: fft } = frontEnd
  const given = framings.map((framing) => ({ framing, gives: framing.frames(samples, length, shift, fft) }))
  const fitting = given.filter(({ gives }) => gives === frames)
  const isSnip = fitting.some(({ framing }) => framing.padding === 'snip')
  const start = `${who}: ${plural(frames, 'frame')} from ${plural(samples, 'sample')}`
  const lengths = `a hop of ${count(shift)} and a window of ${count(length)} samples`
  const statements: Statement[] = []
  if (fitting.length > 0) {
    const snip = given[0]!.gives
    const others = [...new Set(given.filter(({ gives }) => gives !== frames).map(({ gives }) => gives))].sort(
      (a, b) => a - b,
    )
    const not = isSnip
      ? `; the other ways of framing give ${either(others.map(String))}`
      : `, and not snip_edges=True, which gives ${count(snip)}${windowFor(samples, frames, shift, frontEnd.sampleRate)}`
    const names = either(fitting.map(({ framing }) => framing.name))
    statements.push({ sentence: `${start} with ${lengths} is ${names}${not}.`, causes: ['snip-edges'] })
    const claimed = side.frontEnd?.padding
    if (
      claimed !== undefined &&
      !fitting.some(({ framing }) => framing.padding === claimed || isCentred(framing, claimed))
    )
      statements.push({
        sentence: `${who}: the counts contradict the claim of ${nameOf(claimed)}.`,
        causes: ['snip-edges'],
      })
  } else {
    const hops = HOPS_MS.map((ms) => Math.round((ms * frontEnd.sampleRate) / 1000)).filter((hop) =>
      framings.some((framing) => framing.frames(samples, length, hop, fft) === frames),
    )
    const ratio = samples / shift / frames
    const rest =
      hops.length > 0
        ? `a hop of ${either(hops.map(String))} samples would`
        : `the samples last ${ratio.toFixed(3)} times as long as the frames, so that either count is not of what was extracted, or the rate or hop is not what is claimed`
    statements.push({
      sentence: `${start}: no way of framing gives that with ${lengths}; ${rest}.`,
      causes: ['frame-shift', 'sample-rate', 'layout'],
    })
  }
  return { statements, possible: fitting.map(({ framing }) => framing.padding) }
}

const isCentred = (framing: Framing, claimed: FrontEnd['padding']) =>
  framing.padding === 'reflect' && claimed === 'constant'

const nameOf = (padding: FrontEnd['padding']) =>
  framings.find((framing) => framing.padding === (padding === 'constant' ? 'reflect' : padding))!.name

/** The windows with which whole frames would give a count: outside of those in use, that excludes snip_edges. */
function windowFor(samples: number, frames: number, shift: number, rate: number): string {
  const longest = samples - (frames - 1) * shift
  const shortest = Math.max(1, longest - shift + 1)
  if (longest < 1) return ''
  const ms = (length: number) => ((length * 1000) / rate).toFixed(1)
  return ` (it would take a window of ${count(shortest)} to ${count(longest)} samples, ${ms(shortest)} to ${ms(longest)} ms)`
}
