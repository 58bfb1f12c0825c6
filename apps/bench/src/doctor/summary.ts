/** Totals of verdicts, and what is confused with what. */

import { markdownTable } from '../table.ts'
import { CASE_GROUPS, type CaseGroup } from './cases.ts'
import type { Verdict } from './judge.ts'

/** What must be right, in percent, by group. */
const GOALS: Readonly<Record<CaseGroup, number>> = { single: 98, pair: 95, triple: 90, equal: 100, long: 90 }

const TITLES: Readonly<Record<CaseGroup, string>> = {
  single: 'one fault, named first',
  pair: 'two faults, both named',
  triple: 'three faults, all named',
  equal: 'no fault, none named',
  long: 'three faults in 60 s of sound, all named',
}

/** Whether a case counts as right in its group. */
export function isRight({ group, first, missed, accused, error }: Verdict): boolean {
  if (error !== undefined) return false
  if (group === 'equal') return accused.length === 0
  return missed.length === 0 && (group !== 'single' || first)
}

/** A row for each group. */
export function totals(verdicts: readonly Verdict[]): string {
  const header = [
    '',
    'cases',
    'right',
    'goal',
    'nothing else accused',
    'settings recovered',
    'to rounding noise',
    'seconds (median, most)',
    'of processor time',
  ]
  const body = CASE_GROUPS.flatMap((group) => {
    const own = verdicts.filter((v) => v.group === group && (group === 'equal' || v.faults.length > 0))
    if (own.length === 0) return []
    const share = (test: (v: Verdict) => boolean): string => percent(own.filter(test).length, own.length)
    const spread = (values: readonly number[]): string => {
      const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
      if (sorted.length === 0) return '–'
      return `${sorted[sorted.length >> 1]!.toFixed(1)}, ${sorted[sorted.length - 1]!.toFixed(1)}`
    }
    return [
      [
        TITLES[group],
        `${own.length}`,
        share(isRight),
        `${group === 'equal' ? '' : '≥ '}${GOALS[group]} %`,
        share((v) => v.accused.length === 0),
        share((v) => v.wrong.length === 0 && v.error === undefined),
        share((v) => v.explained),
        spread(own.map((v) => v.seconds)),
        spread(own.map((v) => v.cpu ?? Number.NaN)),
      ],
    ]
  })
  return markdownTable(header, body)
}

/** What a missed fault was taken for, most frequent first. */
export function confusions(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, number>()
  const count = (fault: string, taken: string): void => {
    counts.set(`${fault} ${taken}`, (counts.get(`${fault} ${taken}`) ?? 0) + 1)
  }
  for (const { group, missed, accused, faults, first, named } of verdicts) {
    for (const fault of missed) for (const taken of accused.length > 0 ? accused : ['nothing']) count(fault, taken)
    // Named, but not first.
    if (group === 'single' && missed.length === 0 && !first && faults.length > 0)
      count(faults[0]!, named[0] ?? 'nothing')
    if (group === 'equal') for (const taken of accused) count('nothing', taken)
  }
  const body = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([pair, n]) => [...pair.split(' '), `${n}`])
  if (body.length === 0) return 'Nothing was confused with anything.'
  return markdownTable(['fault', 'taken for', 'times'], body)
}

/** How many of each cause were named, of those that can be told. */
export function byCause(verdicts: readonly Verdict[]): string {
  const counts = new Map<string, { all: number; named: number }>()
  for (const { faults, missed } of verdicts) {
    for (const fault of faults) {
      const { all, named } = counts.get(fault) ?? { all: 0, named: 0 }
      counts.set(fault, { all: all + 1, named: named + (missed.includes(fault) ? 0 : 1) })
    }
  }
  const body = [...counts].map(([id, { all, named }]) => [id, `${all}`, percent(named, all)])
  return markdownTable(['cause', 'faults', 'named'], body)
}

function percent(part: number, whole: number): string {
  // Never rounded up to what it is not.
  return part === whole ? '100 %' : `${(Math.floor((1000 * part) / whole) / 10).toFixed(1)} %`
}

/** One line on a case that is not right. */
export function complaint(v: Verdict): string {
  const parts = [
    `faults ${v.faults.join(', ') || 'none'}`,
    `named ${v.named.join(', ') || 'none'}`,
    ...(v.missed.length > 0 ? [`missed ${v.missed.join(', ')}`] : []),
    ...(v.accused.length > 0 ? [`wrongly ${v.accused.join(', ')}`] : []),
    ...(v.wrong.length > 0 ? [`settings ${v.wrong.join(', ')}`] : []),
    ...(v.explained ? [] : [`residual ${v.residual.toExponential(1)}`]),
    ...(v.error === undefined ? [] : [v.error]),
  ]
  return `${v.id}: ${parts.join('; ')}`
}
