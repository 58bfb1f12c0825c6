import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Work } from './contestant.ts'
import { minutes, remaining } from './estimate.ts'
import { writeFigures } from './figures.ts'
import { describeMachine } from './machine.ts'
import { type BenchOptions, type Group, HELP, parseOptions, UsageError } from './options.ts'
import { page } from './page.ts'
import { absentProcess, PeerProcess } from './peers/process.ts'
import { type GroupReport, plainRest, plainWork, type Report } from './report.ts'
import { runWork, type WorkReport } from './run-work.ts'
import type { Context } from './works/context.ts'
import { measureMemory } from './works/memory.ts'
import { measurePeaks } from './works/peak.ts'

const APP = resolve(import.meta.dirname, '..')
/** Milliseconds of a contestant's turn, where one iteration is shorter: long against the clock, short against the noise. */
const SLICE = 40

/** Packages are loaded only when their group runs: one that is not built does not stop the others. */
const WORKS: Record<Exclude<Group, 'linear' | 'memory' | 'peak'>, (context: Context) => Promise<Work[]>> = {
  fft: async (context) => (await import('./works/fft.ts')).fftWorks(context),
  fbank: async (context) => (await import('./works/fbank.ts')).fbankWorks(context),
  resample: async (context) => (await import('./works/resample.ts')).resampleWorks(context),
  decode: async (context) => (await import('./works/decode.ts')).decodeWorks(context),
  asr: async (context) => (await import('./works/asr.ts')).asrWorks(context),
  hpss: async (context) => (await import('./works/hpss.ts')).hpssWorks(context),
  pitch: async (context) => (await import('./works/pitch.ts')).pitchWorks(context),
  chroma: async (context) => (await import('./works/chroma.ts')).chromaWorks(context),
  mel: async (context) => (await import('./works/mel.ts')).melWorks(context),
  whisper: async (context) => (await import('./works/mel.ts')).whisperWorks(context),
  nemo: async (context) => (await import('./works/nemo.ts')).nemoWorks(context),
  'whisper-text': async (context) => (await import('./works/whisper-text.ts')).whisperTextWorks(context),
  q15: async (context) => (await import('./works/q15.ts')).q15Works(context),
  speaker: async (context) => (await import('./works/speaker.ts')).speakerWorks(context),
  python: async (context) => (await import('./works/python.ts')).pythonWorks(context),
  three: async (context) => (await import('./works/three.ts')).threeWorks(context),
  threads: async (context) => (await import('./works/threads.ts')).threadsWorks(context),
  browser: async (context) => (await import('./works/browser.ts')).browserWorks(context),
  'browser-threads': async (context) => (await import('./works/browser.ts')).browserThreadsWorks(context),
}

const PYTHON = process.env.DSP_BENCH_PYTHON ?? join(APP, '.venv/bin/python')

function findPeers(folder: string, threads: number) {
  const rust = join(APP, 'peers/rust/target/release/dsp-bench-peers')
  const worker = join(APP, 'peers/python/worker.py')
  const pythonOn = (count: number | undefined) =>
    existsSync(PYTHON)
      ? new PeerProcess([PYTHON, '-u', worker], folder, count)
      : absentProcess('the Python environment of the benchmark is not installed')
  return {
    python: pythonOn(threads),
    freePython: pythonOn(undefined),
    rust: existsSync(rust) ? new PeerProcess([rust], folder, threads) : absentProcess('the Rust peers are not built'),
  }
}

async function run(options: BenchOptions): Promise<Report> {
  const log = (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
  }
  // Read when the pool of our own native threads begins, at its first use.
  process.env.RAYON_NUM_THREADS = String(options.threads)
  const folder = mkdtempSync(join(tmpdir(), 'dsp-bench-'))
  const peers = findPeers(folder, options.threads)
  const model = fromWhereCalled(options.model) ?? join(APP, '../asr/models/an4')
  const longest = options.quick ? 3 : Number.POSITIVE_INFINITY
  const context: Context = { threads: options.threads, longest, folder, model, ...peers, closing: Object.values(peers) }
  const machine = describeMachine()
  const groups: GroupReport[] = []
  const began = performance.now()
  try {
    for (const [i, group] of options.only.entries()) {
      const left = remaining(options.only, i, (performance.now() - began) / 1000, options.seconds)
      console.error(`${group} (${i + 1} of ${options.only.length}): about ${minutes(left)} to the end`)
      const found = await runGroup(group, context, options, log).catch(
        (error: Error): GroupReport => ({ group, skipped: error.message }),
      )
      log('')
      process.stdout.write(plainRest(found))
      groups.push(found)
    }
  } finally {
    log('')
    for (const process of context.closing) process.close()
    rmSync(folder, { recursive: true, force: true })
  }
  logMissing(groups)
  const { threads, seconds } = options
  return { date: new Date().toISOString().slice(0, 10), machine, threads, seconds, groups }
}

type Log = (line: string) => void

async function runGroup(group: Group, context: Context, options: BenchOptions, log: Log): Promise<GroupReport> {
  if (group === 'memory') return { group, memory: await measureMemory(PYTHON, options.quick, log) }
  if (group === 'peak') return { group, peaks: await measurePeaks(context, PYTHON, log) }
  if (group === 'linear') return { group, linear: (await import('./works/linear.ts')).measureLinear(context, log) }
  const works: WorkReport[] = []
  const failed: string[] = []
  for (const work of await WORKS[group](context)) {
    // If one work fails, the others are still measured.
    const found = await runWork(work, { ...options, slice: SLICE }, log).catch((error: Error) => error)
    log('')
    if (found instanceof Error) failed.push(`${work.id}: ${found.message}`)
    else works.push(found)
    if (!(found instanceof Error)) console.log(plainWork(found))
  }
  return { group, works, ...(failed.length > 0 && { skipped: failed.join('\n') }) }
}

/** Which peers were missing. */
function logMissing(groups: readonly GroupReport[]): void {
  const outcomes = groups.flatMap(({ works }) => works ?? []).flatMap((work) => work.outcomes)
  const named = (state: string) => [...new Set(outcomes.filter((one) => one.state === state).map(({ name }) => name))]
  const [absent, failed] = [named('absent'), named('failed')]
  if (absent.length > 0) console.log(`Not installed: ${absent.join(', ')}; the tables say how to get them.`)
  if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}; the tables say why.`)
}

/** npm changes the folder before it runs a script; a user's path is meant from where the user stood. */
function fromWhereCalled(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', path)
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  const from = fromWhereCalled(options.from)
  const report = from === undefined ? await run(options) : (JSON.parse(readFileSync(from, 'utf8')) as Report)
  const json = fromWhereCalled(options.json)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
  if (options.markdown) {
    const path = join(APP, '../../docs/benchmarks.md')
    writeFileSync(path, page(report, existsSync(path) ? readFileSync(path, 'utf8') : ''))
  }
  if (options.write) for (const file of writeFigures(join(APP, '../..'), report)) console.log(`wrote ${file}`)
  return report.groups.some(({ skipped }) => skipped !== undefined) ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n\n${HELP}`)
  process.exitCode = 2
}
