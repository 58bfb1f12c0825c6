import { readFileSync, writeFileSync } from 'node:fs'
import { q15Profiles } from '@dsp/mel-q15'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
const run = (...args: string[]) => dsp(work.path, ['q15', ...args])

describe('dsp q15 generate', () => {
  it('prints exactly the documented fields', async () => {
    const totals = JSON.parse((await run('generate', '--profile', 'classic', '--json')).stdout)
    expect(totals).toEqual({
      filters: 80,
      coefficients: 502,
      minWidth: 1,
      maxWidth: 16,
      meanWidth: 6.275,
      meanOverlap: expect.closeTo(3.1266, 4),
      lowHz: 0,
      highHz: 7968.75,
      bytes: 1964,
    })
    const small = await run('generate', '--profile', 'classic', '--records', 'offsets-u8', '--json')
    expect(JSON.parse(small.stdout).bytes).toBe(1644)
  })

  it('refuses options that do not fit', async () => {
    for (const args of [
      ['--profile', 'mel'],
      ['--set', 'nMels=40'],
      ['--profile', 'accurate', '--set', 'nMels=0'],
      ['--records', 'u8'],
    ]) {
      const { code, stderr } = await run('generate', ...args)
      expect([code, stderr.length > 20]).toEqual([2, true])
    }
  })
})

describe('dsp q15 validate', () => {
  it.each(q15Profiles)('%s passes', async (profile) => {
    const { code, stdout } = await run('validate', '--profile', profile, '--json')
    const { passed, checks } = JSON.parse(stdout)
    expect([code, passed]).toEqual([0, true])
    const states = new Set(checks.map(({ state }: { state: string }) => state))
    expect(states).toEqual(new Set(profile === 'classic' ? ['ok', 'warning'] : ['ok']))
    expect((await run('validate', '--profile', profile, '--strict')).code).toBe(profile === 'classic' ? 1 : 0)
  })

  it('takes every form, and banks of other options', async () => {
    for (const args of [
      ['--profile', 'classic', '--records', 'pointers'],
      ['--profile', 'accurate', '--set', 'nMels=40', '--set', 'norm=Infinity'],
    ]) {
      expect((await run('generate', ...args, '--out', 'other.h')).code).toBe(0)
      const { code, stdout } = await run('validate', 'other.h')
      expect([code, stdout]).toEqual([0, expect.not.stringContaining('miss')])
    }
  })

  it('catches a header that was edited by hand', async () => {
    await run('generate', '--profile', 'whisper', '--out', 'good.h')
    const good = readFileSync(work.in('good.h'), 'utf8')
    const edits: [string | RegExp, string, string][] = [
      [/(mel_filters\[MEL_FILTERS\] = \{\n {2}\{)\d+/, '$15', 'edges and widths'],
      ['/* The sum of the bins', '/* The total of the bins', 'text'],
      ['+ 16384) >> 15', '+ 8192) >> 15', 'apply_mel_filter()'],
    ]
    for (const [from, to, check] of edits) {
      const text = good.replace(from, to)
      writeFileSync(work.in('bad.h'), text)
      const { code, stdout } = await run('validate', 'bad.h')
      expect([code, stdout]).toEqual([1, expect.stringMatching(new RegExp(`${check.replace('()', '\\(\\)')} +miss`))])
    }
    const coefficient = good.replace(/(mel_coefficients\[MEL_COEFFICIENTS\] = \{\n {2})\d+/, '$11')
    writeFileSync(work.in('bad.h'), coefficient)
    const changed = await run('validate', 'bad.h')
    expect([changed.code, changed.stdout]).toEqual([
      1,
      expect.stringMatching(/coefficients +miss[\s\S]*energies +miss/),
    ])
    for (const [text, message] of [
      [good.replace('struct mel_q15_filter {', 'struct mel_q15_filter { nonsense'), 'compile'],
      [good.slice(good.indexOf('\n')), 'first line'],
      [good.slice(0, good.length / 2), 'compile'],
      [good.replace(/(mel_filters\[MEL_FILTERS\] = \{\n {2}\{\d+, \d+, \d+, \d+, )\d+/, '$160000'), 'outside|compile'],
    ] as const) {
      writeFileSync(work.in('bad.h'), text)
      const { code, stderr } = await run('validate', 'bad.h')
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
    }
  })

  it('draws the bank', async () => {
    expect((await run('validate', '--profile', 'classic', '--plot', 'bank.png')).code).toBe(0)
    expect((await pictureOf(readFileSync(work.in('bank.png')))).width).toBe(1400)
  })

  it('says where there is no compiler', async () => {
    const { CC } = process.env
    process.env.CC = 'no-such-compiler'
    const { code, stderr } = await run('validate')
    if (CC === undefined) delete process.env.CC
    else process.env.CC = CC
    expect([code, stderr]).toEqual([1, expect.stringContaining('no-such-compiler')])
  })
})
