import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  coefficientsHeader,
  type Q15BankOptions,
  q15Bank,
  q15Profiles,
  type RecordForm,
  recordForms,
} from '../src/index.js'

const FLAGS = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wno-unused-const-variable']

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mel-q15-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Compiles a header with a program that prints its filters' sums over a spectrum, and runs it. */
function run(options: Partial<Q15BankOptions>, records: RecordForm): number[] {
  const spectrum = Array.from({ length: 1200 }, (_, i) => (i * 7919) % 32768)
  writeFileSync(join(folder, 'mel_filterbank_coeffs.h'), coefficientsHeader(q15Bank(options), { records }))
  writeFileSync(
    join(folder, 'main.c'),
    `#include "mel_filterbank_coeffs.h"
#include <stdio.h>
static const int16_t spectrum[] = {${spectrum.join()}};
int main(void) {
  for (int m = 0; m < MEL_FILTERS; m++) printf("%ld\\n", (long)apply_mel_filter(&mel_filters[m], spectrum));
  return 0;
}
`,
  )
  execFileSync('cc', [...FLAGS, '-o', 'main', 'main.c'], { cwd: folder })
  return execFileSync(join(folder, 'main'), { encoding: 'utf8' }).trim().split('\n').map(Number)
}

/** The same by the definition. */
function sums(options: Partial<Q15BankOptions>): number[] {
  return q15Bank(options).filters.map(({ startBin, coefficients }) =>
    coefficients.reduce((sum, c, i) => sum + Math.floor((c * (((startBin + i) * 7919) % 32768) + 16384) / 32768), 0),
  )
}

const accurate = { profile: 'accurate', nFft: 1024, nMels: 33, norm: Number.POSITIVE_INFINITY } as const

describe('the C header compiles without a warning and weighs as the bank says', () => {
  it.each(q15Profiles)('%s', (profile) => {
    for (const records of recordForms) {
      if (records === 'offsets-u8' && profile === 'accurate') continue
      if (records === 'offsets-u8' && profile === 'whisper-512') continue
      expect(run({ profile }, records)).toEqual(sums({ profile }))
    }
  })

  it('another bank', () => {
    expect(run(accurate, 'offsets')).toEqual(sums(accurate))
    expect(coefficientsHeader(q15Bank(accurate)).split('\n')[0]).toContain('"norm":"Infinity"')
  })
})

it('a header says how much memory its forms take', () => {
  const bank = q15Bank({ profile: 'classic' })
  expect(coefficientsHeader(bank)).toContain(
    'Memory: 1964 bytes (pointers 2604, offsets 1964, offsets-u8 1644; 32-bit pointers)',
  )
  expect(coefficientsHeader(bank)).toBe(coefficientsHeader(q15Bank({ profile: 'classic' })))
})
