import { nodeModule } from '@dsp/signal'
import { DspError } from '@dsp/tensor'
import { readBytes } from './files.js'

/** Pairs of recordings, and whether both have the same speaker: see {@link parseTrials}. */
export interface TrialList {
  /** The recordings, each once: those that the list was checked against, or those that it names, in order of appearance. */
  readonly files: readonly string[]
  /** The first recording of each trial, as an index into `files`. */
  readonly first: Uint32Array
  /** The second recording of each trial. */
  readonly second: Uint32Array
  /** 1 for a target trial (same speaker), 0 for a non-target trial. */
  readonly targets: Uint8Array
  /** SHA-256 of the list's bytes, in lower-case hexadecimal, which identifies the list of a published figure. */
  readonly sha256: string
}

/** Options of {@link parseTrials} and {@link readTrials}. */
export interface TrialOptions {
  /** What errors call the list. Default: 'trials', or the path. */
  readonly name?: string
  /**
   * The recordings, in the order of the rows of their embeddings. A trial with any other recording is an error. Default: those that
   * the list names.
   */
  readonly files?: Iterable<string>
  /** Whether a repeated pair, in either order, is an error or one more trial, as in some published lists. Default 'error'. */
  readonly repeated?: 'error' | 'keep'
}

/** Bytes decoded at once: a list may be longer than the longest string. */
const PIECE = 1 << 24

/**
 * Reads a trial list in VoxCeleb's format: a line `1 A B` for each pair with the same speaker, `0 A B` for each with different ones.
 * @param list - The list: text, or its UTF-8 bytes.
 * @param options - Its name and its recordings.
 * @returns The trials in their order.
 * @throws DspError ERR_DSP_FORMAT for a line that is not a trial, an unknown recording, a recording against itself or a repeated
 * pair; the message names list and line. ERR_DSP_ARGUMENT if `options.files` names a recording twice.
 * @example
 * ```ts
 * import { parseTrials } from '@dsp/sincnet'
 * const { files, targets } = parseTrials('1 ada-1.flac ada-2.flac\n0 ada-1.flac bob-1.flac\n')
 * files // => ['ada-1.flac', 'ada-2.flac', 'bob-1.flac']
 * Array.from(targets) // => [1, 0]
 * ```
 */
export function parseTrials(list: string | Uint8Array, options: TrialOptions = {}): TrialList {
  const bytes = typeof list === 'string' ? new TextEncoder().encode(list) : list
  const { name = 'trials', repeated = 'error' } = options
  if (repeated !== 'error' && repeated !== 'keep') {
    throw DspError.argument('options.repeated', "'error' or 'keep'", repeated)
  }
  const files = [...(options.files ?? [])]
  const known = new Map(files.map((file, i) => [file, i]))
  if (known.size < files.length) {
    const twice = files.find((file, i) => known.get(file) !== i)
    throw DspError.argument('options.files', 'a recording each, and none twice', twice)
  }
  const count = linesIn(bytes)
  const [first, second, targets] = [new Uint32Array(count), new Uint32Array(count), new Uint8Array(count)]
  const bad = (line: number, why: string) =>
    new DspError(`${name}, line ${line}: ${why}`, { code: 'ERR_DSP_FORMAT', argument: 'trials' })
  const indexOf = (file: string, line: number) => {
    const index = known.get(file)
    if (index !== undefined) return index
    if (options.files !== undefined) throw bad(line, `there is no recording ${file}`)
    known.set(file, files.length)
    return files.push(file) - 1
  }
  let at = 0
  for (const line of textLines(bytes, name)) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    const space = text.indexOf(' ', 2)
    let [label, a, b] = [text.slice(0, 1), text.slice(2, space), text.slice(space + 1)]
    if (text[1] !== ' ' || space < 0 || a === '' || b === '' || /\s/.test(a) || /\s/.test(b)) {
      const words = text.trim().split(/\s+/)
      if (words.length !== 3) throw bad(at + 1, `'1 FILE FILE' or '0 FILE FILE' is expected, not ${shown(text)}`)
      ;[label, a, b] = words as [string, string, string]
    }
    if (label !== '0' && label !== '1') throw bad(at + 1, `a trial begins with 1 or 0, not ${shown(label)}`)
    if (a === b) throw bad(at + 1, `${a} is compared with itself`)
    first[at] = indexOf(a, at + 1)
    second[at] = indexOf(b, at + 1)
    targets[at++] = label === '1' ? 1 : 0
  }
  if (at === 0) throw new DspError(`${name} holds no trial`, { code: 'ERR_DSP_FORMAT', argument: 'trials' })
  if (repeated === 'error')
    assertUnique(first, second, files.length, (line, earlier) => bad(line, `the pair of line ${earlier} again`))
  const { createHash } = nodeModule<typeof import('node:crypto')>('node:crypto')
  return { files, first, second, targets, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * The text of a trial list, as {@link parseTrials} reads it.
 * @param trials - The trials.
 * @example
 * ```ts
 * import { formatTrials, parseTrials } from '@dsp/sincnet'
 * formatTrials(parseTrials('1 a.flac b.flac')) // => '1 a.flac b.flac\n'
 * ```
 */
export function formatTrials({ files, first, second, targets }: Omit<TrialList, 'sha256'>): string {
  return Array.from(targets, (target, i) => `${target} ${files[first[i]!]} ${files[second[i]!]}\n`).join('')
}

/**
 * Reads a trial list from a file: {@link parseTrials} of its bytes.
 * @param path - The file.
 * @param options - As for {@link parseTrials}.
 * @throws DspError as {@link parseTrials}, and ERR_DSP_IO if the file cannot be read.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { readTrials } from '@dsp/sincnet'
 * const path = join(tmpdir(), 'list.txt')
 * await writeFile(path, '1 a.flac b.flac\n0 a.flac c.flac\n')
 * const trials = await readTrials(path, { files: ['a.flac', 'b.flac', 'c.flac'] })
 * trials.targets.length // => 2
 * ```
 */
export async function readTrials(path: string, options: TrialOptions = {}): Promise<TrialList> {
  return parseTrials(await readBytes(path), { name: path, ...options })
}

/** Lines, without an empty last one; bytes that are not text are an error. */
export function* textLines(bytes: Uint8Array, name: string): Generator<string> {
  for (let at = 0; at < bytes.length; ) {
    const last = at + PIECE < bytes.length ? bytes.lastIndexOf(10, at + PIECE) : bytes.length - 1
    const end = last < at ? bytes.length : last + 1
    const text = decode(bytes.subarray(at, end), name)
    for (let from = 0; from < text.length; ) {
      const newline = text.indexOf('\n', from)
      yield text.slice(from, newline < 0 ? undefined : newline)
      from = newline < 0 ? text.length : newline + 1
    }
    at = end
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new DspError(`${name} is not text in UTF-8`, { code: 'ERR_DSP_FORMAT', argument: 'list', cause })
  }
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return lines + (bytes.at(-1) === 10 ? 0 : 1)
}

/** A line of any length, shortened for a message. */
export function shown(line: string): string {
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)
}

function assertUnique(
  first: Uint32Array,
  second: Uint32Array,
  files: number,
  error: (line: number, earlier: number) => DspError,
): void {
  const keys = Float64Array.from(first, (a, i) => Math.min(a, second[i]!) * files + Math.max(a, second[i]!))
  const sorted = keys.slice().sort()
  const twice = sorted.findIndex((key, i) => key === sorted[i + 1])
  if (twice < 0) return
  const earlier = keys.indexOf(sorted[twice]!)
  throw error(keys.indexOf(sorted[twice]!, earlier + 1) + 1, earlier + 1)
}
