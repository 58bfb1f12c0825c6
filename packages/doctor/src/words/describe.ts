import type { CauseId } from '../cause.js'
import type { FrontEnd, Layout } from '../front-end.js'
import { type GainContext, gainNames, round } from '../gain.js'
import { count, energy, hertz, length } from './numbers.js'

const CHANNELS = {
  mean: 'mean of the channels',
  sum: 'sum of the channels',
  left: 'left channel',
  right: 'right channel',
} as const
const RESAMPLERS = { none: 'none', linear: 'linear', torchaudio: "torchaudio's sinc", soxr: 'soxr HQ' } as const
const PADDINGS = {
  snip: 'whole frames only',
  mirror: 'edges mirrored (snip_edges=False)',
  reflect: 'centred, edges reflected',
  constant: 'centred, zeros beyond the edges',
  end: 'from the first sample, zeros after the last',
} as const
const WINDOWS = {
  povey: 'Povey',
  hann: 'Hann',
  hamming: 'Hamming',
  blackman: 'Blackman',
  rectangular: 'rectangular',
  sine: 'sine',
  bartlett: 'Bartlett',
} as const
const DC = { none: 'kept', frame: 'removed per frame', signal: 'removed from the whole signal' } as const
const SCALES = { htk: 'HTK', slaney: 'Slaney' } as const
const NORMS = { none: 'none', slaney: 'area 1 (Slaney)', sum: 'sum 1' } as const
const TRIANGLES = {
  hertz: 'straight in Hz',
  mel: 'straight in mel',
  bins: 'corners at whole bins',
  symmetric: 'symmetric (SpeechBrain)',
} as const
const LOGS = {
  none: 'none',
  ln: 'ln',
  log2: 'log2',
  log10: 'log10',
  dB: 'dB (10 log10)',
  'dB-amplitude': 'dB (20 log10)',
} as const
const NORMALISATIONS = {
  none: 'none',
  mean: 'mean 0 per feature',
  'per-feature': 'mean 0, deviation 1 per feature',
  'all-features': 'mean 0, deviation 1 over all features',
  whisper: "Whisper's (x + 4) / 4",
} as const
const BYTES = { float64: 8, float32: 4, float16: 2, bfloat16: 2 } as const

function preemphasis(frontEnd: FrontEnd): string {
  const { signalPreemphasis, framePreemphasis, preemphasisTimes } = frontEnd
  const parts = [
    ...(signalPreemphasis === 0 ? [] : [`${round(signalPreemphasis)} over the whole signal`]),
    ...(framePreemphasis === 0 ? [] : [`${round(framePreemphasis)} per frame`]),
  ]
  if (parts.length === 0) return 'none'
  return parts.join(' and ') + (preemphasisTimes === 2 ? ', twice' : '')
}

/** What samples are multiplied by. A gain has a name against that of a front end whose samples are as they are. */
function gain(frontEnd: FrontEnd, context: GainContext, none = 'samples in [-1, 1]'): string {
  const size = Math.abs(frontEnd.gain)
  if (size === 1) return none
  const name = gainNames({ ...frontEnd, gain: 1 }, frontEnd, context)[0]
  return name ?? `samples x ${round(size)}`
}

function floor({ floorType, floor, topDb }: FrontEnd): string {
  const kept = floorType === 'none' ? 'none' : floorType === 'max' ? `max(x, ${energy(floor)})` : `x + ${energy(floor)}`
  return topDb === null ? kept : `${kept}, at most ${round(topDb)} dB below the loudest value`
}

function energyColumn({ energyColumn, rawEnergy, energyFloor, numCeps }: FrontEnd): string {
  if (energyColumn === 'none') return 'none'
  const kind = rawEnergy ? 'raw log energy' : 'log energy after pre-emphasis and window'
  const which = energyFloor === 0 ? kind : `${kind} (at least ln ${energy(energyFloor)})`
  if (energyColumn === 'c0') return `${which} in place of c0`
  return `${which} as the ${energyColumn} ${numCeps === 0 ? 'column' : 'coefficient'}`
}

function dct({ numCeps, dctType, dctOrtho, lifter, lifterType }: FrontEnd): string {
  if (numCeps === 0) return 'none'
  const whose = lifterType === 'kaldi' ? "Kaldi's" : "librosa's"
  const lifted = lifter === 0 ? 'no lifter' : `${whose} lifter of ${round(lifter)}`
  return `${count(numCeps, 'coefficient')}, type ${dctType}${dctOrtho ? ', orthonormal' : ', not scaled'}, ${lifted}`
}

function normalisation({ normalisation, normalisationDdof, normalisationTimes }: FrontEnd): string {
  const hasDeviation = normalisation === 'per-feature' || normalisation === 'all-features'
  const ddof = hasDeviation ? (normalisationDdof === 1 ? ' (N - 1)' : ' (N)') : ''
  const times = normalisation !== 'none' && normalisationTimes === 2 ? ', twice' : ''
  return NORMALISATIONS[normalisation] + ddof + times
}

function layoutWords({ axes, reversed, dtype, swapped, before, after }: Layout): string {
  const padding = [
    ...(before === 0 ? [] : [`${count(before, 'frame')} of padding before`]),
    ...(after === 0 ? [] : [`${count(after, 'frame')} of padding after`]),
  ]
  return [
    axes === 'frames-bins' ? '[frames, bins]' : '[bins, frames]',
    ...(reversed ? ['highest bin first'] : []),
    swapped ? `${dtype}, its ${BYTES[dtype]} bytes in the other order` : dtype,
    ...padding,
  ].join(', ')
}

const DELTAS = ['none', 'first order', 'first and second order'] as const

const WORDS: Readonly<Record<Exclude<CauseId, 'layout'>, (frontEnd: FrontEnd, context: GainContext) => string>> = {
  channel: ({ channel }) => CHANNELS[channel],
  'sample-rate': ({ sampleRate }) => hertz(sampleRate),
  resampler: ({ resampler }) => RESAMPLERS[resampler],
  'decoder-delay': ({ shift, sampleRate }) => delay(shift, sampleRate),
  'time-shift': ({ shift, sampleRate }) => delay(shift, sampleRate),
  'sample-scale': gain,
  polarity: (frontEnd) => (frontEnd.gain < 0 ? 'inverted' : 'as recorded'),
  'dc-offset': ({ dcOffset }) => DC[dcOffset],
  dither: ({ dither }) => (dither === 0 ? 'none' : `${round(dither, 3)} of full scale`),
  preemphasis,
  'frame-length': ({ frameLength, sampleRate }) => length(frameLength, sampleRate),
  'frame-shift': ({ frameShift, sampleRate }) => length(frameShift, sampleRate),
  'snip-edges': ({ padding, dropLast }) => PADDINGS[padding] + (dropLast ? ', the last one left out' : ''),
  window: ({ window, periodic, frameLength }) =>
    `${WINDOWS[window]}${window === 'rectangular' ? '' : periodic ? ', periodic' : ', symmetric'}, ${count(frameLength, 'sample')}`,
  'fft-length': ({ fftLength }) => count(fftLength, 'point'),
  spectrum: ({ spectrum }) => spectrum,
  'fft-scaling': (frontEnd, context) => gain(frontEnd, context, 'not scaled'),
  'mel-scale': ({ numBins, melScale }) => (numBins === 0 ? 'none' : SCALES[melScale]),
  'mel-norm': ({ numBins, melNorm }) => (numBins === 0 ? 'none' : NORMS[melNorm]),
  'mel-triangles': ({ numBins, triangles }) => (numBins === 0 ? 'none' : TRIANGLES[triangles]),
  'low-freq': ({ lowFreq }) => hertz(lowFreq),
  'high-freq': ({ highFreq }) => hertz(highFreq),
  'num-bins': ({ numBins }) => (numBins === 0 ? 'no mel filters' : `${numBins} mel filters`),
  vtln: ({ vtlnWarp }) => (vtlnWarp === 1 ? 'none' : round(vtlnWarp)),
  log: ({ log }) => LOGS[log],
  'log-floor': floor,
  'energy-column': energyColumn,
  dct,
  deltas: ({ deltas }) => DELTAS[deltas],
  normalisation,
}

function delay(shift: number, sampleRate: number): string {
  if (shift === 0) return 'none'
  return `${length(Math.abs(shift), sampleRate)} ${shift > 0 ? 'later' : 'earlier'}`
}

/** The layout of features as this library writes them. */
const PLAIN: Layout = {
  axes: 'frames-bins',
  reversed: false,
  dtype: 'float32',
  swapped: false,
  before: 0,
  after: 0,
}

/**
 * What a front end does in the stage that a cause is about, in a few words.
 * @param cause - The id of the cause.
 * @param frontEnd - The front end.
 * @param layout - How its features lie in memory. Default: float32 `[frames, bins]`.
 * @param context - What is known of the audio, for the name of a gain.
 * @returns E.g. `Povey, symmetric, 400 samples` for `window`.
 *
 * @example
 * ```ts
 * import { describeSetting, type FrontEnd } from '@dsp/doctor'
 * describeSetting('preemphasis', { signalPreemphasis: 0, framePreemphasis: 0.97, preemphasisTimes: 1 } as FrontEnd) // => '0.97 per frame'
 * ```
 */
export function describeSetting(
  cause: CauseId,
  frontEnd: FrontEnd,
  layout: Layout = PLAIN,
  context: GainContext = {},
): string {
  return cause === 'layout' ? layoutWords(layout) : WORDS[cause](frontEnd, context)
}
