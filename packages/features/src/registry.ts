import { DspError } from '@dsp/tensor'
import {
  chromaCensDefinition,
  chromaCqtDefinition,
  chromaStftDefinition,
  chromaVqtDefinition,
  cqtDefinition,
  hybridCqtDefinition,
  piptrackDefinition,
  pseudoCqtDefinition,
  tonnetzDefinition,
  tuningDefinition,
  vqtDefinition,
} from './chroma.js'
import type { Definition } from './definition.js'
import { fbankDefinition, mfccDefinition, spectrogramDefinition } from './kaldi.js'
import type { FeatureInfo, FeatureKind, FeatureOptionsOf } from './kinds.js'
import { pyinDefinition, yinDefinition } from './pitch.js'
import { harmonicDefinition, percussiveDefinition, resampleDefinition } from './samples.js'
import { melDefinition, melMfccDefinition, nemoDefinition, stftDefinition, whisperDefinition } from './spectral.js'

const definitions: { readonly [K in FeatureKind]: Definition<FeatureOptionsOf[K]> } = {
  fbank: fbankDefinition,
  mfcc: mfccDefinition,
  spectrogram: spectrogramDefinition,
  stft: stftDefinition,
  resample: resampleDefinition,
  mel: melDefinition,
  'mel-mfcc': melMfccDefinition,
  whisper: whisperDefinition,
  nemo: nemoDefinition,
  'hpss-harmonic': harmonicDefinition,
  'hpss-percussive': percussiveDefinition,
  yin: yinDefinition,
  pyin: pyinDefinition,
  'chroma-stft': chromaStftDefinition,
  'chroma-cqt': chromaCqtDefinition,
  'chroma-cens': chromaCensDefinition,
  'chroma-vqt': chromaVqtDefinition,
  cqt: cqtDefinition,
  vqt: vqtDefinition,
  'hybrid-cqt': hybridCqtDefinition,
  'pseudo-cqt': pseudoCqtDefinition,
  piptrack: piptrackDefinition,
  tuning: tuningDefinition,
  tonnetz: tonnetzDefinition,
}

/** The definition of a kind, of any options. */
export function definitionOf(kind: FeatureKind): Definition<object> {
  if (typeof kind === 'string' && Object.hasOwn(definitions, kind)) return definitions[kind]
  throw DspError.argument('kind', `one of ${Object.keys(definitions).join(', ')}`, kind)
}

/**
 * Every kind of features.
 * @returns A description of each, in the order in which the command line lists them.
 *
 * @example
 * ```ts
 * import { featureKinds } from '@dsp/features'
 * featureKinds().length // => 24
 * featureKinds().filter(({ orientation }) => orientation[0] === 'frames').map(({ name }) => name).slice(0, 3)
 * // fbank, mfcc, spectrogram
 * ```
 */
export function featureKinds(): FeatureInfo[] {
  return (Object.keys(definitions) as FeatureKind[]).map((name) => featureKind(name))
}

/**
 * Describes one kind of features.
 * @param name - Its name.
 * @throws DspError `ERR_DSP_ARGUMENT` for an unknown name; the message lists those that exist.
 *
 * @example
 * ```ts
 * import { featureKind } from '@dsp/features'
 * const { orientation, options, presets } = featureKind('fbank')
 * orientation // => ['frames', 'bins']
 * options.numMelBins.default // => 23
 * presets.lhotse.numMelBins // => 80
 * ```
 */
export function featureKind<K extends FeatureKind>(name: K): FeatureInfo<K> {
  const { description, orientation, channels, rateOption, options, presets = {} } = definitionOf(name)
  return { name, description, orientation, channels, rateOption, options, presets } as unknown as FeatureInfo<K>
}
