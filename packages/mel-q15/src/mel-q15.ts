import { MelQ15Plan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  PlanCache,
  type SignalInput,
} from '@dsp/signal'
import { DspError, type Tensor, tensor } from '@dsp/tensor'
import { bankParameters, type MelQ15Options, melQ15OptionSpecs, type Q15BankOptions } from './options.js'

/** Codes of the kernel: int16 for `log2-int16`, int8 for the other formats. */
export type Q15Codes = Tensor<Int8Array> | Tensor<Int16Array>

/** The codes of each frame: profiles without the option have its default. */
export const filtersOf = ({ nMels }: Q15BankOptions): number => nMels

/** The sample rate of a bank's signals. */
export const rateOf = ({ profile, sr }: MelQ15Options): number => (profile === 'accurate' ? sr : 16000)

const plans = new PlanCache<MelQ15Plan>()

const algorithm: Algorithm<MelQ15Options, Q15Codes> = {
  plan: (owner, given, { sampleRate }) => {
    const options = bankParameters(owner, melQ15OptionSpecs, given)
    const rate = rateOf(options)
    if (sampleRate !== undefined && sampleRate !== rate) {
      throw DspError.argument('y.sampleRate', `${rate} Hz (resample the audio first)`, sampleRate)
    }
    const filters = filtersOf(options)
    return {
      plan: plans.get(options, 0, () => new MelQ15Plan(options)),
      wrap: ([data], leading) => codesOf(data, leading, filters),
    }
  },
}

/** The native core's codes as a tensor: plans are declared to give floats, this one gives integers. */
export function codesOf(data: unknown, leading: readonly number[], filters: number): Q15Codes {
  const codes = data as Int8Array
  const channels = leading.reduce((product, length) => product * length, 1)
  return tensor(codes, [...leading, codes.length / filters / channels, filters])
}

/**
 * Mel features in fixed point, as the NPU's kernel computes them: the bit-exact reference of `native/aie/kernel`. Samples become 16 bits
 * (`round(32768 * y)`, halves away from zero, saturated), frames of 400 are windowed by a Q15 Hann window, transformed in block
 * floating point, weighed by the bank's filters and written as the code that `output` names.
 * @param y - `[..., samples]` in [-1, 1], float32 or float64; 16-bit audio decoded to floats is taken as it was. At the bank's rate,
 *   16 kHz but for `accurate`: an `Audio` of another rate is an error.
 * @param options - See {@link MelQ15Options}.
 * @returns `[..., frames, filters]`, as the kernel writes them: int16 for `output: 'log2-int16'`, otherwise int8.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a signal without a frame, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, and for a bank that the kernel cannot run (frames of other than 400 samples, transforms of
 *   other than 400 or 512 points).
 *
 * @example
 * ```ts
 * import { melQ15 } from '@dsp/mel-q15'
 * const speech = Float32Array.from({ length: 16000 }, (_, i) => Math.sin(i / 5) / 2)
 * const codes = melQ15(speech)
 * codes.shape // => [100, 80]
 * codes.data instanceof Int8Array // => true
 * melQ15(speech, { profile: 'whisper-512', output: 'log2-int16' }).data instanceof Int16Array // => true
 * ```
 */
export function melQ15(y: SignalInput, options?: Partial<MelQ15Options>): Q15Codes {
  return oneShot(algorithm, 'melQ15', y, options)
}

/**
 * {@link melQ15} off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link melQ15}.
 * @param options - See {@link MelQ15Options}, and an `AbortSignal` as `signal`.
 * @returns `[..., frames, filters]`.
 *
 * @example
 * ```ts
 * import { melQ15Async } from '@dsp/mel-q15'
 * const codes = await melQ15Async(new Float32Array(16000), { profile: 'classic-fixed' })
 * codes.shape // => [100, 80]
 * ```
 */
export function melQ15Async(y: SignalInput, options?: Partial<MelQ15Options> & AsyncOptions): Promise<Q15Codes> {
  return oneShotAsync(algorithm, 'melQ15Async', y, options)
}

/**
 * {@link melQ15} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all of one element type.
 * @param options - See {@link MelQ15Options}.
 * @returns One `[frames, filters]` per signal, in order.
 * @throws DspError as {@link melQ15} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { melQ15Batch } from '@dsp/mel-q15'
 * const [a, b] = melQ15Batch([new Float32Array(16000), new Float32Array(8000)])
 * b.shape // => [50, 80]
 * ```
 */
export function melQ15Batch(signals: readonly SignalInput[], options?: Partial<MelQ15Options>): Q15Codes[] {
  return batch(algorithm, 'melQ15Batch', signals, options)
}

/**
 * {@link melQ15Batch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link melQ15Batch}.
 * @param options - See {@link MelQ15Options}, and an `AbortSignal` as `signal`.
 * @returns One `[frames, filters]` per signal, in order.
 *
 * @example
 * ```ts
 * import { melQ15BatchAsync } from '@dsp/mel-q15'
 * const all = await melQ15BatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all[0].shape // => [100, 80]
 * ```
 */
export function melQ15BatchAsync(
  signals: readonly SignalInput[],
  options?: Partial<MelQ15Options> & AsyncOptions,
): Promise<Q15Codes[]> {
  return batchAsync(algorithm, 'melQ15BatchAsync', signals, options)
}
