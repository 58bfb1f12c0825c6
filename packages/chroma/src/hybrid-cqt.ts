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
import { type ComplexType, type HybridCqtOptions, hybridCqtOptionSpecs } from './options.js'
import { parameters } from './parameters.js'
import { type Typed, transformed } from './results.js'

const algorithm: Algorithm<HybridCqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = parameters(owner, hybridCqtOptionSpecs, options, signal)
    return { plan: ChromaPlan.hybridCqt(given), transient: true, ...transformed(given.nBins) }
  },
}

/**
 * The magnitudes of a hybrid constant-Q transform, as `librosa.hybrid_cqt` computes it: filters that fit into two hops by
 * `pseudoCqt`, the lower ones by `cqt`.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link HybridCqtOptions}.
 * @returns `[..., nBins, frames]`. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { hybridCqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * hybridCqt(y).shape // => [84, 44]
 * ```
 */
export function hybridCqt<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>> {
  return oneShot(algorithm, 'hybridCqt', y, options) as Tensor<Typed<T, D>>
}

/**
 * {@link hybridCqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link hybridCqt}.
 * @param options - See {@link HybridCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link hybridCqt}.
 *
 * @example
 * ```ts
 * import { hybridCqtAsync } from '@dsp/chroma'
 * const result = await hybridCqtAsync(new Float32Array(22050))
 * result.shape // => [84, 44]
 * ```
 */
export function hybridCqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return oneShotAsync(algorithm, 'hybridCqtAsync', y, options) as Promise<Tensor<Typed<T, D>>>
}

/**
 * {@link hybridCqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link HybridCqtOptions}.
 * @returns One `[nBins, frames]` per signal, in order.
 * @throws DspError as {@link hybridCqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { hybridCqtBatch } from '@dsp/chroma'
 * const [a, b] = hybridCqtBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [84, 44]
 * b.shape // => [84, 22]
 * ```
 */
export function hybridCqtBatch<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>>[] {
  return batch(algorithm, 'hybridCqtBatch', signals, options) as Tensor<Typed<T, D>>[]
}

/**
 * {@link hybridCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link hybridCqtBatch}.
 * @param options - See {@link HybridCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { hybridCqtBatchAsync } from '@dsp/chroma'
 * const all = await hybridCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function hybridCqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return batchAsync(algorithm, 'hybridCqtBatchAsync', signals, options) as Promise<Tensor<Typed<T, D>>[]>
}
