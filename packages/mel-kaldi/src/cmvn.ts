import { kaldiCmvnAccumulate, kaldiCmvnApply, kaldiSlidingCmn } from '@dsp/native'
import { DspError, guard, type OptionSpecs, option, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { asMatrix, type FeatureMatrix, fromMatrix } from './matrix.js'

/** The options of {@link cmvn} and {@link CmvnStats}; names and defaults are Kaldi's `apply-cmvn`. */
export interface CmvnOptions {
  /** Subtract the mean [true]. */
  readonly normMeans?: boolean
  /** Divide by the standard deviation (of the population, variance floored at 1e-20) [false]. */
  readonly normVars?: boolean
}

/** The options of {@link slidingWindowCmn}; names and defaults are torchaudio's. */
export interface SlidingWindowCmnOptions {
  /** Frames in the window [600]. */
  readonly cmnWindow?: number
  /** Frames that the window has at least at the start; only if `center` is false [100]. */
  readonly minCmnWindow?: number
  /** The window lies around the frame; otherwise it ends with it [false]. */
  readonly center?: boolean
  /** Divide by the standard deviation (variance floored at 1e-10, as Kaldi does) [false]. */
  readonly normVars?: boolean
}

/** The specifications of {@link CmvnOptions}. */
export const cmvnOptionSpecs: OptionSpecs<Required<CmvnOptions>> = {
  normMeans: option.boolean(true),
  normVars: option.boolean(false),
}

/** The specifications of {@link SlidingWindowCmnOptions}. */
export const slidingWindowCmnOptionSpecs: OptionSpecs<Required<SlidingWindowCmnOptions>> = {
  cmnWindow: option.integer(600, { min: 1, max: 1e9 }),
  minCmnWindow: option.integer(100, { min: 0, max: 1e9 }),
  center: option.boolean(false),
  normVars: option.boolean(false),
}

/**
 * Mean (and variance) normalisation of one utterance by its own statistics, as Kaldi's `apply-cmvn` with the statistics of
 * `compute-cmvn-stats` over it.
 * @param features - `[frames, columns]`, at least one frame.
 * @param options - Kaldi's.
 * @returns `[frames, columns]` in the features' precision.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE` for features, `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { cmvn } from '@dsp/mel-kaldi'
 * import { tensor } from '@dsp/tensor'
 * [...cmvn(tensor(Float32Array.of(1, 2, 3), [3, 1])).data] // => [-1, 0, 1]
 * ```
 */
export function cmvn<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: CmvnOptions,
): Tensor<T> {
  return new CmvnStats(asMatrix(features).columns).accumulate(features).apply(features, options)
}

/**
 * Statistics for mean and variance normalisation over any number of utterances (a speaker, a corpus), in Kaldi's form.
 *
 * @example
 * ```ts
 * import { CmvnStats } from '@dsp/mel-kaldi'
 * import { tensor } from '@dsp/tensor'
 * const stats = new CmvnStats(1)
 * stats.accumulate(tensor(Float32Array.of(1, 3), [2, 1])).accumulate(tensor(Float32Array.of(5), [1, 1]))
 * stats.count // => 3
 * [...stats.matrix.data] // => [9, 3, 35, 0]
 * [...stats.apply(tensor(Float32Array.of(4), [1, 1])).data] // => [1]
 * ```
 */
export class CmvnStats {
  #stats: Float64Array
  /** Columns of the features. */
  readonly columns: number

  /**
   * Starts with no frames.
   * @param columns - Columns of the features that will come.
   */
  constructor(columns: number) {
    if (!Number.isInteger(columns) || columns < 1 || columns > 1e6) {
      throw DspError.argument('columns', 'a whole number between 1 and 1000000', columns)
    }
    this.columns = columns
    this.#stats = new Float64Array(2 * (columns + 1))
  }

  /**
   * Statistics that were computed before, by Kaldi or here.
   * @param matrix - `[2, columns + 1]`: the sums and the count; the sums of squares and zero.
   */
  static from(matrix: FeatureMatrix): CmvnStats {
    const { data, columns } = asMatrix(matrix, 'matrix')
    if (matrix.shape[0] !== 2 || columns < 2) {
      throw new DspError(`matrix must have shape [2, columns + 1], got [${matrix.shape.join(', ')}]`, {
        code: 'ERR_DSP_SHAPE',
        argument: 'matrix',
        expected: '[2, columns + 1]',
        actual: `[${matrix.shape.join(', ')}]`,
      })
    }
    const stats = new CmvnStats(columns - 1)
    stats.#stats = Float64Array.from(data)
    return stats
  }

  /** Number of frames so far. */
  get count(): number {
    return this.#stats[this.columns] as number
  }

  /** A copy of Kaldi's matrix, `[2, columns + 1]`: the sums and the count; the sums of squares and zero. */
  get matrix(): Tensor<Float64Array> {
    return tensor(this.#stats.slice(), [2, this.columns + 1])
  }

  /**
   * Adds frames.
   * @param features - `[frames, columns]`.
   * @returns These statistics.
   */
  accumulate(features: FeatureMatrix): this {
    const { data, columns } = asMatrix(features)
    this.#stats = guard(() => kaldiCmvnAccumulate(this.#stats, data, columns)) as Float64Array
    return this
  }

  /**
   * Normalises features by these statistics.
   * @param features - `[frames, columns]`.
   * @param options - Kaldi's.
   * @returns `[frames, columns]` in the features' precision.
   * @throws DspError `ERR_DSP_ARGUMENT` without any frame in the statistics.
   */
  apply<T extends Float32Array | Float64Array = Float32Array>(
    features: FeatureMatrix<T>,
    options?: CmvnOptions,
  ): Tensor<T> {
    const resolved = resolveOptions<Required<CmvnOptions>>('cmvn', cmvnOptionSpecs, options)
    const { data, columns } = asMatrix(features)
    return fromMatrix(
      guard(() => kaldiCmvnApply(this.#stats, data, columns, resolved)),
      columns,
    )
  }
}

/**
 * Mean (and variance) normalisation over a sliding window, as `torchaudio.functional.sliding_window_cmn` and Kaldi's
 * `apply-cmvn-sliding` compute it.
 * @param features - `[frames, columns]`.
 * @param options - torchaudio's.
 * @returns `[frames, columns]` in the features' precision.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE` for features, `ERR_DSP_ARGUMENT` for invalid options.
 *
 * @example
 * ```ts
 * import { fbank, slidingWindowCmn } from '@dsp/mel-kaldi'
 * slidingWindowCmn(fbank(new Float32Array(16000)), { center: true }).get(50, 3) // => 0
 * ```
 */
export function slidingWindowCmn<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: SlidingWindowCmnOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<SlidingWindowCmnOptions>>(
    'slidingWindowCmn',
    slidingWindowCmnOptionSpecs,
    options,
  )
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiSlidingCmn(data, columns, resolved)),
    columns,
  )
}
