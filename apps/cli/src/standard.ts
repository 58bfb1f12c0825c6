import { UsageError } from './failure.js'

/** The name that stands for standard input and standard output. */
export const STANDARD = '-'

let input: Promise<Uint8Array> | undefined

/** All bytes of standard input, which is read once. */
export function readStandardInput(): Promise<Uint8Array> {
  input ??= (async () => {
    const pieces: Uint8Array[] = []
    for await (const piece of process.stdin) pieces.push(piece as Uint8Array)
    return Buffer.concat(pieces)
  })()
  return input
}

/** A file as the packages take it: its path, or the bytes of standard input. */
export async function fileOf(path: string): Promise<string | Uint8Array> {
  if (/^https?:\/\//i.test(path)) {
    throw new UsageError(`${path} is on the net, dsp reads files: pipe it in, as in curl -sL ${path} | dsp … -`)
  }
  return path === STANDARD ? readStandardInput() : path
}

/** What messages call a file. */
export function labelOf(path: string): string {
  return path === STANDARD ? 'standard input' : path
}

/** Refuses standard input in two places: it can be read once. */
export function checkStandardInput(paths: readonly string[]): void {
  if (paths.filter((path) => path === STANDARD).length > 1) throw new UsageError('- (standard input) was given twice')
}

/** Writes to standard output; resolves when it has been taken. Failures are for the listener in main.ts. */
export async function writeStandardOutput(content: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write(content, () => resolve())
  })
}
