import type { CauseId } from '../../cause.js'
import type { FrontEnd } from '../../front-end.js'
import { describeSetting } from '../../words/describe.js'
import { hasEnergy, type Missing, powerOfTwo } from './values.js'

/** Kaldi's floor under the filters' energies. */
export const KALDI_FLOOR = 2 ** -23

/** Says a setting that a library lacks. */
export function lacks(frontEnd: FrontEnd, noun: string, cause: CauseId): string {
  return `${noun}: ${describeSetting(cause, frontEnd)}`
}

/** What of the features Kaldi's own function takes the logarithm of. */
export function isKaldiLog({ log, floorType, floor }: FrontEnd): boolean {
  return log === 'ln' && floorType === 'max' && floor === KALDI_FLOOR
}

/** What `mfcc` of the Kaldi family computes. */
export function isKaldiMfcc(frontEnd: FrontEnd): boolean {
  const { numCeps, numBins, dctType, dctOrtho, lifter, lifterType, spectrum, energyColumn, topDb } = frontEnd
  return (
    numCeps > 0 &&
    numCeps <= numBins &&
    dctType === 2 &&
    dctOrtho &&
    (lifter === 0 || lifterType === 'kaldi') &&
    spectrum === 'power' &&
    topDb === null &&
    (energyColumn === 'none' || energyColumn === 'c0') &&
    isKaldiLog(frontEnd)
  )
}

/** What no library of the Kaldi family can do, in words. */
export function missingInKaldi(frontEnd: FrontEnd): Missing {
  const { padding, framePreemphasis, preemphasisTimes, numBins, frameLength, fftLength, topDb, log } = frontEnd
  const missing: string[] = []
  if (padding !== 'snip' && padding !== 'mirror') missing.push(lacks(frontEnd, 'frames', 'snip-edges'))
  if (framePreemphasis !== 0 && preemphasisTimes === 2) missing.push('pre-emphasis twice per frame')
  if (framePreemphasis < 0 || framePreemphasis > 1) missing.push(lacks(frontEnd, 'pre-emphasis', 'preemphasis'))
  if (numBins < 3) missing.push(numBins === 0 ? 'a spectrum without mel filters' : 'fewer than 3 mel filters')
  const isEven = fftLength === frameLength && fftLength % 2 === 0
  if (fftLength !== powerOfTwo(frameLength) && !isEven) missing.push(lacks(frontEnd, 'transform', 'fft-length'))
  if (hasEnergy(frontEnd) && (!isKaldiLog(frontEnd) || topDb !== null))
    missing.push(`an energy column beside a logarithm of ${log} and its floor`)
  if (hasEnergy(frontEnd) && frontEnd.numCeps > 0 && !isKaldiMfcc(frontEnd))
    missing.push(lacks(frontEnd, 'energy', 'energy-column'))
  return missing
}

const MELS = {
  htk: { mel: (f: number) => Math.log(1 + f / 700), hertz: (m: number) => 700 * (Math.exp(m) - 1) },
  slaney: {
    mel: (f: number) => (f < 1000 ? (3 * f) / 200 : 15 + (27 * Math.log(f / 1000)) / Math.log(6.4)),
    hertz: (m: number) => (m < 15 ? (200 * m) / 3 : 1000 * Math.exp(((m - 15) * Math.log(6.4)) / 27)),
  },
} as const

/**
 * What kaldi-native-fbank's filters with corners at whole bins are not: it scales them by widths in bins, and one whose first two
 * corners are the same bin does not hold that bin, as it does in python_speech_features.
 */
export function missingOfBins(frontEnd: FrontEnd): Missing {
  const { triangles, melScale, melNorm, lowFreq, highFreq, numBins, fftLength, sampleRate } = frontEnd
  if (triangles !== 'bins') return []
  const { mel, hertz } = MELS[melScale]
  const [low, high] = [mel(lowFreq), mel(highFreq)]
  const corners = Array.from({ length: numBins + 2 }, (_, i) =>
    Math.floor(((fftLength + 1) * hertz(low + ((high - low) * i) / (numBins + 1))) / sampleRate),
  )
  const isDoubled = corners.some((corner, i) => i < numBins && corner === corners[i + 1] && corner < corners[i + 2]!)
  return [
    ...(melNorm === 'none' ? [] : [lacks(frontEnd, 'mel filters at whole bins', 'mel-norm')]),
    ...(isDoubled ? ['mel filters whose first two corners are the same bin'] : []),
  ]
}
