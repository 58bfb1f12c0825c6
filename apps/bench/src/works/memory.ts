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

/** MiB that a process may differ by between two looks at it, whatever it did. */
export const FLAT_MIB = 8

const CASES = [
  ['rfft', 'rfft of 512 samples', 100_000],
  ['fbank', 'fbank of 1 s of sound', 100_000],
  ['resample', 'resample of 0.1 s of sound', 100_000],
  ['hpss', 'hpss of 0.5 s of sound', 10_000],
  ['yin', 'yin of 0.5 s of sound', 10_000],
  ['pyin', 'pyin of 0.5 s of sound', 10_000],
  ['chroma', 'chromaCqt of 0.5 s of sound', 10_000],
  ['mel', 'melspectrogram of 0.5 s of sound', 10_000],
] as const

/** Runs each case in a process of its own. */
export async function measureMemory(tell: (line: string) => void): Promise<MemoryReport[]> {
  const child = fileURLToPath(new URL('memory-child.js', import.meta.url))
  const reports: MemoryReport[] = []
  for (const [name, call, calls] of CASES) {
    tell(`memory: ${call}`)
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', child, name, String(calls)])
    const { before, peak, after } = JSON.parse(stdout)
    reports.push({ call, calls, before: mib(before), peak: mib(peak), after: mib(after) })
  }
  return reports
}

const mib = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10
