import type { Machine } from './machine.ts'
import type { Group } from './options.ts'
import type { WorkReport } from './run-work.ts'
import { COLUMNS, formatRatio, formatTime, fromExact, plainTable, rows } from './table.ts'
import { LENGTHS, type LinearReport } from './works/linear.ts'
import { FLAT_MIB, type MemoryReport } from './works/memory.ts'
import type { PeakReport } from './works/peak.ts'

/** What one group of works found. */
export interface GroupReport {
  /** Which. */
  readonly group: Group
  /** Each work. */
  readonly works?: readonly WorkReport[]
  /** Memory over many calls. */
  readonly memory?: readonly MemoryReport[]
  /** Most memory of one call. */
  readonly peaks?: readonly PeakReport[]
  /** Time by length. */
  readonly linear?: readonly LinearReport[]
  /** Why it could not run. */
  readonly skipped?: string
}

/** Everything that one run found: what `--json` writes. */
export interface Report {
  /** Day of the run, ISO 8601. */
  readonly date: string
  /** Where it ran. */
  readonly machine: Machine
  /** Threads that each contestant might use. */
  readonly threads: number
  /** Seconds for each work. */
  readonly seconds: number
  /** Each group. */
  readonly groups: readonly GroupReport[]
}

/** Groups whose contestants have threads of their own number, which they are named after. */
const THREADED: readonly Group[] = ['threads', 'browser-threads']

/** How many threads the contestants of a group had, for a line about a run; nothing where their names say it. */
export function threadsOf(group: Group, threads: number, each: string): string[] {
  return THREADED.includes(group) ? [] : [`${threads === 1 ? 'one thread' : `${threads} threads`} ${each}`]
}

/** A table with its header. */
export interface Table {
  readonly header: readonly string[]
  readonly body: readonly string[][]
}

const signed = (mib: number): string => `${mib < 0 ? '−' : '+'}${Math.abs(mib).toFixed(1)} MiB`
const growth = ({ before, after }: MemoryReport): number => after - before

/** A row per package: its functions, and the one that grew most. */
export function memoryTable(reports: readonly MemoryReport[]): Table {
  const header = ['', 'functions and streams', 'calls of each', 'most growth', 'of', 'flat']
  const folders = [...new Set(reports.map(({ folder }) => folder))]
  const body = folders.map((folder) => {
    const own = reports.filter((report) => report.folder === folder)
    const worst = own.reduce((a, b) => (growth(b) > growth(a) ? b : a))
    const bad = own.filter((report) => growth(report) > FLAT_MIB).map(({ name }) => name)
    const calls = worst.calls.toLocaleString('en')
    const flat = bad.length === 0 ? 'yes' : `NO: ${bad.join(', ')}`
    return [folder, String(own.length), calls, signed(growth(worst)), worst.name, flat]
  })
  return { header, body }
}

/** A row per call: ours from Node.js and from Python, and librosa. */
export function peakTable(reports: readonly PeakReport[]): Table {
  const header = ['', '@dsp', 'above its start', 'auralis_dsp', 'above', 'librosa', 'above', '@dsp / librosa']
  const body = reports.map(({ call, ours, python, librosa }) => [
    call,
    ...[ours, python, librosa].flatMap((peak) =>
      peak === undefined ? ['', ''] : [`${peak.peak} MiB`, `${peak.peak - peak.before} MiB`],
    ),
    librosa === undefined ? '' : (ours.peak / librosa.peak).toFixed(2),
  ])
  return { header, body }
}

/** A row per function: milliseconds for a second of signal, and how much more the longest signal's cost than the cheapest's. */
export function linearTable(reports: readonly LinearReport[]): Table {
  const header = ['', ...LENGTHS.map((seconds) => `${seconds} s`), `${LENGTHS.at(-1)} s / cheapest`]
  const body = reports.map(({ call, perSecond }) => [
    call,
    ...perSecond.map((ms) => formatTime(ms * 1e6)),
    `${(perSecond.at(-1)! / Math.min(...perSecond)).toFixed(2)}×`,
  ])
  return { header, body }
}

/** One work, for a terminal. */
export function plainWork(report: WorkReport): string {
  const said = speed(report)
  const head = said === '' ? report.title : `${report.title} · ${said}`
  return `\n${head}\n${report.detail}\n\n${plainTable(COLUMNS, rows(report))}\n`
}

/** All but the works, and what was left out, for a terminal. */
export function plainRest({ group, memory, peaks, linear, skipped }: GroupReport): string {
  const table = (title: string, { header, body }: Table): string => `\n${title}\n\n${plainTable(header, body)}\n`
  return [
    memory === undefined ? '' : table('Memory after many calls', memoryTable(memory)),
    peaks === undefined ? '' : table('Peak memory of one call', peakTable(peaks)),
    linear === undefined ? '' : table('Time for one second of signal', linearTable(linear)),
    skipped === undefined ? '' : `\n${group}: not run: ${skipped}\n`,
  ].join('')
}

/** The works of a group in one table, for a README: a row per contestant that was timed. */
export function groupTable(works: readonly WorkReport[]): Table {
  // Pages cannot tell the time of their processor.
  const timesCpu = works.some(({ outcomes }) => outcomes.some(({ ratio }) => Number.isFinite(ratio?.cpu)))
  const body = works.flatMap(({ title, audioSeconds, outcomes }) =>
    outcomes
      .filter(({ ns }) => ns !== undefined)
      .map((outcome, i) => [
        i === 0 ? title : '',
        `${outcome.name} ${outcome.call}`,
        formatTime(outcome.ns!),
        audioSeconds === undefined ? '' : `${formatTimes((audioSeconds * 1e9) / outcome.ns!)}×`,
        outcome.ratio === undefined ? '1' : formatRatio(outcome.ratio.median),
        timesCpu ? (outcome.ratio === undefined ? '1' : formatRatio(outcome.ratio.cpu)) : '',
        fromExact(outcome),
        outcome.similar === undefined ? (outcome.agreement?.text ?? '') : '',
      ]),
  )
  const unit = [...new Set(works.map((work) => work.unit))].join(' or ')
  return { header: ['', '', `time per ${unit}`, 'real time', 'speedup', 'CPU', 'from float64', 'result'], body }
}

const formatTimes = (times: number): string => (times < 100 ? times.toFixed(1) : Math.round(times).toLocaleString('en'))

/** How many times faster than real time ours was, or its time. */
export function speed({ audioSeconds, unit, outcomes }: WorkReport): string {
  const ours = outcomes[0]?.ns
  if (ours === undefined) return ''
  if (audioSeconds === undefined) return `${formatTime(ours)} a ${unit}`
  const times = (audioSeconds * 1e9) / ours
  return `${Math.round(times).toLocaleString('en')} times real time (RTF ${(1 / times).toPrecision(2)})`
}

/** The goals of works, and what was reached. */
export function goalTable(works: readonly WorkReport[]): Table {
  const body = works.flatMap((work) =>
    work.outcomes
      .filter(({ goal }) => goal !== undefined)
      .map(({ name, goal, ratio }) => [
        work.title,
        name,
        `${goal}×`,
        ratio === undefined ? 'not measured' : `${ratio.median.toFixed(2)}×`,
        ratio === undefined ? '' : ratio.median >= goal! ? 'yes' : 'no',
      ]),
  )
  return { header: ['work', 'peer', 'goal', 'measured', 'reached'], body }
}
