import type { FrontEnd } from '../front-end.js'
import { type Energies, energyGain, logarithm } from '../late.js'
import type { Target } from './target.js'

/**
 * What a transform in float32 leaves, as a part of the loudest amplitude of a frame; a filter that is quieter than that by x is off by
 * x times as much.
 */
const SINGLE = 1.2e-6

/** How far rounding in float32 may move each value, `[frames, columns]` as the static features have them. */
export function roundingNoise(energies: Energies, frontEnd: FrontEnd, target: Target): Float64Array {
  const { data, frames, columns } = energies
  const out = new Float64Array(frames * target.columns)
  const slope = logarithm(frontEnd) || 1
  const power = frontEnd.spectrum === 'power' ? 0.5 : 1
  const least = frontEnd.floorType === 'none' ? 0 : frontEnd.floor / energyGain(frontEnd)
  // Normalised values are in units of their columns' deviations.
  const unit = target.freedom === 'column-affine' || target.freedom === 'affine' ? 1 / 3 : 1
  const scale = frontEnd.normalisation === 'whisper' ? 4 ** -frontEnd.normalisationTimes : unit
  const noise = new Float64Array(columns)
  for (let f = 0; f < frames; f++) {
    const from = f * (columns + 2)
    let most = Number.MIN_VALUE
    for (let b = 0; b < columns; b++) if (data[from + b]! > most) most = data[from + b]!
    let square = 0
    for (let b = 0; b < columns; b++) {
      const energy = Math.max(data[from + b]!, least, Number.MIN_VALUE)
      noise[b] = Math.min(1, SINGLE * (most / energy) ** power) * slope * scale
      square += noise[b]! ** 2
    }
    const to = f * target.columns
    if (frontEnd.numCeps > 0) {
      const each =
        Math.sqrt(square / columns) * (frontEnd.dctOrtho ? 1 : 2 * Math.sqrt(columns)) * (1 + frontEnd.lifter / 2)
      for (let b = 0; b < target.columns; b++) out[to + b] = each
      continue
    }
    const first = frontEnd.energyColumn === 'first' ? 1 : 0
    for (let b = 0; b < columns && first + b < target.columns; b++) out[to + first + b] = noise[b]!
  }
  return out
}
