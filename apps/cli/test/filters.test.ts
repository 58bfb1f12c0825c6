import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const description = fileURLToPath(import.meta.resolve('@dsp/sincnet/package.json')).replace(
  'package.json',
  'model/speaker-encoder.json',
)

describe('dsp filters', () => {
  it('prints the learned and the initial filters of the shipped model', async () => {
    const { code, stdout } = await dsp(work.path, ['filters', '--json'])
    const { name, kind, filters } = JSON.parse(stdout)
    const shipped = JSON.parse(readFileSync(description, 'utf8'))
    expect([code, name, kind, filters.length]).toEqual([0, shipped.name, shipped.kind, 80])
    expect(filters.map((row: { learned: { low: number } }) => row.learned.low)).toEqual(shipped.low)
    expect(filters.map((row: { initial: { band: number } }) => row.initial.band)).toEqual(shipped.initialBand)
    const [row] = filters
    expect(row.shift).toBeCloseTo(row.learned.low + row.learned.band / 2 - row.initial.low - row.initial.band / 2, 9)
  })

  it('says it in words', async () => {
    const { stdout } = await dsp(work.path, ['filters'])
    const rows = stdout.trimEnd().split('\n')
    expect(rows).toHaveLength(83)
    expect(rows.at(-1)).toMatch(
      /^\d+ of 80 filters are narrower than before training; half of the centres moved by [\d.]+ Hz/,
    )
  })

  it('draws both', async () => {
    const { code } = await dsp(work.path, ['filters', '--plot', 'filters.png', '--width', '800', '--height', '600'])
    expect(code).toBe(0)
    const picture = await pictureOf(readFileSync(work.in('filters.png')))
    expect([picture.width, picture.height]).toEqual([800, 600])
    let learned = 0
    for (let y = 0; y < 600; y++) for (let x = 0; x < 800; x++) if (picture.at(x, y).join() === '238,102,119') learned++
    expect(learned).toBeGreaterThan(1000)
  })

  it('refuses a folder without a model, and a picture that is no PNG', async () => {
    const missing = await dsp(work.path, ['filters', '--model', work.path])
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('speaker-encoder.json')])
    expect((await dsp(work.path, ['filters', '--plot', 'filters.jpg'])).code).toBe(2)
  })
})
