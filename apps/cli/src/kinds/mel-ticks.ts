import type { FeatureOptionsOf } from '@dsp/features'
import { hzToMel, type MelScale } from '@dsp/mel'
import { knownFrequencies, type Tick } from '../plot/ticks.js'

/** Where known frequencies lie among mel bands: band b is centred at b + 1 of the steps between the ends. */
export function melTicks(melScale: MelScale, fmin: number, fmax: number, bands: number): Tick[] {
  const mel = (hertz: number) => hzToMel(hertz, { melScale })
  const [low, high] = [mel(fmin), mel(fmax)]
  return knownFrequencies(fmin, fmax).map(({ value, label }) => ({
    label,
    value: ((mel(value) - low) / (high - low)) * (bands + 1) - 0.5,
  }))
}

/** Where known frequencies lie among the filters of Kaldi's fbank. */
export function kaldiTicks(options: FeatureOptionsOf['fbank'], filters: number): Tick[] {
  const { sampleFrequency, lowFreq, highFreq, isLibrosa, useSlaneyMelScale } = options
  const high = highFreq <= 0 ? sampleFrequency / 2 + highFreq : highFreq
  return melTicks(isLibrosa && useSlaneyMelScale ? 'slaney' : 'kaldi', lowFreq, high, filters)
}

/** Where known frequencies lie among the bands of librosa's mel spectrogram. */
export function librosaTicks(options: FeatureOptionsOf['mel'], sampleRate: number, bands: number): Tick[] {
  const { melScale, htk, fmin, fmax } = options
  return melTicks(melScale ?? (htk ? 'htk' : 'slaney'), fmin, fmax ?? sampleRate / 2, bands)
}
