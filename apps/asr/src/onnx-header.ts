/**
 * The little of an ONNX file that a recogniser's settings need, read without loading the weights: the ModelProto's
 * `metadata_props`. See onnx.proto (field numbers) and the protocol buffers encoding
 * (https://protobuf.dev/programming-guides/encoding/). The graph itself is stepped over, so that a file of gigabytes
 * costs a few small reads, and a file whose end is missing is noticed before ONNX Runtime sees it.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { modelError } from './errors.js'

/** What stands in an ONNX file beside its graph. */
export interface OnnxHeader {
  /** Path of the file. */
  readonly path: string
  /** The `metadata_props`: names and values as written. */
  readonly metadata: ReadonlyMap<string, string>
}

const GRAPH = 7
const METADATA = 14
/** No model's setting is longer; a length beyond it means that this is not a model. */
const LONGEST_ENTRY = 1 << 20
const MOST_ENTRIES = 10_000

/**
 * Reads the metadata of an ONNX file.
 * @param path - The file.
 * @throws DspError `ERR_DSP_MODEL` where the file cannot be read, is no ONNX file, or ends too early.
 */
export async function readOnnxHeader(path: string): Promise<OnnxHeader> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw modelError(`cannot open the model file ${path}`, path, 'a readable file', 'none', error)
  }
  try {
    const { size } = await file.stat()
    return { path, metadata: await walk(file, size, path) }
  } finally {
    await file.close()
  }
}

async function walk(file: FileHandle, size: number, path: string): Promise<Map<string, string>> {
  const metadata = new Map<string, string>()
  const window = new Window(file, size)
  let position = 0
  let graph = false
  while (position < size) {
    await window.load(position)
    const tag = window.varint()
    if (tag === undefined) throw truncated(path, size)
    const field = tag >>> 3
    const wire = tag & 7
    if (field === 0 || ![0, 1, 2, 5].includes(wire)) throw notOnnx(path)
    position = window.position
    if (wire === 0) {
      if (window.varint() === undefined) throw truncated(path, size)
      position = window.position
    } else if (wire === 1 || wire === 5) {
      position += wire === 1 ? 8 : 4
    } else {
      const length = window.varint()
      if (length === undefined) throw truncated(path, size)
      const start = window.position
      position = start + length
      if (position > size) throw graph || field === GRAPH ? truncated(path, size, position) : notOnnx(path)
      if (field === GRAPH) graph = true
      if (field === METADATA) {
        if (length > LONGEST_ENTRY || metadata.size >= MOST_ENTRIES) throw notOnnx(path)
        const bytes = new Uint8Array(length)
        await file.read(bytes, 0, length, start)
        const [key, value] = entry(bytes, path)
        metadata.set(key, value)
      }
    }
    if (position > size) throw truncated(path, size)
  }
  if (!graph) throw notOnnx(path)
  return metadata
}

/** One StringStringEntryProto: `key` is field 1, `value` field 2. */
function entry(bytes: Uint8Array, path: string): [string, string] {
  const fields = ['', '', '']
  const text = new TextDecoder()
  let at = 0
  while (at < bytes.length) {
    const tag = varintAt(bytes, at, bytes.length)
    const length = tag && varintAt(bytes, tag.next, bytes.length)
    if (!tag || !length || (tag.value & 7) !== 2 || length.next + length.value > bytes.length) throw notOnnx(path)
    const field = tag.value >>> 3
    at = length.next + length.value
    if (field === 1 || field === 2) fields[field] = text.decode(bytes.subarray(length.next, at))
  }
  return [fields[1]!, fields[2]!]
}

/** The next few bytes of the file: enough for one tag and one length. */
class Window {
  private readonly bytes = new Uint8Array(32)
  private start = 0
  private at = 0
  private end = 0

  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {}

  /** Position in the file of the next byte. */
  get position(): number {
    return this.start + this.at
  }

  async load(position: number): Promise<void> {
    const { bytesRead } = await this.file.read(
      this.bytes,
      0,
      Math.min(this.bytes.length, this.size - position),
      position,
    )
    this.start = position
    this.at = 0
    this.end = bytesRead
  }

  varint(): number | undefined {
    const read = varintAt(this.bytes, this.at, this.end)
    if (read) this.at = read.next
    return read?.value
  }
}

function varintAt(bytes: Uint8Array, at: number, end: number): { value: number; next: number } | undefined {
  let value = 0
  let scale = 1
  for (let i = 0; i < 10 && at + i < end; i++) {
    const byte = bytes[at + i]!
    value += (byte & 127) * scale
    if (byte < 128) return { value, next: at + i + 1 }
    scale *= 128
  }
  return undefined
}

function truncated(path: string, size: number, wanted?: number) {
  const expected = wanted === undefined ? 'more bytes' : `${wanted} bytes`
  return modelError(
    `the model file ${path} ends too early: it has ${size} bytes and announces ${expected}; copy or download it again`,
    path,
    expected,
    `${size} bytes`,
  )
}

function notOnnx(path: string) {
  return modelError(`${path} is not an ONNX model file`, path, 'an ONNX ModelProto', 'other bytes')
}
