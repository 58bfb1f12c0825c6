import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { causeIds, differences, extractFrontEnd, type FrontEnd } from '@dsp/doctor'
import { describe, expect, it } from 'vitest'
import { distanceOn } from '../src/doctor/distance.ts'
import { type FoundFrontEnd, frontEndsPage, knownFrontEnds, missing, tellable } from '../src/doctor/front-ends.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const known = knownFrontEnds(join(ROOT, 'apps/bench/doctor/front-ends.json'))
const PAGE = join(ROOT, 'docs/guide/front-ends-compared.md')

/** Noise at many levels, with a muted piece. */
function sound() {
  let state = 1
  const samples = Float32Array.from({ length: 24000 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const level = i > 9000 && i < 13000 ? 0 : 0.3 * Math.sin(i / 5000) ** 4
    return level * (state / 2 ** 31 - 1) + (level === 0 ? 0 : 0.2 * Math.sin(i / 3) + 0.01)
  })
  return { samples, sampleRate: 16000 }
}

const audio = sound()
const distance = distanceOn(audio)

function found(frontEnds = known.map(({ frontEnd }) => frontEnd)): FoundFrontEnd[] {
  const ours = known[0]!.frontEnd
  const oursLayout = known[0]!.layout
  const rest = { version: '1', ours, oursLayout, explained: true, share: 1, residual: 0, sentences: [] }
  return known.map(({ name, layout }, i) => ({ name, ...rest, layout, theirs: frontEnds[i]! }))
}

describe('the known front ends', () => {
  it('have settings that can be extracted, and only those that exist', () => {
    const names = Object.keys(known[0]!.frontEnd)
    for (const { frontEnd, name } of known) {
      expect(Object.keys(frontEnd), name).toEqual(names)
      expect(extractFrontEnd(audio, frontEnd).frames, name).toBeGreaterThan(40)
    }
  })

  it('are all different', () => {
    for (const [i, a] of known.entries()) {
      for (const b of known.slice(i + 1)) expect(tellable(a, b, distance).length).toBeGreaterThan(0)
    }
  })
})

describe('missing', () => {
  it('is nothing if all settings are found, and what was not is named', () => {
    const all = missing(known, found(), distance)
    expect(all.missed).toEqual([])
    expect(all.surplus).toEqual([])
    expect(all.pairs).toBe((known.length * (known.length + 1)) / 2)
    const blind = known.map(({ name, frontEnd }) =>
      name === 'lhotse' ? { ...frontEnd, padding: 'snip' as const } : frontEnd,
    )
    const { missed } = missing(known, found(blind as FrontEnd[]), distance)
    expect(missed).toContain('torchaudio-fbank and lhotse: snip-edges')
    const odd = known.map(({ frontEnd }, i) => (i === 0 ? { ...frontEnd, melNorm: 'sum' as const } : frontEnd))
    expect(missing(known, found(odd), distance).surplus).toContain('torchaudio-fbank and lhotse: mel-norm')
    expect(missed.every((line) => line.endsWith('snip-edges') && line.includes('lhotse'))).toBe(true)
  })
})

describe('the page', () => {
  it('has every front end and pair', () => {
    const page = frontEndsPage(known, found())
    for (const { title, call } of known) expect(page).toContain(`| ${title} | 1 | \`${call}\` |`)
    expect(page.match(/^\|.*`num-bins`/gm)?.length).toBeGreaterThan(30)
  })

  it.skipIf(!existsSync(PAGE))('in the docs names every difference that the sources say', () => {
    const page = readFileSync(PAGE, 'utf8')
    for (const [i, a] of known.entries()) {
      for (const b of known.slice(i + 1)) {
        const row = page.split('\n').find((line) => line.startsWith(`| ${a.title} | ${b.title} | `))
        expect(row, `${a.name} and ${b.name}`).toBeDefined()
        const said = causeIds.filter((id) => row!.includes(`\`${id}\``))
        const untold = [...a.untold, ...b.untold]
        const layouts = [a.layout, b.layout] as const
        const wanted = differences(a.frontEnd, b.frontEnd, { layouts }).map(({ id }) => id)
        const missed = wanted.filter((id) => !said.includes(id) && !untold.includes(id))
        expect(missed, `${a.name} and ${b.name}`).toEqual([])
        expect(said.filter((id) => !wanted.includes(id))).toEqual([])
      }
    }
  })
})
