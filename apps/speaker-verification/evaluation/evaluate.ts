/**
 * Scores encoders on the lists of ../trials: writes results.json and the tables of README.md. Run in the app's folder:
 *
 *     npx tsup evaluation/evaluate.ts --format esm --out-dir evaluation/dist --no-dts
 *     node evaluation/dist/evaluate.js teacher=teacher.npz raw=raw.npz [--difference raw-teacher] [--scores FOLDER] [--replicates 1000]
 *
 * The embeddings come from embed.py or embed.ts. Several files separated by commas are runs of one system with different seeds, of
 * which the mean is measured, each on the same draws of speakers. Systems in results.json that the command does not name are kept. A
 * difference A-B is that of the two systems' equal error rates, on the same draws of speakers. --scores writes every score file.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Bootstrap,
  bootstrapSpeakers,
  cosineScores,
  detCurve,
  type Embeddings,
  equalErrorRate,
  type Interval,
  minimumCost,
  normalizeScores,
  pairedDifference,
  parseTrials,
  type ScoredTrials,
  type TrialList,
  writeScores,
} from '@dsp/sincnet'
import { readNpz } from '@dsp/tensor'
import { readRecordings } from './recordings.js'
import type { Results } from './results.js'
import { tables } from './tables.js'

/** Number of the cohort's highest scores that AS-norm uses. */
const TOP = 100

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    difference: { type: 'string', multiple: true, default: [] },
    scores: { type: 'string' },
    replicates: { type: 'string', default: '1000' },
  },
})
const folder = resolve('evaluation')
const trialFolder = resolve('trials')
const replicates = Number(values.replicates)

const { tested, digest } = readRecordings(join(trialFolder, 'files.tsv'))
const speakers = tested.map(({ speaker }) => speaker)
const plain = [...new Set(tested.map(({ source }) => source))]
const lists = new Map<string, TrialList>()
for (const name of plain.flatMap((list) => [list, `${list}-hard`])) {
  const file = join(trialFolder, `${name}.txt`)
  if (!existsSync(file)) continue
  lists.set(name, parseTrials(readFileSync(file), { name: file, files: tested.map(({ path }) => path) }))
}

/** A system's embeddings by condition. */
function embeddingsOf(file: string): Map<string, Embeddings> {
  const arrays = new Map(Object.entries(readNpz(readFileSync(file))))
  const files = arrays.get('files')?.data
  if (!(files instanceof Uint8Array) || !digest.equals(files)) {
    throw new Error(
      `${file} does not match the recordings in trials/files.tsv: make it again with embed.py or embed.ts`,
    )
  }
  arrays.delete('files')
  return arrays as Map<string, Embeddings>
}

const path = join(folder, 'results.json')
const results: Results = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : { lists: {}, systems: {}, differences: {} }
const hashes = Object.fromEntries([...lists].map(([name, { sha256 }]) => [name, sha256]))
if (Object.keys(results.systems).length > 0 && JSON.stringify(results.lists) !== JSON.stringify(hashes)) {
  throw new Error('results.json belongs to other lists: remove it and measure every system again')
}
results.lists = hashes

/** System, condition, list. */
const drawn = new Map<string, Bootstrap>()
for (const named of positionals) {
  const [system, files] = [named.slice(0, named.indexOf('=')), named.slice(named.indexOf('=') + 1).split(',')]
  if (system === '' || !named.includes('=')) throw new Error(`SYSTEM=FILE.npz is expected, not ${named}`)
  results.systems[system] = await measure(system, files.map(embeddingsOf))
}

/** Measures the runs of a system under every condition that they all have. */
async function measure(system: string, runs: readonly Map<string, Embeddings>[]): Promise<Results['systems'][string]> {
  const of: Results['systems'][string] = {}
  const cohorts = runs.map((arrays) => arrays.get('cohort'))
  for (const condition of runs[0]!.keys()) {
    if (condition === 'cohort' || !runs.every((arrays) => arrays.has(condition))) continue
    const all = runs.map((arrays) => arrays.get(condition)!)
    const under: Results['systems'][string][string] = {}
    const measured: ScoredTrials[] = []
    for (const [name, trials] of lists) {
      const scored = all.map((embeddings) => ({ trials, scores: cosineScores(trials, embeddings), speakers }))
      if (values.scores !== undefined) {
        for (const [run, { scores }] of scored.entries()) {
          const target = join(values.scores, runs.length > 1 ? `${system}-${run + 1}` : system, condition)
          mkdirSync(target, { recursive: true })
          await writeScores(join(target, `${name}.txt`), trials, scores)
        }
      }
      if (plain.includes(name)) measured.push(...scored)
      const found = bootstrapSpeakers(scored, { replicates })
      drawn.set(`${system} ${condition} ${name}`, found)
      const curves = scored.map(({ scores }) => detCurve(scores, trials.targets))
      const normalized = (top?: number) =>
        mean(scored, ({ scores }, run) => {
          const options = top === undefined ? {} : { top }
          const changed = normalizeScores(trials, scores, all[run]!, cohorts[run]!, options)
          return equalErrorRate(detCurve(changed, trials.targets)).value
        })
      under[name] = {
        eer: interval(found),
        threshold: mean(curves, (curve) => equalErrorRate(curve).threshold),
        minDcf: [
          mean(curves, (curve) => minimumCost(curve, { prior: 0.01 }).value),
          mean(curves, (curve) => minimumCost(curve, { prior: 0.05 }).value),
        ],
        ...(cohorts.includes(undefined) || condition !== 'full'
          ? {}
          : { sNorm: normalized(), asNorm: normalized(TOP) }),
      }
    }
    const overall = bootstrapSpeakers(measured, { replicates })
    drawn.set(`${system} ${condition} mean`, overall)
    under.mean = { eer: interval(overall) }
    of[condition] = under
    console.log(`${system}, ${condition}: mean ${(100 * overall.value).toFixed(1)} %`)
  }
  return of
}

function mean<T>(of: readonly T[], measured: (item: T, i: number) => number): number {
  return round(of.reduce((sum, item, i) => sum + measured(item, i), 0) / of.length)
}

for (const pair of values.difference) {
  const [first, second] = Object.keys(results.systems)
    .flatMap((a) => Object.keys(results.systems).map((b) => [a, b] as const))
    .find(([a, b]) => `${a}-${b}` === pair) ?? ['', '']
  const of: Results['differences'][string] = {}
  for (const [key, found] of drawn) {
    const [system, condition, list] = key.split(' ') as [string, string, string]
    const other = drawn.get(`${second} ${condition} ${list}`)
    if (system !== first || other === undefined) continue
    const under = of[condition] ?? {}
    under[list] = interval(pairedDifference(found, other))
    of[condition] = under
  }
  if (Object.keys(of).length === 0) throw new Error(`${pair}: name both systems as SYSTEM=FILE.npz in this call`)
  results.differences[pair] = of
}

/** Enough for every table, and the same on every machine. */
function round(value: number): number {
  return Number(value.toPrecision(6))
}

function interval({ value, low, high }: Interval): Interval {
  return { value: round(value), low: round(low), high: round(high) }
}

// As the formatter wants it: pairs of numbers on one line.
const json = JSON.stringify(results, null, 2).replace(/\[\s+([-\d.e]+),\s+([-\d.e]+)\s+\]/g, '[$1, $2]')
writeFileSync(path, `${json}\n`)
const readme = join(folder, 'README.md')
const [open, close] = ['<!-- tables: evaluate.ts -->', '<!-- end of tables -->']
const text = readFileSync(readme, 'utf8')
const [before, after] = [text.indexOf(open), text.indexOf(close)]
if (before < 0 || after < before) throw new Error(`the marks of the tables are missing from ${readme}`)
writeFileSync(readme, `${text.slice(0, before + open.length)}\n\n${tables(results, plain)}\n${text.slice(after)}`)
