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
  type TonnetzOptions,
  tonnetz,
  tonnetzAsync,
  tonnetzOptionSpecs,
} from '@dsp/chroma'
import { option } from '@dsp/tensor'
import { complexValuesOf, type Definition, librosaTiming, valuesOf } from './definition.js'
import type { ComplexChoice } from './kinds.js'

const librosa = {
  orientation: ['bins', 'frames'],
  channels: 'average',
  rateOption: 'sr',
  timing: librosaTiming,
} as const

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

export const tonnetzDefinition: Definition<TonnetzOptions> = {
  ...librosa,
  description: 'tonal centroids as librosa computes them, [6, frames]',
  options: tonnetzOptionSpecs,
  timing: hopTiming,
  ...valuesOf<TonnetzOptions>(tonnetz, tonnetzAsync),
}
