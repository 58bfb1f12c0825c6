import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import { many, manyAsync, one, oneAsync } from './forms.js'
import type { ComplexType, HybridCqtOptions } from './options.js'
import { planHybrid } from './plans.js'
import type { Typed } from './typed.js'

/**
 * The magnitudes of a hybrid constant-Q transform, as `librosa.hybrid_cqt` computes it: filters that fit into two hops by
 * `pseudoCqt`, the lower ones by `cqt`.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link HybridCqtOptions}.
 * @returns `[..., nBins, frames]`. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be, as for `cqt`.
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
  return one<Typed<T, D>>(planHybrid('hybridCqt', options), y)[0]!
}

/**
 * {@link hybridCqt} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
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
export async function hybridCqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return (await oneAsync<Typed<T, D>, HybridCqtOptions>(planHybrid, 'hybridCqtAsync', y, options))[0]!
}

/**
 * {@link hybridCqt} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link HybridCqtOptions}.
 * @returns One `[nBins, frames]` a signal, in order.
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
  return many<Typed<T, D>>(planHybrid('hybridCqtBatch', options), signals).flat()
}

/**
 * {@link hybridCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link hybridCqtBatch}.
 * @param options - See {@link HybridCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames]` a signal, in order.
 *
 * @example
 * ```ts
 * import { hybridCqtBatchAsync } from '@dsp/chroma'
 * const all = await hybridCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export async function hybridCqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<HybridCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return (await manyAsync<Typed<T, D>, HybridCqtOptions>(planHybrid, 'hybridCqtBatchAsync', signals, options)).flat()
}
