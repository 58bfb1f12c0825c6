import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeAudio } from '@dsp/audio'
import { diagnose, differences, type FrontEnd } from '@dsp/doctor'
import { readNpy } from '@dsp/tensor'
import { UsageError } from '../options.ts'
import { distanceOn } from './distance.ts'
import { type FoundFrontEnd, frontEndsPage, knownFrontEnds, missing, ourLayout } from './front-ends.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const KNOWN = join(ROOT, 'apps/bench/doctor/front-ends.json')
const PAGE = join(ROOT, 'docs/guide/front-ends-compared.md')

const HELP = `npm run front-ends -w apps/bench -- FOLDER [--write] [--only NAME,...]

Diagnoses the features that apps/bench/doctor/projects.py made in FOLDER, prints what differs from ours and which of the differences that
the libraries' sources say were not found, and with --write writes docs/guide/front-ends-compared.md.`

interface Made {
  readonly name: string
  readonly package: string
  readonly version: string
}

async function main(): Promise<number> {
  const options = { only: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values: given, positionals } = parseArgs({ options, allowPositionals: true })
  const [folder] = positionals
  if (given.help || folder === undefined) throw new UsageError(HELP)
  const list = join(folder, 'projects.json')
  if (!existsSync(list)) throw new UsageError(`${list} is missing: apps/bench/doctor/projects.py makes it`)
  const only = given.only?.split(',')
  const made = (JSON.parse(readFileSync(list, 'utf8')) as Made[]).filter(({ name }) => only?.includes(name) ?? true)
  const known = knownFrontEnds(KNOWN)
  const audio = await decodeAudio(join(folder, 'recording.wav'))
  const found: FoundFrontEnd[] = []
  for (const { name, package: from, version } of made) {
    const { kind, options } = known.find((one) => one.name === name)!
    const reference = readNpy(readFileSync(join(folder, `${name}.npy`)), name)
    const result = await diagnose({ audio, reference, kind, options })
    const sentences = [...result.causes, ...result.minor].map(({ sentence }) => sentence)
    const { explained, share, residual, theirs, layout, ours } = result
    const values = { explained, share, residual, theirs, layout, ours, oursLayout: ourLayout(kind, layout) }
    found.push({ name, version: `${from} ${version}`, sentences, ...values })
    console.log(`${name} (${result.seconds.toFixed(1)} s, ${explained ? 'explained' : `residual ${residual}`}):`)
    for (const line of sentences) console.log(`  ${line}`)
    for (const line of disagreements(theirs, known.find((one) => one.name === name)!.frontEnd))
      console.log(`  ! ${line}`)
  }
  const { missed, surplus, pairs, expected } = missing(known, found, distanceOn(audio))
  for (const line of missed) console.log(`missed: ${line}`)
  for (const line of surplus) console.log(`no difference: ${line}`)
  console.log(`${expected - missed.length} of ${expected} differences of ${pairs} pairs found`)
  if (given.write) writeFileSync(PAGE, frontEndsPage(known, found))
  return missed.length + surplus.length === 0 ? 0 : 1
}

function disagreements(found: FrontEnd, known: FrontEnd): string[] {
  const value = (frontEnd: FrontEnd, field: string) => frontEnd[field as keyof FrontEnd]
  const fields = differences(known, found).flatMap((one) => one.fields)
  return fields.map((field) => `${field}: found ${value(found, field)}, known ${value(known, field)}`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
