import { DspError } from '../errors.js'
import { seededRandom } from './numbers.js'

/** A parser under test. */
export interface FuzzTarget {
  /** Its name, for messages. */
  readonly name: string
  /** Files that it reads, from which the inputs are made. */
  readonly seeds: readonly Uint8Array[]
  /** Parses bytes: returns (or resolves to) anything, or throws a DspError. */
  readonly parse: (bytes: Uint8Array) => unknown
  /** Bytes of array memory that an input of so many bytes may take. Default: 64 times as many, and 4 MiB. */
  readonly allowance?: (length: number) => number
}

/** What a run found. */
export interface FuzzFigures {
  /** Inputs that were parsed. */
  readonly inputs: number
  /** Inputs that were read, the others were refused. */
  readonly accepted: number
  /** The most CPU time that an input took, in milliseconds. */
  readonly slowest: number
  /** The most array memory that an input took, in bytes. */
  readonly largest: number
}

/** The longest that an input may take, in milliseconds of CPU time of this process. */
const MAX_CPU = 1000
/** Inputs grow no longer than this. */
const MAX_LENGTH = 1 << 16

/**
 * Runs a parser on changed files: the same inputs each time. Fails where it throws anything but a DspError, takes more than a second
 * of CPU time, or more memory than the input's length justifies; the message holds the input.
 * @param target - The parser.
 * @param inputs - How many inputs.
 * @param seed - Any 32-bit integer. Default 1.
 */
export async function fuzz(target: FuzzTarget, inputs: number, seed = 1): Promise<FuzzFigures> {
  const { name, parse, allowance = (length) => 64 * length + (4 << 20) } = target
  const random = seededRandom(seed)
  let [accepted, slowest, largest] = [0, 0, 0]
  for (let i = 0; i < inputs; i++) {
    const bytes = changed(target.seeds, random)
    const fail = (what: string, cause?: unknown) =>
      new Error(`${name}: input ${i} of seed ${seed} ${what}: ${Buffer.from(bytes).toString('base64')}`, { cause })
    const memory = process.memoryUsage().arrayBuffers
    const { user, system } = process.cpuUsage()
    try {
      const result = parse(bytes)
      if (result instanceof Promise) await result
      accepted++
    } catch (error) {
      if (!(error instanceof DspError)) throw fail('throws no DspError', error)
    }
    const used = process.cpuUsage()
    const spent = (used.user - user + used.system - system) / 1000
    const taken = process.memoryUsage().arrayBuffers - memory
    if (spent > MAX_CPU) throw fail(`takes ${spent} ms`)
    if (taken > allowance(bytes.length)) throw fail(`of ${bytes.length} bytes takes ${taken} bytes`)
    slowest = Math.max(slowest, spent)
    largest = Math.max(largest, taken)
  }
  return { inputs, accepted, slowest, largest }
}

/** Numbers at which formats and languages have their edges. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 1 << 20, 1 << 30]
/** Texts at which parsers of text have theirs. */
const TEXTS = [
  '',
  ' ',
  '\n',
  '\0',
  '[',
  ']',
  '(',
  ')',
  "'",
  ',',
  '-1',
  '1e999',
  'nan',
  '999999999',
  '4294967296',
  '\ufeff',
]

/** One of the seeds with a few changes. */
function changed(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  let bytes = Buffer.from(pick(seeds))
  const replace = (at: number, count: number, by: Uint8Array) => {
    bytes = Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + count)])
  }
  // headers are where formats can be hurt: half of the changes hit the first bytes
  const place = () => below(random() < 0.5 ? Math.min(bytes.length, 128) : bytes.length)
  // most files with one change are refused late, those with many early
  for (let changes = random() < 0.6 ? 1 : 2 + below(5); changes > 0 && bytes.length > 0; changes--) {
    const at = place()
    const count = 1 + below(Math.min(64, bytes.length - at))
    switch (below(9)) {
      case 0:
        bytes[at]! ^= 1 << below(8)
        break
      case 1:
        bytes[at] = pick(EDGES) & 0xff
        break
      case 2:
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(pick(EDGES) >>> 0, at)
        break
      case 3:
        if (at + 2 <= bytes.length) bytes.writeUInt16LE(pick(EDGES) & 0xffff, at)
        break
      case 4:
        replace(at, count, new Uint8Array(0))
        break
      case 5:
        replace(at, 0, bytes.subarray(at, at + count))
        break
      case 6:
        replace(at, below(count), Buffer.from(pick(TEXTS)))
        break
      case 7:
        bytes = bytes.subarray(0, at)
        break
      default: {
        const other = pick(seeds)
        const from = below(other.length)
        replace(at, below(count), other.subarray(from, from + 1 + below(256)))
      }
    }
  }
  return Uint8Array.from(bytes.subarray(0, MAX_LENGTH))
}

/** How many inputs a test runs: 2,000, or as many as the environment variable FUZZ_INPUTS says. */
export function fuzzInputs(): number {
  return Number(process.env.FUZZ_INPUTS ?? 2000)
}

/** The figures of a run as a row of the tables in the documentation. */
export function fuzzRow(name: string, { inputs, accepted, slowest, largest }: FuzzFigures): string {
  const count = (value: number) => value.toLocaleString('en-US')
  return `| ${name} | ${count(inputs)} | ${count(accepted)} | ${slowest.toFixed(1)} | ${(largest / 2 ** 20).toFixed(2)} |`
}
