import type { Diagnosis, Recipe } from '@dsp/doctor'
import { change, conclusion, isEqual, percent, show, verdict } from './verdict.js'

/** Characters of the longest bar of a table. */
const BAR = 20
/** Characters of a change in a table at most. */
const LONGEST = 46
/** Characters of a line. */
const WIDTH = 100

const confidences = {
  certain: 'certain: what remains is rounding noise',
  likely: 'likely: most of the difference is gone, but not all',
  none: 'none: nothing known comes near',
} as const

/**
 * A diagnosis in plain text, the verdict first.
 * @param of - The diagnosis.
 * @param recipes - The options that reproduce the reference.
 */
export function toText(of: Diagnosis, recipes: readonly Recipe[]): string {
  const sections = [
    [verdict(of), ...wrap([conclusion(of), ...searchNotes(of)].join(' '), '', '')],
    causes(of),
    listed(
      'Also different, but hardly visible (less than 1 % of what was left)',
      of.minor.map(({ sentence }) => sentence),
    ),
    residuals(of),
    listed(
      'Harmless',
      of.harmless.map(({ id, sentence }) => `${id}: ${sentence}`),
    ),
    named('Ruled out', of.ruledOut),
    named('Cannot be told from this reference', of.cannotTell),
    listed(
      'Observations',
      observations(of).map(({ stage, sentence }) => `${stage}: ${sentence}`),
    ),
    isEqual(of) || of.confidence === 'none' ? [] : pasted(of, recipes),
    [
      `Confidence: ${confidences[of.confidence]}.`,
      `${of.tried} front end${of.tried === 1 ? '' : 's'} of kind ${of.kind} tried in ${of.seconds.toFixed(1)} s.`,
    ],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** A diagnosis as one line of JSON. Numbers that JSON does not have become null. */
export function toJson(of: Diagnosis, recipes: readonly Recipe[]): string {
  const { explained, share, residual, difference, confidence, kind, causes, minor, harmless, ruledOut, cannotTell } = of
  const { findings, theirs: frontEnd, layout, tried, seconds } = of
  return JSON.stringify({
    explained,
    share,
    residual,
    difference,
    confidence,
    kind,
    causes,
    minor,
    harmless,
    ruledOut,
    cannotTell,
    findings,
    frontEnd,
    layout,
    options: Object.fromEntries(recipes.map(({ library, code }) => [library, code])),
    tried,
    seconds,
  })
}

function causes({ causes: all, explained, confidence }: Diagnosis): string[] {
  if (all.length === 0) return []
  const lines = all.flatMap(({ id, sentence, equivalent }, i) => [
    ...wrap(`${i + 1}. ${id}: ${sentence}`, '  '),
    ...(equivalent.length === 0 ? [] : wrap(`No features can tell this from: ${equivalent.join(', ')}.`, '     ', '')),
  ])
  const isAnswer = explained || confidence === 'likely'
  return [
    isAnswer ? 'What differs, the most important first' : 'What the nearest settings change; not the answer',
    ...lines,
  ]
}

/** Where nothing was found, how the search ended is a part of the answer. */
function searchNotes({ explained, findings }: Diagnosis): string[] {
  return explained ? [] : findings.filter(({ stage }) => stage === 'search').map(({ sentence }) => sentence)
}

function observations({ explained, findings }: Diagnosis): Diagnosis['findings'] {
  return explained ? findings : findings.filter(({ stage }) => stage !== 'search')
}

/** The table of what remains after each fix. */
function residuals({ causes, minor, difference }: Diagnosis): string[] {
  const all = [...causes, ...minor]
  if (all.length === 0) return []
  const rows = [
    { id: 'as it is', step: '', value: difference },
    ...all.map((cause) => ({ id: cause.id, step: change(cause), value: cause.residual })),
  ]
  const [ids, steps, values] = [
    rows.map(({ id }) => id),
    rows.map(({ step }) => step),
    rows.map(({ value }) => show(value)),
  ]
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length))
  const most = Math.max(...rows.map(({ value }) => value).filter(Number.isFinite)) || 1
  const step = Math.min(LONGEST, widest(steps))
  const lines = rows.map(({ id, step: text, value }, i) => {
    const bar = '█'.repeat(Number.isFinite(value) ? Math.round((BAR * value) / most) : 0)
    return `  ${id.padEnd(widest(ids))}  ${(text.length > step ? `${text.slice(0, step - 1)}…` : text).padEnd(step)}  ${values[i]!.padStart(widest(values))}  ${bar}`.trimEnd()
  })
  return ['What remains after each fix (root mean square of the difference)', ...lines]
}

function pasted(of: Diagnosis, recipes: readonly Recipe[]): string[] {
  const possible = recipes.filter(({ exact }) => exact)
  const others = recipes.filter(({ exact }) => !exact)
  const title = of.explained
    ? 'Options that reproduce the reference'
    : `The nearest options (${percent(of.share)} explained)`
  const lines = possible.flatMap(({ library, code }) => [
    '',
    `  ${library}`,
    ...code.split('\n').map((line) => `    ${line}`.trimEnd()),
  ])
  const reasons = others.flatMap(({ library, missing }) =>
    wrap(`${library} cannot do it: ${missing.join('; ')}.`, '  '),
  )
  if (recipes.length === 0) return []
  return [title, ...lines, ...(reasons.length > 0 ? ['', ...reasons] : [])]
}

function listed(title: string, sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [title, ...sentences.flatMap((sentence) => wrap(`- ${sentence}`, '  '))]
}

function named(title: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : wrap(`${title}: ${ids.join(', ')}.`)
}

/** Breaks a sentence into lines; those after the first hang under it. */
function wrap(text: string, indent = '', hanging = '   '): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = `${indent}${hanging}${word}`
    } else line = line.trim() === '' ? `${line}${word}` : `${line} ${word}`
  }
  return [...lines, line]
}
