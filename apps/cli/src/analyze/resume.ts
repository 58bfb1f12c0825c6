import { open, stat } from 'node:fs/promises'
import { npyHeader, type Tensor, tensor } from '@dsp/tensor'
import type { Track } from './tracks.js'

/** Name of the array that says what a result was made of; it is the first one of the archive. */
export const SETTINGS = 'settings'

/** A stamp is looked for in the first bytes of a file, and no stamp is as long. */
const HEAD = 1 << 16
const LOCAL_HEADER = 30
const LOCAL_MAGIC = 0x04034b50

/**
 * What a result was made of, as an array of bytes that hold JSON.
 * @param text - The JSON.
 */
export function stampOf(text: string): Tensor<Uint8Array> {
  return tensor(new TextEncoder().encode(text))
}

/**
 * Whether a track's results are there, made of this very file with these very settings.
 * @param track - The track.
 * @param stamp - The text of its stamp.
 */
export async function isFinished({ path, output }: Track, stamp: string): Promise<boolean> {
  const [source, npz, png] = await Promise.all([path, `${output}.npz`, `${output}.png`].map(modified))
  if (source === undefined || npz === undefined || png === undefined || npz < source || png < source) return false
  return (await readStamp(`${output}.npz`)) === stamp
}

/** The stamp of an archive; none if it is another file. Only the beginning of the file is read. */
async function readStamp(path: string): Promise<string | undefined> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return parseStamp(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function parseStamp(head: Buffer): string | undefined {
  if (head.length < LOCAL_HEADER || head.readUInt32LE(0) !== LOCAL_MAGIC) return undefined
  const size = head.readUInt32LE(18)
  const nameEnd = LOCAL_HEADER + head.readUInt16LE(26)
  const start = nameEnd + head.readUInt16LE(28)
  if (head.toString('latin1', LOCAL_HEADER, nameEnd) !== `${SETTINGS}.npy` || start + size > head.length)
    return undefined
  const array = head.subarray(start, start + size)
  return array.toString('utf8', npyHeader(array).dataOffset)
}

async function modified(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mtimeMs
}
