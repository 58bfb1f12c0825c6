import {
  fbank,
  fbankAsync,
  fbankOptionSpecs,
  type KaldiFeatureOptions,
  type FeatureKind as KaldiKind,
  mfcc,
  mfccAsync,
  mfccOptionSpecs,
  presets,
  resolveKaldiOptions,
  type SpectrogramOptions,
  spectrogram,
  spectrogramAsync,
  spectrogramOptionSpecs,
} from '@dsp/mel-kaldi'
import { type Definition, valuesOf } from './definition.js'

type Options<K extends KaldiKind> = Required<KaldiFeatureOptions[K]>

function kaldi<K extends KaldiKind>(
  kind: K,
  definition: Pick<Definition<Options<K>>, 'description' | 'options' | 'compute' | 'computeAsync'>,
): Definition<Options<K>> {
  return {
    ...definition,
    orientation: ['frames', 'bins'],
    channels: 'select',
    rateOption: 'sampleFrequency',
    presets: Object.fromEntries(
      Object.entries(presets).map(([name, preset]) => [name, preset[kind] as Partial<Options<K>>]),
    ),
    resolve: (given, sampleRate) => resolveKaldiOptions(kind, given as KaldiFeatureOptions[K], sampleRate),
    timing(options) {
      const { snipEdges, frameLength, frameShift } = options as unknown as Required<SpectrogramOptions>
      // Frames with mirrored edges are centred in their own shift.
      return { rate: 1000 / frameShift, first: (snipEdges ? frameLength : frameShift) / 2000 }
    },
  }
}

export const fbankDefinition = kaldi('fbank', {
  description: 'log mel filter bank energies as Kaldi computes them, [frames, bins]',
  options: fbankOptionSpecs,
  ...valuesOf<Options<'fbank'>>(fbank, fbankAsync),
})

export const mfccDefinition = kaldi('mfcc', {
  description: 'mel-frequency cepstral coefficients as Kaldi computes them, [frames, coefficients]',
  options: mfccOptionSpecs,
  ...valuesOf<Options<'mfcc'>>(mfcc, mfccAsync),
})

export const spectrogramDefinition = kaldi('spectrogram', {
  description: 'log power spectrum as Kaldi computes it, [frames, bins]',
  options: spectrogramOptionSpecs,
  ...valuesOf<Options<'spectrogram'>>(spectrogram, spectrogramAsync),
})
