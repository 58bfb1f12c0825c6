import { describe, expect, it } from 'vitest'
import type { Outcome, WorkReport } from '../src/run-work.ts'
import { COLUMNS, formatGoal, formatRatio, formatTime, markdownTable, plainTable, rows } from '../src/table.ts'

const ratio = { median: 5.3, min: 4.2, max: 6.1, best: 5.1, cpu: 5.2, rounds: 9 }

describe('numbers', () => {
  it('shows times in the unit that fits', () => {
    expect(formatTime(270.4)).toBe('270 ns')
    expect(formatTime(1840)).toBe('1.84 µs')
    expect(formatTime(15.44e6)).toBe('15.4 ms')
    expect(formatTime(1.356e9)).toBe('1.36 s')
    expect(formatTime(0.5)).toBe('0.50 ns')
  })

  it('shows ratios with the digits that mean something', () => {
    expect(formatRatio(0.964)).toBe('0.96×')
    expect(formatRatio(9.996)).toBe('10.0×')
    expect(formatRatio(212.7)).toBe('213×')
    expect(formatRatio(Number.NaN)).toBe('–')
  })

  it('says whether a goal was reached and by how much it was missed', () => {
    expect(formatGoal({ goal: 5, ratio })).toBe('5×: reached')
    expect(formatGoal({ goal: 10, ratio })).toBe('10×: missed by 47 %')
    expect(formatGoal({ goal: 5.301, ratio })).toBe('5.301×: missed by 1 %')
    expect(formatGoal({ goal: 5 })).toBe('5×: not measured')
    expect(formatGoal({ ratio })).toBe('')
  })
})

describe('rows', () => {
  const outcomes: Outcome[] = [
    { name: 'ours', call: 'f()', version: '0.1.0', state: 'ours', ns: 5e6, fromExact: 6.6e-8 },
    {
      name: 'peer',
      call: 'g()',
      version: '2',
      state: 'timed',
      ns: 26e6,
      ratio,
      goal: 5,
      agreement: { same: true, text: 'max |Δ| 1.0e-6' },
    },
    { name: 'kin', call: '', version: '3', state: 'timed', ns: 26e6, ratio, similar: 'another window' },
    { name: 'gone', call: 'h()', state: 'absent', why: 'not installed: run this' },
    {
      name: 'easy',
      call: 'e()',
      version: '1',
      state: 'differs',
      agreement: { same: false, text: 'shape 3' },
      why: 'x',
    },
  ]
  const report: WorkReport = { id: 'w', title: 'W', detail: 'd', unit: 'u', outcomes }

  it('has a cell for every column, for every state', () => {
    expect(rows(report)).toEqual([
      ['ours f()', '0.1.0', '5.00 ms', '1', '', '', '', '', '6.6e-8', ''],
      ['peer g()', '2', '26.0 ms', '5.30×', '4.20–6.10', '5.10×', '5.20×', '5×: reached', '', 'max |Δ| 1.0e-6'],
      ['kin', '3', '26.0 ms', '5.30×', '4.20–6.10', '5.10×', '5.20×', '', '', 'not the same values: another window'],
      ['gone h()', '', '(absent)', '', '', '', '', '', '', 'not installed: run this'],
      ['easy e()', '1', '(differs)', '', '', '', '', '', '', 'shape 3; x'],
    ])
  })
})

describe('tables', () => {
  it('has each cell under its own heading', () => {
    const outcome: Outcome = { name: 'peer', call: 'f', state: 'timed', agreement: { same: true, text: 'identical' } }
    const [cells] = rows({ outcomes: [{ ...outcome, fromExact: 0.5 }] } as unknown as WorkReport)
    expect(cells![COLUMNS.indexOf('result')]).toBe('identical')
    expect(cells![COLUMNS.indexOf('from float64')]).toBe('5.0e-1')
    const [decibels] = rows({ outcomes: [{ ...outcome, decibels: 56.04 }] } as unknown as WorkReport)
    expect(decibels![COLUMNS.indexOf('from float64')]).toBe('SNR 56.0 dB')
  })

  it('pads all columns but the last', () => {
    expect(plainTable(['a', 'bb', 'c'], [['long', '1', 'end of the line']])).toBe(
      ['a     bb  c', '----  --  ------', 'long  1   end of the line'].join('\n'),
    )
  })

  it('leaves empty columns out of Markdown and keeps bars and line ends out of cells', () => {
    expect(markdownTable(['a', 'b', 'c'], [['|Δ|', '', 'x\ny']])).toBe(
      ['| a | c |', '|---|---|', '| \\|Δ\\| | x y |'].join('\n'),
    )
  })
})
