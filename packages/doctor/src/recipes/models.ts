import { differences } from '../cause-fields.js'
import type { FrontEnd } from '../front-end.js'
import { frontEndOf } from '../kinds.js'
import { describeSetting } from '../words/describe.js'
import { soundLines } from './python/sound.js'
import { call, given } from './python/values.js'
import { impossible, type Recipe } from './recipe.js'

/** What each of two front ends that should be equal does otherwise. */
function missingFrom(fixed: FrontEnd, frontEnd: FrontEnd): string[] {
  return differences(fixed, frontEnd).map(({ id }) => `${id}: ${describeSetting(id, frontEnd)}`)
}

/** What sherpa-onnx's feature extractor for icefall models can be told; the rest of it is fixed. */
export function sherpaRecipe(frontEnd: FrontEnd): Recipe {
  const { sampleRate, numBins, lowFreq, highFreq, padding, gain } = frontEnd
  const isInt16 = gain === 32768
  const isFixed = numBins >= 3 && padding !== 'reflect' && padding !== 'constant' && padding !== 'end'
  const fixed: FrontEnd = {
    ...frontEndOf('fbank', { preset: 'sherpa-onnx', ...(isFixed ? { numMelBins: numBins } : {}) }, sampleRate),
    lowFreq,
    highFreq,
    dither: frontEnd.dither,
    gain: isInt16 ? 32768 : 1,
    padding: padding === 'snip' ? 'snip' : 'mirror',
  }
  const missing = missingFrom(fixed, frontEnd)
  if (missing.length > 0) return impossible('sherpa-onnx', missing, '#')
  const all = {
    sample_rate: sampleRate,
    feature_dim: numBins,
    low_freq: lowFreq,
    high_freq: highFreq - sampleRate / 2,
    dither: frontEnd.dither * (isInt16 ? 32768 : 1),
    normalize_samples: !isInt16,
    snip_edges: padding === 'snip',
  }
  const defaults = { low_freq: 20, high_freq: -400, dither: 0, normalize_samples: true, snip_edges: false }
  const named = given({ ...all, high_freq: highFreq === sampleRate / 2 ? 0 : all.high_freq }, defaults, [
    'sample_rate',
    'feature_dim',
  ])
  const files = "tokens='tokens.txt', encoder='encoder.onnx', decoder='decoder.onnx', joiner='joiner.onnx'"
  return {
    library: 'sherpa-onnx',
    code: [
      'import sherpa_onnx',
      '',
      ...call('recognizer', 'sherpa_onnx.OnlineRecognizer.from_transducer', files, named),
    ].join('\n'),
    exact: true,
    missing: [],
  }
}

/** The feature extractors of transformers that are this front end; none for any other. */
export function transformersRecipes(frontEnd: FrontEnd): Recipe[] {
  const { numBins, sampleRate } = frontEnd
  if (sampleRate !== 16000 || numBins === 0) return []
  // Both take one channel of samples at their rate, however they came to it.
  const seen = { channel: frontEnd.channel, resampler: frontEnd.resampler }
  const isEqual = (fixed: FrontEnd) => differences({ ...fixed, ...seen }, frontEnd).length === 0
  // Pre-emphasis is the extractor's own.
  const sound = [
    "x, rate = soundfile.read('speech.wav', always_2d=True)",
    ...soundLines({ ...frontEnd, signalPreemphasis: 0 }),
  ]
  const found = (name: string, lines: string[], use: string): Recipe => ({
    library: 'transformers',
    code: [`import soundfile`, `from transformers import ${name}`, '', ...sound, ...lines, use].join('\n'),
    exact: true,
    missing: [],
  })
  if (isEqual(frontEndOf('whisper', { nMels: numBins }, sampleRate)))
    return [
      found(
        'WhisperFeatureExtractor',
        [`extractor = WhisperFeatureExtractor(feature_size=${numBins})`],
        "features = extractor(x, sampling_rate=16000, padding='do_not_pad', return_tensors='np').input_features[0].T",
      ),
    ]
  if (isEqual(frontEndOf('nemo', { features: numBins, windowSize: 0.025, padTo: 0 }, sampleRate)))
    return [
      found(
        'ParakeetFeatureExtractor',
        [`extractor = ParakeetFeatureExtractor(feature_size=${numBins})`],
        "features = extractor(x, sampling_rate=16000, return_tensors='pt').input_features[0, :-1].numpy()  # the last is padding",
      ),
    ]
  return []
}
