import { nodeModule } from '@dsp/signal'
import { DspError } from '@dsp/tensor'

const failed = (path: string, what: string, error: unknown) =>
  new DspError(`${path} cannot be ${what}: ${(error as Error).message}`, {
    code: 'ERR_DSP_IO',
    argument: 'path',
    cause: error,
  })

/** A file's bytes; failures are thrown as DspError. */
export async function readBytes(path: string): Promise<Uint8Array> {
  const { readFile } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  return readFile(path).catch((error: unknown) => {
    throw failed(path, 'read', error)
  })
}

/** Writes a file whole or not at all: under another name beside it, then renamed. */
export async function writeWhole(path: string, text: Iterable<string>): Promise<void> {
  const { rename, rm, writeFile } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  const part = `${path}.${crypto.randomUUID().slice(0, 8)}.part`
  try {
    await writeFile(part, text)
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw failed(path, 'written', error)
  }
}
