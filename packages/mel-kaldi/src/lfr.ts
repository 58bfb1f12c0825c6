import { kaldiLowFrameRate } from '@dsp/native'
import { guard, type OptionSpecs, option, resolveOptions, type Tensor } from '@dsp/tensor'
import { asMatrix, type FeatureMatrix, fromMatrix } from './matrix.js'

/** The options of {@link lowFrameRate}; names and defaults are FunASR's. */
export interface LowFrameRateOptions {
  /** Frames in a stack, 1 to 1000 [7]. */
  readonly lfrM?: number
  /** Frames from stack to stack, 1 to 1000 [6]. */
  readonly lfrN?: number
  /**
   * Repeat the first frame before the start and the last one after the end, as FunASR does; otherwise only whole
   * stacks, as sherpa-onnx does [true].
   */
  readonly pad?: boolean
}

/** The specifications of {@link LowFrameRateOptions}. */
export const lowFrameRateOptionSpecs: OptionSpecs<Required<LowFrameRateOptions>> = {
  lfrM: option.integer(7, { min: 1, max: 1000 }),
  lfrN: option.integer(6, { min: 1, max: 1000 }),
  pad: option.boolean(true),
}

/**
 * Low frame rate: stacks `lfrM` frames every `lfrN` frames, as FunASR's `apply_lfr` does for Paraformer and SenseVoice.
 * @param features - `[frames, columns]`.
 * @param options - FunASR's.
 * @returns `[ceil(frames / lfrN), lfrM * columns]`; without `pad` `[1 + floor((frames - lfrM) / lfrN), lfrM * columns]`.
 * @throws DspError `ERR_DSP_SHAPE`, `ERR_DSP_TYPE`, `ERR_DSP_NOT_FINITE` for features, `ERR_DSP_ARGUMENT` for invalid options.
 *
 * @example
 * ```ts
 * import { fbank, lowFrameRate } from '@dsp/mel-kaldi'
 * lowFrameRate(fbank(new Float32Array(16000), { numMelBins: 80 })).shape // => [17, 560]
 * ```
 */
export function lowFrameRate<T extends Float32Array | Float64Array = Float32Array>(
  features: FeatureMatrix<T>,
  options?: LowFrameRateOptions,
): Tensor<T> {
  const resolved = resolveOptions<Required<LowFrameRateOptions>>('lowFrameRate', lowFrameRateOptionSpecs, options)
  const { data, columns } = asMatrix(features)
  return fromMatrix(
    guard(() => kaldiLowFrameRate(data, columns, resolved)),
    columns * resolved.lfrM,
  )
}
