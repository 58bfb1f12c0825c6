import { MAX_RATE, resample, resampleAsync, resampleOptionSpecs } from '@dsp/audio'
import { hpss, hpssAsync, type PartOptions, partOptionSpecs, type Separated } from '@dsp/hpss'
import { type OptionSpec, option } from '@dsp/tensor'
import { type Definition, valuesOf } from './definition.js'
import type { ResampleFeatureOptions } from './kinds.js'

const samples = { orientation: ['samples'], channels: 'each', rateOption: null } as const

const { origFreq: _, newFreq: __, ...filterSpecs } = resampleOptionSpecs

export const resampleDefinition: Definition<ResampleFeatureOptions> = {
  ...samples,
  description: 'the samples at another rate, targetRate in Hz, as torchaudio computes them, [samples]',
  options: {
    targetRate: {
      ...option.integer(0, { min: 1, max: MAX_RATE }),
      default: undefined,
    } as unknown as OptionSpec<number>,
    ...filterSpecs,
  },
  timing: ({ targetRate }) => ({ rate: targetRate, first: 0 }),
  ...valuesOf<ResampleFeatureOptions>(
    (audio, { targetRate, ...options }) => resample(audio, { ...options, newFreq: targetRate }).samples,
    async (audio, { targetRate, ...options }) =>
      (await resampleAsync(audio, { ...options, newFreq: targetRate })).samples,
  ),
}

function part(name: 'harmonic' | 'percussive'): Definition<PartOptions> {
  const computed = ({ harmonic, percussive }: Separated) => {
    const parts = { harmonic, percussive }
    return { values: parts[name], parts }
  }
  return {
    ...samples,
    description: `the ${name} part of the sound as librosa separates it, [samples]`,
    options: partOptionSpecs,
    timing: (_, sampleRate) => ({ rate: sampleRate, first: 0 }),
    compute: (audio, options) => computed(hpss(audio.samples, options)),
    computeAsync: async (audio, options) => computed(await hpssAsync(audio.samples, options)),
  }
}

export const harmonicDefinition = part('harmonic')
export const percussiveDefinition = part('percussive')
