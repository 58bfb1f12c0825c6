import { istft, stft } from '@dsp/fft'
import { tensor } from '@dsp/tensor'

/** Sounds of a voice and the noise of the room, apart, so that they can be mixed at any ratio. */
export interface SpeechLike {
  /** The voice, of RMS 1 where it is active. */
  readonly voice: Float64Array
  /** The room, of RMS 1. */
  readonly room: Float64Array
  /** Sample rate in Hz. */
  readonly sampleRate: number
}

/** A sound of a language: levels in dB of what is voiced and what is noise, and their colours. */
interface Phone {
  readonly seconds: readonly [least: number, most: number]
  readonly voiced: number
  readonly noise: number
  /** The first three formants in Hz, for a male voice. */
  readonly formants?: readonly [number, number, number]
  /** Centre and width of a fricative's noise in Hz. */
  readonly band?: readonly [centre: number, width: number]
}

const OFF = -120
const vowel = (...formants: [number, number, number]): Phone => ({
  seconds: [0.05, 0.16],
  voiced: 0,
  noise: -34,
  formants,
})
const fricative = (centre: number, width: number, noise: number, voiced = OFF): Phone => ({
  seconds: [0.05, 0.11],
  voiced,
  noise,
  band: [centre, width],
  formants: [250, 1400, 2500],
})
// Formants after Peterson and Barney (1952), bands and levels after Jongman, Wayland and Wong (2000).
const VOWELS = [
  vowel(730, 1090, 2440),
  vowel(270, 2290, 3010),
  vowel(530, 1840, 2480),
  vowel(570, 840, 2410),
  vowel(300, 870, 2240),
  vowel(490, 1350, 1690),
  vowel(640, 1190, 2390),
]
const CONSONANTS: readonly Phone[] = [
  fricative(6200, 2600, -19),
  fricative(3600, 2200, -18),
  fricative(5000, 9000, -34),
  fricative(6200, 2600, -25, -20),
  fricative(5000, 9000, -37, -14),
  { seconds: [0.05, 0.09], voiced: -8, noise: -45, formants: [270, 1200, 2300] },
  { seconds: [0.05, 0.09], voiced: -8, noise: -45, formants: [260, 1600, 2500] },
  { seconds: [0.05, 0.09], voiced: -6, noise: -42, formants: [360, 1000, 2500] },
  { seconds: [0.04, 0.08], voiced: -6, noise: -42, formants: [310, 1100, 1700] },
  { seconds: [0.05, 0.09], voiced: OFF, noise: OFF },
  { seconds: [0.05, 0.09], voiced: -30, noise: OFF, formants: [220, 900, 2200] },
]
const BURST: Phone = { seconds: [0.015, 0.03], voiced: OFF, noise: -22, band: [3500, 5000] }
const PAUSE: Phone = { seconds: [0.15, 0.6], voiced: OFF, noise: OFF }

/** Numbers in [0, 1) from a seed: mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normal numbers by the method of Box and Muller. */
const gaussian = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** Sounds in their order, each with its length and a level of its own in dB. */
function utterance(seconds: number, next: () => number): { phone: Phone; seconds: number; level: number }[] {
  const sounds: { phone: Phone; seconds: number; level: number }[] = []
  let left = seconds
  const say = (phone: Phone, level: number) => {
    const [least, most] = phone.seconds
    const length = least + (most - least) * next()
    sounds.push({ phone, seconds: length, level })
    left -= length
  }
  const oneOf = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)]!
  say(PAUSE, 0)
  while (left > 0.3) {
    const syllables = 4 + Math.floor(next() * 8)
    for (let s = 0; s < syllables && left > 0.3; s++) {
      // Phrases fall towards their end, and stressed syllables stand out.
      const level = -6 * (s / syllables) - 12 * next()
      if (next() < 0.9) {
        const phone = oneOf(CONSONANTS)
        say(phone, level)
        if (phone.noise === OFF) say(BURST, level)
      }
      say(oneOf(VOWELS), level)
      if (next() < 0.3) say(oneOf(CONSONANTS), level - 3)
    }
    say(PAUSE, 0)
  }
  return sounds
}

const SCALE = Math.LN10 / 20
/** Bins that waver together, as no vowel is held. */
const STIRRED = 6

/** Gain of a vocal tract at a frequency, 0 dB at its first formant: resonances at formants, a source that falls by 6 dB per octave. */
function tract(formants: readonly number[], scale: number, hz: number): number {
  let power = 0
  for (const [i, formant] of [...formants, 3400, 4400, 5500, 6600, 7700].entries()) {
    const at = formant * scale
    const width = 50 + 0.04 * at
    const ratio = hz / at
    const resonance = 1 / ((1 - ratio ** 2) ** 2 + ((width / at) * ratio) ** 2)
    // A sum of resonances, each weaker than the one before, keeps valleys as shallow as they are in real voices.
    power += resonance * 10 ** (-(i === 0 ? 0 : 4 + 5.2 * i) / 10)
  }
  const first = (formants[0]! * scale) / (50 + 0.04 * formants[0]! * scale)
  // The source itself is strongest at its first harmonics.
  const source = (1 + 4 / (1 + (hz / 250) ** 2)) / Math.sqrt(1 + (hz / 700) ** 2)
  return (source * Math.sqrt(power)) / first
}

/** Gain of a fricative's noise at a frequency. */
const hiss = ([centre, width]: readonly [number, number], hz: number) =>
  10 ** (-Math.min(30, 12 * ((hz - centre) / width) ** 2 * (hz > centre ? 0.5 : 1)) / 20)

/**
 * A signal with the statistics of speech that front ends see: a voice of vowels, fricatives, nasals, stops and pauses, and the noise of a
 * room. It says nothing. `test/figures/speech.test.ts` holds it against recordings.
 * @param options - Length in seconds, sample rate in Hz, seed, and whether the voice is high (220 Hz) or low (120 Hz).
 */
export function speechLike(options: { seconds: number; sampleRate: number; seed: number; high: boolean }): SpeechLike {
  const { seconds, sampleRate, seed, high } = options
  const next = random(seed)
  const samples = Math.round(seconds * sampleRate)
  const nFft = 2 ** Math.round(Math.log2(sampleRate * 0.016))
  const hop = nFft / 4
  const bins = nFft / 2 + 1
  const frames = Math.floor(samples / hop) + 1
  const scale = high ? 1.17 : 1
  const colours = new Map<Phone, { voiced: Float64Array; noise: Float64Array }>()
  const colour = (phone: Phone) => {
    const known = colours.get(phone)
    if (known !== undefined) return known
    const { formants = [500, 1500, 2500], band } = phone
    const at = (bin: number) => (bin * sampleRate) / nFft
    const voiced = Float64Array.from({ length: bins }, (_, bin) => tract(formants, scale, at(bin)))
    const noise = Float64Array.from({ length: bins }, (_, bin) =>
      band ? hiss(band, at(bin)) : 0.3 * voiced[bin]! ** 0.3,
    )
    const made = { voiced, noise }
    colours.set(phone, made)
    return made
  }
  const sounds = utterance(seconds, next)
  const gains = { voiced: new Float64Array(frames * bins), noise: new Float64Array(frames * bins) }
  let end = 0
  let at = 0
  for (const { phone, seconds: length, level } of sounds) {
    end += length
    const { voiced, noise } = colour(phone)
    const [a, b] = [Math.exp(SCALE * (phone.voiced + level)), Math.exp(SCALE * (phone.noise + level))]
    for (; at < frames && (at * hop) / sampleRate < end; at++) {
      let stir = 1
      for (let bin = 0; bin < bins; bin++) {
        if (bin % STIRRED === 0) stir = Math.exp(SCALE * 3.5 * gaussian(next))
        gains.voiced[at * bins + bin] = stir * a * voiced[bin]!
        gains.noise[at * bins + bin] = stir * b * noise[bin]!
      }
    }
  }
  const pulses = pulseTrain(samples, sampleRate, high ? 210 : 115, next)
  const white = Float64Array.from({ length: samples }, () => gaussian(next))
  const shaped = (x: Float64Array, gain: Float64Array) => shape(x, smooth(gain, frames, bins), nFft, hop, bins)
  const voice = shaped(pulses, gains.voiced)
  const breath = shaped(white, gains.noise)
  for (let i = 0; i < samples; i++) voice[i]! += breath[i]!
  const still = new Float64Array(frames * bins)
  // Rooms are loudest at the lowest frequencies.
  for (let i = 0; i < still.length; i++) {
    const hz = ((i % bins) * sampleRate) / nFft
    still[i] = (hz === 0 ? 2 : 1) * (0.03 + 1 / (1 + hz / 120))
  }
  const room = shape(
    Float64Array.from({ length: samples }, () => gaussian(next)),
    still,
    nFft,
    hop,
    bins,
  )
  return { voice: toUnit(voice), room: toUnit(room), sampleRate }
}

/** A pulse per period of a voice whose pitch falls and wavers, of power 1. */
function pulseTrain(samples: number, sampleRate: number, pitch: number, next: () => number): Float64Array {
  const pulses = new Float64Array(samples)
  let wander = 0
  for (let at = 0; at < samples; ) {
    wander = 0.98 * wander + 0.02 * gaussian(next)
    const seconds = at / sampleRate
    const hz = pitch * (1.15 - 0.25 * ((seconds / 2.2) % 1)) * (1 + wander + 0.01 * gaussian(next))
    const period = Math.max(8, Math.round(sampleRate / hz))
    pulses[at] = Math.sqrt(period) * (1 + 0.1 * gaussian(next))
    at += period
  }
  return pulses
}

/** Gains that change no faster than a mouth: the mean of three frames. */
function smooth(gain: Float64Array, frames: number, bins: number): Float64Array {
  return gain.map((x, i) => {
    const frame = Math.floor(i / bins)
    const before = frame > 0 ? gain[i - bins]! : x
    const after = frame < frames - 1 ? gain[i + bins]! : x
    return (before + 2 * x + after) / 4
  })
}

/** A signal through a filter that changes from frame to frame: `gain` is `[frames, bins]`. */
function shape(x: Float64Array, gain: Float64Array, nFft: number, hop: number, bins: number): Float64Array {
  const options = { nFft, hopLength: hop }
  const spectrum = stft(tensor(x), options)
  const frames = spectrum.shape[1]!
  const data = spectrum.data as Float64Array
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++) {
      const by = gain[frame * bins + bin] ?? 0
      data[2 * (bin * frames + frame)]! *= by
      data[2 * (bin * frames + frame) + 1]! *= by
    }
  }
  return istft(spectrum, { hopLength: hop, length: x.length }).data as Float64Array
}

/** A signal of RMS 1. */
function toUnit(x: Float64Array): Float64Array {
  const rms = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)
  return x.map((value) => value / rms)
}

/** Voice and room at a ratio in dB. */
export function mix({ voice, room }: SpeechLike, snr: number, gain = 1): Float64Array {
  const noise = gain * 10 ** (-snr / 20)
  return voice.map((x, i) => gain * x + noise * room[i]!)
}
