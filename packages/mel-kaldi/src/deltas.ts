import { kaldiAddDeltas, kaldiDeltas } from '@dsp/native'
import { guard, type OptionSpecs, option, resolveOptions, type Tensor } from '@dsp/tensor'
import { asMatrix, type FeatureMatrix, fromMatrix } from './matrix.js'

/** The options of {@link deltas}; names and defaults are torchaudio's. */
export interface DeltasOptions {
  /** Frames of the regression, at least 3; an even number counts as the odd one below [5]. */
  readonly winLength?: number
  /** Padding at the edges: the edge frame, zeros, the mirrored frames or the other end [`replicate`]. */
  readonly mode?: 'replicate' | 'constant' | 'reflect' | 'circular'
}

/** The options of {@link addDeltas}; names and defaults are Kaldi's. */
export interface AddDeltasOptions {
  /** Highest derivative, 0 to 10 [2]. */
  readonly order?: number
  /** Frames on each side of the regression, 1 to 999 [2]. */
  readonly window?: number
}

/** The specifications of {@link DeltasOptions}. */
export const deltasOptionSpecs: OptionSpecs<Required<DeltasOptions>> = {
  winLength: option.integer(5, { min: 3, max: 1e6 }),
  mode: option.enum(['replicate', 'constant', 'reflect', 'circular'], 'replicate'),
}

/** The specifications of {@link AddDeltasOptions}. */
export const addDeltasOptionSpecs: OptionSpecs<Required<AddDeltasOptions>> = {
  order: option.integer(2, { min: 0, max: 10 }),
  window: option.integer(2, { min: 1, max: 999 }),
}

/**
 * Derivative over time by regression, as `torchaudio.functional.compute_deltas` computes it (which has time on the last
 * axis): `sum n (c[t+n] - c[t-n]) / (2 sum n^2)`.
 * @param features - `[frames, columns]`.
 * @param options - torchaudio's.
 * @returns `[frames, columns]` in the features' precision.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE` for features, `ERR_DSP_ARGUMENT` for invalid options.
 *
 * @example
 * ```ts
 * import { deltas } from '@dsp/mel-kaldi'
 * import { tensor } from '@dsp/tensor'
 * const ramp = tensor(Float32Array.from({ length: 9 }, (_, t) => 3 * t), [9, 1])
 * deltas(ramp).get(4, 0) // => 3
 * ```
 */
export function deltas<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: DeltasOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<DeltasOptions>>('deltas', deltasOptionSpecs, options)
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiDeltas(data, columns, resolved)),
    columns,
  )
}

/**
 * Features with their derivatives appended, as Kaldi's `add-deltas` computes them. Higher derivatives are one regression
 * over more frames, so they differ from repeated {@link deltas} at the edges.
 * @param features - `[frames, columns]`.
 * @param options - Kaldi's.
 * @returns `[frames, columns * (order + 1)]`: features, first derivatives, second …
 * @throws DspError as {@link deltas} does.
 *
 * @example
 * ```ts
 * import { addDeltas, mfcc } from '@dsp/mel-kaldi'
 * addDeltas(mfcc(new Float32Array(16000))).shape // => [98, 39]
 * ```
 */
export function addDeltas<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: AddDeltasOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<AddDeltasOptions>>('addDeltas', addDeltasOptionSpecs, options)
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiAddDeltas(data, columns, resolved)),
    columns * (resolved.order + 1),
  )
}
