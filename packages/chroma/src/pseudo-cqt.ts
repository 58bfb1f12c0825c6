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
import { type ComplexType, type PseudoCqtOptions, pseudoCqtOptionSpecs } from './options.js'
import { parameters } from './parameters.js'
import { type Typed, transformed } from './results.js'

const algorithm: Algorithm<PseudoCqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = parameters(owner, pseudoCqtOptionSpecs, options, signal)
    return { plan: ChromaPlan.pseudoCqt(given), transient: true, ...transformed(given.nBins) }
  },
}

/**
 * The magnitudes of a pseudo-constant-Q transform, as `librosa.pseudo_cqt` computes it: one Fourier transform of every frame,
 * whose magnitudes the filters weigh. Only `librosa: '1.0'` checks that filters stay below the Nyquist frequency.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PseudoCqtOptions}.
 * @returns `[..., nBins, frames]`. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options.
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
  return oneShot(algorithm, 'pseudoCqt', y, options) as Tensor<Typed<T, D>>
}

/**
 * {@link pseudoCqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
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
export function pseudoCqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return oneShotAsync(algorithm, 'pseudoCqtAsync', y, options) as Promise<Tensor<Typed<T, D>>>
}

/**
 * {@link pseudoCqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link PseudoCqtOptions}.
 * @returns One `[nBins, frames]` per signal, in order.
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
  return batch(algorithm, 'pseudoCqtBatch', signals, options) as Tensor<Typed<T, D>>[]
}

/**
 * {@link pseudoCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link pseudoCqtBatch}.
 * @param options - See {@link PseudoCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { pseudoCqtBatchAsync } from '@dsp/chroma'
 * const all = await pseudoCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function pseudoCqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PseudoCqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return batchAsync(algorithm, 'pseudoCqtBatchAsync', signals, options) as Promise<Tensor<Typed<T, D>>[]>
}
