import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import { many, manyAsync, one, oneAsync } from './forms.js'
import type { ComplexType, PseudoCqtOptions } from './options.js'
import { planPseudo } from './plans.js'
import type { Typed } from './typed.js'

/**
 * The magnitudes of a pseudo-constant-Q transform, as `librosa.pseudo_cqt` computes it: one Fourier transform of every frame,
 * whose magnitudes the filters weigh. Nothing checks that filters stay below the Nyquist frequency.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PseudoCqtOptions}.
 * @returns `[..., nBins, frames]`. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * import { pseudoCqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * pseudoCqt(y).shape // => [84, 44]
 * ```
 */
export function pseudoCqt<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>> {
  return one<Typed<T, D>>(planPseudo('pseudoCqt', options), y)[0]!
}

/**
 * {@link pseudoCqt} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
 * @param y - As for {@link pseudoCqt}.
 * @param options - See {@link PseudoCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link pseudoCqt}.
 *
 * @example
 * ```ts
 * import { pseudoCqtAsync } from '@dsp/chroma'
 * const result = await pseudoCqtAsync(new Float32Array(22050))
 * result.shape // => [84, 44]
 * ```
 */
export async function pseudoCqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return (await oneAsync<Typed<T, D>, PseudoCqtOptions>(planPseudo, 'pseudoCqtAsync', y, options))[0]!
}

/**
 * {@link pseudoCqt} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link PseudoCqtOptions}.
 * @returns One `[nBins, frames]` a signal, in order.
 * @throws DspError as {@link pseudoCqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { pseudoCqtBatch } from '@dsp/chroma'
 * const [a, b] = pseudoCqtBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [84, 44]
 * b.shape // => [84, 22]
 * ```
 */
export function pseudoCqtBatch<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>>[] {
  return many<Typed<T, D>>(planPseudo('pseudoCqtBatch', options), signals).flat()
}

/**
 * {@link pseudoCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link pseudoCqtBatch}.
 * @param options - See {@link PseudoCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames]` a signal, in order.
 *
 * @example
 * ```ts
 * import { pseudoCqtBatchAsync } from '@dsp/chroma'
 * const all = await pseudoCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export async function pseudoCqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return (await manyAsync<Typed<T, D>, PseudoCqtOptions>(planPseudo, 'pseudoCqtBatchAsync', signals, options)).flat()
}
