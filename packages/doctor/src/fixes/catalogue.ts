import { DspError } from '@dsp/tensor'
import { type CauseId, causeIds } from '../cause.js'
import { filterFixes } from './filters.js'
import { type Fix, fixedLibraries } from './fix.js'
import { frameFixes } from './frames.js'
import { lateFixes } from './late.js'
import { soundFixes } from './sound.js'

/**
 * Every cause: what it looks like, and how to fix it in each library.
 *
 * @example
 * ```ts
 * import { catalogue } from '@dsp/doctor'
 * catalogue['frame-length'].how['kaldi-native-fbank'] // => '`opts.frame_opts.frame_length_ms = 25`'
 * ```
 */
export const catalogue: Readonly<Record<CauseId, Fix>> = { ...soundFixes, ...frameFixes, ...filterFixes, ...lateFixes }

/**
 * What a cause looks like and how to fix it, as text for a terminal: `dsp diagnose --explain ID`.
 * @param id - The id of a cause.
 * @returns Lines without Markdown.
 * @throws DspError `ERR_DSP_ARGUMENT` for an id that there is not.
 *
 * @example
 * ```ts
 * import { explain } from '@dsp/doctor'
 * explain('vtln').split('\n')[0] // => 'Vocal tract warp (vtln)'
 * ```
 */
export function explain(id: CauseId): string {
  if (!causeIds.includes(id)) throw DspError.argument('id', `one of ${causeIds.join(', ')}`, id)
  const { title, looksLike, how } = catalogue[id]
  const width = Math.max(...fixedLibraries.map((library) => library.length))
  const lines = fixedLibraries.map((library) => `  ${library.padEnd(width)}  ${how[library]}`)
  return [`${title} (${id})`, '', looksLike, '', ...lines].join('\n').replaceAll('`', '')
}

/** The part of the page about one cause, in Markdown. */
function section(id: CauseId, { title, looksLike, how }: Fix): string {
  const rows = fixedLibraries.map((library) => `| ${library} | ${how[library]} |`)
  return [`### ${title} {#${id}}`, '', `\`${id}\`: ${looksLike}`, '', '| in | |', '|---|---|', ...rows].join('\n')
}

/** The catalogue in Markdown, as the page of the documentation holds it. */
export function catalogueMarkdown(): string {
  return causeIds.map((id) => section(id, catalogue[id])).join('\n\n')
}
