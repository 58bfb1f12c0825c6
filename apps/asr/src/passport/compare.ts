import type { Observation, Passport, PassportFrontEnd } from './passport.js'
import { meanOf } from './sums.js'

/** Neighbouring bins that deviate to the same side. */
export interface Deviation {
  /** The first bin. */
  readonly first: number
  /** The last bin. */
  readonly last: number
  /** Their mean deviation from the passport, in standard deviations. */
  readonly sigma: number
}

/** How the features and outputs of a recording compare with a model's passport. */
export interface PassportComparison {
  /** The deviation of the recording's level (the median over the bins), in standard deviations. */
  readonly level: number
  /** Ranges of bins that deviate from the shape that the level leads to expect, the largest deviation first. */
  readonly bins: readonly Deviation[]
  /** The spread over time as a multiple of the passport's. */
  readonly spread: number
  /** Share of the outputs that are blank, 0 to 1; null where there are none. */
  readonly blanks: number | null
  /** What is beyond what recordings differ by, in words; empty where nothing is. */
  readonly warnings: readonly string[]
}

/** Deviations beyond so many sigma are warned of. */
const SIGMAS = 4
/** Fewer frames of sound than this (0.3 s) say too little. */
const LEAST_FRAMES = 30
/** Fewer outputs than this say too little. */
const LEAST_OUTPUTS = 25
/** A range has at least this part of the bins, and three. */
const LEAST_RANGE = 0.05
/**
 * Least standard deviations of level and shape, in multiples of the spread over time (3.4 in natural logarithms, so 10 dB and 7 dB):
 * recordings of one room and microphone differ less than those that the model will be given.
 */
const LEVEL_FLOOR = 0.7
const SHAPE_FLOOR = 0.5
/** Natural logarithms of the ratios of spreads beyond which features have another scale. Noise in speech reaches -1.25. */
const WIDER = 1
const NARROWER = -1.6
/** A small spread counts only where the level is so many sigma higher: silence and steady hum are narrow, too, but low. */
const NARROW_LEVEL = 2
/** Least standard deviation of the share of blanks. */
const BLANKS_FLOOR = 0.04
/** How close to mean 0 and deviation 1 features are that have been normalised. */
const NORMALISED = 0.05

/**
 * Compares what a model is fed, and what it answers, with the model's passport.
 *
 * Levels differ between recordings, and so do microphones; the check is for what makes a model talk nonsense: samples or features of another scale, bins that
 * are missing, a signal of another band. It cannot see small differences between front ends: `dsp diagnose` does.
 * @param observation - The recording. Features of fewer than 30 frames are not judged, nor fewer than 25 outputs.
 * @param passport - The model's passport.
 *
 * @example
 * ```ts
 * import { comparePassport, readPassport } from '@dsp/asr'
 * const passport = await readPassport('models/an4')
 * if (passport === null) throw new Error('the model has no passport')
 * const { mean, std } = passport.features
 * const same = comparePassport({ frames: 500, mean, std, outputs: 0, blanks: 0 }, passport)
 * same.warnings // => []
 * const louder = mean.map((value) => value * 460)
 * comparePassport({ frames: 500, mean: louder, std: std.map((s) => s * 460), outputs: 0, blanks: 0 }, passport).warnings.length // => 1
 * ```
 */
export function comparePassport(observation: Observation, passport: Passport): PassportComparison {
  const { level: usual, shape, spread: usualSpread } = passport.recordings
  const { mean, std, frames, outputs } = observation
  const unit = Math.max(usualSpread.mean, Number.MIN_VALUE)
  const offsets = Array.from(mean, (value, b) => value - shape.mean[b]!)
  const own = median(offsets)
  const comparison = {
    level: (own - usual.mean) / Math.max(usual.std, LEVEL_FLOOR * unit),
    bins: ranges(offsets.map((value, b) => (value - own) / Math.max(shape.std[b]!, SHAPE_FLOOR * unit))),
    spread: meanOf(std) / unit,
    blanks: outputs === 0 ? null : observation.blanks / outputs,
  }
  const parts = frames < LEAST_FRAMES ? [] : featureWords(comparison, observation, passport)
  const blanks = outputs < LEAST_OUTPUTS ? undefined : blankWords(observation, passport, parts.length > 0)
  const warning = [parts.join(', '), blanks ?? ''].filter((part) => part !== '').join('; ')
  return { ...comparison, warnings: warning === '' ? [] : [warning] }
}

/** What the features have that recordings do not differ by. */
function featureWords(
  { level, bins, spread }: Pick<PassportComparison, 'level' | 'bins' | 'spread'>,
  { mean, std }: Observation,
  { normalize, recordings }: Passport,
): string[] {
  const bad = Array.from(mean).findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) return [`bin ${bad} holds values that are not finite`]
  const { mean: usual, std: usualStd } = recordings.spread
  const ratio = Math.log(spread)
  const sigmas = SIGMAS * (usualStd / Math.max(usual, Number.MIN_VALUE))
  const isScaled = ratio > Math.max(WIDER, sigmas) || (ratio < Math.min(NARROWER, -sigmas) && level > NARROW_LEVEL)
  const ofBins = bins.slice(0, 2).map(({ first, last, sigma }) => `bins ${first}-${last} are ${deviation(sigma)}`)
  // Normalisation takes every bin's own scale and offset away.
  if (normalize === 'per_feature') return isScaled ? [] : sentence(ofBins)
  if (isNormalised(mean, std))
    return [
      'every bin has mean 0 and deviation 1: these features are normalised, which those of this model must not be',
    ]
  const words: string[] = []
  if (Math.abs(level) > SIGMAS) words.push(`all bins are ${deviation(level)}`)
  if (isScaled) return [...sentence(words), `the features vary ${digits(spread)} times as much as they should`]
  return sentence([...words, ...ofBins])
}

/** The last one of several deviations says from what. */
function sentence(deviations: readonly string[]): string[] {
  return deviations.map((words, i) => (i < deviations.length - 1 ? words : `${words} what this model was trained on`))
}

function deviation(sigma: number): string {
  return `${digits(Math.abs(sigma))} sigma ${sigma < 0 ? 'below' : 'above'}`
}

/** What the share of blanks says: of itself where it is rare, else beside other findings. */
function blankWords(observation: Observation, passport: Passport, isAsked: boolean): string | undefined {
  const { outputs } = observation
  const { blanks } = passport.recordings
  const share = observation.blanks / outputs
  const percent = (value: number) => `${Math.round(100 * value)} %`
  const words = `${percent(share)} of outputs are blank`
  if (blanks === null) return isAsked ? words : undefined
  // and what chance does to the few outputs of a short recording
  const chance = Math.sqrt((blanks.mean * (1 - blanks.mean)) / outputs)
  const isRare = Math.abs(share - blanks.mean) > SIGMAS * Math.hypot(Math.max(blanks.std, BLANKS_FLOOR), chance)
  return isAsked || isRare ? `${words} (${percent(blanks.mean)} in the recordings of its passport)` : undefined
}

function isNormalised(mean: ArrayLike<number>, std: ArrayLike<number>): boolean {
  return Array.from(mean).every((m, b) => Math.abs(m) < NORMALISED && Math.abs(std[b]! - 1) < NORMALISED)
}

/** Runs of bins beyond the limit, the largest deviation first. */
function ranges(sigmas: readonly number[]): Deviation[] {
  const least = Math.min(sigmas.length, Math.max(3, Math.ceil(LEAST_RANGE * sigmas.length)))
  const side = (b: number) => (Math.abs(sigmas[b] ?? 0) > SIGMAS ? Math.sign(sigmas[b]!) : 0)
  const found: Deviation[] = []
  for (let first = 0; first < sigmas.length; ) {
    let end = first + 1
    while (end < sigmas.length && side(end) === side(first)) end++
    if (side(first) !== 0 && end - first >= least) {
      found.push({ first, last: end - 1, sigma: meanOf(sigmas.slice(first, end)) })
    }
    first = end
  }
  return found.sort((a, b) => Math.abs(b.sigma) - Math.abs(a.sigma))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** 4.3, 23, 1,570. */
function digits(value: number): string {
  return value < 10 ? value.toFixed(value < 1 ? 2 : 1) : Math.round(value).toLocaleString('en')
}

/**
 * What the front end of a passport and that which a model is fed by disagree on, in words.
 * @param passport - The passport's.
 * @param fed - That of the recogniser.
 * @param sampleRate - Both ones' sample rate in Hz.
 */
export function frontEndWarnings(passport: PassportFrontEnd, fed: PassportFrontEnd, sampleRate: number): string[] {
  const say = (name: string, was: unknown, is: unknown) =>
    `the features are not those of the model's passport: ${name} is ${JSON.stringify(is)}, not ${JSON.stringify(was)}`
  if (passport.kind !== fed.kind) return [say('the front end', passport.kind, fed.kind)]
  const same = (name: string, value: unknown) =>
    /^highFreq$/i.test(name) && typeof value === 'number' && value <= 0 ? sampleRate / 2 + value : value
  const differing = Object.entries(passport.options).filter(
    ([name, value]) => name !== 'preset' && name in fed.options && same(name, value) !== same(name, fed.options[name]),
  )
  const warnings = differing.map(([name, value]) => say(name, value, fed.options[name]))
  if (passport.logZeroGuard !== fed.logZeroGuard)
    warnings.push(say('logZeroGuard', passport.logZeroGuard, fed.logZeroGuard))
  return warnings
}
