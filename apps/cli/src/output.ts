import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { DspError, type TensorLike, writeArk, writeCsv, writeNpy, writeNpz } from '@dsp/tensor'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from './failure.js'

/**
 * Writes a file whole or not at all: under a temporary name next to it, then renamed. The temporary file is removed when the
 * process is interrupted.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFileAtomic(path, typeof content === 'string' ? content : asBuffer(content))
}

/** Fails before long work where the result could not be written. */
export async function assertWritable(path: string): Promise<void> {
  const folder = dirname(path)
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) throw ioError(`${folder}: there is no such folder to write ${path} into`)
  if (!found.isDirectory()) throw ioError(`${folder} is not a folder, so that ${path} cannot be written`)
  if ((await stat(path).catch(() => undefined))?.isDirectory()) throw ioError(`${path} is a folder, not a file`)
}

/** Fails before long work where a folder, which need not be there, could not be made or not be written to. */
export async function assertFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined && dirname(resolve(path)) !== resolve(path)) return assertFolder(dirname(resolve(path)))
  if (!found?.isDirectory()) throw ioError(`${path} is not a folder`)
  await access(path, constants.W_OK).catch(() => {
    throw ioError(`${path} cannot be written to: choose another folder, or change its permissions`)
  })
}

/**
 * Makes a folder and those that it lies in. One by one: `mkdir`'s own `recursive` never ends where a file system says that
 * there is no such folder while the one above it is there (Linux: /proc).
 */
export async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return
  if (dirname(resolve(path)) !== resolve(path)) await makeFolder(dirname(resolve(path)))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw ioError(`${path} cannot be made: ${error.message}`)
  })
}

/** The forms that features are written in, by file extension. */
const writers: Readonly<Record<string, (t: TensorLike, complex: boolean, name: string) => string | Uint8Array>> = {
  '.npy': (t, complex) => writeNpy(t, { complex }),
  '.npz': (t, complex) => writeNpz({ features: t }, { compress: true, arrays: { features: { complex } } }),
  '.csv': (t, complex) => writeCsv(real(t, complex, '.csv')),
  '.ark': (t, complex, name) => writeArk({ [name]: real(t, complex, '.ark') }),
}

/** The extensions that {@link encodeFeatures} knows. */
export const featureExtensions: readonly string[] = Object.keys(writers)

/** The extension of a features file, checked. */
export function featureExtension(path: string): string {
  const extension = extname(path).toLowerCase()
  if (!Object.hasOwn(writers, extension)) {
    throw new UsageError(`--out must end in ${featureExtensions.join(', ')}, got ${path}`)
  }
  return extension
}

/**
 * The bytes of a features file.
 * @param path - Where it will lie; its extension chooses the form.
 * @param t - The features.
 * @param complex - Whether the last axis holds real and imaginary parts.
 * @param name - The key in an .ark file.
 */
export function encodeFeatures(path: string, t: TensorLike, complex: boolean, name: string): string | Uint8Array {
  return writers[featureExtension(path)]!(t, complex, name)
}

function real(t: TensorLike, complex: boolean, extension: string): TensorLike {
  if (complex) throw new UsageError(`${extension} holds no complex numbers: write .npy or .npz, or leave --complex out`)
  return t
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function ioError(message: string): DspError {
  return new DspError(message, { code: 'ERR_DSP_IO', argument: 'out' })
}
