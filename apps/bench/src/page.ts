/** The page of the documentation site. */

import { GROUPS, type Group } from './options.ts'
import {
  type GroupReport,
  goalTable,
  linearTable,
  memoryTable,
  peakTable,
  type Report,
  speed,
  type Table,
  threadsOf,
} from './report.ts'
import type { WorkReport } from './run-work.ts'
import { COLUMNS, markdownTable, rows } from './table.ts'
import { FLAT_MIB } from './works/memory.ts'

const TITLES: Readonly<Record<Group, string>> = {
  fft: 'Fourier transforms',
  fbank: "Kaldi's features",
  resample: 'Resampling',
  decode: 'Decoding',
  asr: 'Speech recognition',
  hpss: 'Harmonic–percussive separation',
  pitch: 'Pitch',
  chroma: 'Chroma',
  mel: 'Mel spectrograms',
  whisper: "Whisper's features",
  nemo: "NeMo's features",
  'whisper-text': 'Whisper, speech to text',
  q15: 'Mel features in 16-bit fixed point',
  speaker: 'Speakers',
  python: "Kaldi's features from Python",
  three: 'A fingerprinting pipeline',
  threads: 'Two threads',
  browser: 'WebAssembly beside native',
  'browser-threads': 'WebAssembly with threads',
  linear: 'Cost by length',
  memory: 'Memory after many calls',
  peak: 'Peak memory of one call',
}

const INTRODUCTION = `# Benchmarks

This page is written by \`npm run bench -- --markdown\`, which replaces the sections it has run; each section gives its
date. Each table of times is one run in which ours and the peers did the same work in turn, round after round, with one thread
each unless stated otherwise. *speedup* is the peer's time divided by ours **in the same round**, as the median over the rounds;
*min–max* are its extremes; *best* compares the best round of each; *CPU* compares processor time. Above 1 ours is faster.
Before anything was timed, each result was compared with ours (*result*); a peer that computes something else by design is marked.
*from float64*: how far a result is from the one computed in float64.

Compare ratios, not times: these machines are virtual and shared, other programs ran at the same time, and single rounds
vary widely. The README of \`apps/bench\` explains how the work is made equal.
`

const MEMORY = `Every function of the packages, including its Async and batch forms, and every stream (opened, fed and ended) is called repeatedly
on a tenth of a second of sound, in one process per package. Growth is that of the process's resident memory from when it is
warm until after the last call, with garbage collected. Up to ${FLAT_MIB} MiB count as flat; after more growth the function is called three
times as often, and that run counts. Synchronous calls are one loop that never returns to the event loop, which is the hardest case: native
memory is freed only between turns of the event loop. Streams let it turn after every hundredth. The processes cache nothing: V8
has a small space for new objects, and glibc returns freed memory.`

const PEAKS = `The peak resident memory of a process that calls the function once, on one thread: Node.js with our packages, Python with our
module, Python with librosa (both warm: a first call, which compiles, is not counted). *above* is how much the call added to what
the process needed with everything loaded.`

const LINEAR = 'Ours on one thread, one channel of music at 22.05 kHz: processor time per second of signal, by length.'

const marker = (group: Group): string => `<!-- group: ${group} -->`

/** The page with what a run found, and with what an older page says of the groups that it did not run. */
export function page(report: Report, older: string): string {
  const parts = new Map(sections(older))
  for (const group of report.groups) {
    // A group that could not run does not take the place of one that could.
    if (group.skipped !== undefined && !group.works?.length && parts.has(group.group)) continue
    parts.set(group.group, section(report, group))
  }
  const kept = GROUPS.filter((group) => parts.has(group)).map((group) => `${marker(group)}\n${parts.get(group)}`)
  return `${[INTRODUCTION, ...kept].join('\n').trimEnd()}\n`
}

/** The parts of a page, by group. */
function sections(text: string): [Group, string][] {
  const pieces = text.split(/^<!-- group: ([\w-]+) -->\n/m).slice(1)
  const found: [Group, string][] = []
  for (let i = 0; i + 1 < pieces.length; i += 2) {
    const group = GROUPS.find((name) => name === pieces[i])
    if (group !== undefined) found.push([group, `${pieces[i + 1]!.trim()}\n`])
  }
  return found
}

function section(report: Report, { group, works, memory, peaks, linear, skipped }: GroupReport): string {
  const parts = [`## ${TITLES[group]}`, '', `${about(report, group, works !== undefined)}`, '']
  if (skipped !== undefined) parts.push(`Not run: ${skipped.split('\n').join('; ')}.`, '')
  const goals = goalTable(works ?? [])
  if (goals.body.length > 0) parts.push(markdown(goals), '')
  for (const work of works ?? [])
    parts.push(`### ${work.title}`, '', `${work.detail}${ours(work)}`, '', times(work), '')
  if (memory !== undefined) parts.push(MEMORY, '', markdown(memoryTable(memory)), '')
  if (peaks !== undefined) parts.push(PEAKS, '', markdown(peakTable(peaks)), '')
  if (linear !== undefined) parts.push(LINEAR, '', markdown(linearTable(linear)), '')
  return parts.join('\n')
}

function about({ date, machine, threads, seconds }: Report, group: Group, timed: boolean): string {
  const { cpu, simd, cores, memory, system, node, load } = machine
  const run = timed
    ? `; ${[...threadsOf(group, threads, 'for each contestant'), `${seconds} s for each work`].join(', ')}`
    : ''
  return `${date}: ${cpu}${simd === undefined ? '' : ` (${simd})`}, ${cores} cores, ${memory} GiB, ${system}, Node.js ${node}; ${load} processes before the run${run}.`
}

const markdown = ({ header, body }: Table): string => markdownTable(header, body)
const times = (work: WorkReport): string => markdownTable(COLUMNS, rows(work))

function ours(work: WorkReport): string {
  const said = speed(work)
  return said === '' ? '' : ` Ours: ${said}.`
}
