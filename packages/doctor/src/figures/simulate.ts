import { resample } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import type { FrontEnd } from '../front-end.js'
import { type Energies, logarithm, normalised, staticFeatures, withDeltas } from '../late.js'
import type { Matrix } from '../matrix.js'
import { Sound } from '../sound.js'
import { mix, type SpeechLike, speechLike } from './speech.js'

/** Speech at the level and the ratio to the room's noise at which one side's figures come out as reported. */
export interface Scene {
  readonly sound: Sound
  /** Root mean square of the samples. */
  readonly level: number
  /** Ratio of voice to room in dB. */
  readonly snr: number
  /** Whether the reported mean and deviation could both be met. */
  readonly isMet: boolean
}

/** The level of speech that is reported without one: -26 dB of full scale, as ITU-T P.56 would have it. */
const USUAL_LEVEL = 0.05
const USUAL_SNR = 36
/** Ratios between which one is searched that gives the reported deviation. */
const SNR_RANGE = [3, 80] as const
/** Levels that samples in [-1, 1] may have. */
const LEVEL_RANGE = [1e-6, 0.5] as const

/** Features from energies, however late a setting acts. */
export const late = (energies: Energies, frontEnd: FrontEnd): Matrix =>
  normalised(withDeltas(staticFeatures(energies, frontEnd), frontEnd.deltas), frontEnd)

/** Mean and deviation of all values. */
function spread({ data }: Matrix): { mean: number; std: number } {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < data.length; i++) sum += data[i]!
  const mean = sum / data.length
  for (let i = 0; i < data.length; i++) squares += (data[i]! - mean) ** 2
  return { mean, std: Math.sqrt(squares / data.length) }
}

/** The gain at which features have a mean, from energies that are computed once. */
export function gainFor(
  energies: Energies,
  frontEnd: FrontEnd,
  mean: number,
  range: readonly [number, number],
): number {
  const [low, high] = range.map(Math.log) as [number, number]
  const at = (log: number) => spread(late(energies, { ...frontEnd, gain: frontEnd.gain * Math.exp(log) })).mean
  const within = (log: number) => Math.min(high, Math.max(low, log))
  // A mean of logarithms is a line over the logarithm of the gain, but for what is at the floor.
  let slope =
    logarithm(frontEnd) * (frontEnd.spectrum === 'power' ? 2 : 1) * (frontEnd.normalisation === 'whisper' ? 0.25 : 1)
  let x = within(0)
  let y = at(x)
  for (let round = 0; round < 8 && Math.abs(y - mean) > 0.005 && slope > 1e-6; round++) {
    const to = within(x + (mean - y) / slope)
    if (to === x) break
    const found = at(to)
    slope = (found - y) / (to - x)
    x = to
    y = found
  }
  return Math.exp(x)
}

/** Every frame of energies of a sound. */
export const energiesOf = (samples: Float64Array, sampleRate: number, frontEnd: FrontEnd): Energies => {
  const sound = new Sound({ samples: tensor(samples), sampleRate })
  try {
    return sound.energies(frontEnd)
  } finally {
    sound.close()
  }
}

/**
 * Speech of such a level and such a room that a front end gives the reported mean and deviation.
 * @param speech - Voice and room.
 * @param frontEnd - The front end.
 * @param reported - Its figures; what is missing is left at what is usual.
 */
export function sceneFor(speech: SpeechLike, frontEnd: FrontEnd, reported: { mean?: number; std?: number }): Scene {
  const { sampleRate } = speech
  const slow = atRate(speech, frontEnd.sampleRate)
  const tells = frontEnd.normalisation === 'none' || frontEnd.normalisation === 'whisper'
  const mean = tells ? reported.mean : undefined
  const std = tells ? reported.std : undefined
  const at = (snr: number) => {
    const energies = energiesOf(mix(slow, snr), slow.sampleRate, frontEnd)
    const level = mean === undefined ? USUAL_LEVEL : gainFor(energies, frontEnd, mean, LEVEL_RANGE)
    return { snr, level, ...spread(late(energies, { ...frontEnd, gain: frontEnd.gain * level })) }
  }
  let found = at(USUAL_SNR)
  if (std !== undefined) {
    let [low, high] = SNR_RANGE as readonly [number, number] as [number, number]
    for (let round = 0; round < 7 && Math.abs(found.std - std) > 0.02; round++) {
      if (found.std < std) low = found.snr
      else high = found.snr
      found = at((low + high) / 2)
    }
  }
  const isMet =
    (mean === undefined || Math.abs(found.mean - mean) < 0.05) && (std === undefined || Math.abs(found.std - std) < 0.1)
  const samples = mix(speech, found.snr, found.level)
  return { sound: new Sound({ samples: tensor(samples), sampleRate }), level: found.level, snr: found.snr, isMet }
}

/** Voice and room at another rate. */
function atRate(speech: SpeechLike, sampleRate: number): SpeechLike {
  if (sampleRate === speech.sampleRate) return speech
  const [voice, room] = [speech.voice, speech.room].map(
    (x) => resample(tensor(x), { origFreq: speech.sampleRate, newFreq: sampleRate }).data as Float64Array,
  )
  return { voice: voice!, room: room!, sampleRate }
}

/** Voices: which recordings of nobody are simulated, the first one for the search, all for what it finds. */
export const VOICES = [
  { seed: 1, high: false, seconds: 4 },
  { seed: 2, high: true, seconds: 4 },
  { seed: 3, high: false, seconds: 4 },
] as const

/** The voices at a rate. */
export const voicesAt = (sampleRate: number): SpeechLike[] =>
  VOICES.map(({ seed, high, seconds }) => speechLike({ seed, high, seconds, sampleRate }))
