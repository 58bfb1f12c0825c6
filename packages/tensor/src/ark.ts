import { type CompressionMethod, compress, compressionMethods, decompress } from './ark-compression.js'
import { DspError, show } from './errors.js'
import { formatError } from './npy-header.js'
import { type Tensor, type TensorLike, tensor } from './tensor.js'
import { numberPrinter } from './text.js'
import { contiguous } from './view.js'

/** How {@link writeArk} writes. */
export interface WriteArkOptions {
  /** Write Kaldi's text form. Default false: binary. */
  readonly text?: boolean
  /**
   * Compress matrices, which loses precision, by one of Kaldi's methods: `automatic` (`speech-feature` for more than 8 rows, else
   * `two-byte-auto`), `speech-feature` (one byte a value between percentiles of its column), `two-byte-auto` and `one-byte-auto`
   * (65,536 or 256 steps between the least and the greatest value), `two-byte-signed-integer` (-32,768 to 32,767),
   * `one-byte-unsigned-integer` (0 to 255) or `one-byte-zero-one` (0 to 1). Values outside a fixed range take its nearest end.
   * Vectors are never compressed. Default: none.
   */
  readonly compressionMethod?: CompressionMethod
}

/** Bytes that cannot end a key: Kaldi splits at white space. */
const SPACE = 0x20

/**
 * Writes vectors and matrices as a Kaldi archive (`.ark`), binary or text: what `copy-feats ark:x.ark` reads.
 * @param entries - Float32 or float64 tensors of 1 or 2 axes by key (usually an utterance's name).
 * @param options - Text or binary, compressed or not.
 * @throws {@link DspError} for a key with white space, another element type or another number of axes, and for NaN or infinity
 *   in a matrix that is to be compressed.
 *
 * @example
 * ```ts
 * import { readArk, tensor, writeArk } from '@dsp/tensor'
 * const bytes = writeArk({ utt1: tensor(Float32Array.of(1, 2, 3, 4), [2, 2]) })
 * readArk(bytes).utt1?.get(1, 0) // => 3
 * ```
 */
export function writeArk(entries: Readonly<Record<string, TensorLike>>, options: WriteArkOptions = {}): Uint8Array {
  const { text = false, compressionMethod, ...unknown } = options
  const [stranger] = Object.keys(unknown)
  if (stranger !== undefined) {
    throw new DspError(`writeArk has no option ${show(stranger)}; its options are: text, compressionMethod`, {
      code: 'ERR_DSP_OPTION',
      argument: stranger,
      expected: 'text, compressionMethod',
      actual: stranger,
    })
  }
  if (typeof text !== 'boolean') throw DspError.argument('text', 'true or false', text)
  if (compressionMethod !== undefined && !compressionMethods.includes(compressionMethod)) {
    throw DspError.argument('compressionMethod', `one of ${compressionMethods.join(', ')}`, compressionMethod)
  }
  if (text && compressionMethod !== undefined) {
    throw DspError.argument('compressionMethod', 'left out where text is true', compressionMethod)
  }
  const parts = Object.entries(entries).map(([key, t]) => {
    if (!/^\S+$/u.test(key)) throw DspError.argument('key', 'text without white space', key)
    const data = contiguous(t, key)
    const kind: string = data[Symbol.toStringTag]
    if ((kind !== 'Float32Array' && kind !== 'Float64Array') || t.shape.length < 1 || t.shape.length > 2) {
      const actual = `${kind} ${show([...t.shape])}`
      throw new DspError(`an .ark file holds float vectors and matrices, ${key} is ${actual}`, {
        code: kind.startsWith('Float') ? 'ERR_DSP_SHAPE' : 'ERR_DSP_TYPE',
        argument: key,
        expected: 'float32 or float64 of 1 or 2 axes',
        actual,
      })
    }
    const floats = data as Float32Array | Float64Array
    if (text) return textEntry(key, floats, t.shape)
    if (compressionMethod === undefined || t.shape.length === 1) return binaryEntry(key, floats, t.shape)
    const head = new TextEncoder().encode(`${key} \0B`)
    const body = compress(key, floats, t.shape as [number, number], compressionMethod)
    const entry = new Uint8Array(head.length + body.length)
    entry.set(head)
    entry.set(body, head.length)
    return entry
  })
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function binaryEntry(key: string, data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array {
  const wide = data instanceof Float64Array
  const head = new TextEncoder().encode(`${key} \0B${wide ? 'D' : 'F'}${shape.length === 2 ? 'M' : 'V'} `)
  const bytes = new Uint8Array(head.length + 5 * shape.length + data.byteLength)
  bytes.set(head)
  const view = new DataView(bytes.buffer)
  let at = head.length
  for (const length of shape) {
    view.setUint8(at, 4)
    view.setInt32(at + 1, length, true)
    at += 5
  }
  for (let i = 0; i < data.length; i++) {
    if (wide) view.setFloat64(at + 8 * i, data[i]!, true)
    else view.setFloat32(at + 4 * i, data[i]!, true)
  }
  return bytes
}

function textEntry(key: string, data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array {
  const print = numberPrinter(data)
  const row = (from: number, length: number) =>
    Array.from(data.subarray(from, from + length), (x) => `${print(x)} `).join('')
  const [rows = 0, columns = 0] = shape
  const body =
    shape.length === 1
      ? ` ${row(0, rows)}`
      : data.length === 0
        ? ' '
        : Array.from({ length: rows }, (_, i) => `\n  ${row(i * columns, columns)}`).join('')
  return new TextEncoder().encode(`${key}  [${body}]\n`)
}

/**
 * Reads a Kaldi archive of float vectors and matrices, binary or text. Text and compressed matrices become float32: the bits that
 * kaldiio gives.
 * @param bytes - The file.
 * @param name - Its name in error messages.
 * @returns The tensors by key, in an object without prototype.
 * @throws {@link DspError} `ERR_DSP_FORMAT` where the file is broken, cut off or holds something else.
 *
 * @example
 * ```ts
 * import { readArk } from '@dsp/tensor'
 * const { utt1 } = readArk(new TextEncoder().encode('utt1  [\n  1 2 \n  3 4 ]\n'))
 * utt1?.shape // => [2, 2]
 * ```
 */
export function readArk(bytes: Uint8Array, name = 'ark'): Record<string, Tensor<Float32Array | Float64Array>> {
  if (!(bytes instanceof Uint8Array)) throw DspError.argument(name, 'the bytes of an .ark file (Uint8Array)', bytes)
  const tensors: Record<string, Tensor<Float32Array | Float64Array>> = Object.create(null)
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(SPACE, at)
    const key = end < 0 ? '' : new TextDecoder().decode(bytes.subarray(at, end))
    if (!/^\S+$/u.test(key)) throw formatError(name, `this is not a .ark file, or it is cut off: no key at byte ${at}`)
    if (key in tensors) throw formatError(name, `two entries are called ${show(key)}`)
    const binary = bytes[end + 1] === 0 && bytes[end + 2] === 0x42
    const entry = binary ? readBinary(bytes, end + 3, `${name}: ${key}`) : readText(bytes, end + 1, `${name}: ${key}`)
    tensors[key] = entry.value
    at = entry.end
  }
  return tensors
}

interface ArkEntry {
  readonly value: Tensor<Float32Array | Float64Array>
  readonly end: number
}

function readBinary(bytes: Uint8Array, start: number, name: string): ArkEntry {
  const unpacked = decompress(bytes, start, name)
  if (unpacked !== undefined) return { value: tensor(unpacked.data, unpacked.shape), end: unpacked.end }
  const token = String.fromCharCode(...bytes.subarray(start, start + 3))
  const match = /^([FD])([MV]) $/.exec(token)
  if (match === null) {
    throw formatError(
      name,
      `holds ${show(token)}; only matrices and vectors of floats are read`,
      'FM DM FV DV CM CM2 CM3',
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const axes = match[2] === 'M' ? 2 : 1
  const width = match[1] === 'D' ? 8 : 4
  const dataAt = start + 3 + 5 * axes
  if (dataAt > bytes.length) throw formatError(name, 'the file is cut off')
  const shape = Array.from({ length: axes }, (_, axis) => view.getInt32(start + 4 + 5 * axis, true))
  const size = shape.reduce((a, b) => a * b, 1)
  const present = bytes.length - dataAt
  if (shape.some((length) => length < 0) || size * width > present) {
    throw formatError(name, `shape ${show(shape)} needs ${size * width} bytes, but only ${present} are there`)
  }
  const data = width === 8 ? new Float64Array(size) : new Float32Array(size)
  for (let i = 0; i < size; i++) {
    data[i] = width === 8 ? view.getFloat64(dataAt + 8 * i, true) : view.getFloat32(dataAt + 4 * i, true)
  }
  return { value: tensor(data, shape), end: dataAt + size * width }
}

function readText(bytes: Uint8Array, start: number, name: string): ArkEntry {
  const close = bytes.indexOf(0x5d, start)
  if (close < 0) throw formatError(name, 'the file is cut off: no closing bracket')
  const text = new TextDecoder().decode(bytes.subarray(start, close))
  const match = /^\s*\[([^\S\n]*)(\n?)([\s\S]*)$/.exec(text)
  if (match === null) throw formatError(name, 'the text does not begin with a bracket')
  const words = (line: string) => line.split(/\s+/).filter((word) => word !== '')
  const rows =
    match[2] === ''
      ? [words(match[3]!)]
      : match[3]!
          .split('\n')
          .map(words)
          .filter((row) => row.length > 0)
  const columns = rows[0]?.length ?? 0
  if (rows.some((row) => row.length !== columns)) throw formatError(name, 'the rows have different lengths')
  const data = Float32Array.from(rows.flat(), (word) => {
    const special = /^([+-]?)(inf|nan)/i.exec(word)
    if (special !== null)
      return special[2]!.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity
    const value = Number(word)
    if (Number.isNaN(value)) throw formatError(name, `${show(word)} is not a number`)
    return value
  })
  const lineEnd = bytes.indexOf(0x0a, close)
  const shape = match[2] === '' ? [columns] : [rows.length, columns]
  return { value: tensor(data, shape), end: lineEnd < 0 ? bytes.length : lineEnd + 1 }
}
