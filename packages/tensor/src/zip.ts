import { Inflate, type Zippable, zipSync } from 'fflate'
import { formatError } from './npy-header.js'

/** The most that deflate can expand: 258 bytes from a pair of one-bit codes. */
const MAX_DEFLATE_RATIO = 1032
/** Input is inflated in pieces, so that output over the limit is noticed after little work. */
const PIECE = 1 << 14
const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const ZIP64_END = 0x06064b50
const ZIP64_LOCATOR = 0x07064b50
const ZIP64_MARK = 0xffffffff

/** One stored or deflated file of an archive. */
interface Entry {
  readonly name: string
  readonly deflated: boolean
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly localAt: number
}

/**
 * Unpacks the files of a zip archive, trusting nothing that it says about sizes. For packages of this family.
 * @param bytes - The archive.
 * @param wanted - Which names to unpack.
 * @param maxBytes - Limit of the unpacked bytes together.
 * @param name - The archive's name in error messages.
 * @internal
 */
export function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  maxBytes: number,
  name: string,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  let total = 0
  for (const entry of entriesOf(bytes, name)) {
    if (!wanted(entry.name)) continue
    total += entry.size
    if (total > maxBytes) {
      throw formatError(name, `unpacked, it claims more than ${maxBytes} bytes; raise maxBytes if that is right`)
    }
    if (files.has(entry.name)) throw formatError(name, `two entries are called ${JSON.stringify(entry.name)}`)
    files.set(entry.name, unpack(bytes, entry, name))
  }
  return files
}

/**
 * Packs files into a zip archive whose bytes depend on nothing else (the date is that of the format's epoch).
 * @param files - Names and contents.
 * @param compress - Deflate them.
 */
export function zip(files: ReadonlyMap<string, Uint8Array>, compress: boolean): Uint8Array {
  const tree: Zippable = Object.create(null)
  for (const [name, content] of files) tree[name] = content
  return zipSync(tree, { level: compress ? 6 : 0, mtime: new Date(1980, 0, 1) })
}

function entriesOf(bytes: Uint8Array, name: string): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const broken = (what: string) => formatError(name, `the zip archive is broken or cut off: ${what}`)
  if (bytes.length < 22) throw formatError(name, 'this is not a .npz file: it is too short for a zip archive')
  let end = bytes.length - 22
  // The record is followed by a comment of at most 65,535 bytes.
  for (const first = Math.max(0, end - 0xffff); end >= first; end--) if (view.getUint32(end, true) === END) break
  if (end < 0 || view.getUint32(end, true) !== END) {
    throw formatError(name, 'this is not a .npz file, or it is cut off: the directory of the zip archive is missing')
  }
  let count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if ((at === ZIP64_MARK || count === 0xffff) && end >= 20 && view.getUint32(end - 20, true) === ZIP64_LOCATOR) {
    const record = Number(view.getBigUint64(end - 12, true))
    if (record > bytes.length - 56 || view.getUint32(record, true) !== ZIP64_END) throw broken('its ZIP64 record')
    count = Number(view.getBigUint64(record + 32, true))
    at = Number(view.getBigUint64(record + 48, true))
  }
  const entries: Entry[] = []
  for (let i = 0; i < count; i++) {
    if (at > bytes.length - 46 || view.getUint32(at, true) !== CENTRAL) throw broken(`entry ${i + 1} of its directory`)
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > bytes.length) throw broken(`entry ${i + 1} of its directory`)
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength)
    const entryName = new TextDecoder(flags & 0x800 ? 'utf-8' : 'latin1').decode(nameBytes)
    if (flags & 1) throw formatError(name, `${JSON.stringify(entryName)} is encrypted`)
    if (method !== 0 && method !== 8) {
      throw formatError(name, `${JSON.stringify(entryName)} is packed by method ${method}`, 'stored or deflated')
    }
    const extra = new DataView(view.buffer, view.byteOffset + at + 46 + nameLength, extraLength)
    const [size, packed, localAt] = zip64Sizes(
      extra,
      [24, 20, 42].map((field) => view.getUint32(at + field, true)),
    )
    entries.push({
      name: entryName,
      deflated: method === 8,
      crc: view.getUint32(at + 16, true),
      size: size!,
      packed: packed!,
      localAt: localAt!,
    })
    at = next
  }
  return entries
}

/** Fields that do not fit 32 bits are marked and follow, in this order, in the extra field of kind 1. */
function zip64Sizes(extra: DataView, fields: number[]): number[] {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const kind = extra.getUint16(at, true)
    const end = Math.min(at + 4 + extra.getUint16(at + 2, true), extra.byteLength)
    if (kind === 1) {
      let from = at + 4
      return fields.map((field) => {
        if (field !== ZIP64_MARK || from + 8 > end) return field
        from += 8
        return Number(extra.getBigUint64(from - 8, true))
      })
    }
    at = end
  }
  return fields
}

function unpack(bytes: Uint8Array, entry: Entry, archive: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const label = JSON.stringify(entry.name)
  const broken = (what: string) => formatError(archive, `${label} ${what}: the file is cut off or its header is wrong`)
  if (entry.localAt > bytes.length - 30 || view.getUint32(entry.localAt, true) !== LOCAL) throw broken('has no header')
  const start = entry.localAt + 30 + view.getUint16(entry.localAt + 26, true) + view.getUint16(entry.localAt + 28, true)
  if (start + entry.packed > bytes.length) {
    throw broken(`claims ${entry.packed} packed bytes of ${Math.max(0, bytes.length - start)} that are there`)
  }
  const packed = bytes.subarray(start, start + entry.packed)
  if (!entry.deflated && entry.size !== entry.packed) throw broken('is stored, but claims two sizes')
  if (entry.size > entry.packed * MAX_DEFLATE_RATIO) throw broken(`claims ${entry.size} bytes from ${entry.packed}`)
  const content = entry.deflated ? inflate(packed, entry.size, broken) : packed
  if (crc32(content) !== entry.crc) throw broken('does not match its checksum')
  return content
}

function inflate(packed: Uint8Array, size: number, broken: (what: string) => Error): Uint8Array {
  const out = new Uint8Array(size)
  let at = 0
  const stream = new Inflate((piece) => {
    if (at + piece.length > size) throw broken(`unpacks to more than the ${size} bytes it claims`)
    out.set(piece, at)
    at += piece.length
  })
  try {
    for (let from = 0; from < packed.length || from === 0; from += PIECE) {
      stream.push(packed.subarray(from, from + PIECE), from + PIECE >= packed.length)
    }
  } catch (error) {
    throw error instanceof Error && 'argument' in error ? error : broken('cannot be inflated')
  }
  if (at !== size) throw broken(`unpacks to ${at} bytes, not the ${size} it claims`)
  return out
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The checksum of zip (IEEE 802.3, reflected). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
