import { windowValues } from '@dsp/native'
import { guard } from '@dsp/tensor'
import type { FrontEnd } from './front-end.js'

/** How near a gain comes to a known one. */
const TOLERANCE = 1e-3

/** The values of the window of a front end. */
export function windowOf({ window, periodic, frameLength }: FrontEnd): Float64Array {
  return guard(() => windowValues(window, frameLength, periodic, 0))
}

/** A gain that has a name. */
export interface NamedGain {
  /** What samples are multiplied by. */
  readonly gain: number
  /** What it is. */
  readonly name: string
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The number and its reciprocal, as a factor of the amplitude and of the power, each as what it does to samples. */
function both(value: number, name: string): NamedGain[] {
  return [
    { gain: 1 / value, name: `spectrum / ${name}` },
    { gain: value, name: `spectrum x ${name}` },
    { gain: value ** -0.5, name: `power / ${name}` },
    { gain: value ** 0.5, name: `power x ${name}` },
  ]
}

/** How transforms are scaled: by their length, its square root or the sum of the window. */
export function transformGains(frontEnd: FrontEnd): NamedGain[] {
  const { fftLength } = frontEnd
  const total = sum(windowOf(frontEnd))
  return [
    ...both(fftLength, `N (${fftLength})`),
    ...both(Math.sqrt(fftLength), `sqrt N (${round(Math.sqrt(fftLength))})`),
    ...both(total, `the window's sum (${round(total)})`),
  ]
}

/** What is known of the audio. */
export interface GainContext {
  /** The largest magnitude of the samples. */
  readonly peak?: number
  /** The root mean square of the samples. */
  readonly rms?: number
}

/** How samples are scaled, and what else a gain may be. */
export function sampleGains(frontEnd: FrontEnd, { peak = 0, rms = 0 }: GainContext = {}): NamedGain[] {
  const energy = sum(windowOf(frontEnd).map((value) => value * value))
  return [
    { gain: 32768, name: 'int16 samples (x 32768)' },
    { gain: 32767, name: 'int16 samples (x 32767)' },
    { gain: 1 / 32768, name: 'samples / 32768' },
    { gain: 1 / 32767, name: 'samples / 32767' },
    { gain: 2 ** 31, name: 'int32 samples (x 2147483648)' },
    { gain: 2 ** -31, name: 'samples / 2147483648' },
    { gain: 128, name: '8-bit samples (x 128)' },
    { gain: 1 / 128, name: 'samples / 128' },
    ...(peak > 0 ? [{ gain: 1 / peak, name: `samples normalised to a peak of 1 (${round(peak)})` }] : []),
    ...(rms > 0 ? [{ gain: 1 / rms, name: `samples normalised to an RMS of 1 (${round(rms)})` }] : []),
    { gain: energy ** -0.5, name: `window normalised to an energy of 1 (${round(energy)})` },
    { gain: energy ** 0.5, name: `window times the root of its energy (${round(energy)})` },
  ]
}

/** What the samples of theirs are multiplied by, where ours are not; without its sign. */
export function gainRatio(ours: FrontEnd, theirs: FrontEnd): number {
  return Math.abs(theirs.gain / ours.gain)
}

/** Whether a gain is within 0.1 % of another. */
export function isNear(gain: number, other: number): boolean {
  return Math.abs(gain / other - 1) <= TOLERANCE
}

/** Whether one's gain is the other's under a transform that is scaled. */
export function isScalingOfTransform(ours: FrontEnd, theirs: FrontEnd): boolean {
  const ratio = gainRatio(ours, theirs)
  return ratio !== 1 && [theirs, ours].some((one) => transformGains(one).some(({ gain }) => isNear(ratio, gain)))
}

/**
 * What the gain between two front ends may be, the likeliest first: of two names of one gain, the nearer one. Products of int16 samples
 * and a scaled transform come last.
 */
export function gainNames(ours: FrontEnd, theirs: FrontEnd, context: GainContext = {}): string[] {
  const ratio = gainRatio(ours, theirs)
  const single = [...transformGains(theirs), ...sampleGains(theirs, context)]
  const scaled = transformGains(theirs).map(({ gain, name }) => ({
    gain: gain * 32768,
    name: `int16 samples (x 32768) and ${name}`,
  }))
  return [...new Set([...nearest(ratio, single), ...nearest(ratio, scaled)])]
}

/** The names of a gain as that of a transform, the nearest first. */
export function transformNames(ours: FrontEnd, theirs: FrontEnd): string[] {
  return nearest(gainRatio(ours, theirs), transformGains(theirs))
}

function nearest(ratio: number, gains: readonly NamedGain[]): string[] {
  return gains
    .filter(({ gain }) => isNear(ratio, gain))
    .sort((a, b) => Math.abs(a.gain / ratio - 1) - Math.abs(b.gain / ratio - 1))
    .map(({ name }) => name)
}

/** A number with as many digits as tell. */
export function round(value: number, digits = 5): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9))
    return String(value.toExponential(2)).replace(/\.?0*e\+?/, 'e')
  return String(Number(value.toPrecision(digits)))
}
