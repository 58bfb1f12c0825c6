import type { Outcome, WorkReport } from './run-work.ts'

/** Three significant digits with a unit that fits. */
export function formatTime(ns: number): string {
  const units: readonly (readonly [number, string])[] = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
    [1, 'ns'],
  ]
  const [size, unit] = units.find(([least]) => ns >= least) ?? units[units.length - 1]!
  return `${digits(ns / size)} ${unit}`
}

/** A ratio with as many digits as mean something, e.g. `5.3×`. */
export function formatRatio(value: number): string {
  return Number.isFinite(value) ? `${digits(value)}×` : '–'
}

/** A ratio as READMEs have it, e.g. `5.3`. */
export const formatSpeedup = (value: number): string => digits(value)

function digits(value: number): string {
  if (value >= 99.95) return value.toFixed(0)
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2)
}

/** Whether a goal was reached, with what is missing. */
export function formatGoal(outcome: Pick<Outcome, 'goal' | 'ratio'>): string {
  const { goal, ratio } = outcome
  if (goal === undefined) return ''
  if (ratio === undefined) return `${goal}×: not measured`
  if (ratio.median >= goal) return `${goal}×: reached`
  return `${goal}×: missed by ${Math.max(1, Math.round((1 - ratio.median / goal) * 100))} %`
}

/** Titles of the columns. */
export const COLUMNS = [
  '',
  'version',
  'time',
  'speedup',
  'min–max',
  'best',
  'CPU',
  'goal',
  'from float64',
  'result',
] as const

/** The cells of one work's table, a row per contestant. */
export function rows(report: WorkReport): string[][] {
  return report.outcomes.map((outcome) => [
    `${outcome.name} ${outcome.call}`.trim(),
    outcome.version ?? '',
    outcome.ns === undefined ? `(${outcome.state})` : formatTime(outcome.ns),
    ...ratioCells(outcome),
    formatGoal(outcome),
    fromExact(outcome),
    remark(outcome),
  ])
}

/** How far a result is from the one in float64. */
export function fromExact({ decibels, fromExact: largest }: Outcome): string {
  if (decibels !== undefined) return `SNR ${decibels.toFixed(1)} dB`
  return largest === undefined ? '' : largest.toExponential(1)
}

function ratioCells({ state, ratio }: Outcome): string[] {
  if (state === 'ours') return ['1', '', '', '']
  if (ratio === undefined) return ['', '', '', '']
  const { median, min, max, best, cpu } = ratio
  return [formatRatio(median), `${digits(min)}–${digits(max)}`, formatRatio(best), formatRatio(cpu)]
}

function remark({ state, agreement, similar, why }: Outcome): string {
  if (state === 'ours') return ''
  if (state === 'timed') return agreement?.text ?? `not the same values: ${similar}`
  return [agreement?.text, why].filter((part) => part !== undefined).join('; ')
}

/** A table for a terminal: columns padded to the same width, the last one free. */
export function plainTable(header: readonly string[], body: readonly (readonly string[])[]): string {
  const all = [header, ...body]
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width, column) => '-'.repeat(column === widths.length - 1 ? 6 : width)).join('  ')
  return [line(header), rule, ...body.map(line)].join('\n')
}

/** The same as a Markdown table; empty columns are left out. */
export function markdownTable(header: readonly string[], body: readonly (readonly string[])[]): string {
  const used = header.map((_, column) => body.some((row) => (row[column] ?? '') !== ''))
  const line = (row: readonly string[]): string =>
    `| ${row
      .filter((_, column) => used[column])
      .map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' '))
      .join(' | ')} |`
  const rule = `|${used
    .filter(Boolean)
    .map(() => '---')
    .join('|')}|`
  return [line(header), rule, ...body.map(line)].join('\n')
}
