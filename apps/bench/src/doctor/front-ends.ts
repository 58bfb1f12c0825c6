/** The front ends of real projects: what they compute by their sources, and how a page shows what was found. */

import { readFileSync } from 'node:fs'
import {
  type CauseId,
  causeIds,
  type DiagnosableKind,
  type Difference,
  describeSetting,
  differences,
  type FrontEnd,
  frontEndOf,
  type Layout,
  withFields,
} from '@dsp/doctor'
import { markdownTable } from '../table.ts'

/** A front end of a project, as its sources have it. */
export interface KnownFrontEnd {
  readonly name: string
  readonly title: string
  /** How it is called in Python. */
  readonly call: string
  /** Our nearest kind, and its options besides the number of columns. */
  readonly kind: DiagnosableKind
  readonly options: Readonly<Record<string, unknown>>
  readonly frontEnd: FrontEnd
  /** How its features lie in memory. */
  readonly layout: Layout
  /** Causes that its features do not show, though its settings differ. */
  readonly untold: readonly CauseId[]
  /** Why it does not. */
  readonly note?: string
}

/** What a diagnosis found of one. */
export interface FoundFrontEnd {
  readonly name: string
  /** Of the package, e.g. `lhotse 1.33.0`. */
  readonly version: string
  readonly ours: FrontEnd
  /** How the features of our kind lie in memory. */
  readonly oursLayout: Layout
  readonly theirs: FrontEnd
  readonly layout: Layout
  readonly explained: boolean
  readonly share: number
  readonly residual: number
  /** One sentence for each cause, the most important first. */
  readonly sentences: readonly string[]
}

/** The options of our kind for a number of filters. */
const COUNTS: Readonly<Record<DiagnosableKind, string>> = {
  fbank: 'numMelBins',
  mfcc: 'numMelBins',
  mel: 'nMels',
  'mel-mfcc': 'nMels',
  whisper: 'nMels',
  nemo: 'features',
}

/** Those of apps/bench/doctor/front-ends.json: settings that are not in it are the plain ones, e.g. no pre-emphasis. */
export function knownFrontEnds(file: string): KnownFrontEnd[] {
  type Entry = Omit<KnownFrontEnd, 'name' | 'frontEnd' | 'layout'> & {
    settings: Partial<FrontEnd>
    layout?: Partial<Layout>
  }
  const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>)
  return entries.map(([name, { settings, options, layout, untold = [], ...rest }]) => ({
    name,
    ...rest,
    untold,
    options: { ...options, [COUNTS[rest.kind]]: settings.numBins },
    frontEnd: { ...PLAIN, ...settings },
    layout: { ...PLAIN_LAYOUT, ...layout },
  }))
}

/** Librosa's form has the fewest stages: what is not set stays as it is there, with HTK's filters unscaled. */
const PLAIN: FrontEnd = {
  ...frontEndOf('mel', { nFft: 400, hopLength: 160, htk: true, norm: null, nMels: 80 }, 16000),
  normalisationDdof: 0,
}

const PLAIN_LAYOUT: Layout = {
  axes: 'frames-bins',
  reversed: false,
  dtype: 'float32',
  swapped: false,
  before: 0,
  after: 0,
}

/** A front end and how its features lie in memory. */
type Laid = Pick<KnownFrontEnd, 'frontEnd' | 'layout'>

const foundOf = ({ theirs: frontEnd, layout }: FoundFrontEnd): Laid => ({ frontEnd, layout })

function differencesOf(a: Laid, b: Laid): Difference[] {
  return differences(a.frontEnd, b.frontEnd, { layouts: [a.layout, b.layout] })
}

/** By how much values change from one front end to another; infinity for another shape. */
export type Distance = (a: FrontEnd, b: FrontEnd) => number

/** A change of values below this cannot be told. */
const TELLS = 1e-3

/** Differences of two front ends that change any value, or how they lie in memory. */
export function tellable(one: Laid, other: Laid, distance: Distance): Difference[] {
  const [a, b] = [one.frontEnd, other.frontEnd]
  return differencesOf(one, other).filter(({ id, fields }) => {
    if (id === 'layout') return true
    return distance(a, withFields(a, b, fields)) > TELLS || distance(b, withFields(b, a, fields)) > TELLS
  })
}

/** Expected differences of each pair, and of each from ours, that were not found, and those found that are none: one line each. */
export function missing(
  known: readonly KnownFrontEnd[],
  found: readonly FoundFrontEnd[],
  distance: Distance,
): { readonly missed: string[]; readonly surplus: string[]; readonly pairs: number; readonly expected: number } {
  const missed: string[] = []
  const surplus: string[] = []
  let [pairs, expected] = [0, 0]
  type Pair = readonly [Laid, Laid]
  const compare = (names: string, wanted: Pair, got: Pair, untold: readonly CauseId[]): void => {
    const ids = new Set(differencesOf(...got).map(({ id }) => id))
    const told = tellable(...wanted, distance).filter(({ id }) => !untold.includes(id))
    pairs++
    expected += told.length
    for (const { id } of told) if (!ids.has(id)) missed.push(`${names}: ${id}`)
    const real = new Set(differencesOf(...wanted).map(({ id }) => id))
    for (const id of ids) if (!real.has(id) && !untold.includes(id)) surplus.push(`${names}: ${id}`)
  }
  const knownOf = (name: string): KnownFrontEnd => known.find((one) => one.name === name)!
  for (const [i, one] of found.entries()) {
    const mine = knownOf(one.name)
    const ours = { frontEnd: one.ours, layout: one.oursLayout }
    compare(`${one.name} and ours`, [ours, mine], [ours, foundOf(one)], mine.untold)
    for (const other of found.slice(i + 1)) {
      const theirs = knownOf(other.name)
      const names = `${one.name} and ${other.name}`
      compare(names, [mine, theirs], [foundOf(one), foundOf(other)], [...mine.untold, ...theirs.untold])
    }
  }
  return { missed, surplus, pairs, expected }
}

const ids = (list: readonly CauseId[]): string => list.map((id) => `\`${id}\``).join(', ') || 'none'

/** Causes by which two differ, but for those that the features of one do not show. */
function shownDifferences(known: readonly KnownFrontEnd[], one: FoundFrontEnd, other: FoundFrontEnd): CauseId[] {
  const untold = known.filter(({ name }) => name === one.name || name === other.name).flatMap((k) => k.untold)
  return differencesOf(foundOf(one), foundOf(other)).flatMap(({ id }) => (untold.includes(id) ? [] : [id]))
}

/** Rows of the pairs: who, whom, and by which causes they differ. */
export function pairRows(known: readonly KnownFrontEnd[], found: readonly FoundFrontEnd[]): string[][] {
  const title = (name: string): string => known.find((one) => one.name === name)!.title
  return found.flatMap((one, i) =>
    found.slice(i + 1).map((other) => [title(one.name), title(other.name), ids(shownDifferences(known, one, other))]),
  )
}

/** The page of the documentation. */
export function frontEndsPage(known: readonly KnownFrontEnd[], found: readonly FoundFrontEnd[]): string {
  const of = (name: string): KnownFrontEnd => known.find((one) => one.name === name)!
  const all = new Set(found.flatMap((one) => found.flatMap((other) => shownDifferences(known, one, other))))
  const shown = causeIds.filter((id) => all.has(id))
  const word = (id: CauseId, { name, theirs, layout }: FoundFrontEnd): string =>
    of(name).untold.includes(id) ? '–' : describeSetting(id, theirs, layout)
  const notes = found.flatMap(({ name }) => {
    const { title, untold, note } = of(name)
    return untold.length === 0 ? [] : [`\n– of ${title}, ${ids(untold)}: ${note}\n`]
  })
  const calls = found.map(({ name, version }) => [of(name).title, version, `\`${of(name).call}\``])
  const settings = shown.map((id) => [`[\`${id}\`](doctor.md#${id})`, ...found.map((one) => word(id, one))])
  const against = found.map(({ name, sentences, explained, share, residual }) => [
    of(name).title,
    `\`${of(name).kind}\``,
    sentences.join(' ') || 'Nothing: both are the same.',
    explained
      ? 'to rounding noise'
      : `${(Math.floor(1000 * share) / 10).toFixed(1)} %, ${residual.toPrecision(2)} remain`,
  ])
  return `# Front ends compared

Which front end differs from which, and by what? This page is written by a script, which lets each of these libraries compute the features
of one recording with its own defaults and gives the results to [the doctor](doctor.md), knowing nothing of how they were made. A test
compares what it found with what the libraries' sources say.

The recording is 8 s of speech at 16 kHz with half a second muted, where the floors of logarithms show. Each call:

${markdownTable(['front end', 'version', 'call'], calls)}

## What each computes

Everything in this table was found from the features alone.

${markdownTable(['', ...found.map(({ name }) => of(name).title)], settings)}
${notes.join('')}
## From ours

Each against our nearest kind of features with its defaults and the same number of columns.

${markdownTable(['front end', 'our kind', 'what differs', 'reproduced'], against)}

## Each pair

The ids are explained in [the doctor's guide](doctor.md); the settings are in the table above.

${markdownTable(['', 'and', 'differ by'], pairRows(known, found))}

## Make this page again

\`\`\`sh
bash apps/bench/install-peers.sh python
apps/bench/.venv/bin/python apps/bench/doctor/projects.py .cache/doctor/projects
npm run front-ends -w apps/bench -- "$PWD/.cache/doctor/projects" --write
\`\`\`
`
}

/** How the features of a kind of ours lie in memory beside a reference's layout: its type is no difference, nor is NeMo's padding. */
export function ourLayout(kind: DiagnosableKind, { dtype, after }: Layout): Layout {
  const axes = kind === 'fbank' || kind === 'mfcc' ? 'frames-bins' : 'bins-frames'
  return { ...PLAIN_LAYOUT, axes, dtype, after: kind === 'nemo' ? after : 0 }
}
