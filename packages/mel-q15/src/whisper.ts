import { Q15Bank as NativeBank } from '@dsp/native'
import { contiguous, DspError, guard, type OptionSpecs, type Tensor, type TensorLike, tensor } from '@dsp/tensor'
import { filtersOf } from './mel-q15.js'
import {
  bankParameters,
  melQ15OptionSpecs,
  type Q15BankOptions,
  type Q15Output,
  q15BankOptionSpecs,
} from './options.js'

/** The options of `toWhisper`: those that the codes were made with. */
export interface ToWhisperOptions extends Q15BankOptions {
  /** The format of the codes. Default `log2-int8`. */
  readonly output: Q15Output
  /** The gain of `linear-int8`. Default 127. */
  readonly linearGain: number
}

/** {@link ToWhisperOptions} by name, type, range and default. */
export const toWhisperOptionSpecs: OptionSpecs<ToWhisperOptions> = {
  ...q15BankOptionSpecs,
  output: melQ15OptionSpecs.output,
  linearGain: melQ15OptionSpecs.linearGain,
}

/**
 * The kernel's codes as the features that Whisper's models take. No data are fitted: `whisper`, `whisper-512` and `accurate` with
 * Whisper's filters need one affine map, the other banks are interpolated between their filters' centroids to the centres of
 * Whisper's. Then, as in Whisper: a floor 8 (in log10) below the largest value of all frames, `(y + 4) / 4`. A code of no energy, or
 * the smallest int8 code, is Whisper's floor of 1e-10: silence is -1.5.
 * @param codes - `[frames, filters]` of one recording, or one window of 30 s: int8 or int16 as the format says.
 * @param options - See {@link ToWhisperOptions}.
 * @returns `[80, frames]`; `[128, frames]` for Whisper's own 128 filters: of `whisper`, and of `accurate` with the default edges and norm.
 * @throws DspError `ERR_DSP_SHAPE` for no codes or ones of another bank, `ERR_DSP_ARGUMENT` for codes of another format, for a bank of
 *   another rate than 16 kHz and for invalid options, `ERR_DSP_OPTION` for unknown ones.
 *
 * @example
 * ```ts
 * import { melQ15, toWhisper } from '@dsp/mel-q15'
 * const speech = Float32Array.from({ length: 16000 }, (_, i) => Math.sin(i / 5) / 2)
 * toWhisper(melQ15(speech)).shape // => [80, 100]
 * const options = { profile: 'classic', output: 'log2-int16' } as const
 * toWhisper(melQ15(speech, options), options).shape // => [80, 100]
 * ```
 */
export function toWhisper(
  codes: TensorLike<Int8Array> | TensorLike<Int16Array>,
  options?: Partial<ToWhisperOptions>,
): Tensor<Float32Array> {
  const parameters = bankParameters<ToWhisperOptions>('toWhisper', toWhisperOptionSpecs, options)
  const data: unknown = contiguous(codes as TensorLike<Int8Array>, 'codes')
  if (!(data instanceof Int8Array || data instanceof Int16Array)) {
    throw DspError.argument('codes', 'an Int8Array or Int16Array', data)
  }
  const filters = filtersOf(parameters)
  if (codes.shape.length !== 2 || codes.shape[1] !== filters) {
    throw DspError.argument('codes', `of the shape [frames, ${filters}]`, `[${codes.shape.join(', ')}]`)
  }
  const features = guard(() => {
    const bank = new NativeBank(parameters)
    try {
      return bank.toWhisper(data, parameters.output, parameters.linearGain)
    } finally {
      bank.close()
    }
  })
  const frames = codes.shape[0] ?? 0
  return tensor(features, [features.length / frames, frames])
}
