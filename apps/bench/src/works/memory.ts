import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Resident memory of a process around many calls of one function. */
export interface MemoryReport {
  /** What was called, on what. */
  readonly call: string
  /** How often. */
  readonly calls: number
  /** MiB when warm. */
  readonly before: number
  /** Most MiB seen during the calls. */
  readonly peak: number
  /** MiB after the calls. */
  readonly after: number
}

/** Calls of each function. */
export const CALLS = 100_000

/** MiB that a process may differ by between two looks at it, whatever it did. */
export const FLAT_MIB = 8

const CASES = [
  ['rfft', 'rfft of 512 samples'],
  ['fbank', 'fbank of 1 s of sound'],
  ['resample', 'resample of 0.1 s of sound'],
] as const

/** Runs each case in a process of its own. */
export async function measureMemory(calls: number, tell: (line: string) => void): Promise<MemoryReport[]> {
  const child = fileURLToPath(new URL('memory-child.js', import.meta.url))
  const reports: MemoryReport[] = []
  for (const [name, call] of CASES) {
    tell(`memory: ${call}`)
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, name, String(calls)])
    const { before, peak, after } = JSON.parse(stdout)
    reports.push({ call, calls, before: mib(before), peak: mib(peak), after: mib(after) })
  }
  return reports
}

const mib = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10
