import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  absErrorQuantile,
  extractExamples,
  golden,
  maxAbsError,
  noise,
  relativeL2Error,
  runExample,
  sharedData,
  sharedDataOrSkip,
  sine,
} from '../src/testing/index.js'

const fence = '```'
const source = `
/**
 * Doubles.
 * @param x - A number.
 * @example
 * ${fence}ts
 * const x: number = 2
 * x * 2 // => 4
 * ${fence}
 * @returns More.
 */
export function double(x: number) { return 2 * x }

/** @example
 * ${fence}ts
 * import { readFileSync } from 'node:fs'
 * readFileSync('in.txt', 'utf8') // => 'hello'
 * ${fence}
 * ${fence}sh
 * rm -rf nothing
 * ${fence}
 */
export const two = 2
`

describe('doc examples', () => {
  mkdirSync('.cache', { recursive: true })
  const home = mkdtempSync(join(process.cwd(), '.cache', 'testing-'))
  mkdirSync(join(home, 'src'))
  writeFileSync(join(home, 'src', 'a.ts'), source)
  const examples = extractExamples(join(home, 'src'))
  afterAll(() => rmSync(home, { recursive: true }))

  it('are found with their names', () => {
    expect(examples.map(({ name }) => name)).toEqual(['a.ts:6 double', 'a.ts:15 two'])
    expect(examples[0]!.code).toBe('const x: number = 2\nx * 2 // => 4\n')
  })

  it('run, with files', async () => {
    await runExample(examples[0]!)
    await runExample(examples[1]!, { files: { 'in.txt': new TextEncoder().encode('hello') } })
  })

  it('fail where a value differs or an error is thrown', async () => {
    await expect(runExample({ ...examples[0]!, code: '1 + 1 // => 3\n' })).rejects.toThrow(/failed \(exit 1\)[\s\S]*3/)
    await expect(runExample(examples[1]!)).rejects.toThrow(/ENOENT/)
    await expect(
      runExample({ ...examples[0]!, code: 'await new Promise((r) => setTimeout(r, 9e4))' }, { timeout: 300 }),
    ).rejects.toThrow(/SIGTERM/)
  })
})

it('the measures of error say what they mean', () => {
  expect(maxAbsError([1, 2, Infinity], [1, 2.5, Infinity])).toBe(0.5)
  expect(maxAbsError([Number.NaN], [Number.NaN])).toBe(0)
  expect(maxAbsError([Number.NaN, 1], [1, 1])).toBeNaN()
  expect(relativeL2Error([3, 4], [0, 5])).toBeCloseTo(Math.sqrt(10) / 5, 12)
  expect(relativeL2Error([0, 0], [0, 0])).toBe(0)
  expect(absErrorQuantile([0, 1, 2, 3], [0, 0, 0, 0], 0.5)).toBe(1)
  expect(absErrorQuantile([0, 1, 2, 3], [0, 0, 0, 0], 1)).toBe(3)
  expect(() => maxAbsError([1], [])).toThrow('lengths differ')
})

it('noise is seeded and sines have their frequency', () => {
  expect(noise(100, 3)).toEqual(noise(100, 3))
  expect(noise(100, 3)).not.toEqual(noise(100, 4))
  expect(Math.max(...noise(10000))).toBeLessThanOrEqual(0.5)
  expect([...sine(4, 4000, 16000, 1)].map((x) => Math.round(x))).toEqual([0, 1, 0, -1])
})

it('data that is not there skips the test', () => {
  expect(sharedData('no/such/file')).toBeUndefined()
  const skip = (note?: string): never => {
    throw new Error(note)
  }
  expect(() => sharedDataOrSkip({ skip }, 'no/such/file')).toThrow('../shared/data/no/such/file is not beside')
})

it('goldens name what they lack', () => {
  const numpy = golden(new URL('./golden/npy.npz', import.meta.url))
  expect(() => numpy.array('nothing')).toThrow(/has no array nothing; it has: /)
  expect(() => numpy.numbers('index')).toThrow(/Uint8Array/)
  expect(() => numpy.text('index')).toThrow(/not a text type/)
})
