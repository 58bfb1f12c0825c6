import { DspError, show } from './errors.js'
import { readNpy, type WriteNpyOptions, writeNpy } from './npy.js'
import { option, resolveOptions } from './options.js'
import type { Tensor, TensorData, TensorLike } from './tensor.js'
import { unzip, zip } from './zip.js'

/** How {@link readNpz} reads. */
export interface ReadNpzOptions {
  /** Read only these arrays. Default: all. */
  names?: readonly string[]
  /** Limit of the unpacked bytes together, against archives made to fill the memory. Default 1 GiB. */
  maxBytes?: number
}

/** How {@link writeNpz} writes. */
export interface WriteNpzOptions {
  /** Deflate the arrays, as `numpy.savez_compressed` does. Default false. */
  compress?: boolean
  /** Options of {@link writeNpy} for single arrays, by name. */
  arrays?: Readonly<Record<string, WriteNpyOptions>>
}

const DEFAULT_MAX_BYTES = 2 ** 30
const SUFFIX = '.npy'

/**
 * Reads the arrays of a .npz file, stored or deflated. Entries that are not `.npy` are skipped.
 * @param bytes - The file.
 * @param options - Which arrays, and a limit of their size.
 * @returns The arrays by name, in an object without prototype.
 * @throws {@link DspError} `ERR_DSP_FORMAT` if the archive or one of its arrays is broken, cut off, or larger than
 *   `maxBytes`; `ERR_DSP_ARGUMENT` if a wanted name is not there.
 *
 * @example
 * ```ts
 * import { readNpz, tensor, writeNpz } from '@dsp/tensor'
 * const bytes = writeNpz({ mean: tensor(Float32Array.of(1, 2)), frames: tensor(Int32Array.of(7)) })
 * const { mean } = readNpz(bytes)
 * mean?.shape // => [2]
 * ```
 */
export function readNpz(bytes: Uint8Array, options: ReadNpzOptions = {}): Record<string, Tensor<TensorData>> {
  if (!(bytes instanceof Uint8Array)) throw DspError.argument('npz', 'the bytes of a .npz file (Uint8Array)', bytes)
  const { names, maxBytes = DEFAULT_MAX_BYTES, ...unknown } = options
  refuseUnknown('readNpz', unknown, 'names, maxBytes')
  if (!(maxBytes > 0)) throw DspError.argument('maxBytes', 'a positive number of bytes', maxBytes)
  const wanted = names === undefined ? undefined : new Set(names.map((name) => name + SUFFIX))
  const files = unzip(bytes, (name) => name.endsWith(SUFFIX) && (wanted?.has(name) ?? true), maxBytes, 'npz')
  const arrays: Record<string, Tensor<TensorData>> = Object.create(null)
  for (const [file, content] of files) arrays[file.slice(0, -SUFFIX.length)] = readNpy(content, `npz: ${file}`)
  for (const name of names ?? []) {
    if (!(name in arrays)) throw DspError.argument('names', 'names of arrays in the file', name)
  }
  return arrays
}

/**
 * Writes arrays as a .npz file, as `numpy.savez` does. The same arrays give the same bytes: no date is written.
 * @param arrays - The arrays by name.
 * @param options - Compression, and options of single arrays.
 *
 * @example
 * ```ts
 * import { readNpz, tensor, writeNpz } from '@dsp/tensor'
 * const bytes = writeNpz({ zeros: tensor(new Float32Array(10_000)) }, { compress: true })
 * bytes.length < 500 // => true
 * readNpz(bytes).zeros?.size // => 10000
 * ```
 */
export function writeNpz(arrays: Readonly<Record<string, TensorLike>>, options: WriteNpzOptions = {}): Uint8Array {
  const { arrays: single = {}, ...rest } = options
  const { compress } = resolveOptions<{ compress: boolean }>('writeNpz', { compress: option.boolean(false) }, rest)
  refuseUnknown(
    'writeNpz: arrays',
    Object.fromEntries(Object.keys(single).flatMap((name) => (Object.hasOwn(arrays, name) ? [] : [[name, 0]]))),
    Object.keys(arrays).join(', '),
  )
  const files = new Map<string, Uint8Array>()
  for (const name of Object.keys(arrays)) {
    if (name === '' || name.includes('\0')) throw DspError.argument('name of an array', 'a file name', name)
    files.set(name + SUFFIX, writeNpy(arrays[name]!, Object.hasOwn(single, name) ? single[name] : undefined))
  }
  return zip(files, compress)
}

function refuseUnknown(owner: string, unknown: object, known: string): void {
  const [name] = Object.keys(unknown)
  if (name === undefined) return
  throw new DspError(`${owner} has no option ${show(name)}; its options are: ${known}`, {
    code: 'ERR_DSP_OPTION',
    argument: name,
    expected: known,
    actual: name,
  })
}
