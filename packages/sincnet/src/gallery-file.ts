import type { FileHandle } from 'node:fs/promises'
import { nodeModule } from '@dsp/signal'
import { DspError } from '@dsp/tensor'

// The file: the magic, the header's length and the names' length (uint32 and uint64, little endian), the header and the names as
// JSON in UTF-8, the vectors as float32, and the SHA-256 of everything before it.

const MAGIC = new TextEncoder().encode('DSPVOICE')
const PREFIX = MAGIC.length + 12
const DIGEST = 32
/** Vectors read or written at a time. */
const ROWS = 4096
/** The longest header accepted, against hostile files. */
const MAX_HEADER = 1 << 16

/** The header of a gallery's file. */
export interface GalleryHeader {
  readonly model: string
  readonly dimensions: number
}

/** Receives a gallery's parts as they are read. */
export interface GalleryReader {
  readonly header: (header: GalleryHeader) => void
  readonly rows: (rows: Float32Array) => void
  /** Called last, when the checksum is known to be right. */
  readonly names: (names: readonly string[]) => void
}

/**
 * Writes a gallery, whole or not at all.
 * @param path - The file.
 * @param gallery - Its header and names.
 * @param rows - Returns a range of its vectors.
 */
export async function writeGallery(
  path: string,
  gallery: GalleryHeader & { readonly names: readonly string[] },
  rows: (first: number, count: number) => Float32Array,
): Promise<void> {
  if (typeof path !== 'string' || path === '') throw DspError.argument('path', 'the path of a file', path)
  const { createHash } = nodeModule<typeof import('node:crypto')>('node:crypto')
  const { open, rename, rm } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  const { model, dimensions, names } = gallery
  const count = names.length
  const header = Buffer.from(JSON.stringify({ format: 1, model, dimensions, count }))
  const text = Buffer.from(JSON.stringify(names))
  const prefix = Buffer.alloc(PREFIX)
  prefix.set(MAGIC)
  prefix.writeUInt32LE(header.length, MAGIC.length)
  prefix.writeBigUInt64LE(BigInt(text.length), MAGIC.length + 4)
  const temporary = `${path}.${crypto.randomUUID()}.tmp`
  try {
    const file = await open(temporary, 'wx')
    try {
      const hash = createHash('sha256')
      const write = async (bytes: Uint8Array) => {
        hash.update(bytes)
        await file.writeFile(bytes)
      }
      for (const part of [prefix, header, text]) await write(part)
      for (let first = 0; first < count; first += ROWS) {
        const { buffer, byteOffset, byteLength } = rows(first, Math.min(ROWS, count - first))
        await write(new Uint8Array(buffer, byteOffset, byteLength))
      }
      await file.writeFile(hash.digest())
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw ioError(`${path} cannot be written`, path, cause)
  }
}

/**
 * Reads a gallery.
 * @param path - The file.
 * @param reader - Receives its parts.
 */
export async function readGallery(path: string, reader: GalleryReader): Promise<void> {
  if (typeof path !== 'string' || path === '') throw DspError.argument('path', 'the path of a file', path)
  let file: FileHandle
  const { open } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  try {
    file = await open(path)
  } catch (cause) {
    throw ioError(`${path} cannot be read`, path, cause)
  }
  try {
    await readParts(path, file, reader)
  } finally {
    await file.close()
  }
}

async function readParts(path: string, file: FileHandle, reader: GalleryReader): Promise<void> {
  const { size } = await file.stat()
  const hash = nodeModule<typeof import('node:crypto')>('node:crypto').createHash('sha256')
  let at = 0
  const read = async (length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await file.read(bytes, 0, length, at).catch((cause: unknown) => {
      throw ioError(`${path} cannot be read`, path, cause)
    })
    if (bytesRead !== length) throw damaged(path, `${at + length} bytes`, `${at + bytesRead}`)
    at += length
    return bytes
  }
  const hashed = async (length: number) => {
    const bytes = await read(length)
    hash.update(bytes)
    return bytes
  }
  if (size < PREFIX + DIGEST) throw damaged(path, `at least ${PREFIX + DIGEST} bytes`, String(size))
  const prefix = await hashed(PREFIX)
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(path, 'a gallery', 'another kind of file')
  const headerLength = prefix.readUInt32LE(MAGIC.length)
  const namesLength = Number(prefix.readBigUInt64LE(MAGIC.length + 4))
  const rest = size - PREFIX - DIGEST
  if (headerLength > MAX_HEADER || headerLength > rest || namesLength > rest - headerLength) {
    throw damaged(path, `a header and names of at most ${rest} bytes`, `${headerLength} and ${namesLength}`)
  }
  const { model, dimensions, count } = headerOf(path, parse(path, await hashed(headerLength)))
  const vectors = count * dimensions * Float32Array.BYTES_PER_ELEMENT
  const expected = PREFIX + headerLength + namesLength + vectors + DIGEST
  // Before anything of that size is allocated.
  if (size !== expected) throw damaged(path, `${expected} bytes for ${count} entries`, String(size))
  reader.header({ model, dimensions })
  const names = await hashed(namesLength)
  for (let first = 0; first < count; first += ROWS) {
    const length = Math.min(ROWS, count - first) * dimensions
    const bytes = await hashed(length * Float32Array.BYTES_PER_ELEMENT)
    try {
      reader.rows(new Float32Array(bytes.buffer, bytes.byteOffset, length))
    } catch (cause) {
      throw damaged(path, 'unit vectors', 'other values', cause)
    }
  }
  const digest = hash.digest()
  if (!digest.equals(await read(DIGEST))) throw damaged(path, 'the checksum that it states', 'another checksum')
  const list = parse(path, names)
  if (!Array.isArray(list) || list.length !== count) throw damaged(path, `${count} names`, 'another number')
  try {
    reader.names(list as string[])
  } catch (cause) {
    throw damaged(path, 'different names', 'invalid ones', cause)
  }
}

function headerOf(path: string, json: unknown): GalleryHeader & { readonly count: number } {
  const { format, model, dimensions, count } = (json ?? {}) as Record<string, unknown>
  if (format !== 1) throw damaged(path, 'a gallery of format 1 (this package may be too old)', String(format))
  const isCount = (value: unknown, min: number, max: number): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
  if (typeof model !== 'string' || model === '' || !isCount(dimensions, 1, 2048) || !isCount(count, 0, 2 ** 32)) {
    throw damaged(path, 'a model, dimensions and a count', 'others')
  }
  return { model, dimensions, count }
}

function parse(path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch (cause) {
    throw damaged(path, 'JSON', 'other text', cause)
  }
}

function damaged(path: string, expected: string, actual: string, cause?: unknown): DspError {
  const message = `${path} is not a gallery, or is truncated or altered: expected ${expected}, got ${actual}`
  return new DspError(message, { code: 'ERR_DSP_FORMAT', argument: path, expected, actual, cause })
}

function ioError(what: string, path: string, cause: unknown): DspError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const details = { code: 'ERR_DSP_IO', argument: path, expected: 'a file', actual: reason, cause } as const
  return cause instanceof DspError ? cause : new DspError(`${what}: ${reason}`, details)
}
