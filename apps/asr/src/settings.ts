import { type Dimension, modelError } from '@dsp/onnx'
import { DspError, show } from '@dsp/tensor'
import { Claims } from './claims.js'
import type { ModelConfig, ModelKind } from './config.js'
import { type FeatureOptions, featureDefaults, resolveFeatures } from './features.js'
import { modelKind } from './kind.js'
import { checkNemoOptions, type FrontEnd, type NemoFeatureOptions, nemoFeatureOptions } from './nemo-features.js'
import type { Network, Networks } from './session.js'
import type { Tokens } from './tokens.js'

/** Everything about a model that running it needs. */
export interface Settings {
  readonly kind: ModelKind
  readonly sampleRate: number
  /** Options of sherpa-onnx's form of the features. */
  readonly features: FeatureOptions
  /** Those of NeMo's own form, if the model gets that one. */
  readonly nemo: NemoFeatureOptions | undefined
  readonly normalize: 'none' | 'per_feature'
  /** Added to energies before the log, where the model wants that instead of a floor. */
  readonly logGuard: number | undefined
  readonly subsamplingFactor: number
  /** Seconds of one encoder frame. */
  readonly frameSeconds: number
  /** Tokens, the blank included. */
  readonly vocabSize: number
  readonly blank: number
  /** A token that counts as blank, if there is one. */
  readonly unknown: number | undefined
  readonly contextSize: number
  readonly predictor: { readonly layers: number; readonly hidden: number }
  readonly maxSeconds: number | undefined
}

/** The metadata of sherpa-onnx's and NeMo's exports that name an option of the features. */
const FEATURE_KEYS: Record<string, string> = {
  feat_dim: 'numMelBins',
  feature_dim: 'numMelBins',
  num_mel_bins: 'numMelBins',
  low_freq: 'lowFreq',
  high_freq: 'highFreq',
  window_type: 'windowType',
  snip_edges: 'snipEdges',
  frame_shift: 'frameShift',
  frame_length: 'frameLength',
}

/**
 * Puts together what the parts of a model say about it, and checks that they agree.
 * @param networks - Its networks.
 * @param tokens - Its vocabulary.
 * @param config - Its `config.json`, empty if there is none.
 * @param wanted - Whose form of the features the caller asked for; null for what the model says.
 */
export function resolveSettings(
  networks: Networks,
  tokens: Tokens,
  config: ModelConfig,
  wanted: FrontEnd | null = null,
): Settings {
  const { encoder, decoder, joiner } = networks
  const kind = modelKind(networks, config)
  const nemo = kind.startsWith('nemo')
  const claims = new Claims()
  const from = (network: Network, key: string) => `${key} of ${network.name}`

  claims.claim('sampleRate', config.sampleRate, 'config.json')
  for (const key of ['sample_rate', 'sampling_rate'])
    claims.claim('sampleRate', encoder.wholeNumber(key), from(encoder, key))
  const { sampleFrequency } = statedOptions(config) ?? {}
  claims.claim('sampleRate', sampleFrequency as number | undefined, 'the features of config.json')
  const sampleRate = claims.number('sampleRate', 16000)

  // NeMo does not count the blank
  const extra = nemo ? 1 : 0
  for (const network of [encoder, decoder]) {
    const size = network?.wholeNumber('vocab_size')
    if (size !== undefined) claims.claim('vocabSize', size + extra, vocabSource(network!, extra))
  }
  claims.claim('vocabSize', tokens.size, 'tokens.txt')
  claims.claim('vocabSize', config.vocabSize, 'config.json')
  // a TDT joiner's last axis holds the durations as well, and that of a transducer's encoder is not the vocabulary
  const scores = kind === 'transducer' ? joiner : kind.endsWith('ctc') ? encoder : undefined
  claims.claim('vocabSize', length(scores?.outputs[0]?.shape.at(-1)), `the output shape of ${scores?.name}`)
  const vocabSize = claims.number('vocabSize', tokens.size)

  claims.claim('subsamplingFactor', encoder.wholeNumber('subsampling_factor'), from(encoder, 'subsampling_factor'))
  claims.claim('subsamplingFactor', config.subsamplingFactor, 'config.json')
  if (decoder && kind === 'transducer') {
    claims.claim('contextSize', decoder.wholeNumber('context_size'), from(decoder, 'context_size'))
    claims.claim('contextSize', length(decoder.inputs[0]?.shape[1]), `the input shape of ${decoder.name}`)
  }
  claims.claim('contextSize', config.contextSize, 'config.json')

  const normalize = encoder.header.metadata.get('normalize_type')
  claims.claim(
    'normalize',
    normalize === '' || normalize === 'NA' ? 'none' : normalize,
    from(encoder, 'normalize_type'),
  )
  claims.claim('normalize', config.normalize, 'config.json')
  const normalization = claims.get('normalize') ?? 'none'
  if (normalization !== 'none' && normalization !== 'per_feature') {
    throw modelError(
      `normalize_type of ${encoder.name} is ${show(normalization)}, which is not supported: only per_feature and none are`,
      'normalize_type',
      '"per_feature" or ""',
      normalization,
    )
  }

  const blank = blankId(kind, tokens, vocabSize, config, networks)
  const isNemo = (wanted ?? (typeof config.features === 'string' ? config.features : undefined)) === 'nemo'
  if (isNemo && !nemo) throw DspError.argument('features', `sherpa-onnx for a model of the kind ${kind}`, 'nemo')
  if (isNemo) checkNemoOptions(statedOptions(config) ?? {})
  const stated = claimFeatures(claims, kind, encoder, config, sampleRate, isNemo)
  const features = resolveFeatures(stated, kind, encoder)
  return {
    kind,
    sampleRate,
    features: { ...features, sampleFrequency: sampleRate },
    nemo: isNemo ? nemoFeatureOptions(stated, sampleRate, encoder.header.path) : undefined,
    normalize: normalization,
    // measured on sherpa-onnx 2.0.1: NeMo's own guard where it also normalises, Kaldi's floor where not
    logGuard: nemo && normalization === 'per_feature' ? 2 ** -24 : undefined,
    subsamplingFactor: claims.number('subsamplingFactor', 4),
    frameSeconds: (claims.number('subsamplingFactor', 4) * (features.frameShift ?? 10)) / 1000,
    vocabSize,
    blank,
    unknown: kind === 'transducer' ? tokens.id('<unk>') : undefined,
    contextSize: claims.number('contextSize', 2),
    predictor: {
      layers: encoder.wholeNumber('pred_rnn_layers') ?? 1,
      hidden: encoder.wholeNumber('pred_hidden') ?? 640,
    },
    maxSeconds: config.maxSeconds,
  }
}

function vocabSource(network: Network, extra: number): string {
  return `vocab_size of ${network.name}${extra === 0 ? '' : ' and the blank'}`
}

function blankId(kind: ModelKind, tokens: Tokens, vocabSize: number, config: ModelConfig, networks: Networks): number {
  const claims = new Claims()
  if (kind === 'transducer') claims.claim('blankId', 0, "icefall's transducers")
  if (kind === 'nemo-transducer') claims.claim('blankId', vocabSize - 1, "NeMo's transducers (the last token)")
  claims.claim('blankId', tokens.blank, 'tokens.txt')
  claims.claim('blankId', config.blankId, 'config.json')
  if (networks.decoder)
    claims.claim('blankId', networks.decoder.wholeNumber('blank_id'), `blank_id of ${networks.decoder.name}`)
  const blank = claims.number('blankId')
  if (blank === undefined || blank >= vocabSize) {
    throw modelError(
      `${tokens.path} has no blank: expected one of <blk>, <eps>, <blank>`,
      'tokens.txt',
      '<blk>, <eps> or <blank>',
      blank === undefined ? 'none' : `the id ${blank} of ${vocabSize} tokens`,
    )
  }
  return blank
}

/** The options of the features in config.json, if it does not just name a front end. */
function statedOptions({ features }: ModelConfig): Readonly<Record<string, unknown>> | undefined {
  return typeof features === 'object' ? features : undefined
}

/** Notes what config.json, the metadata and the encoder's input shape say of the features. */
function claimFeatures(
  claims: Claims,
  kind: ModelKind,
  encoder: Network,
  config: ModelConfig,
  sampleRate: number,
  isNemo: boolean,
) {
  // frequencies of zero or less count from the Nyquist frequency: -400 and 7600 are the same at 16 kHz
  const same = (name: string, value: unknown) =>
    name === 'highFreq' && typeof value === 'number' && value <= 0 ? sampleRate / 2 + value : value
  const claim = (name: string, value: unknown, source: string) => {
    if (['number', 'string', 'boolean'].includes(typeof value))
      claims.claim(`features.${name}`, same(name, value) as number, source)
  }
  const options = statedOptions(config)
  if (options !== undefined) {
    // sherpa-onnx's defaults say nothing of NeMo's own features
    const stated = { ...(isNemo ? {} : featureDefaults(kind, options.preset)), ...options }
    for (const [name, value] of Object.entries({ ...stated, sampleFrequency: sampleRate }))
      claim(name, value, 'config.json')
  }
  for (const [key, text] of encoder.header.metadata) {
    const name = key.startsWith('feature.') ? key.slice('feature.'.length) : FEATURE_KEYS[key]
    // -1 stands for "not said"
    const value = scalar(text)
    if (name !== undefined && !(name === 'numMelBins' && Number(value) < 0))
      claim(name, value, `${key} of ${encoder.name}`)
  }
  const axis = kind.startsWith('nemo') ? 1 : 2
  claims.claim('features.numMelBins', length(encoder.inputs[0]?.shape[axis]), `the input shape of ${encoder.name}`)
  return claims.under('features.')
}

function scalar(text: string): number | string | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

function length(dimension: Dimension | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined
}
