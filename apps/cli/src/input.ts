import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type Audio, DspError, readArk, readNpy, readNpz, type Tensor, type TensorData, tensor } from '@dsp/tensor'

/** The extensions of files that hold features rather than sound. */
const readers: Readonly<
  Record<string, (bytes: Uint8Array, path: string, key: string | undefined) => Tensor<TensorData>>
> = {
  '.npy': (bytes, path) => readNpy(bytes, path),
  '.npz': (bytes, path, key) => pick(readNpz(bytes), path, key),
  '.ark': (bytes, path, key) => pick(readArk(bytes, path) as Record<string, Tensor<TensorData>>, path, key),
}

/** Whether a path names a file of features. */
export function isFeatureFile(path: string): boolean {
  return Object.hasOwn(readers, extname(splitKey(path).file).toLowerCase())
}

/**
 * Reads a file of features as float32 or float64; other numbers become float64.
 * @param path - A .npy, .npz or .ark file; `file.npz:name` picks one of several arrays.
 */
export async function readFeatures(path: string): Promise<Tensor<Float32Array> | Tensor<Float64Array>> {
  const { file, key } = splitKey(path)
  const read = readers[extname(file).toLowerCase()]
  if (read === undefined) {
    throw new DspError(`${path}: features are read from ${Object.keys(readers).join(', ')} files`, {
      code: 'ERR_DSP_FORMAT',
      argument: path,
    })
  }
  const t = read(await readFile(file), file, key)
  if (t.data instanceof Float32Array || t.data instanceof Float64Array) return t as Tensor<Float32Array>
  return tensor(Float64Array.from(t.data as ArrayLike<number | bigint>, Number), t.shape)
}

/**
 * Decodes sound, averages its channels and resamples it.
 * @param path - A sound file.
 * @param rate - Sample rate in Hz to resample to; default: the file's.
 */
export async function readMono(path: string, rate: number | undefined): Promise<Audio> {
  const { decodeAudio } = await import('@dsp/audio')
  try {
    return await decodeAudio(path, { mono: true, sampleRate: rate ?? null })
  } catch (error) {
    throw named(path, error)
  }
}

/** An error about a file's content, with the file's name in its message. */
export function named(path: string, error: unknown): unknown {
  if (!(error instanceof DspError) || error.message.includes(path)) return error
  const { code, argument, expected, actual } = error
  return new DspError(`${path}: ${error.message}`, { code, argument, expected, actual, cause: error })
}

/** The name of a file without folders and extension. */
export function stem(path: string): string {
  return basename(path, extname(path))
}

function splitKey(path: string): { file: string; key: string | undefined } {
  const match = /^(.+\.(?:npz|ark)):(.+)$/i.exec(path)
  return match === null ? { file: path, key: undefined } : { file: match[1]!, key: match[2] }
}

function pick(arrays: Readonly<Record<string, Tensor<TensorData>>>, path: string, key: string | undefined) {
  const names = Object.keys(arrays)
  const name = key ?? (names.length === 1 ? names[0]! : undefined)
  if (name !== undefined && name in arrays) return arrays[name]!
  const problem = name === undefined ? `holds ${names.length} arrays; name one` : `has no array ${JSON.stringify(name)}`
  throw new DspError(`${path} ${problem}, as in ${path}:NAME (there are: ${names.join(', ')})`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: path,
    expected: names.join(', '),
  })
}
