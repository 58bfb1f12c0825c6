import type { CauseId } from '../cause.js'
import type { FrontEnd, Layout } from '../front-end.js'
import { type GainContext, gainNames, gainRatio, round, transformNames } from '../gain.js'
import { describeSetting } from './describe.js'
import { count, percent } from './numbers.js'

/** What is known besides the two front ends. */
export interface SentenceContext extends GainContext {
  /** Our layout and theirs. */
  readonly layouts?: readonly [ours: Layout, theirs: Layout]
  /** Samples of a codec frame at the rate of the front ends, if delays are whole ones of them: 1152 for an MP3 frame. */
  readonly codecFrame?: number
}

type Clause = (ours: FrontEnd, theirs: FrontEnd, context: SentenceContext) => string

/** "Their X is A, ours B". */
const is =
  (cause: CauseId, noun: string): Clause =>
  (ours, theirs) =>
    `Their ${noun} is ${describeSetting(cause, theirs)}, ours ${describeSetting(cause, ours)}`

const FRAMES = {
  snip: 'whole ones only',
  mirror: 'mirrored at the edges (snip_edges=False)',
  reflect: 'centred and reflected at the edges',
  constant: 'centred with zeros beyond the edges',
  end: 'taken from the first sample on with zeros after the last',
} as const
const SPECTRA = { power: 'powers', magnitude: 'magnitudes' } as const
const FILTERS = { none: 'not scaled', slaney: 'scaled to an area of 1 (Slaney)', sum: 'scaled to a sum of 1' } as const

function frameWords({ padding, dropLast }: FrontEnd): string {
  return FRAMES[padding] + (dropLast ? ' without the last one' : '')
}

function energyWords(frontEnd: FrontEnd): string {
  const words = describeSetting('energy-column', frontEnd)
  return words === 'none' ? 'no energy column' : `the ${words}`
}

function windowWords({ window, periodic, ...rest }: FrontEnd): string {
  const name = describeSetting('window', { ...rest, window, periodic }).split(',')[0]!
  return window === 'rectangular' ? name : `${periodic ? 'periodic' : 'symmetric'} ${name}`
}

function delay(ours: FrontEnd, theirs: FrontEnd, { codecFrame }: SentenceContext): string {
  const samples = theirs.shift - ours.shift
  const milliseconds = round((1000 * Math.abs(samples)) / theirs.sampleRate, 4)
  const frames = codecFrame === undefined ? 0 : Math.abs(samples) / codecFrame
  const codec = Number.isInteger(frames) && frames > 0 ? `, ${count(frames, 'whole codec frame')}` : ''
  const size = `${count(Math.abs(samples), 'sample')} (${milliseconds} ms${codec})`
  return `Their audio starts ${size} ${samples > 0 ? 'later' : 'earlier'} than ours`
}

function scale(ours: FrontEnd, theirs: FrontEnd, context: SentenceContext): string {
  const ratio = gainRatio(ours, theirs)
  const name = gainNames(ours, theirs, context)[0]
  return `Their samples are ${round(ratio)} times ours${name === undefined ? '' : `, as for ${name.replace(/ \(x \d+\)$/, '')}`}`
}

function transform(ours: FrontEnd, theirs: FrontEnd): string {
  const [name] = transformNames(ours, theirs)
  const [mine] = transformNames(theirs, ours)
  if (mine !== undefined && (name === undefined || Math.abs(theirs.gain) === 1))
    return `Our transform is scaled (${mine}), theirs not`
  return `Their transform is scaled (${name ?? `x ${round(gainRatio(ours, theirs))}`}), ours not`
}

function layoutWords(ours: Layout, theirs: Layout): string {
  const axes = (one: Layout) => (one.axes === 'frames-bins' ? '[frames, bins]' : '[bins, frames]')
  const order = (one: Layout) =>
    one.reversed ? 'from the highest bin to the lowest' : 'from the lowest bin to the highest'
  const padding = ({ before, after }: Layout) =>
    before + after === 0 ? 'none' : `${before} before and ${after} after the features`
  const parts = [
    ...(ours.axes === theirs.axes ? [] : [`their axes are ${axes(theirs)}, ours ${axes(ours)}`]),
    ...(ours.reversed === theirs.reversed ? [] : [`their columns run ${order(theirs)}, ours ${order(ours)}`]),
    ...(ours.dtype === theirs.dtype ? [] : [`their values are ${theirs.dtype}, ours ${ours.dtype}`]),
    ...(ours.swapped === theirs.swapped ? [] : ['the bytes of their values are in the other order']),
    ...(ours.before === theirs.before && ours.after === theirs.after
      ? []
      : [`their frames of padding are ${padding(theirs)}, ours ${padding(ours)}`]),
  ]
  const text = parts.length === 0 ? 'their values lie in memory as ours do' : parts.join('; ')
  return text[0]!.toUpperCase() + text.slice(1)
}

const CLAUSES: Readonly<Record<CauseId, Clause>> = {
  channel: (ours, theirs) =>
    `They take the ${describeSetting('channel', theirs)}, we the ${describeSetting('channel', ours)}`,
  'sample-rate': is('sample-rate', 'sample rate'),
  resampler: is('resampler', 'resampler'),
  'decoder-delay': delay,
  'time-shift': delay,
  'sample-scale': scale,
  polarity: () => 'Their samples have the opposite sign',
  'dc-offset': is('dc-offset', 'DC offset'),
  dither: (ours, theirs) =>
    `Their dither is ${describeSetting('dither', theirs)}, ours ${describeSetting('dither', ours)}`,
  preemphasis: is('preemphasis', 'pre-emphasis'),
  'frame-length': is('frame-length', 'frame length'),
  'frame-shift': is('frame-shift', 'frame shift'),
  'snip-edges': (ours, theirs) => `Their frames are ${frameWords(theirs)}, ours ${frameWords(ours)}`,
  window: (ours, theirs) => `Their window is ${windowWords(theirs)}, ours ${windowWords(ours)}`,
  'fft-length': (ours, theirs) =>
    `Their transform has ${describeSetting('fft-length', theirs)}, ours ${describeSetting('fft-length', ours)}`,
  spectrum: (ours, theirs) => `Their filters sum ${SPECTRA[theirs.spectrum]}, ours ${SPECTRA[ours.spectrum]}`,
  'fft-scaling': transform,
  'mel-scale': is('mel-scale', 'mel scale'),
  'mel-norm': (ours, theirs) => `Their mel filters are ${FILTERS[theirs.melNorm]}, ours ${FILTERS[ours.melNorm]}`,
  'mel-triangles': (ours, theirs) =>
    `Their mel filters are ${describeSetting('mel-triangles', theirs)}, ours ${describeSetting('mel-triangles', ours)}`,
  'low-freq': (ours, theirs) =>
    `Their lowest filter starts at ${describeSetting('low-freq', theirs)}, ours at ${describeSetting('low-freq', ours)}`,
  'high-freq': (ours, theirs) =>
    `Their highest filter ends at ${describeSetting('high-freq', theirs)}, ours at ${describeSetting('high-freq', ours)}`,
  'num-bins': (ours, theirs) =>
    `They have ${describeSetting('num-bins', theirs)}, we ${describeSetting('num-bins', ours)}`,
  vtln: is('vtln', 'vocal tract warp'),
  log: is('log', 'logarithm'),
  'log-floor': (ours, theirs) => {
    const words = is('log-floor', 'floor under the logarithm')
    // A limit that both have is no difference.
    return ours.topDb === theirs.topDb
      ? words({ ...ours, topDb: null }, { ...theirs, topDb: null }, {})
      : words(ours, theirs, {})
  },
  'energy-column': (ours, theirs) => `They have ${energyWords(theirs)}, we ${energyWords(ours)}`,
  dct: is('dct', 'cosine transform'),
  deltas: (ours, theirs) =>
    `Their deltas are ${describeSetting('deltas', theirs)}, ours ${describeSetting('deltas', ours)}`,
  normalisation: is('normalisation', 'normalisation'),
  layout: (_, __, { layouts }) =>
    layouts === undefined ? 'Their values lie otherwise in memory' : layoutWords(...layouts),
}

/**
 * The sentence for one difference between two front ends.
 * @param cause - What differs.
 * @param ours - Our front end.
 * @param theirs - Theirs.
 * @param explains - What of the difference between the features goes with it, 0 to 1; null if it changes no value. A layout that is not
 *   all of the difference has no part of it: it is undone first.
 * @param context - What else is known. See {@link SentenceContext}.
 * @returns Plain English with numbers and a full stop.
 *
 * @example
 * ```ts
 * import { type FrontEnd, sentence } from '@dsp/doctor'
 * const ours = { melScale: 'htk', numBins: 80 } as FrontEnd
 * sentence('mel-scale', ours, { ...ours, melScale: 'slaney' }, 0.92)
 * // => 'Their mel scale is Slaney, ours HTK: this explains 92 % of the difference.'
 * ```
 */
export function sentence(
  cause: CauseId,
  ours: FrontEnd,
  theirs: FrontEnd,
  explains: number | null,
  context: SentenceContext = {},
): string {
  const clause = CLAUSES[cause](ours, theirs, context)
  if (cause === 'layout' && explains !== 1) return `${clause}. This was undone before anything else was compared.`
  if (explains === null) return `${clause}: this changes no value.`
  return `${clause}: this explains ${percent(explains)} of the difference.`
}

/**
 * Other names of the same difference, which no features can tell from it.
 * @param cause - What differs.
 * @param ours - Our front end.
 * @param theirs - Theirs.
 * @param context - What else is known. See {@link SentenceContext}.
 * @returns Ids first, then other names of the same gain in words, the likeliest first; empty for most causes.
 *
 * @example
 * ```ts
 * import { equivalents, type FrontEnd } from '@dsp/doctor'
 * const ours = { gain: 1, fftLength: 400, frameLength: 400, window: 'hann', periodic: true } as FrontEnd
 * equivalents('fft-scaling', ours, { ...ours, gain: 1 / 400 }) // => ['sample-scale']
 * ```
 */
export function equivalents(
  cause: CauseId,
  ours: FrontEnd,
  theirs: FrontEnd,
  context: SentenceContext = {},
): readonly string[] {
  switch (cause) {
    case 'sample-scale':
      return ['fft-scaling', ...gainNames(ours, theirs, context).slice(1)]
    case 'fft-scaling':
      return ['sample-scale', ...gainNames(ours, theirs, context).slice(1)]
    case 'time-shift':
      return ['decoder-delay']
    case 'decoder-delay':
      return ['time-shift']
    default:
      return []
  }
}
