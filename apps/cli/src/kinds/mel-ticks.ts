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
