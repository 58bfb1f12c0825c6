import type { Machine } from './machine.ts'
import type { WorkReport } from './run-work.ts'
import { COLUMNS, formatTime, markdownTable, plainTable, rows } from './table.ts'
import { FLAT_MIB, type MemoryReport } from './works/memory.ts'
import type { PeakReport } from './works/peak.ts'

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
  /** Each work. */
  readonly works: readonly WorkReport[]
  /** Memory over many calls. */
  readonly memory: readonly MemoryReport[]
  /** Most memory of one call. */
  readonly peaks: readonly PeakReport[]
  /** Groups that could not run, and why. */
  readonly skipped: readonly { readonly group: string; readonly why: string }[]
}

const MEMORY_COLUMNS = ['', 'calls', 'before', 'peak', 'after', 'growth', 'flat'] as const

function memoryRows(reports: readonly MemoryReport[]): string[][] {
  return reports.map(({ call, calls, before, peak, after }) => {
    const growth = after - before
    return [
      call,
      calls.toLocaleString('en'),
      `${before} MiB`,
      `${peak} MiB`,
      `${after} MiB`,
      `${growth < 0 ? '' : '+'}${growth.toFixed(1)} MiB`,
      growth <= FLAT_MIB ? 'yes' : 'NO',
    ]
  })
}

const PEAK_COLUMNS = ['', 'ours', 'of it before the call', 'librosa', 'of it before the call', 'ours / librosa']

function peakRows(reports: readonly PeakReport[]): string[][] {
  return reports.map(({ call, ours, librosa }) => [
    call,
    `${ours.peak} MiB`,
    `${ours.before} MiB`,
    librosa === undefined ? 'not installed' : `${librosa.peak} MiB`,
    librosa === undefined ? '' : `${librosa.before} MiB`,
    librosa === undefined ? '' : (ours.peak / librosa.peak).toFixed(2),
  ])
}

/** One work, for a terminal. */
export function plainWork(report: WorkReport): string {
  return `\n${report.title}${speed(report)}\n${report.detail}\n\n${plainTable(COLUMNS, rows(report))}\n`
}

/** Memory and what was left out, for a terminal. */
export function plainRest({ memory, peaks, skipped }: Pick<Report, 'memory' | 'peaks' | 'skipped'>): string {
  const parts: string[] = []
  if (memory.length > 0) parts.push(`\nMemory\n\n${plainTable(MEMORY_COLUMNS, memoryRows(memory))}\n`)
  if (peaks.length > 0) parts.push(`\nPeak memory of one call\n\n${plainTable(PEAK_COLUMNS, peakRows(peaks))}\n`)
  for (const { group, why } of skipped) parts.push(`\n${group}: not run: ${why}\n`)
  return parts.join('')
}

/** How many times faster than real time ours was. */
function speed({ audioSeconds, unit, outcomes }: WorkReport): string {
  const ours = outcomes[0]?.ns
  if (ours === undefined) return ''
  if (audioSeconds === undefined) return ` · ${formatTime(ours)} a ${unit}`
  const times = (audioSeconds * 1e9) / ours
  return ` · ${Math.round(times).toLocaleString('en')} times real time (RTF ${(1 / times).toPrecision(2)})`
}

/** The goals of all works, and what was reached. */
function goals(works: readonly WorkReport[]): string[][] {
  return works.flatMap((work) =>
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
}

const INTRODUCTION = `# Benchmarks

This page is written by \`npm run bench -- --markdown\`. Each table is one run in which ours and the peers did the same work in
turn, round after round, each on one thread unless said otherwise. *takes* is the median over the rounds of how many times
longer a peer took than ours **in the same round**; *min–max* its extremes; *best* compares the best round of each; *CPU*
compares processor time. Above 1 ours is faster. Before anything was timed, each result was compared with ours (*result*); a
peer that computes something else by nature says so.

Compare ratios, not times: this machine is virtual and shared, other programs ran beside the benchmark, and single rounds
differ widely. How the works are made equal is told in the README of \`apps/bench\`.
`

/** The page of the documentation site. */
export function markdownReport(report: Report): string {
  const { machine, works, memory, peaks, skipped } = report
  const about = [
    ['date', report.date],
    ['processor', `${machine.cpu}, ${machine.cores} cores`],
    ['memory', `${machine.memory} GiB`],
    ['system', `${machine.system}, Node.js ${machine.node}`],
    ['load before the run', `${machine.load} processes on ${machine.cores} cores`],
    ['threads of each contestant', String(report.threads)],
    ['seconds measured for each work', String(report.seconds)],
  ]
  const parts = [INTRODUCTION, markdownTable(['machine', ''], about), '']
  const reached = goals(works)
  if (reached.length > 0)
    parts.push('## Goals', '', markdownTable(['work', 'peer', 'goal', 'measured', 'reached'], reached), '')
  for (const work of works) {
    const title = `## ${work.title}`
    parts.push(title, '', `${work.detail}${sentence(work)}`, '', markdownTable(COLUMNS, rows(work)), '')
  }
  if (memory.length > 0) {
    const text = `Resident memory of a process of its own: when warm, at most during the calls, and after them with garbage collected. Up to ${FLAT_MIB} MiB count as flat. The calls are one synchronous loop that never returns to the event loop, which is the hardest case: memory that native code hands over is given back only between turns of the event loop.`
    parts.push('## Memory', '', text, '', markdownTable(MEMORY_COLUMNS, memoryRows(memory)), '')
  }
  if (peaks.length > 0) {
    const text =
      'The most resident memory of a process that calls the function once, on one thread: Node.js with our packages, Python with librosa (warm: its first call, which compiles, is not counted).'
    parts.push('## Peak memory of one call', '', text, '', markdownTable(PEAK_COLUMNS, peakRows(peaks)), '')
  }
  if (skipped.length > 0)
    parts.push('## Not run', '', ...skipped.map(({ group, why }) => `- ${group}: ${why.split('\n')[0]}`), '')
  return `${parts.join('\n').trimEnd()}\n`
}

const sentence = (work: WorkReport): string => {
  const text = speed(work)
  return text === '' ? '' : ` Ours: ${text.replace(' · ', '')}.`
}
