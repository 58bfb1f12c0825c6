import { describe, expect, it } from 'vitest'
import { GROUPS, HELP, parseOptions, UsageError } from '../src/options.ts'

describe('parseOptions', () => {
  it('runs everything on one thread by default', () => {
    expect(parseOptions([])).toEqual({
      only: GROUPS,
      seconds: 5,
      rounds: 7,
      threads: 1,
      model: undefined,
      json: undefined,
      markdown: false,
      write: false,
      from: undefined,
      quick: false,
    })
  })

  it('takes groups in their own order', () => {
    expect(parseOptions(['--only', 'fbank, fft', '--seconds', '0.5', '--markdown'])).toMatchObject({
      only: ['fft', 'fbank'],
      seconds: 0.5,
      markdown: true,
    })
  })

  it('shows help, which names every group', () => {
    expect(parseOptions(['--help'])).toBe('help')
    for (const group of GROUPS) expect(HELP).toContain(group)
  })

  it.each([
    [['--only', 'ffts'], /no work is named 'ffts'/],
    [['--seconds', '0'], /--seconds must be a number above 0, not '0'/],
    [['--seconds', 'long'], /not 'long'/],
    [['--rounds', '2.5'], /--rounds must be a whole number/],
    [['--threads', '-1'], UsageError],
    [['--fast'], /--fast/],
    [['--quick', '--markdown'], /leave --markdown out/],
    [['fft'], UsageError],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })
})
