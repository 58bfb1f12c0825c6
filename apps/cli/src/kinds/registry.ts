import { createRequire } from 'node:module'
import type { FeatureKind } from '@dsp/features'
import { UsageError } from '../failure.js'
import type { Draw, Kind } from './kind.js'

/** The pictures, each loaded when it is used. */
const pictures: { readonly [K in FeatureKind]: () => Promise<Draw> } = {
  fbank: async () => (await import('./kaldi.js')).drawFbank,
  mfcc: async () => (await import('./kaldi.js')).drawMfcc,
  spectrogram: async () => (await import('./kaldi.js')).drawSpectrogram,
  stft: async () => (await import('./stft.js')).drawStft,
  resample: async () => (await import('./resample.js')).drawResample,
  mel: async () => (await import('./mel.js')).drawMel,
  'mel-mfcc': async () => (await import('./mel.js')).drawMelMfcc,
  whisper: async () => (await import('./mel.js')).drawWhisper,
  nemo: async () => (await import('./mel.js')).drawNemo,
  'hpss-harmonic': async () => (await import('./hpss.js')).drawHarmonic,
  'hpss-percussive': async () => (await import('./hpss.js')).drawPercussive,
  yin: async () => (await import('./pitch.js')).drawYin,
  pyin: async () => (await import('./pitch.js')).drawPyin,
  'chroma-stft': async () => (await import('./chroma.js')).drawChromaStft,
  'chroma-cqt': async () => (await import('./chroma.js')).drawChromaCqt,
  'chroma-cens': async () => (await import('./chroma.js')).drawChromaCens,
  'chroma-vqt': async () => (await import('./chroma.js')).drawChromaVqt,
  cqt: async () => (await import('./cqt.js')).drawCqt,
  vqt: async () => (await import('./cqt.js')).drawVqt,
  'hybrid-cqt': async () => (await import('./cqt.js')).drawHybridCqt,
  'pseudo-cqt': async () => (await import('./cqt.js')).drawPseudoCqt,
  piptrack: async () => (await import('./peaks.js')).drawPiptrack,
  tuning: async () => (await import('./peaks.js')).drawTuning,
  tonnetz: async () => (await import('./chroma.js')).drawTonnetz,
}

/** Loads a kind. */
export async function loadKind(name: string): Promise<Kind> {
  const { featureKinds } = await import('@dsp/features')
  const kinds = featureKinds()
  const info = kinds.find((kind) => kind.name === name)
  if (info === undefined) {
    const names = kinds.map((kind) => kind.name).join(', ')
    throw new UsageError(`there is no kind ${JSON.stringify(name)}; the kinds are: ${names}`)
  }
  return { info, picture: await pictures[info.name]() }
}

/** The kinds with their descriptions, for help texts. */
export function describeKinds(): string {
  // Help texts cannot wait for an import, and the other commands need not load every feature.
  const { featureKinds }: typeof import('@dsp/features') = createRequire(import.meta.url)('@dsp/features')
  const width = Math.max(...featureKinds().map(({ name }) => name.length))
  return featureKinds()
    .map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`)
    .join('\n')
}
