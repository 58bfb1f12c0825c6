import type { CauseId } from '../cause.js'
import type { FrontEnd } from '../front-end.js'
import { beforeWhisper, logarithm } from '../late.js'
import type { Sound } from '../sound.js'
import { frameCount, framings, lead, PADDINGS, possibleShifts } from './counts.js'
import type { Target } from './target.js'

/** A front end that differs from another in one cause. */
export interface Move {
  readonly cause: CauseId
  readonly frontEnd: FrontEnd
}

/** Rates that audio is recorded and recognised at. */
const RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000]
const WINDOWS = ['povey', 'hann', 'hamming', 'blackman', 'rectangular', 'sine', 'bartlett'] as const
/** Lengths of windows in milliseconds and in samples. */
const LENGTHS_MS = [10, 16, 20, 23.22, 25, 30, 32, 40, 46.44, 50, 64]
const LENGTHS = [200, 256, 320, 400, 480, 512, 551, 640, 800, 1024, 1102, 1200, 2048]
const FFT_LENGTHS = [256, 400, 512, 1024, 2048, 4096]
const EMPHASES = [0.9, 0.95, 0.97, 0.98, 0.99, 1]
const LOW = [0, 20, 30, 40, 50, 60, 64, 80, 100, 125, 133.3333, 150, 200, 300]
const HIGH_BELOW = [0, 100, 200, 400, 500, 1000, 1200]
const HIGH = [
  3000, 3400, 3500, 3700, 3800, 4000, 5000, 5500, 6000, 6800, 6855.4976, 7000, 7500, 7600, 7800, 8000, 10000, 11000,
  11025, 12000, 16000, 20000,
]
const WARPS = [0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2]
const FLOORS = [1e-12, 1e-10, 2 ** -24, 1e-8, 2 ** -23, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1]
const LIFTERS = [0, 10, 12, 14, 16, 20, 22, 24, 26, 30, 40]
const BANKS = [20, 23, 24, 26, 30, 32, 36, 40, 48, 60, 64, 72, 80, 96, 100, 120, 128, 256]
/** Places of an energy beside the other columns, and among cepstra. */
const APART = ['first', 'last'] as const
const IN_PLACE = ['none', 'c0'] as const
/** Frames of MP3 and AAC, and the delays of their encoders and decoders, in samples. */
const DELAYS = [105, 528, 529, 576, 1024, 1105, 1152, 1681, 2048, 2112, 2257, 2304, 2624]
const STEPS = [1, 2, 5, 10, 20, 40, 80, 120, 160, 240, 320, 480, 640]
/** Noise of one step of int16, and others that people choose. */
const DITHERS = [2 ** -15, 1e-5, 1e-4, 1e-3]

/** What a move needs to know besides the front end that it starts from. */
export interface Context {
  readonly sound: Sound
  readonly target: Target
  /** Frames that may be missing or left over where samples were lost. */
  readonly slack: number
}

type Change = Partial<FrontEnd>

/** Every front end that differs from this one in one cause. */
export function moves(from: FrontEnd, context: Context): Move[] {
  const all: Move[] = []
  const add = (cause: CauseId, change: Change) => {
    const frontEnd = { ...from, ...change }
    const isSame = (Object.keys(change) as (keyof FrontEnd)[]).every((name) => Object.is(frontEnd[name], from[name]))
    if (!isSame && frontEnd.frameLength <= frontEnd.fftLength && frontEnd.lowFreq < frontEnd.highFreq) {
      all.push({ cause, frontEnd })
    }
  }
  signalMoves(from, context, add)
  frameMoves(from, context, add)
  filterMoves(from, context, add)
  lateMoves(from, context, add)
  return all
}

type Add = (cause: CauseId, change: Change) => void

/** Lengths and edges in proportion, where a front end is moved to another rate. */
export function atRate(from: FrontEnd, sampleRate: number): FrontEnd {
  const factor = sampleRate / from.sampleRate
  // Lengths in milliseconds are cut to whole samples.
  const samples = (length: number) => Math.floor(length * factor + 1e-6)
  const frameLength = Math.max(2, samples(from.frameLength))
  const isPower = Number.isInteger(Math.log2(from.fftLength))
  const isFull = from.highFreq === from.sampleRate / 2
  const fftLength = isPower ? 2 ** Math.ceil(Math.log2(frameLength)) : Math.round(from.fftLength * factor)
  // Half a rate less so much stays half a rate less so much; other edges stay where they are.
  const below = from.sampleRate / 2 - from.highFreq
  const highFreq = isFull || below <= 500 ? sampleRate / 2 - below : Math.min(from.highFreq, sampleRate / 2)
  return {
    ...from,
    sampleRate,
    frameLength,
    frameShift: Math.max(1, samples(from.frameShift)),
    fftLength: Math.max(frameLength, fftLength),
    highFreq,
  }
}

function signalMoves(from: FrontEnd, { sound, target, slack }: Context, add: Add): void {
  if (sound.channels > 1) for (const channel of ['mean', 'left', 'right'] as const) add('channel', { channel })
  for (const sampleRate of new Set([...RATES, sound.sampleRate])) {
    const at = sampleRate === from.sampleRate ? from : atRate(from, sampleRate)
    const choices = sampleRate === sound.sampleRate ? (['none'] as const) : (['torchaudio', 'none'] as const)
    // Kaldi's lengths are times, librosa's are samples.
    const inSamples = { ...from, sampleRate, highFreq: at.highFreq }
    for (const resampler of choices) {
      if (sampleRate === from.sampleRate && (resampler === from.resampler || from.resampler !== 'none')) continue
      for (const base of sampleRate === from.sampleRate ? [at] : [at, inSamples]) {
        const frontEnd = { ...base, resampler }
        if (framings(frontEnd, sound.length(frontEnd), target.totalFrames, slack).length > 0)
          add('sample-rate', frontEnd)
      }
    }
  }
  if (from.sampleRate !== sound.sampleRate) {
    for (const resampler of ['none', 'linear', 'torchaudio', 'soxr'] as const) {
      const frontEnd = { ...from, resampler }
      const isPossible = framings(frontEnd, sound.length(frontEnd), target.totalFrames, slack).length > 0
      if (isPossible) add('resampler', { resampler })
    }
  }
  for (const step of STEPS) for (const sign of [-1, 1]) add('time-shift', { shift: from.shift + sign * step })
  for (const delay of DELAYS) {
    const own = Math.round((delay * from.sampleRate) / sound.sampleRate)
    for (const shift of [delay, -delay, own, -own]) add('time-shift', { shift })
  }
  add('time-shift', { shift: 0 })
  const { preemphasisTimes: times, signalPreemphasis: signal, framePreemphasis: frame } = from
  add('preemphasis', { signalPreemphasis: 0, framePreemphasis: 0, preemphasisTimes: 1 })
  for (const c of EMPHASES) {
    add('preemphasis', { signalPreemphasis: c, framePreemphasis: 0, preemphasisTimes: 1 })
    add('preemphasis', { signalPreemphasis: 0, framePreemphasis: c, preemphasisTimes: 1 })
    add('preemphasis', { signalPreemphasis: c, framePreemphasis: c, preemphasisTimes: 1 })
    add('preemphasis', { signalPreemphasis: c, framePreemphasis: 0, preemphasisTimes: 2 })
    add('preemphasis', { signalPreemphasis: 0, framePreemphasis: c, preemphasisTimes: 2 })
  }
  if (times === 1 && signal + frame > 0) add('preemphasis', { preemphasisTimes: 2 })
  add('preemphasis', { signalPreemphasis: frame, framePreemphasis: signal })
  for (const dither of [0, ...DITHERS]) {
    add('dither', { dither })
    // A floor relative to the loudest value hides it.
    if (dither > 0 && from.topDb !== null) add('dither', { dither, topDb: null })
  }
  for (const dcOffset of ['none', 'frame', 'signal'] as const) add('dc-offset', { dcOffset })
}

function frameMoves(from: FrontEnd, { sound, target, slack }: Context, add: Add): void {
  const { sampleRate } = from
  for (const window of WINDOWS) for (const periodic of [false, true]) add('window', { window, periodic })
  const isPower = Number.isInteger(Math.log2(from.fftLength))
  const lengths = new Set([
    ...LENGTHS,
    ...LENGTHS_MS.flatMap((ms) => [Math.floor, Math.round].map((to) => to((ms * sampleRate) / 1000))),
  ])
  const samples = sound.length(from)
  const possible = (change: Change) =>
    framings({ ...from, ...change }, samples, target.totalFrames, slack).find(
      ({ padding, dropLast }) => padding === from.padding && dropLast === from.dropLast,
    )
  for (const frameLength of lengths) {
    if (frameLength < 2 || frameLength > 8192) continue
    const fftLength = isPower ? 2 ** Math.ceil(Math.log2(frameLength)) : frameLength
    for (const change of [
      { frameLength },
      { frameLength, fftLength: Math.max(fftLength, from.frameLength === from.fftLength ? 0 : fftLength) },
    ]) {
      if (possible(change)) add('frame-length', change)
    }
  }
  for (const frames of new Set([target.totalFrames, target.totalFrames + target.maskedFrames])) {
    for (const frameShift of possibleShifts(from, samples, frames)) add('frame-shift', { frameShift })
  }
  for (const framing of framings(from, samples, target.totalFrames, slack)) add('snip-edges', framing)
  // The same frames by other edges and another start: what they see between the edges does not change.
  for (const framing of PADDINGS.flatMap((padding) => [
    { padding, dropLast: false },
    { padding, dropLast: true },
  ])) {
    const shift = from.shift + lead(from) - lead({ ...from, ...framing })
    const moved = { ...from, ...framing, shift }
    if (framing.dropLast && framing.padding !== 'reflect' && framing.padding !== 'constant') continue
    if (Math.abs(frameCount(moved, samples) - target.totalFrames) <= slack) add('snip-edges', { ...framing, shift })
  }
  for (const fftLength of new Set([
    ...FFT_LENGTHS,
    from.frameLength,
    2 ** Math.ceil(Math.log2(from.frameLength)),
    2 * from.fftLength,
  ])) {
    add('fft-length', { fftLength })
  }
}

function filterMoves(from: FrontEnd, { target }: Context, add: Add): void {
  for (const spectrum of ['power', 'magnitude'] as const) {
    if (from.spectrum === spectrum) continue
    const { log } = from
    add('spectrum', { spectrum })
    if (log === 'dB' || log === 'dB-amplitude')
      add('spectrum', { spectrum, log: spectrum === 'power' ? 'dB' : 'dB-amplitude' })
  }
  if (from.numBins === 0) return
  const nyquist = from.sampleRate / 2
  for (const melScale of ['htk', 'slaney'] as const) add('mel-scale', { melScale })
  for (const melNorm of ['none', 'slaney', 'sum'] as const) add('mel-norm', { melNorm })
  for (const triangles of ['hertz', 'mel', 'bins', 'symmetric'] as const) add('mel-triangles', { triangles })
  for (const lowFreq of LOW) add('low-freq', { lowFreq })
  for (const highFreq of new Set([...HIGH, ...HIGH_BELOW.map((below) => nyquist - below)])) {
    if (highFreq <= nyquist && highFreq > 1000) add('high-freq', { highFreq })
  }
  for (const vtlnWarp of WARPS) add('vtln', { vtlnWarp })
  if (from.numCeps > 0) for (const numBins of BANKS) if (numBins >= target.columns) add('num-bins', { numBins })
}

function lateMoves(from: FrontEnd, { target }: Context, add: Add): void {
  for (const log of ['ln', 'log2', 'log10', 'dB', 'dB-amplitude', 'none'] as const) {
    if (log !== from.log) add('log', { log, ...(log === 'none' ? { topDb: null } : {}) })
  }
  add('log-floor', { floorType: 'none', floor: 0 })
  const slope = logarithm(from)
  const plateau = slope === 0 || target.leastShare < 0.005 ? [] : [Math.exp(beforeWhisper(target.least, from) / slope)]
  for (const floor of [...FLOORS, ...plateau]) {
    add('log-floor', { floorType: 'max', floor })
    add('log-floor', { floorType: 'add', floor })
  }
  for (const topDb of [null, 60, 80, 100, 120]) if (from.log !== 'none') add('log-floor', { topDb })
  if (from.numCeps > 0) {
    for (const lifter of LIFTERS) add('dct', { lifter, lifterType: 'kaldi' })
    for (const lifter of [12, 22]) add('dct', { lifter, lifterType: 'librosa' })
    for (const dctType of [1, 2, 3] as const) for (const dctOrtho of [false, true]) add('dct', { dctType, dctOrtho })
  }
  const isApart = from.energyColumn === 'first' || from.energyColumn === 'last'
  for (const energyColumn of isApart ? APART : from.numCeps > 0 ? IN_PLACE : []) {
    for (const rawEnergy of [false, true])
      for (const energyFloor of [0, 1]) add('energy-column', { energyColumn, rawEnergy, energyFloor })
  }
  if (target.freedom !== 'none') {
    // A gain shows only against a floor here, and is not fitted.
    const length = from.fftLength
    for (const ratio of [
      32768,
      1 / 32768,
      1 / length,
      1 / Math.sqrt(length),
      Math.sqrt(length),
      length,
      1 / (0.5 * from.frameLength),
      10,
      0.1,
      2,
      0.5,
    ]) {
      add('sample-scale', { gain: from.gain * ratio })
    }
  }
  if (target.freedom === 'none') {
    add('normalisation', { normalisation: 'none', normalisationTimes: 1 })
    add('normalisation', { normalisation: 'whisper', normalisationTimes: 1 })
    add('normalisation', { normalisation: 'whisper', normalisationTimes: 2 })
  }
}
