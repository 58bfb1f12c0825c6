import type { Fault, ReportDiagnosis, Statement } from './report.js'

const WIDTH = 110
/** Candidates in the table. */
const ROWS = 10

/** Words over lines of at most so many characters, the first behind something, the others indented. */
function wrapped(words: string, first = '- ', indent = '  '): string[] {
  const lines: string[] = []
  let line = first.trimEnd()
  let space = first.slice(line.length)
  for (const word of words.split(' ')) {
    if (line.length + space.length + word.length > WIDTH) {
      lines.push(line)
      line = indent.slice(1)
      space = ' '
    }
    line += space + word
    space = ' '
  }
  return [...lines, line]
}

/** The ids of the causes, or a front end's name and what is beside it. */
const namesOf = (name: string | undefined, faults: readonly Fault[]): string[] => {
  if (name === undefined) return faults.map(({ id }) => id)
  return [name, ...faults.map(({ id }) => id).filter((id) => id === 'sample-scale' || id === 'decoder-delay')]
}

const section = (title: string, statements: readonly Statement[]): string[] =>
  statements.length === 0 ? [] : [title, ...statements.flatMap(({ sentence }) => wrapped(sentence)), '']

/**
 * A diagnosis of a report as lines of text, ending in a line end: what is proven, likely and open, and a table of the best candidates.
 * @param diagnosis - What `diagnoseReport` returned.
 *
 * @example
 * ```ts
 * import { diagnoseReport, reportText } from '@dsp/doctor'
 * const text = reportText(await diagnoseReport('ours: 16,000 samples, 98 frames; theirs: 16,000 samples, 100 frames'))
 * text.split('\n')[0] // => 'Proven'
 * ```
 */
export function reportText(diagnosis: ReportDiagnosis): string {
  const { proven, likely, open, candidates, notRead, tried } = diagnosis
  const lines = [...section('Proven', proven), ...section('Likely', likely), ...section('Open', open)]
  if (candidates.length > 0) {
    lines.push(
      `The best of ${tried.toLocaleString('en-US')} simulations`,
      'misfit  ours mean, std   theirs mean, std  corr.  diff.  worst  changes',
      ...candidates.slice(0, ROWS).flatMap(({ name, faults, figures, misfit, fits }) => {
        const two = (mean: number, std: number) => `${mean.toFixed(2).padStart(7)} ${std.toFixed(2).padStart(6)}`
        const cells = [
          `${misfit.toFixed(2)}${fits ? '*' : ' '}`.padStart(6),
          two(figures.oursMean, figures.oursStd),
          two(figures.theirsMean, figures.theirsStd),
          figures.correlation.toFixed(2).padStart(5),
          figures.difference.toFixed(2).padStart(5),
          figures.worstBins.join('-').padStart(5),
        ]
        const row = `${cells.join('  ')}  `
        return wrapped(namesOf(name, faults).join(', '), row, ' '.repeat(row.length + 2))
      }),
      '(* meets every figure of the report; ranked by misfit and number of changes)',
      '',
    )
  }
  if (notRead.length > 0) lines.push('Not understood in the report', ...notRead.flatMap((part) => wrapped(part)), '')
  return `${lines.slice(0, -1).join('\n')}\n`
}
