import { NemoPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  PlanCache,
  perChannel,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { DspError, type Tensor } from '@dsp/tensor'
import {
  type NemoOptions,
  type NemoParameters,
  nemoParameters,
  nemoRows,
  warnOfEmptyNemoFilters,
} from './nemo-options.js'

const plans = new PlanCache<NemoPlan>()

function planOf(parameters: NemoParameters): NemoPlan {
  return plans.get(parameters, parameters.nFft, () => warnOfEmptyNemoFilters(new NemoPlan(parameters), parameters))
}

const algorithm: Algorithm<NemoOptions, Tensor<SignalData>> = {
  plan: (owner, options, { sampleRate }) => {
    const parameters = nemoParameters(owner, options, sampleRate)
    const rows = nemoRows(parameters)
    return {
      plan: planOf(parameters),
      wrap: ([data], leading) => perChannel(data!, leading, (values) => [rows, values / rows]),
    }
  },
}

/**
 * NeMo's log-mel features, the input of Parakeet and Canary models, as `AudioToMelSpectrogramPreprocessor` computes them in evaluation
 * mode: pre-emphasis over the whole signal, centred frames with zeros at both ends, a symmetric window, powers, Slaney's filters,
 * `ln(x + 2^-24)`, then mean 0 and deviation 1 for each band. Computed in float64; features of float32 signals are kept in float32 until
 * their statistics are known, as differences that lose little by it.
 *
 * The last frame of the transform and the columns that `padTo` adds hold `padValue`, as in NeMo; {@link nemoSeqLen} says how many come
 * before them. The option `preset` names what Parakeet models want.
 * @param y - `[..., samples]` in [-1, 1], float32 or float64; a strided view is copied once. An `Audio` brings its rate.
 * @param options - See {@link NemoOptions}.
 * @returns `[..., features, columns]`; `columns` is `1 + samples / nWindowStride` (rounded down) for an even `nFft`, rounded up to a
 *   multiple of `padTo`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a signal without a valid frame, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options. Filters without any bin are a process warning, see `melFilters`.
 *
 * @example
 * ```ts
 * import { nemoLogMel } from '@dsp/mel'
 * const speech = new Float32Array(16000).map((_, i) => Math.sin(i * i))
 * nemoLogMel(speech, { preset: 'parakeet' }).shape // => [80, 101]
 * nemoLogMel(speech).shape // => [64, 112]
 * ```
 */
export function nemoLogMel<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<NemoOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'nemoLogMel', y, options) as Tensor<T>
}

/**
 * {@link nemoLogMel} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link nemoLogMel}.
 * @param options - See {@link NemoOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., features, columns]`.
 *
 * @example
 * ```ts
 * import { nemoLogMelAsync } from '@dsp/mel'
 * const features = await nemoLogMelAsync(new Float32Array(16000))
 * features.shape // => [64, 112]
 * ```
 */
export function nemoLogMelAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<NemoOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'nemoLogMelAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link nemoLogMel} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all of one element type and one rate.
 * @param options - See {@link NemoOptions}.
 * @returns One `[features, columns]` per signal, in order.
 * @throws DspError as {@link nemoLogMel} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { nemoLogMelBatch } from '@dsp/mel'
 * const [a, b] = nemoLogMelBatch([new Float32Array(16000), new Float32Array(8000)], { padTo: 0 })
 * a.shape // => [64, 101]
 * b.shape // => [64, 51]
 * ```
 */
export function nemoLogMelBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<NemoOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'nemoLogMelBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link nemoLogMelBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link nemoLogMelBatch}.
 * @param options - See {@link NemoOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[features, columns]` per signal, in order.
 *
 * @example
 * ```ts
 * import { nemoLogMelBatchAsync } from '@dsp/mel'
 * const all = await nemoLogMelBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all[1].shape // => [64, 64]
 * ```
 */
export function nemoLogMelBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<NemoOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'nemoLogMelBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * The valid frames of a signal, NeMo's `get_seq_len`: what a model takes as the length beside the features.
 * @param samples - Length of the signal, a whole number of at least 0.
 * @param options - Those of {@link nemoLogMel}.
 * @returns Columns of the features before those that hold `padValue`; 0 for a signal that is too short.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid arguments.
 *
 * @example
 * ```ts
 * import { nemoSeqLen } from '@dsp/mel'
 * nemoSeqLen(16000) // => 100
 * nemoSeqLen(159) // => 0
 * ```
 */
export function nemoSeqLen(samples: number, options?: Partial<NemoOptions>): number {
  if (!Number.isSafeInteger(samples) || samples < 0) {
    throw DspError.argument('samples', 'a whole number of at least 0', samples)
  }
  return planOf(nemoParameters('nemoSeqLen', options)).validFrames(samples)
}
