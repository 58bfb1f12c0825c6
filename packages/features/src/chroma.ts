import {
  type ChromaCensOptions,
  type ChromaCqtOptions,
  type ChromaStftOptions,
  type ChromaVqtOptions,
  type CqtOptions,
  chromaCens,
  chromaCensAsync,
  chromaCensOptionSpecs,
  chromaCqt,
  chromaCqtAsync,
  chromaCqtOptionSpecs,
  chromaStft,
  chromaStftAsync,
  chromaStftOptionSpecs,
  chromaVqt,
  chromaVqtAsync,
  chromaVqtOptionSpecs,
  cqt,
  cqtAsync,
  cqtOptionSpecs,
  type EstimateTuningOptions,
  estimateTuning,
  estimateTuningAsync,
  estimateTuningOptionSpecs,
  type HybridCqtOptions,
  hybridCqt,
  hybridCqtAsync,
  hybridCqtOptionSpecs,
  type Peaks,
  type PiptrackOptions,
  type PseudoCqtOptions,
  piptrack,
  piptrackAsync,
  piptrackOptionSpecs,
  pseudoCqt,
  pseudoCqtAsync,
  pseudoCqtOptionSpecs,
  type TonnetzOptions,
  tonnetz,
  tonnetzAsync,
  tonnetzOptionSpecs,
  type VqtOptions,
  vqt,
  vqtAsync,
  vqtOptionSpecs,
} from '@dsp/chroma'
import type { SignalData } from '@dsp/signal'
import { option, tensor } from '@dsp/tensor'
import { complexValuesOf, type Definition, librosa, librosaTiming, valuesOf } from './definition.js'
import type { ComplexChoice } from './kinds.js'

/** The window of these kinds folds bins into classes: it has nothing to do with frames. */
const hopTiming = ({ hopLength }: { hopLength: number }, sampleRate: number) => librosaTiming({ hopLength }, sampleRate)

export const chromaStftDefinition: Definition<ChromaStftOptions> = {
  ...librosa,
  description: 'chroma of a short-time Fourier transform as librosa computes it, [pitch classes, frames]',
  options: chromaStftOptionSpecs,
  ...valuesOf<ChromaStftOptions>(chromaStft, chromaStftAsync),
}

export const chromaCqtDefinition: Definition<ChromaCqtOptions> = {
  ...librosa,
  description: 'chroma of a constant-Q transform as librosa computes it, [pitch classes, frames]',
  options: chromaCqtOptionSpecs,
  timing: hopTiming,
  ...valuesOf<ChromaCqtOptions>(chromaCqt, chromaCqtAsync),
}

export const chromaCensDefinition: Definition<ChromaCensOptions> = {
  ...librosa,
  description: 'smoothed, quantised chroma (CENS) as librosa computes it, [pitch classes, frames]',
  options: chromaCensOptionSpecs,
  timing: hopTiming,
  ...valuesOf<ChromaCensOptions>(chromaCens, chromaCensAsync),
}

export const chromaVqtDefinition: Definition<ChromaVqtOptions> = {
  ...librosa,
  description: 'chroma of a variable-Q transform as librosa computes it, [pitch classes, frames]',
  options: chromaVqtOptionSpecs,
  ...valuesOf<ChromaVqtOptions>(chromaVqt, chromaVqtAsync),
}

export const cqtDefinition: Definition<CqtOptions & ComplexChoice> = {
  ...librosa,
  description: 'constant-Q transform as librosa computes it, [bins, frames]: magnitudes, or complex values',
  options: { ...cqtOptionSpecs, complex: option.boolean(false) },
  ...complexValuesOf<CqtOptions>(cqt, cqtAsync),
}

export const vqtDefinition: Definition<VqtOptions & ComplexChoice> = {
  ...librosa,
  description: 'variable-Q transform as librosa computes it, [bins, frames]: magnitudes, or complex values',
  options: { ...vqtOptionSpecs, complex: option.boolean(false) },
  ...complexValuesOf<VqtOptions>(vqt, vqtAsync),
}

export const hybridCqtDefinition: Definition<HybridCqtOptions> = {
  ...librosa,
  description: 'hybrid constant-Q transform as librosa computes it, [bins, frames] of magnitudes',
  options: hybridCqtOptionSpecs,
  ...valuesOf<HybridCqtOptions>(hybridCqt, hybridCqtAsync),
}

export const pseudoCqtDefinition: Definition<PseudoCqtOptions> = {
  ...librosa,
  description: 'pseudo constant-Q transform as librosa computes it, [bins, frames] of magnitudes',
  options: pseudoCqtOptionSpecs,
  ...valuesOf<PseudoCqtOptions>(pseudoCqt, pseudoCqtAsync),
}

const peaksOf = ({ pitches, magnitudes }: Peaks<SignalData>) => ({ values: pitches, parts: { magnitudes } })

export const piptrackDefinition: Definition<PiptrackOptions> = {
  ...librosa,
  description: 'pitches of spectral peaks as librosa computes them, [bins, frames] in hertz, 0 where there is none',
  options: piptrackOptionSpecs,
  compute: (audio, options) => peaksOf(piptrack(audio, options)),
  computeAsync: async (audio, options) => peaksOf(await piptrackAsync(audio, options)),
}

const single = (value: number) => ({ values: tensor(Float64Array.of(value)) })

export const tuningDefinition: Definition<EstimateTuningOptions> = {
  ...librosa,
  orientation: ['values'],
  // There are no frames: the one value stands for a second, or for whatever the sound lasts.
  timing: () => ({ rate: 1, first: 0.5 }),
  description: 'by how much of a bin the sound is out of tune as librosa estimates it, [1]',
  options: estimateTuningOptionSpecs,
  compute: (audio, options) => single(estimateTuning(audio, options)),
  computeAsync: async (audio, options) => single(await estimateTuningAsync(audio, options)),
}

export const tonnetzDefinition: Definition<TonnetzOptions> = {
  ...librosa,
  description: 'tonal centroids as librosa computes them, [6, frames]',
  options: tonnetzOptionSpecs,
  timing: hopTiming,
  ...valuesOf<TonnetzOptions>(tonnetz, tonnetzAsync),
}
