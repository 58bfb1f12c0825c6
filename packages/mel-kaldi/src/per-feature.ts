import { kaldiLogEnergies, kaldiNormalizePerFeature } from '@dsp/native'
import { guard, type OptionSpecs, option, resolveOptions, type Tensor } from '@dsp/tensor'
import { asMatrix, type FeatureMatrix, fromMatrix } from './matrix.js'

/** The options of {@link normalizePerFeature}; the defaults are NeMo's. */
export interface NormalizePerFeatureOptions {
  /** The variance is the sum of squares over frames - ddof: 1 for the sample's (NeMo), 0 for the population's (sherpa-onnx) [1]. */
  readonly ddof?: number
  /** Added to each standard deviation [1e-5]. */
  readonly epsilon?: number
}

/** The options of {@link logEnergies}; names and defaults are NeMo's. */
export interface LogEnergiesOptions {
  /** `add`: ln(energy + value). `clamp`: ln(max(energy, value)) ['add']. */
  readonly logZeroGuardType?: 'add' | 'clamp'
  /** The value, above 0 [2^-24]. */
  readonly logZeroGuardValue?: number
}

/** The specifications of {@link NormalizePerFeatureOptions}. */
export const normalizePerFeatureOptionSpecs: OptionSpecs<Required<NormalizePerFeatureOptions>> = {
  ddof: option.integer(1, { min: 0, max: 1 }),
  epsilon: option.number(1e-5, { min: 0 }),
}

/** The specifications of {@link LogEnergiesOptions}. */
export const logEnergiesOptionSpecs: OptionSpecs<Required<LogEnergiesOptions>> = {
  logZeroGuardType: option.enum(['add', 'clamp'], 'add'),
  logZeroGuardValue: option.number(2 ** -24, { min: 0 }),
}

/**
 * Normalises each column over time, as NeMo's front ends do with `normalize: per_feature`: each value minus its column's
 * mean, divided by the column's standard deviation plus epsilon.
 * @param features - `[frames, columns]`; at least two frames if `ddof` is 1.
 * @param options - Which deviation, and the epsilon.
 * @returns `[frames, columns]` in the features' precision, computed in float64.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE` for features, `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { normalizePerFeature } from '@dsp/mel-kaldi'
 * import { tensor } from '@dsp/tensor'
 * const features = tensor(Float32Array.of(1, 5, 3, 5), [2, 2])
 * [...normalizePerFeature(features, { ddof: 0, epsilon: 0 }).data] // => [-1, 0, 1, 0]
 * ```
 */
export function normalizePerFeature<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: NormalizePerFeatureOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<NormalizePerFeatureOptions>>(
    'normalizePerFeature',
    normalizePerFeatureOptionSpecs,
    options,
  )
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiNormalizePerFeature(data, columns, resolved)),
    columns,
  )
}

/**
 * The natural logarithm of mel energies, kept away from zero as NeMo does it. Kaldi's own floor is `fbank`'s
 * `useLogFbank`; turn that off for features that go through here.
 * @param features - Energies `[frames, columns]`, at least 0.
 * @param options - The guard.
 * @returns `[frames, columns]` in the features' precision, computed in float64.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE`, `ERR_DSP_ARGUMENT` for features and a guard of 0,
 * `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { fbank, logEnergies } from '@dsp/mel-kaldi'
 * const silence = fbank(new Float32Array(16000), { useLogFbank: false, dither: 0 })
 * logEnergies(silence).get(0, 0) === Math.fround(Math.log(2 ** -24)) // => true
 * ```
 */
export function logEnergies<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: LogEnergiesOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<LogEnergiesOptions>>('logEnergies', logEnergiesOptionSpecs, options)
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiLogEnergies(data, columns, resolved)),
    columns,
  )
}
