import type { Interval } from '@dsp/sincnet'
import type { Measured, Results } from './results.js'

const NAMES: Readonly<Record<string, string>> = {
  full: 'full length',
  '3s': '3 s',
  '2s': '2 s',
  '1s': '1 s',
  'noise-20': 'noise 20 dB',
  'noise-10': 'noise 10 dB',
  'noise-5': 'noise 5 dB',
  'noise-0': 'noise 0 dB',
  mp3: 'MP3',
  telephone: 'telephone',
}
/** Lists whose recordings are shorter than 2 s, nearly all of them shorter than 1 s: to cut them changes little or nothing. */
const WORDS = /^(arabic|dspspeech|mean)/

const percent = (value: number) => (100 * value).toFixed(1).replace('-0.0', '0.0')
const shown = ({ value, low, high }: Interval) => `${percent(value)} [${percent(low)}, ${percent(high)}]`
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...body.map(row)].join('\n')

/**
 * The README's tables, as Markdown.
 * @param results - The contents of results.json.
 * @param plain - The lists that are not hard, in the order of rows.
 */
export function tables({ lists, systems, differences }: Results, plain: readonly string[]): string {
  const names = Object.keys(systems)
  const rows = [...plain.flatMap((list) => [list, `${list}-hard`].filter((name) => lists[name] !== undefined)), 'mean']
  const title = (list: string) =>
    list === 'mean' ? `mean of the ${plain.length} plain lists` : list.replace('-hard', ', hard')
  const rate = (system: string, condition: string, list: string) => {
    const found = systems[system]![condition]?.[list]
    return found === undefined ? '' : shown(found.eer)
  }
  /** A row per list and system that was measured so, a column per condition. */
  const under = (conditions: readonly string[], some: readonly string[]) =>
    table(
      ['list', 'system', ...conditions.map((condition) => NAMES[condition]!)],
      some.flatMap((list) =>
        names
          .map((name) => [title(list), name, ...conditions.map((condition) => rate(name, condition, list))])
          .filter((cells) => cells.slice(2).some((cell) => cell !== '')),
      ),
    )
  const parts = [
    '### Full length',
    // systems are many, lists are few
    table(
      ['system', ...rows.map(title)],
      names.map((name) => [name, ...rows.map((list) => rate(name, 'full', list))]),
    ),
    '### Short',
    under(
      ['3s', '2s', '1s'],
      rows.filter((list) => !WORDS.test(list)),
    ),
    '### Noise',
    under(['noise-20', 'noise-10', 'noise-5', 'noise-0'], rows),
    '### Coding',
    under(['mp3', 'telephone'], rows),
    '### Score normalisation and detection cost, full length',
    table(
      ['list', 'system', 'EER', 's-norm', 'AS-norm', 'minDCF 0.01', 'minDCF 0.05'],
      rows.flatMap((list) => names.flatMap((name) => costs(title(list), name, systems[name]!.full?.[list]))),
    ),
  ]
  const compared = Object.entries(differences).flatMap(([pair, conditions]) =>
    Object.entries(conditions).flatMap(([condition, found]) =>
      rows.flatMap((list) =>
        found[list] !== undefined && (list === 'mean' || condition === 'full')
          ? [[pair, NAMES[condition] ?? condition, title(list), shown(found[list])]]
          : [],
      ),
    ),
  )
  if (compared.length > 0) {
    parts.push('### Differences in points of EER (below 0: the first system is better)')
    parts.push(table(['systems', 'condition', 'list', 'difference'], compared))
  }
  return `${parts.join('\n\n')}\n`
}

function costs(list: string, system: string, found: Measured | { readonly eer: Interval } | undefined): string[][] {
  if (found === undefined || !('minDcf' in found)) return []
  const norms = [found.sNorm, found.asNorm].map((value) => (value === undefined ? '' : percent(value)))
  return [[list, system, percent(found.eer.value), ...norms, ...found.minDcf.map((cost) => cost.toFixed(3))]]
}
