import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DspError } from '@dsp/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cosineScores,
  formatScores,
  formatTrials,
  normalizeScores,
  parseScores,
  parseTrials,
  readScores,
  readTrials,
  writeScores,
} from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'trials-'))
const text = '1 a.flac b.flac\n0 a.flac c.flac\n0 b.flac c.flac\n'

describe('trial lists', () => {
  it('are read and written, with their hash', async () => {
    const path = join(folder, 'list.txt')
    writeFileSync(path, text)
    const trials = await readTrials(path)
    expect(formatTrials(trials)).toBe(text)
    expect(trials.sha256).toBe(createHash('sha256').update(text).digest('hex'))
    expect(Array.from(trials.first)).toEqual([0, 0, 1])
    expect(Array.from(trials.second)).toEqual([1, 2, 2])
    const files = ['c.flac', 'b.flac', 'a.flac', 'unused.flac']
    expect(Array.from((await readTrials(path, { files })).first)).toEqual([2, 2, 1])
  })

  it('may have Windows line ends, tabs, no last line end and UTF-8 names', () => {
    const trials = parseTrials('1 ä.flac b.flac\r\n0\tä.flac   c.flac')
    expect(trials.files).toEqual(['ä.flac', 'b.flac', 'c.flac'])
    expect(Array.from(trials.targets)).toEqual([1, 0])
  })

  it.each([
    ['1 a b\n0 a x\n', /list\.txt, line 2: there is no recording x/],
    ['1 a b\n0 b a\n', /list\.txt, line 2: the pair of line 1 again/],
    ['1 a b\n0 a c\n0 a c\n', /list\.txt, line 3: the pair of line 2 again/],
    ['1 a b\n\n0 a c\n', /list\.txt, line 2: '1 FILE FILE' or '0 FILE FILE' is expected, not ""/],
    ['1 a b\n0 a\n', /list\.txt, line 2: .* not "0 a"/],
    ['1 a b c\n', /list\.txt, line 1: .* not "1 a b c"/],
    ['2 a b\n', /list\.txt, line 1: a trial begins with 1 or 0, not "2"/],
    ['a b 1\n', /list\.txt, line 1: a trial begins with 1 or 0/],
    ['1 a a\n', /list\.txt, line 1: a is compared with itself/],
    ['', /list\.txt holds no trial/],
    ['1 a\tb c\n', /list\.txt, line 1: .* not "1 a\\tb c"/],
    [`1 ${'\0'.repeat(1000)}`, /list\.txt, line 1/],
  ])('%j is refused with its place', (list, message) => {
    const read = () => parseTrials(list, { name: 'list.txt', files: ['a', 'b', 'c'] })
    expect(read).toThrow(DspError)
    expect(read).toThrow(message)
  })

  it('of bytes that are no text are refused', () => {
    expect(() => parseTrials(Uint8Array.of(0x31, 0x20, 0xff, 0x20, 0x62), { name: 'x' })).toThrow(
      /x is not text in UTF-8/,
    )
  })

  it('of which bytes were changed are read or refused, and never come out of another length', () => {
    const bytes = new TextEncoder().encode(text.repeat(3).replaceAll('\n', '\r\n'))
    const change = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(change, fc.nat(bytes.length), (changes, end) => {
        const changed = bytes.slice(0, end)
        for (const [at, byte] of changes) if (at < end) changed[at] = byte
        try {
          const trials = parseTrials(changed, { repeated: 'keep' })
          const lines = new TextDecoder().decode(changed).replace(/\n$/, '').split('\n')
          expect(trials.targets.length).toBe(lines.length)
          expect(formatTrials(trials).split('\n').length).toBe(lines.length + 1)
        } catch (error) {
          if (!(error instanceof DspError) || error.code !== 'ERR_DSP_FORMAT') throw error
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('may keep pairs that come again', () => {
    expect(parseTrials('1 a b\n1 b a\n', { repeated: 'keep' }).targets.length).toBe(2)
  })

  it('are refused where the file cannot be read or the recordings are not different', async () => {
    await expect(readTrials(join(folder, 'none.txt'))).rejects.toMatchObject({ code: 'ERR_DSP_IO' })
    expect(() => parseTrials(text, { files: ['a.flac', 'a.flac'] })).toThrow(/options.files/)
    expect(() => parseTrials(text, { repeated: 'no' as 'keep' })).toThrow(/options.repeated/)
  })

  it('longer than a piece that is decoded at once are read whole', () => {
    const long = Array.from({ length: 300_000 }, (_, i) => `0 a/${'x'.repeat(50)} b/${i}`).join('\n')
    expect(long.length).toBeGreaterThan(1.1 * 2 ** 24)
    const { files, targets } = parseTrials(long)
    expect([files.length, targets.length, files.at(-1)]).toEqual([300_001, 300_000, 'b/299999'])
  })
})

describe('the lists of apps/speaker-verification', () => {
  const lists = new URL('../../../../apps/speaker-verification/trials/', import.meta.url)
  const readme = readFileSync(new URL('README.md', lists), 'utf8')
  const rows = readFileSync(new URL('files.tsv', lists), 'utf8').trim().split('\n').slice(1)
  const speakers = new Map(rows.map((row) => row.split('\t').slice(0, 2) as [string, string]))

  it.each(readdirSync(lists).filter((name) => name.endsWith('.txt')))('%s holds what its README says', (name) => {
    const trials = parseTrials(readFileSync(new URL(name, lists)), { name, files: speakers.keys() })
    const targets = trials.targets.reduce((sum, target) => sum + target, 0)
    expect(readme).toContain(`| ${targets} | ${trials.targets.length - targets} | \`${trials.sha256}\` |`)
    trials.targets.forEach((target, i) => {
      const [a, b] = [trials.files[trials.first[i]!]!, trials.files[trials.second[i]!]!]
      if ((speakers.get(a) === speakers.get(b)) !== (target === 1)) throw new Error(`${name}: ${target} ${a} ${b}`)
    })
  })
})

describe('score files', () => {
  const trials = parseTrials(text)
  const scores = [0.1 + 0.2, -1e-20, 123456789.123]

  it('are read exactly as they were written', async () => {
    const path = join(folder, 'scores.txt')
    await writeScores(path, trials, scores)
    expect(readFileSync(path, 'utf8')).toBe(formatScores(trials, scores))
    expect(Array.from(await readScores(path, trials))).toEqual(scores)
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
  })

  it('are written whole or not at all', async () => {
    const path = join(folder, 'bad.txt')
    await expect(writeScores(path, trials, [1, 2])).rejects.toThrow(/one for each of 3 trials, got 2/)
    await expect(writeScores(path, trials, [1, Number.NaN, 2])).rejects.toThrow(/score 1 is not/)
    await expect(writeScores(join(folder, 'none', 'x.txt'), trials, scores)).rejects.toMatchObject({
      code: 'ERR_DSP_IO',
    })
    expect(existsSync(path)).toBe(false)
  })

  it.each([
    ['1 a.flac b.flac\n2 a.flac c.flac\n', /scores, line 3: the file ends, and 1 scores are missing/],
    ['', /scores, line 1: the file ends, and 3 scores are missing/],
    [`${formatScores(trials, scores)}1 a.flac b.flac\n`, /scores, line 4: the list has no more than 3 trials/],
    [formatScores(trials, scores).slice(0, -4), /scores, line 3: the list's trial is b.flac c.flac/],
    ['1 a.flac c.flac\n', /scores, line 1: the list's trial is a.flac b.flac/],
    ['NaN a.flac b.flac\n', /scores, line 1: 'SCORE FILE FILE' is expected/],
    ['a.flac b.flac 1\n', /scores, line 1: 'SCORE FILE FILE' is expected/],
  ])('%j is refused with its place', (list, message) => {
    expect(() => parseScores(list, trials)).toThrow(message)
  })
})

describe('scores of embeddings', () => {
  const trials = parseTrials('1 a b\n0 a c\n', { files: ['a', 'b', 'c', 'd'] })
  const matrix = (data: number[], columns = 2) => ({
    data: Float32Array.from(data),
    shape: [data.length / columns, columns],
  })

  it('need only the rows of recordings in the list', () => {
    const embeddings = matrix([3, 4, 4, 3, 0, 1, Number.NaN, 0])
    const found = cosineScores(trials, embeddings)
    expect(found[0]).toBeCloseTo(0.96, 12)
    expect(found[1]).toBeCloseTo(0.8, 12)
  })

  it('may be of a strided view', () => {
    const columns = { data: Float32Array.of(0, 3, 4, 0, 1, 4, 3, 1, 1), shape: [4, 2], stride: [1, 4], offset: 1 }
    expect(cosineScores(trials, columns)[0]).toBeCloseTo((3 * 4 + 4 * 3) / (5 * 5), 12)
  })

  it('are refused where a row is no direction or missing', () => {
    expect(() => cosineScores(trials, matrix([1, 0, 0, 0, 1, 1, 1, 1]))).toThrow(/which b is not/)
    expect(() => cosineScores(trials, matrix([1, 0, Number.NaN, 0, 1, 1, 1, 1]))).toThrow(/which b is not/)
    expect(() => cosineScores(trials, matrix([1, 0, 1, 1]))).toThrow(/a row for each of 4 recordings, got 2/)
    expect(() => cosineScores(trials, { data: new Float32Array(4), shape: [4] })).toThrow(/\[recordings, dimensions\]/)
    const embeddings = matrix([1, 0, 1, 1, 0, 1, 1, 2])
    const normalize = (cohort: ReturnType<typeof matrix>, top?: number) =>
      normalizeScores(trials, [1, 2], embeddings, cohort, top === undefined ? {} : { top })
    expect(() => normalize(matrix([1, 0, 0], 3))).toThrow(/cohort must have 2 dimensions/)
    expect(() => normalize(matrix([1, 0, 0, 1]), 3)).toThrow(
      /options.top must be a whole number from 2 to the cohort's 2/,
    )
    expect(() => normalize(matrix([1, 0, 1, 0]))).toThrow(/cohort must be of speakers that differ/)
    expect(() => normalize(matrix([1, 0, 0, 0]))).toThrow(/which row 1 is not/)
  })
})
