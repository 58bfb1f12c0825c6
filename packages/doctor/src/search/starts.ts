import type { FrontEnd } from '../front-end.js'
import { frontEndOf } from '../kinds.js'
import { staticColumns } from '../late.js'
import type { Sound } from '../sound.js'
import { framings, possibleShifts } from './counts.js'
import { atRate } from './moves.js'

/** Front ends that people use as they are, from which few steps lead to most others. */
function known(rate: number): FrontEnd[] {
  const kaldi = frontEndOf('fbank', { numMelBins: 80 }, rate)
  const mel = frontEndOf('mel', { nFft: 512, hopLength: 160, winLength: 400 }, 16000)
  const nemo = frontEndOf('nemo', { features: 80, nWindowSize: 400, nFft: 512 }, 16000)
  const whisper = frontEndOf('whisper', {}, 16000)
  const mfcc = frontEndOf('mfcc', {}, rate)
  const decibels = { log: 'dB', floorType: 'max', floor: 1e-10, topDb: 80 } as const
  const htk = { melScale: 'htk', melNorm: 'none' } as const
  const own = [
    { ...mel, ...decibels },
    { ...frontEndOf('mel', {}, 22050), ...decibels },
    { ...mel, ...htk, padding: 'reflect', log: 'ln', floorType: 'add', floor: 1e-6 } as const,
    { ...mel, log: 'ln', floorType: 'max', floor: 1e-5, padding: 'reflect', spectrum: 'magnitude' } as const,
    nemo,
    { ...nemo, normalisation: 'none' as const },
    whisper,
    // SpeechBrain's Fbank.
    { ...mel, ...htk, ...decibels, fftLength: 400, window: 'hamming', triangles: 'symmetric' } as const,
    // python_speech_features' logfbank and mfcc.
    {
      ...mel,
      ...htk,
      numBins: 26,
      window: 'rectangular',
      padding: 'end',
      signalPreemphasis: 0.97,
      triangles: 'bins',
      log: 'ln',
      floorType: 'max',
      floor: 2 ** -52,
    } as const,
    {
      ...mfcc,
      padding: 'end',
      window: 'rectangular',
      framePreemphasis: 0,
      signalPreemphasis: 0.97,
      dcOffset: 'none',
      numBins: 26,
      triangles: 'bins',
      lowFreq: 0,
      energyColumn: 'c0',
      rawEnergy: false,
    } as const,
    frontEndOf('mel-mfcc', {}, 22050),
  ]
  return [
    kaldi,
    frontEndOf('fbank', { preset: 'lhotse' }, rate),
    mfcc,
    ...own.map((frontEnd) => atRate(frontEnd, rate)),
  ]
}

/** The shape of a reference's columns as front ends may make it. */
function structures(columns: number, ours: FrontEnd): Partial<FrontEnd>[] {
  const all: Partial<FrontEnd>[] = []
  for (const deltas of [0, 1, 2] as const) {
    const own = columns / (deltas + 1)
    if (!Number.isInteger(own) || own < 1) continue
    // Thrice or twice the usual number is more likely deltas than so many filters.
    if (ours.numCeps > 0) {
      if (own <= ours.numBins || own <= 40) all.push({ deltas, numCeps: own, numBins: Math.max(ours.numBins, own) })
      if (own > 4 && ours.energyColumn !== 'c0') {
        for (const energyColumn of ['first', 'last'] as const) all.push({ deltas, numCeps: own - 1, energyColumn })
      }
    } else {
      all.push({ deltas, numBins: own, energyColumn: 'none' })
      if (own > 4)
        for (const energyColumn of ['first', 'last'] as const) all.push({ deltas, numBins: own - 1, energyColumn })
    }
    if (own <= 26 && ours.numCeps === 0) all.push({ deltas, numCeps: own, numBins: Math.max(23, own) })
  }
  return all
}

/** Front ends to begin with: ours and the known ones, of the reference's shape, that give its number of frames. */
export function starts(
  ours: FrontEnd,
  sound: Sound,
  frames: number,
  columns: number,
  late: Partial<FrontEnd>,
  { lag = 0, masked = 0, isLogarithmic = false, isScaled = false } = {},
): FrontEnd[] {
  const all: FrontEnd[] = []
  const own = isLogarithmic && ours.log === 'none' ? withLogarithms(ours) : [ours]
  for (const frontEnd of [...own, ...known(ours.sampleRate)]) {
    for (const structure of structures(columns, frontEnd)) {
      const shaped = { ...frontEnd, channel: ours.channel, ...structure, ...late }
      const base =
        shaped.sampleRate === sound.sampleRate
          ? { ...shaped, resampler: 'none' as const }
          : { ...shaped, resampler: ours.resampler }
      if (staticColumns(base) * (base.deltas + 1) !== columns) continue
      for (const count of new Set([frames, frames + masked])) all.push(...fitting(base, sound, count))
      // Audio that begins elsewhere has another number of frames.
      if (lag !== 0) all.push({ ...base, shift: base.shift + lag * base.frameShift })
      if (own.includes(frontEnd)) all.push(base)
      if (frontEnd === ours && isScaled) all.push(...scaled(base))
      if (base.resampler !== 'none' && own.includes(frontEnd)) {
        // Audio that was taken as it is, whatever its rate.
        const asIs = { ...base, resampler: 'none' } as const
        const framed = framings(asIs, sound.length(asIs), frames, 1)
        all.push(...framed.map((framing) => ({ ...asIs, ...framing })))
      }
    }
  }
  return all
}

/** A front end without a logarithm as it is with one: what is negative has been through one. */
function withLogarithms(ours: FrontEnd): FrontEnd[] {
  const logs = ['ln', 'log10', 'dB', 'dB-amplitude'] as const
  return logs.map((log) => ({ ...ours, log, floorType: 'max', floor: 1e-10 }))
}

/**
 * A front end with all that multiplies its values: the logarithm, of powers or magnitudes, Whisper's scale, the transform's norm and
 * lifter. Two of them at once are not found one by one, since a third may look more like both than either does.
 */
function scaled(from: FrontEnd): FrontEnd[] {
  const all: FrontEnd[] = []
  const isCepstral = from.numCeps > 0
  for (const log of ['ln', 'log2', 'log10', 'dB', 'dB-amplitude'] as const)
    for (const spectrum of ['power', 'magnitude'] as const)
      for (const [normalisation, normalisationTimes] of [
        ['none', 1],
        ['whisper', 1],
        ['whisper', 2],
      ] as const)
        for (const dctOrtho of isCepstral ? [true, false] : [from.dctOrtho])
          for (const lifter of isCepstral ? new Set([from.lifter, 0, 22]) : [from.lifter])
            all.push({ ...from, log, spectrum, normalisation, normalisationTimes, dctOrtho, lifter })
  return all
}

/** The front end itself if it gives so many frames, else with another framing, or with another shift. */
function fitting(frontEnd: FrontEnd, sound: Sound, frames: number): FrontEnd[] {
  const samples = sound.length(frontEnd)
  const exact = framings(frontEnd, samples, frames, 0)
  const isOwn = exact.some(({ padding, dropLast }) => padding === frontEnd.padding && dropLast === frontEnd.dropLast)
  if (isOwn) return [frontEnd]
  if (exact.length > 0) return exact.map((framing) => ({ ...frontEnd, ...framing }))
  const near = framings(frontEnd, samples, frames, 3).map((framing) => ({ ...frontEnd, ...framing }))
  const shifts = possibleShifts(frontEnd, samples, frames).slice(0, 3)
  const shifted = shifts.flatMap((frameShift) => {
    const at = { ...frontEnd, frameShift }
    return framings(at, samples, frames, 0).map((framing) => ({ ...at, ...framing }))
  })
  return [...near, ...shifted].length > 0 ? [...near, ...shifted] : [frontEnd]
}
