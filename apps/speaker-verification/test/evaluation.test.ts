import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Results } from '../evaluation/results.ts'
import { tables } from '../evaluation/tables.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const results = JSON.parse(read('evaluation/results.json')) as Results
const plain = Object.keys(results.lists).filter((list) => !list.endsWith('-hard'))

it('the evaluation README shows what results.json holds', () => {
  expect(read('evaluation/README.md')).toContain(tables(results, plain))
})

it('results.json is of the lists that are here', () => {
  for (const [list, sha256] of Object.entries(results.lists)) {
    expect(
      createHash('sha256')
        .update(read(`trials/${list}.txt`))
        .digest('hex'),
      list,
    ).toBe(sha256)
  }
})

it('every list has a rate and an interval under every condition', () => {
  for (const conditions of Object.values(results.systems)) {
    for (const lists of Object.values(conditions)) {
      expect(Object.keys(lists)).toEqual([...Object.keys(results.lists), 'mean'])
      for (const { eer } of Object.values(lists)) {
        expect(eer.value).toBeGreaterThanOrEqual(0)
        expect(eer.value).toBeLessThanOrEqual(1)
        expect(eer.low).toBeLessThanOrEqual(eer.high)
      }
    }
  }
})
