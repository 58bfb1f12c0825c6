import { messageOf, modelError } from '@dsp/onnx'
import { bytesAt, type Folder } from './folder.js'
import { FRONT_ENDS, type FrontEnd } from './nemo-features.js'

/** The kinds of model that can be run. */
export type ModelKind = 'transducer' | 'nemo-transducer' | 'nemo-ctc' | 'zipformer-ctc'

/**
 * `config.json` next to a model: what the ONNX files do not say themselves. Every key is optional, and each one that the
 * ONNX metadata states as well must agree with it. Other keys are left alone.
 */
export interface ModelConfig {
  /** What kind of model it is. Default: from the metadata `model_type`. */
  readonly modelType?: ModelKind
  /** Sample rate in Hz. Default 16000. */
  readonly sampleRate?: number
  /**
   * Options of `fbank` of @dsp/mel-kaldi, its `preset` included, or the name of a front end: `nemo` or `sherpa-onnx`. Default: the
   * options of sherpa-onnx for this kind of model.
   */
  readonly features?: Readonly<Record<string, unknown>> | FrontEnd
  /** What is done to the features. Default: `normalize_type` of the metadata, else none. */
  readonly normalize?: 'none' | 'per_feature'
  /** Number of tokens, the blank included. */
  readonly vocabSize?: number
  /** Id of the blank. */
  readonly blankId?: number
  /** Tokens that the prediction network sees. */
  readonly contextSize?: number
  /** Feature frames for each frame of the encoder. */
  readonly subsamplingFactor?: number
  /** Longest stretch in seconds that the encoder should be given; longer audio is cut at its quietest moments. */
  readonly maxSeconds?: number
}

const KINDS: readonly string[] = ['transducer', 'nemo-transducer', 'nemo-ctc', 'zipformer-ctc']
const COUNTS = ['sampleRate', 'vocabSize', 'contextSize', 'subsamplingFactor'] as const

/**
 * Reads and checks a `config.json`.
 * @throws DspError `ERR_DSP_MODEL` naming the key that is wrong.
 */
export async function readModelConfig(folder: Folder, path: string | undefined): Promise<ModelConfig> {
  if (path === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(await bytesAt(folder, path)))
  } catch (error) {
    throw modelError(`${path} cannot be read as JSON: ${messageOf(error)}`, 'config.json', 'JSON', 'other text', error)
  }
  const config = value as Record<string, unknown>
  const check = (key: string, right: (v: never) => boolean, expected: string) => {
    const given = config[key]
    if (given === undefined || right(given as never)) return
    throw modelError(
      `${key} in ${path} must be ${expected}, got ${JSON.stringify(given)}`,
      key,
      expected,
      JSON.stringify(given),
    )
  }
  const object = (v: unknown) => typeof v === 'object' && v !== null && !Array.isArray(v)
  if (!object(config)) throw modelError(`${path} must hold a JSON object`, 'config.json', 'an object', typeof config)
  check('modelType', (v: string) => KINDS.includes(v), `one of ${KINDS.join(', ')}`)
  const isFrontEnd = (v: unknown) => FRONT_ENDS.includes(v as FrontEnd)
  check('features', (v) => object(v) || isFrontEnd(v), 'an object with options of fbank, "sherpa-onnx" or "nemo"')
  check('normalize', (v: string) => v === 'none' || v === 'per_feature', '"none" or "per_feature"')
  for (const key of COUNTS) check(key, (v: number) => Number.isInteger(v) && v > 0, 'a whole number above 0')
  check('blankId', (v: number) => Number.isInteger(v) && v >= 0, 'a whole number')
  check('maxSeconds', (v: number) => Number.isFinite(v) && v >= 1, 'a number of seconds of at least 1')
  return config as ModelConfig
}
