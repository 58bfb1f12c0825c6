import { StftPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  type NativePlan,
  oneShot,
  oneShotAsync,
  PlanCache,
  perChannel,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { StftOptions } from './options.js'
import { stftParameters } from './stft-plan.js'
import { allocate } from './transform.js'

/** Plans whose synchronous results go straight into arrays of V8's, which its collector frees between two calls. */
const plans = new PlanCache<NativePlan>()

function makePlan(options: object): NativePlan {
  const plan = new StftPlan(options)
  return {
    run(y, _, samples) {
      const output = allocate(y, plan.size(samples === 0 ? 0 : y.length / samples, samples))
      plan.runInto(y, samples, output)
      return [output]
    },
    runAsync: plan.runAsync.bind(plan),
    batch: plan.batch.bind(plan),
    batchAsync: plan.batchAsync.bind(plan),
    close: plan.close.bind(plan),
  }
}

const algorithm: Algorithm<StftOptions, Tensor<SignalData>> = {
  plan: (owner, options) => {
    const given = stftParameters(owner, options)
    const bins = Math.floor(given.nFft / 2) + 1
    return {
      plan: plans.get(given, given.nFft, () => makePlan(given)),
      wrap: ([spectrum], leading) => perChannel(spectrum!, leading, (values) => [bins, values / bins / 2, 2]),
    }
  },
}

/**
 * The short-time Fourier transform, as `librosa.stft` computes it: the spectrum of a window that moves over the signal.
 * Frames are computed in float64 and rounded once, for float32 signals as well (as librosa does).
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link StftOptions}.
 * @returns `[..., nFft / 2 + 1, frames, 2]`, complex. `frames` is `1 + samples / hopLength` (rounded down) for an even `nFft`
 *   if frames are centred, else `1 + (samples - nFft) / hopLength`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` for invalid
 *   options: a window longer than `nFft`, an `nFft` longer than the signal if frames are not centred, a result of more than
 *   2^31 elements.
 *
 * @example
 * ```ts
 * import { stft } from '@dsp/fft'
 * const second = new Float32Array(16000).map((_, i) => Math.sin(i / 5))
 * stft(second, { nFft: 512, hopLength: 160 }).shape // => [257, 101, 2]
 * ```
 */
export function stft<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<StftOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'stft', y, options) as Tensor<T>
}

/**
 * {@link stft} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link stft}.
 * @param options - See {@link StftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., nFft / 2 + 1, frames, 2]`.
 *
 * @example
 * ```ts
 * import { stftAsync } from '@dsp/fft'
 * const spectra = await stftAsync(new Float32Array(22050), { signal: AbortSignal.timeout(60_000) })
 * spectra.shape // => [1025, 44, 2]
 * ```
 */
export function stftAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<StftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'stftAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link stft} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link StftOptions}.
 * @returns One `[nFft / 2 + 1, frames, 2]` per signal, in order.
 * @throws DspError as {@link stft} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { stftBatch } from '@dsp/fft'
 * const [a, b] = stftBatch([new Float32Array(16000), new Float32Array(8000)], { nFft: 400, hopLength: 160 })
 * a.shape // => [201, 101, 2]
 * b.shape // => [201, 51, 2]
 * ```
 */
export function stftBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<StftOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'stftBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link stftBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link stftBatch}.
 * @param options - See {@link StftOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nFft / 2 + 1, frames, 2]` per signal, in order.
 *
 * @example
 * ```ts
 * import { stftBatchAsync } from '@dsp/fft'
 * const all = await stftBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export function stftBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<StftOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'stftBatchAsync', signals, options) as Promise<Tensor<T>[]>
}
