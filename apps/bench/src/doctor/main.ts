import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeAudio } from '@dsp/audio'
import { diagnose } from '@dsp/doctor'
import { readNpy } from '@dsp/tensor'
import { UsageError } from '../options.ts'
import { CASE_GROUPS, type Case, readCases } from './cases.ts'
import { distanceOn } from './distance.ts'
import { failed, judge, type Verdict } from './judge.ts'
import { byCause, complaint, confusions, isRight, totals } from './summary.ts'

const README = resolve(import.meta.dirname, '../../../packages/doctor/README.md')

const HELP = `npm run doctor -w apps/bench -- FOLDER [options]

Runs the doctor on the cases that apps/bench/doctor/generate.py made in FOLDER, and prints how many faults it named.

  --only LIST   groups, by comma: ${CASE_GROUPS.join(', ')} (default: all)
  --case ID     only this case, with everything that the doctor says of it; may be repeated
  --part I/N    every N-th case, from the I-th on, to share a run among processes
  --time-limit S  seconds after which a search ends (default: the doctor's own)
  --cpu-time    let time limits count processor time, so that other work on the machine changes nothing
  --json FILE   also write the verdicts as JSON
  --from FILE   verdicts of an earlier run instead of a new one; may be repeated
  --write       also write the tables into packages/doctor/README.md`

const flags = {
  only: { type: 'string' },
  case: { type: 'string', multiple: true },
  part: { type: 'string' },
  'time-limit': { type: 'string' },
  'cpu-time': { type: 'boolean' },
  json: { type: 'string' },
  from: { type: 'string', multiple: true },
  write: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** The doctor's clock goes by the processor time of this process from here on. */
function countProcessorTime(): void {
  const [start, used] = [Date.now(), process.cpuUsage()]
  Date.now = () => {
    const { user, system } = process.cpuUsage(used)
    return start + (user + system) / 1000
  }
}

async function diagnosed(
  folder: string,
  known: Case,
  isLoud: boolean,
  limits: { readonly timeLimit?: number },
): Promise<Verdict> {
  const started = process.cpuUsage()
  const cpu = (): number => {
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1e6
  }
  try {
    const audio = await decodeAudio(join(folder, known.audio))
    const reference = readNpy(readFileSync(join(folder, known.reference)), known.reference)
    const isLossy = known.audio.endsWith('.mp3')
    const found = await diagnose({ audio, reference, kind: known.kind, options: known.options, isLossy, ...limits })
    const used = cpu()
    if (isLoud) console.log(JSON.stringify({ known, found: { ...found, ...UNPRINTED } }, null, 1))
    return { ...judge(known, found, distanceOn(audio)), cpu: used }
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { ...failed(known, message), cpu: cpu() }
  }
}

/** Matrices are too long to be read. */
const UNPRINTED = { oursValues: undefined, reference: undefined, reproduced: undefined }

function writeTables(verdicts: readonly Verdict[]): void {
  const [open, close] = ['<!-- doctor -->', '<!-- /doctor -->']
  const text = readFileSync(README, 'utf8')
  const [from, to] = [text.indexOf(open), text.indexOf(close)]
  if (from < 0 || to < from) throw new UsageError(`${README} has no place between ${open} and ${close}`)
  const tables = `${totals(verdicts)}\n\nWhat was taken for what:\n\n${confusions(verdicts)}`
  writeFileSync(README, `${text.slice(0, from + open.length)}\n\n${tables}\n\n${text.slice(to)}`)
}

async function main(): Promise<void> {
  const { values: given, positionals } = parseArgs({ options: flags, allowPositionals: true })
  if (given.help) return console.log(HELP)
  const verdicts: Verdict[] = (given.from ?? []).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as Verdict[])
  if (given.from === undefined) {
    const [folder] = positionals
    if (folder === undefined) throw new UsageError(HELP)
    const limit = given['time-limit'] === undefined ? {} : { timeLimit: Number(given['time-limit']) }
    if (given['cpu-time']) countProcessorTime()
    const [part, of] = (given.part ?? '1/1').split('/').map(Number) as [number, number]
    const all = readCases(folder, given.only?.split(',') ?? CASE_GROUPS, given.case ?? [])
    const cases = all.filter((_, i) => i % of === part - 1)
    for (const [i, known] of cases.entries()) {
      const verdict = await diagnosed(folder, known, given.case !== undefined, limit)
      verdicts.push(verdict)
      if (!isRight(verdict) || verdict.accused.length > 0 || verdict.wrong.length > 0) console.log(complaint(verdict))
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${i + 1} of ${cases.length}`)
    }
  }
  if (given.json !== undefined) writeFileSync(given.json, JSON.stringify(verdicts))
  console.log(`\n${totals(verdicts)}\n\n${byCause(verdicts)}\n\n${confusions(verdicts)}`)
  if (given.write) writeTables(verdicts)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof UsageError) && (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') !== true)
    throw error
  console.error((error as Error).message)
  process.exitCode = 2
}
