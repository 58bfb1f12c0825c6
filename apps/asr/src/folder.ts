import { nodeModule } from '@dsp/signal'
import { DspError, show } from '@dsp/tensor'

/** The files of a model directory by their names, where there are no directories: `{ 'encoder.onnx': bytes, 'tokens.txt': bytes, … }`. */
export type ModelBytes = Readonly<Record<string, Uint8Array>>

/** A model directory: its path, or its files. */
export type Folder = string | ModelBytes

/** A directory as the user gave it. */
export function folderOf(directory: string | URL | ModelBytes): Folder {
  if (directory instanceof URL) return nodeModule<typeof import('node:url')>('node:url').fileURLToPath(directory)
  if (typeof directory === 'string' && directory !== '') return directory
  const files: unknown[] = typeof directory === 'object' && directory !== null ? Object.values(directory) : []
  if (files.length > 0 && files.every((file) => file instanceof Uint8Array)) return directory as ModelBytes
  throw DspError.argument('directory', 'the path of a directory, or its files as Uint8Array by name', show(directory))
}

/** What messages call a directory. */
export function nameOf(folder: Folder): string {
  return typeof folder === 'string' ? folder : 'of bytes'
}

/** The names of a directory's files. */
export async function namesIn(folder: Folder): Promise<string[]> {
  if (typeof folder !== 'string') return Object.keys(folder)
  return nodeModule<typeof import('node:fs/promises')>('node:fs/promises').readdir(folder)
}

/** The path of a file; of bytes, its name. */
export function pathIn(folder: Folder, name: string): string {
  return typeof folder === 'string' ? nodeModule<typeof import('node:path')>('node:path').join(folder, name) : name
}

/** The bytes at a path that {@link pathIn} gave. */
export async function bytesAt(folder: Folder, path: string): Promise<Uint8Array> {
  if (typeof folder !== 'string') return folder[path]!
  return nodeModule<typeof import('node:fs/promises')>('node:fs/promises').readFile(path)
}
