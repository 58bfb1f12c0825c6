import { readFileSync } from 'node:fs'
import { fuzz, fuzzInputs, fuzzRow } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { formatPassport, parsePassport } from '../src/passport/file.js'
import { Tokens } from '../src/tokens.js'
import { here } from './golden.js'

const text = (lines: readonly string[]) => new TextEncoder().encode(lines.map((line, id) => `${line} ${id}`).join('\n'))
const seeds = [
  text(['<blk>', '▁A', 'B', '<0xC3>', '#0']),
  text(Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i))),
  new TextEncoder().encode('\ufeff<eps> 0\r\n a 1\r\n2\r\n\r\n'),
  new Uint8Array(readFileSync(here('../models/an4/tokens.txt'))),
]

it('the tokens of hostile bytes: no crash, no waste, no waiting', { timeout: 1e8 }, async () => {
  const inputs = fuzzInputs()
  const figures = await fuzz({ name: 'tokens', seeds, parse: (bytes) => Tokens.parse(bytes, 'tokens.txt') }, inputs)
  if (inputs > 2000) console.log(fuzzRow('tokens', figures))
  expect(figures.inputs).toBe(inputs)
  expect(figures.accepted).toBeGreaterThan(inputs / 100)
  expect(figures.accepted).toBeLessThan(inputs)
})

it('the passports of hostile bytes: no crash, no waste, no waiting', { timeout: 1e8 }, async () => {
  const inputs = fuzzInputs()
  const small = readFileSync(here('golden/passport.json'))
  const seeds = [small, readFileSync(here('../models/an4/dsp.json')), Buffer.from('{"format":"dsp-passport"}')]
  const parse = (bytes: Uint8Array) => formatPassport(parsePassport(new TextDecoder().decode(bytes)))
  const figures = await fuzz({ name: 'passports', seeds: seeds.map((seed) => new Uint8Array(seed)), parse }, inputs)
  if (inputs > 2000) console.log(fuzzRow('passports', figures))
  expect(figures.inputs).toBe(inputs)
  expect(figures.accepted).toBeGreaterThan(0)
  expect(figures.accepted).toBeLessThan(inputs)
})

it('an id that leaves a gap is refused before a list of that length is made', () => {
  const begun = performance.now()
  expect(() => new Tokens('<blk> 0\nA 999999999\n', 'tokens.txt')).toThrow(/no token with the id 1/)
  expect(performance.now() - begun).toBeLessThan(1000)
})
