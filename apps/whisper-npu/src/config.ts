import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, modelError } from '@dsp/onnx'
import type { Head } from './ct2/graphs.js'

/** What a model's JSON files say about decoding. */
export interface DecodingConfig {
  /** Tokens that are never written. */
  readonly suppressed: readonly number[]
  /** Tokens that are not written first. */
  readonly suppressedFirst: readonly number[]
  /** The heads whose cross-attentions follow the speech; empty if the model does not say. */
  readonly alignmentHeads: readonly Head[]
  /** Latest first time stamp, in steps of 0.02 s. */
  readonly latestStart: number
}

/** OpenAI's limit: a text begins within the first second. */
const LATEST_START = 50

/**
 * Reads a JSON file of a model.
 * @param folder - The model.
 * @param name - The file.
 */
export async function readJson(folder: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, name)
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new Error('it is not an object')
  } catch (error) {
    const message = `${path} cannot be read: ${messageOf(error)}; it comes with the model`
    throw modelError(message, path, 'a JSON object', messageOf(error), error)
  }
}

/** What the `config.json` of a faster-whisper directory says. */
export async function ct2Config(folder: string): Promise<DecodingConfig> {
  const json = await readJson(folder, 'config.json')
  return {
    suppressed: tokensOf(folder, json, 'suppress_ids'),
    suppressedFirst: tokensOf(folder, json, 'suppress_ids_begin'),
    alignmentHeads: headsOf(folder, json),
    latestStart: LATEST_START,
  }
}

/** What the `generation_config.json` of a Hugging Face directory says. */
export async function exportedConfig(folder: string): Promise<DecodingConfig> {
  const json = await readJson(folder, 'generation_config.json')
  const latest = json.max_initial_timestamp_index
  return {
    suppressed: tokensOf(folder, json, 'suppress_tokens'),
    suppressedFirst: tokensOf(folder, json, 'begin_suppress_tokens'),
    alignmentHeads: headsOf(folder, json),
    latestStart: typeof latest === 'number' ? latest : LATEST_START,
  }
}

/**
 * A whole number above 0 from a JSON file.
 * @param folder - The model, for messages.
 * @param json - The file's content.
 * @param name - The field.
 */
export function sizeOf(folder: string, json: Readonly<Record<string, unknown>>, name: string): number {
  const value = json[name]
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw modelError(`config.json in ${folder} has no ${name}`, name, 'a whole number above 0', value)
}

function tokensOf(folder: string, json: Readonly<Record<string, unknown>>, name: string): number[] {
  const value = json[name] ?? []
  if (Array.isArray(value) && value.every((one) => Number.isInteger(one) && one >= -1)) {
    return (value as number[]).filter((token) => token >= 0)
  }
  throw modelError(`${name} of the model in ${folder} is not a list of tokens`, name, 'a list of tokens', value)
}

function headsOf(folder: string, json: Readonly<Record<string, unknown>>): Head[] {
  const name = 'alignment_heads'
  const value = json[name] ?? []
  const isHead = (one: unknown) => Array.isArray(one) && one.length === 2 && one.every((part) => Number.isInteger(part))
  if (Array.isArray(value) && value.every(isHead)) return value as Head[]
  throw modelError(`${name} of the model in ${folder} is not a list of layers and heads`, name, '[[0, 0]]', value)
}
