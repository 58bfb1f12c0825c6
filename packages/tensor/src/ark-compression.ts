// Kaldi's compressed matrices (src/matrix/compressed-matrix.cc). Single precision throughout, in the order in which kaldiio
// computes, so that both give the same bits.
import { DspError } from './errors.js'
import { formatError } from './npy-header.js'

/** Kaldi's `CompressionMethod`, by the names of its members. */
export type CompressionMethod =
  | 'automatic'
  | 'speech-feature'
  | 'two-byte-auto'
  | 'two-byte-signed-integer'
  | 'one-byte-auto'
  | 'one-byte-unsigned-integer'
  | 'one-byte-zero-one'

/** The forms on disk: bytes with percentiles of each column, 16 bits and 8 bits over one range. */
type Form = 'CM' | 'CM2' | 'CM3'

/** Each method's form, and its least value and range where they are fixed. */
const METHODS: Readonly<Record<Exclude<CompressionMethod, 'automatic'>, readonly [Form, number?, number?]>> = {
  'speech-feature': ['CM'],
  'two-byte-auto': ['CM2'],
  'two-byte-signed-integer': ['CM2', -32768, 65535],
  'one-byte-auto': ['CM3'],
  'one-byte-unsigned-integer': ['CM3', 0, 255],
  'one-byte-zero-one': ['CM3', 0, 1],
}

/** The names of all methods. */
export const compressionMethods = ['automatic', ...Object.keys(METHODS)] as readonly CompressionMethod[]

/** With more rows than this, `automatic` is `speech-feature`. */
const FEW_ROWS = 8
/** Bytes of the global header, and of the header of a column. */
const [GLOBAL, COLUMN] = [16, 8]
const { fround } = Math

/** The range that codes from 0 to `codes` stand for. */
interface Range {
  readonly min: number
  readonly range: number
  readonly codes: number
}

function decode({ min, range, codes }: Range, code: number): number {
  return fround(min + fround(fround(code * range) / codes))
}

/** Values beyond the range take the nearest code, as in Kaldi. (kaldiio lets them overflow.) */
function encode({ min, range, codes }: Range, value: number): number {
  const code = Math.trunc(fround(fround(fround(fround(value - min) / range) * codes) + fround(0.499)))
  return Math.min(Math.max(code, 0), codes)
}

/**
 * A matrix in one of Kaldi's compressed forms: its token and what follows it.
 * @param key - Its key, for messages.
 * @param data - `[rows, columns]`, row-major; rounded to float32 first, as Kaldi does.
 */
export function compress(
  key: string,
  data: Float32Array | Float64Array,
  [rows, columns]: readonly [number, number],
  method: CompressionMethod,
): Uint8Array {
  const x = data instanceof Float32Array ? data : Float32Array.from(data)
  const chosen = method === 'automatic' ? (rows > FEW_ROWS ? 'speech-feature' : 'two-byte-auto') : method
  const [form, ...fixed] = METHODS[chosen]
  const range: Range = { ...rangeOf(key, x, fixed), codes: form === 'CM3' ? 255 : 65535 }
  const width = form === 'CM2' ? 2 : 1
  const start = form.length + 1 + GLOBAL
  const bytes = new Uint8Array(start + (form === 'CM' ? COLUMN * columns : 0) + width * x.length)
  bytes.set(new TextEncoder().encode(`${form} `))
  const view = new DataView(bytes.buffer)
  view.setFloat32(start - 16, range.min, true)
  view.setFloat32(start - 12, range.range, true)
  view.setInt32(start - 8, rows, true)
  view.setInt32(start - 4, columns, true)
  if (form === 'CM') {
    for (let c = 0; c < columns && rows > 0; c++) {
      const column = Float32Array.from({ length: rows }, (_, r) => x[r * columns + c]!)
      const corners = cornersOf(column, range)
      for (const [i, code] of corners.entries()) view.setUint16(start + COLUMN * c + 2 * i, code, true)
      const values = corners.map((code) => decode(range, code))
      for (const [r, value] of column.entries()) {
        bytes[start + COLUMN * columns + c * rows + r] = toByte(values, value)
      }
    }
  } else {
    for (const [i, value] of x.entries()) {
      if (width === 2) view.setUint16(start + 2 * i, encode(range, value), true)
      else bytes[start + i] = encode(range, value)
    }
  }
  return bytes
}

function rangeOf(key: string, x: Float32Array, [min, range]: readonly (number | undefined)[]): Omit<Range, 'codes'> {
  let [least, most] = [Infinity, -Infinity]
  for (const [i, value] of x.entries()) {
    if (!Number.isFinite(value)) {
      throw new DspError(`${key} cannot be compressed: element ${i} is ${value}; leave compressionMethod out`, {
        code: 'ERR_DSP_NOT_FINITE',
        argument: key,
        expected: 'finite values of float32',
        actual: String(value),
      })
    }
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (min !== undefined && range !== undefined) return { min, range }
  if (x.length === 0) return { min: 0, range: 0 }
  if (most === least) most = fround(least + fround(1 + Math.abs(least)))
  const spread = fround(most - least)
  if (spread === Infinity) {
    throw DspError.argument(
      key,
      'a matrix whose values span a range of float32, to be compressed',
      `${least} to ${most}`,
    )
  }
  return { min: least, range: spread }
}

/** Codes of the least value, the quartiles and the greatest value of a column: each above the one before. */
function cornersOf(column: Float32Array, range: Range): number[] {
  const rows = column.length
  const sorted = column.slice().sort()
  const quarter = Math.floor(rows / 4)
  const places = rows >= 5 ? [0, quarter, 3 * quarter, rows - 1] : [0, 1, 2, 3]
  const codes: number[] = []
  for (const [i, place] of places.entries()) {
    const least = i === 0 ? 0 : codes[i - 1]! + 1
    const code = place < rows ? encode(range, sorted[place]!) : least
    codes.push(Math.min(Math.max(code, least), 65532 + i))
  }
  return codes
}

/** A value of a column as a byte: 0 to 64 up to the first quartile, to 192 up to the third, and 63 codes above. */
function toByte([p0, p25, p75, p100]: readonly number[], value: number): number {
  const scaled = (from: number, to: number, steps: number, offset: number) => {
    const part = fround(fround(value - from) / fround(to - from))
    return Math.trunc(
      Math.min(Math.max(fround(fround(part * steps) + offset), Math.floor(offset)), Math.floor(offset) + steps),
    )
  }
  if (value < p25!) return scaled(p0!, p25!, 64, 0.5)
  return value < p75! ? scaled(p25!, p75!, 128, 64.5) : scaled(p75!, p100!, 63, 192.5)
}

/** A matrix that was read, and where the next entry begins. */
export interface Decompressed {
  readonly data: Float32Array
  readonly shape: [number, number]
  readonly end: number
}

/**
 * Reads a compressed matrix.
 * @param bytes - The archive.
 * @param start - Where the token stands.
 * @param name - What messages call the entry.
 * @returns Undefined where the token is no compressed matrix's.
 */
export function decompress(bytes: Uint8Array, start: number, name: string): Decompressed | undefined {
  const form = /^(CM[23]?) /.exec(String.fromCharCode(...bytes.subarray(start, start + 4)))?.[1] as Form | undefined
  if (form === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const body = start + form.length + 1 + GLOBAL
  if (body > bytes.length) throw formatError(name, 'the file is cut off')
  const [rows, columns] = [view.getInt32(body - 8, true), view.getInt32(body - 4, true)]
  const size = rows * columns
  const needed = (form === 'CM2' ? 2 * size : size) + (form === 'CM' ? COLUMN * columns : 0)
  const present = bytes.length - body
  if (rows < 0 || columns < 0 || needed > present) {
    const shape = `shape [${rows}, ${columns}]`
    throw formatError(name, `${shape} needs ${needed} compressed bytes, but only ${present} are there`)
  }
  const codes = form === 'CM3' ? 255 : 65535
  const range: Range = { min: view.getFloat32(body - 16, true), range: view.getFloat32(body - 12, true), codes }
  const data = new Float32Array(size)
  if (form === 'CM2') {
    for (let i = 0; i < size; i++) data[i] = decode(range, view.getUint16(body + 2 * i, true))
  } else if (form === 'CM3') {
    for (let i = 0; i < size; i++) data[i] = decode(range, bytes[body + i]!)
  } else {
    for (let c = 0; c < columns && size > 0; c++) {
      const at = body + COLUMN * c
      const corners = [0, 2, 4, 6].map((i) => decode(range, view.getUint16(at + i, true)))
      const column = body + COLUMN * columns + c * rows
      for (let r = 0; r < rows; r++) data[r * columns + c] = fromByte(corners, bytes[column + r]!)
    }
  }
  return { data, shape: [rows, columns], end: body + needed }
}

function fromByte([p0, p25, p75, p100]: readonly number[], byte: number): number {
  const between = (from: number, to: number, step: number, part: number) =>
    fround(from + fround(fround(fround(to - from) * step) * fround(part)))
  if (byte <= 64) return between(p0!, p25!, byte, 1 / 64)
  return byte <= 192 ? between(p25!, p75!, byte - 64, 1 / 128) : between(p75!, p100!, byte - 192, 1 / 63)
}
