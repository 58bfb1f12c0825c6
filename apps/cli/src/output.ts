import { access, constants, mkdir, readlink, stat, writeFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { DspError, type TensorLike, writeArk, writeCsv, writeNpy, writeNpz } from '@dsp/tensor'
import writeFileAtomic from 'write-file-atomic'
import { systemMessage, UsageError } from './failure.js'
import { STANDARD, writeStandardOutput } from './standard.js'

/**
 * Writes a file whole or not at all: under a temporary name beside it, then renamed. The temporary file is removed when the
 * process is interrupted. Devices and pipes, which have no such name, are written as they are.
 * @param path - The file, or `-` for standard output.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  if (path === STANDARD) return writeStandardOutput(content)
  const bytes = typeof content === 'string' ? content : asBuffer(content)
  try {
    const target = await followLinks(path)
    const isSpecial = (await stat(target).catch(() => undefined))?.isFile() === false
    await (isSpecial ? writeFile(target, bytes) : writeFileAtomic(target, bytes))
  } catch (error) {
    throw writeError(path, error)
  }
}

/** Most links on the way to a file, as in Linux. */
const MAX_LINKS = 40

/** The file behind symbolic links, which need not be there: a rename to the link's own name would replace the link. */
export async function followLinks(path: string): Promise<string> {
  let target = path
  for (let i = 0; i < MAX_LINKS; i++) {
    const link = await readlink(target).catch(() => undefined)
    if (link === undefined) return target
    target = resolve(dirname(target), link)
  }
  throw ioError(`${path} cannot be written: ${systemMessage('ELOOP')}`)
}

/** A failure to write, by the name that the user knows. */
export function writeError(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (error instanceof DspError || code === undefined || syscall === undefined) return error
  return ioError(`${path} cannot be written: ${systemMessage(code)}`, error)
}

/** Fails before long work where the result could not be written. */
export async function assertWritable(given: string): Promise<void> {
  if (given === STANDARD) return
  const path = await followLinks(given)
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
    if (error.code !== 'EEXIST') throw ioError(`${path} cannot be made: ${systemMessage(error.code ?? error.message)}`)
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
  const extension = path === STANDARD ? '.npy' : extname(path).toLowerCase()
  if (!Object.hasOwn(writers, extension)) {
    throw new UsageError(
      `--out must end in ${featureExtensions.join(', ')}, or be - (.npy to standard output), got ${path}`,
    )
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

function ioError(message: string, cause?: unknown): DspError {
  return new DspError(message, { code: 'ERR_DSP_IO', argument: 'out', cause })
}
