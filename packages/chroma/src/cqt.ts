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
import { type ComplexType, type CqtOptions, cqtOptionSpecs } from './options.js'
import { parameters } from './parameters.js'
import { type Typed, transformed } from './results.js'

const algorithm: Algorithm<CqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = parameters(owner, cqtOptionSpecs, options, signal)
    return { plan: ChromaPlan.cqt(given), transient: true, ...transformed(given.nBins, [2]) }
  },
}

/**
 * The constant-Q transform, as `librosa.cqt` computes it: the response to filters whose bandwidths grow with their frequencies
 * (C. Schoerkhuber and A. Klapuri, "Constant-Q transform toolbox for music processing", 2010).
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link CqtOptions}.
 * @returns `[..., nBins, frames, 2]`, complex; `frames` is `1 + samples / hopLength`, rounded down. Same element type as `y`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options: filters beyond the Nyquist frequency, a lowest
 *   frequency whose filter would be too long, a signal too short for so few octaves.
 *
 * @example
 * ```ts
 * import { cqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * cqt(y).shape // => [84, 44, 2]
 * ```
 */
export function cqt<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<CqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>> {
  return oneShot(algorithm, 'cqt', y, options) as Tensor<Typed<T, D>>
}

/**
 * {@link cqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link cqt}.
 * @param options - See {@link CqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link cqt}.
 *
 * @example
 * ```ts
 * import { cqtAsync } from '@dsp/chroma'
 * const result = await cqtAsync(new Float32Array(22050))
 * result.shape // => [84, 44, 2]
 * ```
 */
export function cqtAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  y: SignalInput<T>,
  options?: Partial<CqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return oneShotAsync(algorithm, 'cqtAsync', y, options) as Promise<Tensor<Typed<T, D>>>
}

/**
 * {@link cqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link CqtOptions}.
 * @returns One `[nBins, frames, 2]` per signal, in order.
 * @throws DspError as {@link cqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { cqtBatch } from '@dsp/chroma'
 * const [a, b] = cqtBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [84, 44, 2]
 * b.shape // => [84, 22, 2]
 * ```
 */
export function cqtBatch<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<CqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>>[] {
  return batch(algorithm, 'cqtBatch', signals, options) as Tensor<Typed<T, D>>[]
}

/**
 * {@link cqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link cqtBatch}.
 * @param options - See {@link CqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nBins, frames, 2]` per signal, in order.
 *
 * @example
 * ```ts
 * import { cqtBatchAsync } from '@dsp/chroma'
 * const all = await cqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function cqtBatchAsync<T extends SignalData = Float32Array, D extends ComplexType | null = null>(
  signals: readonly SignalInput<T>[],
  options?: Partial<CqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>[]> {
  return batchAsync(algorithm, 'cqtBatchAsync', signals, options) as Promise<Tensor<Typed<T, D>>[]>
}
