/**
 * The part of an ONNX file that can be read without loading the weights: the ModelProto's `metadata_props`. See onnx.proto
 * (field numbers) and the protocol buffers encoding (https://protobuf.dev/programming-guides/encoding/). The graph is
 * skipped, so that a file of gigabytes costs a few small reads, and a file whose end is missing is noticed before ONNX
 * Runtime sees it.
 */
import { nodeModule } from '@dsp/signal'
import type { DspError } from '@dsp/tensor'
import { messageOf, modelError } from './errors.js'
import { type OnnxModel, resolveModel } from './model.js'

/** What an ONNX file says about its model besides the graph. */
export interface OnnxHeader {
  /** Path of the file; undefined where the model was given as bytes. */
  readonly path: string | undefined
  /** The `metadata_props`: names and values as written. */
  readonly metadata: ReadonlyMap<string, string>
}

const GRAPH = 7
const METADATA = 14
const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const FIXED_32 = 5
/** A varint has at most 10 bytes; a tag and a length are two of them. */
const LOOKAHEAD = 20
/** No setting of a model is longer; a length above it means that this is not a model. */
const MAX_ENTRY_BYTES = 1 << 20
const MAX_ENTRIES = 10_000

/**
 * Reads the metadata of an ONNX model without loading it.
 * @param model - The path or `file:` URL of the file, or its bytes.
 * @throws DspError `ERR_DSP_MODEL` if the file cannot be read, is not an ONNX file, or ends too early;
 *   `ERR_DSP_ARGUMENT` if `model` is none of the above.
 *
 * @example
 * ```ts
 * import { readOnnxHeader } from '@dsp/onnx'
 * const { metadata } = await readOnnxHeader('model.onnx')
 * metadata.get('sample_rate') // => '16000'
 * ```
 */
export async function readOnnxHeader(model: OnnxModel): Promise<OnnxHeader> {
  const resolved = resolveModel(model)
  if (typeof resolved === 'string') return { path: resolved, metadata: await readFileMetadata(resolved) }
  const read = async (target: Uint8Array, position: number) => {
    const part = resolved.subarray(position, position + target.length)
    target.set(part)
    return part.length
  }
  return { path: undefined, metadata: await parse({ name: 'the model', size: resolved.length, read }) }
}

/** Bytes that are read in pieces: a file, or memory. */
interface Source {
  readonly name: string
  readonly size: number
  /** Fills the target from a position; returns how many bytes were there. */
  readonly read: (target: Uint8Array, position: number) => Promise<number>
}

async function readFileMetadata(path: string): Promise<Map<string, string>> {
  const { open, stat } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  const unreadable = (error: unknown) =>
    modelError(`cannot open the model file ${path}: ${messageOf(error)}`, path, 'a readable file', 'none', error)
  // checked first: opening a named pipe would wait for a writer
  const info = await stat(path).catch((error: unknown) => {
    throw unreadable(error)
  })
  if (!info.isFile()) throw modelError(`${path} is not a file`, path, 'an ONNX model file', 'a directory or device')
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(error)
  })
  try {
    const read = async (target: Uint8Array, position: number) => {
      try {
        return (await file.read(target, 0, target.length, position)).bytesRead
      } catch (error) {
        throw unreadable(error)
      }
    }
    return await parse({ name: path, size: info.size, read })
  } finally {
    await file.close()
  }
}

async function parse(source: Source): Promise<Map<string, string>> {
  const { name, size } = source
  const metadata = new Map<string, string>()
  const window = new Uint8Array(LOOKAHEAD)
  let hasGraph = false
  for (let position = 0; position < size; ) {
    const bytes = window.subarray(0, await source.read(window, position))
    const tag = varintAt(bytes, 0)
    if (tag === undefined) throw truncated(name, size)
    if (tag.value > 0xffff_ffff) throw notOnnx(name)
    const field = tag.value >>> 3
    const wire = tag.value & 7
    if (field === 0 || ![VARINT, FIXED_64, LENGTH_DELIMITED, FIXED_32].includes(wire)) throw notOnnx(name)
    let end = position + tag.next + (wire === FIXED_64 ? 8 : wire === FIXED_32 ? 4 : 0)
    if (wire === VARINT || wire === LENGTH_DELIMITED) {
      const number = varintAt(bytes, tag.next)
      if (number === undefined) throw truncated(name, size)
      const start = position + number.next
      end = wire === VARINT ? start : start + number.value
      if (wire === LENGTH_DELIMITED) {
        if (end > size) throw hasGraph || field === GRAPH ? truncated(name, size, end) : notOnnx(name)
        if (field === GRAPH) hasGraph = true
        if (field === METADATA) {
          if (number.value > MAX_ENTRY_BYTES || metadata.size >= MAX_ENTRIES) throw notOnnx(name)
          const content = new Uint8Array(number.value)
          await source.read(content, start)
          metadata.set(...parseEntry(content, name))
        }
      }
    }
    if (end > size) throw truncated(name, size)
    position = end
  }
  if (!hasGraph) throw notOnnx(name)
  return metadata
}

/** One StringStringEntryProto: `key` is field 1, `value` field 2. */
function parseEntry(bytes: Uint8Array, name: string): [string, string] {
  const fields = ['', '', '']
  const text = new TextDecoder()
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at)
    const length = tag && varintAt(bytes, tag.next)
    if (!tag || !length || (tag.value & 7) !== LENGTH_DELIMITED || length.next + length.value > bytes.length) {
      throw notOnnx(name)
    }
    const field = tag.value >>> 3
    at = length.next + length.value
    if (field === 1 || field === 2) fields[field] = text.decode(bytes.subarray(length.next, at))
  }
  return [fields[1]!, fields[2]!]
}

/** A base-128 number and the position after it; undefined if the bytes end before it does. */
function varintAt(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0
  let scale = 1
  for (let i = at; i < Math.min(at + 10, bytes.length); i++) {
    const byte = bytes[i]!
    value += (byte & 127) * scale
    if (byte < 128) return { value, next: i + 1 }
    scale *= 128
  }
  return undefined
}

function truncated(name: string, size: number, wanted?: number): DspError {
  const expected = wanted === undefined ? 'more bytes' : `${wanted} bytes`
  return modelError(
    `the model file ${name} ends too early: it has ${size} bytes, but declares ${expected}; copy or download it again`,
    name,
    expected,
    `${size} bytes`,
  )
}

function notOnnx(name: string): DspError {
  return modelError(`${name} is not an ONNX model file`, name, 'an ONNX ModelProto', 'other bytes')
}
