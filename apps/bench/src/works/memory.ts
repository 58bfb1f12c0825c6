import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { FOLDERS, FRUGAL, NODE_FLAGS } from '../memory/calls.ts'

/** What a process keeps of many calls of one function. */
export interface MemoryReport {
  /** Package. */
  readonly folder: string
  /** Function. */
  readonly name: string
  /** How often it was called. */
  readonly calls: number
  /** Resident MiB when warm. */
  readonly before: number
  /** Most MiB seen during the calls. */
  readonly peak: number
  /** MiB after the calls. */
  readonly after: number
}

/** MiB that a process may differ by between two looks at it, whatever it did. */
export const FLAT_MIB = 8

/** Calls of each function. */
const CALLS = 10_000

/** So many times the calls are made of a function after which the process was not flat: what leaks grows with them. */
const AGAIN = 3

/** A child's line on one function. */
interface Line {
  readonly name: string
  readonly calls: number
  readonly before: { readonly resident: number }
  readonly peak: number
  readonly after: { readonly resident: number }
}

/** Calls every function of every package, each package in its own process, as many at a time as there are cores. */
export async function measureMemory(
  python: string,
  quick: boolean,
  log: (line: string) => void,
): Promise<MemoryReport[]> {
  const calls = String(quick ? CALLS / 500 : CALLS)
  const child = join(import.meta.dirname, 'memory-child.js')
  const script = join(import.meta.dirname, '../../../native/python/scripts/memory.py')
  const jobs = FOLDERS.map((folder) => ({
    folder: `@dsp/${folder}`,
    command: [process.execPath, ...NODE_FLAGS, child, folder, calls],
  }))
  if (existsSync(python)) jobs.push({ folder: 'auralis_dsp', command: [python, script, calls] })
  const reports = new Map<string, MemoryReport[]>()
  const waiting = [...jobs]
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { folder, command } = job
      const onLine = ({ name, calls }: Line): void => log(`memory: ${calls} calls of ${folder} ${name}`)
      const once = await linesOf(command, onLine)
      const suspects = folder.startsWith('@') ? once.filter((line) => mib(grown(line)) > FLAT_MIB) : []
      const more = [...command.slice(0, -1), String(AGAIN * Number(calls)), ...suspects.map(({ name }) => name)]
      const again = suspects.length > 0 ? await linesOf(more, onLine) : []
      const lines = once.map((line) => again.find(({ name }) => name === line.name) ?? line)
      reports.set(
        folder,
        lines.map(({ name, calls, before, peak, after }) => ({
          folder,
          name,
          calls,
          before: mib(before.resident),
          peak: mib(peak),
          after: mib(after.resident),
        })),
      )
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return jobs.flatMap(({ folder }) => reports.get(folder)!)
}

/** Runs a program that prints lines of JSON. Throws what it said if it fails. */
function linesOf([program, ...args]: readonly string[], onLine: (line: Line) => void): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...FRUGAL } })
    const lines: Line[] = []
    let errors = ''
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line))
      onLine(lines.at(-1)!)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2000)
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(lines) : reject(new Error(`${args[0]}: ${errors}`))))
  })
}

const grown = ({ before, after }: Line): number => after.resident - before.resident

const mib = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10
