import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import {
  type Audio,
  DspError,
  npyHeader,
  readArk,
  readCsv,
  readNpy,
  readNpz,
  type Tensor,
  type TensorData,
  tensor,
} from '@dsp/tensor'
import type { Comparable } from './compare.js'
import { isTooLong, readLong } from './long.js'
import { fileOf, labelOf, readStandardInput, STANDARD } from './standard.js'

/** The extensions of files that hold features rather than sound. */
const readers: Readonly<
  Record<string, (bytes: Uint8Array, path: string, key: string | undefined) => Tensor<TensorData>>
> = {
  '.npy': (bytes, path) => readNpy(bytes, path),
  '.npz': (bytes, path, key) => pick(readNpz(bytes), path, key),
  '.ark': (bytes, path, key) => pick(readArk(bytes, path) as Record<string, Tensor<TensorData>>, path, key),
  '.csv': (bytes, path) => readCsv(bytes, path),
}

/** Whether a path names a file of features; on standard input, its first bytes tell. */
export async function isFeatureFile(path: string): Promise<boolean> {
  const { file } = splitKey(path)
  const extension = file === STANDARD ? extensionOf(await readStandardInput()) : extname(file).toLowerCase()
  return extension !== undefined && Object.hasOwn(readers, extension)
}

/** The extension that files with these first bytes have. (A text .ark tells nothing of itself.) */
function extensionOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  if (head.startsWith('\x93NUMPY')) return '.npy'
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return '.npz'
  return /^\S+ \0B/.test(head) ? '.ark' : undefined
}

/**
 * Reads a file of features as float32 or float64; other numbers become float64.
 * @param path - A .npy, .npz, .ark or .csv file, or `-` for standard input; `file.npz:name` picks one of several arrays.
 */
export async function readFeatures(path: string): Promise<Tensor<Float32Array> | Tensor<Float64Array>> {
  return (await readComparable(path)).values
}

/**
 * {@link readFeatures}, and whether the numbers are complex. A .npz does not say so of its arrays: there, three axes of which the last
 * one has two places are taken for complex ones.
 * @param path - As for {@link readFeatures}.
 */
export async function readComparable(path: string): Promise<Comparable> {
  const { file, key } = splitKey(path)
  const bytes = file === STANDARD ? await readStandardInput() : undefined
  const read = readers[bytes === undefined ? extname(file).toLowerCase() : (extensionOf(bytes) ?? '.ark')]
  if (read === undefined) {
    throw new DspError(`${path}: features are read from ${Object.keys(readers).join(', ')} files`, {
      code: 'ERR_DSP_FORMAT',
      argument: path,
    })
  }
  const content = bytes ?? (await readFile(file))
  const t = read(content, bytes === undefined ? file : labelOf(STANDARD), key)
  const complex =
    read === readers['.npy'] ? npyHeader(content).descr.includes('c') : t.shape.length === 3 && t.shape[2] === 2
  if (t.data instanceof Float32Array || t.data instanceof Float64Array) {
    return { values: t as Tensor<Float32Array>, complex }
  }
  return { values: tensor(Float64Array.from(t.data as ArrayLike<number | bigint>, Number), t.shape), complex }
}

/**
 * Decodes sound, averages its channels and resamples it.
 * @param path - A sound file, or `-` for standard input.
 * @param rate - Hertz to resample to; default: the file's.
 */
export async function readMono(path: string, rate: number | undefined): Promise<Audio> {
  const { decodeAudio } = await import('@dsp/audio')
  const source = await fileOf(path)
  try {
    return await decodeAudio(source, { mono: true, sampleRate: rate ?? null })
  } catch (error) {
    if (isTooLong(error)) return readLong(path, source, rate)
    throw named(path, error)
  }
}

/** An error about a file's content, with the file's name in its message. */
export function named(given: string, error: unknown): unknown {
  const path = labelOf(given)
  if (!(error instanceof DspError) || error.message.includes(path)) return error
  const { code, argument, expected, actual } = error
  return new DspError(`${path}: ${error.message}`, { code, argument, expected, actual, cause: error })
}

/** The name of a file without folders and extension. */
export function stem(path: string): string {
  return path === STANDARD ? 'stdin' : basename(path, extname(path))
}

function splitKey(path: string): { file: string; key: string | undefined } {
  const match = /^(-|.+\.(?:npz|ark)):(.+)$/i.exec(path)
  return match === null ? { file: path, key: undefined } : { file: match[1]!, key: match[2] }
}

function pick(arrays: Readonly<Record<string, Tensor<TensorData>>>, path: string, key: string | undefined) {
  const names = Object.keys(arrays)
  const name = key ?? (names.length === 1 ? names[0]! : undefined)
  if (name !== undefined && name in arrays) return arrays[name]!
  const problem = name === undefined ? `holds ${names.length} arrays; name one` : `has no array ${JSON.stringify(name)}`
  // commander takes what begins with - for an option
  const as = path === labelOf(STANDARD) ? '-- -' : path
  throw new DspError(`${path} ${problem}, as in ${as}:NAME (there are: ${names.join(', ')})`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: path,
    expected: names.join(', '),
  })
}
