import type { FeatureDiagnosis } from './types.js'

const percent = (part: number) => `${(100 * part).toFixed(0)} %`

/**
 * A diagnosis of two matrices as lines of text, ending in a line end.
 * @param diagnosis - What `diagnoseFeatures` returned.
 *
 * @example
 * ```ts
 * import { diagnoseFeatures, featuresText } from '@dsp/doctor'
 * import { tensor } from '@dsp/tensor'
 * const features = tensor(new Float32Array([1, 2, 3, 4, 5, 6]), [3, 2])
 * featuresText(diagnoseFeatures(features, features)) // => 'The matrices are equal, [3, 2].\n'
 * ```
 */
export function featuresText(diagnosis: FeatureDiagnosis): string {
  const { equal, shapes, difference, correlation, signs, residual, share, open } = diagnosis
  const [ours, theirs] = shapes.map((shape) => `[${shape.join(', ')}]`)
  if (equal) return `The matrices are equal, ${ours!}.\n`
  const lines = [`Ours ${ours!}, reference ${theirs!}`]
  if (difference !== null && correlation !== null)
    lines.push(`Difference ${difference.toPrecision(3)} (root mean square), correlation ${correlation.toFixed(3)}`)
  lines.push('')
  if (signs.length === 0) lines.push('No known pattern was found.')
  signs.forEach(({ id, equivalent, sentence, explains, residual }, i) => {
    lines.push(`${String(i + 1)}. ${id}: ${sentence}`)
    const parts = [
      explains > 0 ? `undone, ${percent(explains)} of the difference goes, ${residual.toPrecision(3)} remains` : '',
      equivalent.length > 0 ? `the same would come of ${equivalent.join(', ')}` : '',
    ].filter(Boolean)
    if (parts.length > 0) lines.push(`   (${parts.join('; ')})`)
  })
  if (residual !== null && signs.length > 0)
    lines.push('', `Together they explain ${percent(share)}; ${residual.toPrecision(3)} remains.`)
  if (open.length > 0) lines.push('', 'Open:', ...open.map((sentence) => `- ${sentence}`))
  lines.push(
    '',
    'Nothing was extracted again: this is likely, and not proven. `dsp diagnose AUDIO REFERENCE` proves it.',
  )
  return `${lines.join('\n')}\n`
}
