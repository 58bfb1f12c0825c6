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
import type { ComplexType, VqtOptions } from './options.js'
import { vqtParameters } from './parameters.js'
import { type Typed, transformed } from './results.js'

const algorithm: Algorithm<VqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = vqtParameters(owner, options, signal)
    return { plan: ChromaPlan.vqt(given), transient: true, ...transformed(given.nBins, [2]) }
  },
}

/**
 * The variable-Q transform, as `librosa.vqt` computes it: a constant-Q transform whose low filters are shorter (by `gamma`), and
 * whose octaves may be divided in other ways than equally (by `intervals`).
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link VqtOptions}.
 * @returns `[..., nBins, frames, 2]`, complex; `frames` is `1 + samples / hopLength`, rounded down. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { vqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * vqt(y, { intervals: 'ji5', gamma: 20 }).shape // => [84, 44, 2]
 * vqt(y, { intervals: [1, 4 / 3, 3 / 2], nBins: 12 }).shape // => [12, 44, 2]
 * ```
 */
export function vqt<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<VqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>> {
  return oneShot(algorithm, 'vqt', y, options) as Tensor<Typed<T, D>>
}

/**
 * {@link vqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link vqt}.
 * @param options - See {@link VqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link vqt}.
 *
 * @example
 * ```ts
 * import { vqtAsync } from '@dsp/chroma'
 * const result = await vqtAsync(new Float32Array(22050), { intervals: 'ji5', nBins: 36 })
 * result.shape // => [36, 44, 2]
 * ```
 */
export function vqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<VqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return oneShotAsync(algorithm, 'vqtAsync', y, options) as Promise<Tensor<Typed<T, D>>>
}

/**
 * {@link vqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link VqtOptions}.
 * @returns One `[nBins, frames, 2]` per signal, in order.
 * @throws DspError as {@link vqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { vqtBatch } from '@dsp/chroma'
 * const [a, b] = vqtBatch([new Float32Array(22050), new Float32Array(11025)], { intervals: 'ji5', nBins: 36 })
 * a.shape // => [36, 44, 2]
 * b.shape // => [36, 22, 2]
 * ```
 */
export function vqtBatch<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<VqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>>[] {
  return batch(algorithm, 'vqtBatch', signals, options) as Tensor<Typed<T, D>>[]
}

/**
 * {@link vqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link vqtBatch}.
 * @param options - See {@link VqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames, 2]` per signal, in order.
 *
 * @example
 * ```ts
 * import { vqtBatchAsync } from '@dsp/chroma'
 * const all = await vqtBatchAsync([new Float32Array(22050), new Float32Array(11025)], { intervals: 'ji5', nBins: 36 })
 * all.length // => 2
 * ```
 */
export function vqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<VqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return batchAsync(algorithm, 'vqtBatchAsync', signals, options) as Promise<Tensor<Typed<T, D>>[]>
}
