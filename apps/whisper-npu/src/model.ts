import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { modelError, OnnxSession, type OnnxSessionOptions } from '@dsp/onnx'
import { ct2Config, type DecodingConfig, exportedConfig, readJson, sizeOf } from './config.js'
import { decoderGraph, encoderGraph, type Head } from './ct2/graphs.js'
import { readVariables } from './ct2/model-file.js'
import { Weights } from './ct2/weights.js'
import { Ct2Network, ExportedNetwork, type Network } from './network.js'
import { Tokenizer } from './tokenizer.js'

/** A model that is loaded. */
export interface Model {
  readonly network: Network
  readonly tokenizer: Tokenizer
  readonly config: DecodingConfig
  /** Mel bands of the features. */
  readonly mels: number
  /** Tokens that the decoder can hold. */
  readonly context: number
}

type Settings = Partial<OnnxSessionOptions>

/** Names of the encoder in a directory as optimum exports it, the most exact first. */
const VARIANTS = ['', '_quantized', '_int8', '_uint8']

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * Loads a model from a directory of faster-whisper, or of transformers.js (as optimum exports it).
 * @param folder - The directory.
 * @param settings - Options of the sessions.
 * @throws DspError `ERR_DSP_MODEL` if files are missing, damaged, or of another kind.
 */
export async function loadModel(folder: string, settings: Settings): Promise<Model> {
  if (await exists(join(folder, 'model.bin'))) return loadCt2(folder, settings)
  for (const place of [join(folder, 'onnx'), folder]) {
    for (const variant of VARIANTS) {
      const encoder = join(place, `encoder_model${variant}.onnx`)
      if (await exists(encoder)) return loadExported(folder, place, variant, settings)
    }
  }
  throw modelError(
    `${folder} holds no Whisper model: neither model.bin (faster-whisper) nor onnx/encoder_model.onnx (transformers.js; float16 exports cannot be read)`,
    folder,
    'model.bin, or onnx/encoder_model.onnx',
    'neither',
  )
}

async function loadCt2(folder: string, settings: Settings): Promise<Model> {
  const path = join(folder, 'model.bin')
  const config = await ct2Config(folder)
  const weights = new Weights(path, 'model.bin', await readVariables(path))
  const { sizes } = weights
  checkHeads(folder, config.alignmentHeads, sizes.layers.decoder, sizes.heads)
  const tokenizer = await Tokenizer.read(join(folder, 'tokenizer.json'), sizes.vocabulary)
  const options = { ...settings, externalDataFolder: folder }
  const encoder = await OnnxSession.open(encoderGraph(weights), options)
  const decoder = await OnnxSession.open(decoderGraph(weights, config.alignmentHeads), options)
  const network = new Ct2Network(encoder, decoder)
  return { network, tokenizer, config, mels: sizes.mels, context: sizes.context }
}

async function loadExported(folder: string, place: string, variant: string, settings: Settings): Promise<Model> {
  const json = await readJson(folder, 'config.json')
  const [mels, context, vocabulary, heads, width, layers] = [
    'num_mel_bins',
    'max_target_positions',
    'vocab_size',
    'decoder_attention_heads',
    'd_model',
    'decoder_layers',
  ].map((name) => sizeOf(folder, json, name)) as [number, number, number, number, number, number]
  const config = await exportedConfig(folder)
  checkHeads(folder, config.alignmentHeads, layers, heads)
  const tokenizer = await Tokenizer.read(join(folder, 'tokenizer.json'), vocabulary)
  const open = (name: string) => OnnxSession.open(join(place, `${name}${variant}.onnx`), settings)
  const encoder = await open('encoder_model')
  const merged = await exists(join(place, `decoder_model_merged${variant}.onnx`))
  const first = await open(merged ? 'decoder_model_merged' : 'decoder_model')
  const rest = merged ? first : await open('decoder_with_past_model')
  const network = new ExportedNetwork(encoder, { first, rest }, heads, width / heads, config.alignmentHeads)
  return { network, tokenizer, config, mels, context }
}

function checkHeads(folder: string, alignmentHeads: readonly Head[], layers: number, heads: number): void {
  for (const [layer, head] of alignmentHeads) {
    if (layer >= 0 && layer < layers && head >= 0 && head < heads) continue
    const actual = `layer ${layer}, head ${head}`
    const expected = `${layers} layers of ${heads} heads`
    throw modelError(
      `the alignment heads of the model in ${folder} name ${actual}, but it has ${expected}: its config.json belongs to another model`,
      'alignment_heads',
      expected,
      actual,
    )
  }
}
