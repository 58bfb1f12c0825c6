import { DspError } from '@dsp/tensor'
import { assertScores, type Embeddings, product, rowsOf, unitRows } from './scores.js'
import type { TrialList } from './trials.js'

/** Options of {@link normalizeScores}. */
export interface NormalizeOptions {
  /** AS-norm: number of a recording's highest scores against the cohort that are used. Default: all, which is s-norm. */
  readonly top?: number
}

/**
 * Symmetric score normalisation. A score s of the recordings a and b becomes ((s - m(a)) / d(a) + (s - m(b)) / d(b)) / 2, with m and
 * d the mean and standard deviation (divided by n) of the recording's cosines with a cohort of other speakers: s-norm (Kenny 2010).
 * With `top`, only its `top` highest cosines are used: AS-norm (Cumani et al. 2011; as "AS-norm1" in Matějka et al. 2017).
 * @param trials - The trials.
 * @param scores - A cosine per trial.
 * @param embeddings - `[recordings, dimensions]`, in the order of `trials.files`.
 * @param cohort - `[speakers, dimensions]`: embeddings of speakers that are in no trial.
 * @param options - How much of the cohort is used.
 * @returns A score per trial, no longer between -1 and 1.
 * @throws DspError ERR_DSP_SHAPE for matrices that do not fit, ERR_DSP_ARGUMENT if `top` is not between 2 and the size of the cohort or
 * the cohort's scores are all equal.
 * @example
 * ```ts
 * import { cosineScores, normalizeScores, parseTrials } from '@dsp/sincnet'
 * const trials = parseTrials('1 a.flac b.flac')
 * const embeddings = { data: Float64Array.of(1, 0, 1, 0), shape: [2, 2] }
 * const cohort = { data: Float64Array.of(0, 1, 1, 0, -1, 0), shape: [3, 2] }
 * const scores = cosineScores(trials, embeddings)
 * // The cohort's cosines are 0, 1 and -1, of which the best two have mean and deviation 1/2.
 * Array.from(normalizeScores(trials, scores, embeddings, cohort, { top: 2 })) // => [1]
 * ```
 */
export function normalizeScores(
  trials: TrialList,
  scores: ArrayLike<number>,
  embeddings: Embeddings,
  cohort: Embeddings,
  options: NormalizeOptions = {},
): Float64Array {
  assertScores(scores, trials.first.length)
  const [rows, others] = [rowsOf(embeddings, trials), unitRows(cohort, 'cohort')]
  if (rows.columns !== others.columns) {
    throw new DspError(`cohort must have ${rows.columns} dimensions, like the embeddings, got ${others.columns}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'cohort',
    })
  }
  const { top = others.rows } = options
  if (!Number.isInteger(top) || top < 2 || top > others.rows) {
    throw DspError.argument('options.top', `a whole number from 2 to the cohort's ${others.rows}`, top)
  }
  const mean = new Float64Array(rows.rows)
  const deviation = new Float64Array(rows.rows)
  const used = new Set([...trials.first, ...trials.second])
  const cosines = new Float64Array(others.rows)
  for (const row of used) {
    for (let other = 0; other < others.rows; other++) cosines[other] = product(rows, row, others, other)
    // Ascending: the highest are at the end.
    const counted = (top < others.rows ? cosines.sort() : cosines).subarray(others.rows - top)
    const average = counted.reduce((sum, value) => sum + value, 0) / top
    const spread = Math.sqrt(counted.reduce((sum, value) => sum + (value - average) ** 2, 0) / top)
    if (!(spread > 1e-12))
      throw DspError.argument('cohort', 'of speakers that differ', `equal scores for ${trials.files[row]}`)
    mean[row] = average
    deviation[row] = spread
  }
  return Float64Array.from(trials.first, (a, i) => {
    const b = trials.second[i]!
    return ((scores[i]! - mean[a]!) / deviation[a]! + (scores[i]! - mean[b]!) / deviation[b]!) / 2
  })
}
