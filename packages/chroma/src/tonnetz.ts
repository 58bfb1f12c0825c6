import { ChromaPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { TonnetzOptions } from './chroma-options.js'
import { chromaCqtParameters } from './parameters.js'
import { matrices } from './results.js'

const algorithm: Algorithm<TonnetzOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => ({
    plan: ChromaPlan.tonnetz(chromaCqtParameters(owner, options, signal)),
    transient: true,
    wrap: matrices(6),
  }),
}

const fromChroma: Algorithm<object, Tensor<SignalData>> = {
  input: 'chroma',
  axes: 2,
  plan: () => ({ plan: ChromaPlan.tonnetzFromChroma(), transient: true, wrap: matrices(6) }),
}

/**
 * Tonal centroids, as `librosa.feature.tonnetz` computes them: chroma on the circles of fifths, minor thirds and major thirds,
 * sine and cosine each (C. Harte, M. Sandler and M. Gasser, "Detecting harmonic change in musical audio", 2006).
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link TonnetzOptions}.
 * @returns `[..., 6, frames]`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { tonnetz } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * tonnetz(y).shape // => [6, 44]
 * ```
 */
export function tonnetz<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<TonnetzOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'tonnetz', y, options) as Tensor<T>
}

/**
 * {@link tonnetz} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link tonnetz}.
 * @param options - See {@link TonnetzOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link tonnetz}.
 *
 * @example
 * ```ts
 * import { tonnetzAsync } from '@dsp/chroma'
 * const result = await tonnetzAsync(new Float32Array(22050))
 * result.shape // => [6, 44]
 * ```
 */
export function tonnetzAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<TonnetzOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'tonnetzAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link tonnetz} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link TonnetzOptions}.
 * @returns One `[6, frames]` per signal, in order.
 * @throws DspError as {@link tonnetz} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { tonnetzBatch } from '@dsp/chroma'
 * const [a, b] = tonnetzBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [6, 44]
 * b.shape // => [6, 22]
 * ```
 */
export function tonnetzBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<TonnetzOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'tonnetzBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link tonnetzBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link tonnetzBatch}.
 * @param options - See {@link TonnetzOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[6, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { tonnetzBatchAsync } from '@dsp/chroma'
 * const all = await tonnetzBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function tonnetzBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<TonnetzOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'tonnetzBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * {@link tonnetz} of existing chroma.
 * @param chroma - `[..., classes, frames]`.
 * @returns `[..., 6, frames]`. Same element type as `chroma`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for fewer than two axes or an empty one.
 *
 * @example
 * ```ts
 * import { tonnetzFromChroma } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const chroma = tensor(new Float32Array(12 * 10).fill(1), [12, 10])
 * tonnetzFromChroma(chroma).shape // => [6, 10]
 * ```
 */
export function tonnetzFromChroma<T extends SignalData = Float32Array>(chroma: SignalInput<T>): Tensor<T> {
  return oneShot(fromChroma, 'tonnetzFromChroma', chroma, undefined) as Tensor<T>
}
