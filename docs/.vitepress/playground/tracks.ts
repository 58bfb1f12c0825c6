import type { FeatureOptionsOf } from '@dsp/features'
import { kaldiTicks, librosaTicks, melTicks } from '../../../apps/cli/src/kinds/mel-ticks.js'
import { pitchClassTicks } from '../../../apps/cli/src/plot/notes.js'
import { coefficientTicks, knownFrequencies } from '../../../apps/cli/src/plot/ticks.js'
import type { Track, Values } from './messages.js'

const LEVEL = { below: 80 } as const

/**
 * The panels of a feature's picture.
 * @param kind - The kind of features.
 * @param all - Its options with their values.
 * @param rate - Sample rate in Hz.
 * @param rows - Values in a column.
 */
export function tracksOf(kind: string, all: Values, rate: number, rows: number): Track[] {
  switch (kind) {
    case 'fbank': {
      const ticks = kaldiTicks(all as unknown as FeatureOptionsOf['fbank'], all.numMelBins as number)
      return [{ label: 'Hz, mel scale', type: 'heat', rows, ticks, unit: 'dB', range: LEVEL }]
    }
    case 'mfcc':
      return [{ label: 'coefficient', type: 'heat', rows, ticks: coefficientTicks(rows), unit: '', range: 'signed' }]
    case 'mel': {
      const ticks = librosaTicks(all as unknown as FeatureOptionsOf['mel'], rate, rows)
      return [{ label: 'Hz, mel scale', type: 'heat', rows, ticks, unit: 'dB', range: LEVEL }]
    }
    case 'whisper': {
      const ticks = melTicks('slaney', 0, rate / 2, rows)
      // Whisper's own floor: 8 decades of power below the loudest, of which each is a quarter.
      return [{ label: 'Hz, mel scale', type: 'heat', rows, ticks, unit: '', range: { below: 2 } }]
    }
    case 'yin': {
      const { fmin, fmax } = all as { fmin: number; fmax: number }
      const ticks = knownFrequencies(fmin, fmax)
      return [{ label: 'Hz', type: 'line', rows: 1, ticks, unit: 'Hz', range: [fmin, fmax] }]
    }
    case 'chroma-stft': {
      const ticks = pitchClassTicks(rows, all.baseC !== false)
      return [{ label: 'pitch class', type: 'heat', rows, ticks, unit: '', range: 'positive' }]
    }
    default: {
      const ticks = melTicks('slaney', 0, rate / 2, rows)
      return ['harmonic', 'percussive'].map((label) => ({
        label: `${label}, Hz`,
        type: 'heat',
        rows,
        ticks,
        unit: 'dB',
        range: LEVEL,
      }))
    }
  }
}
