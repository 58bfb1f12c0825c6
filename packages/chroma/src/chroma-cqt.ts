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
import type { ChromaCqtOptions } from './chroma-options.js'
import { chromaCqtParameters } from './parameters.js'
import { matrices } from './results.js'

const algorithm: Algorithm<ChromaCqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = chromaCqtParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaCqt(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

const fromCqt: Algorithm<ChromaCqtOptions, Tensor<SignalData>> = {
  input: 'C',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = chromaCqtParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaCqtFromCqt(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

/**
 * Chroma of a constant-Q transform, as `librosa.feature.chroma_cqt` computes them: its magnitudes, folded to pitch classes and
 * normalised. The transform itself is never stored.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaCqtOptions}.
 * @returns `[..., nChroma, frames]`; `frames` is `1 + samples / hopLength`, rounded down. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { chromaCqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * const chroma = chromaCqt(y)
 * chroma.shape // => [12, 44]
 * chroma.get(9, 20) // => 1
 * ```
 */
export function chromaCqt<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaCqtOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'chromaCqt', y, options) as Tensor<T>
}

/**
 * {@link chromaCqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link chromaCqt}.
 * @param options - See {@link ChromaCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link chromaCqt}.
 *
 * @example
 * ```ts
 * import { chromaCqtAsync } from '@dsp/chroma'
 * const result = await chromaCqtAsync(new Float32Array(22050))
 * result.shape // => [12, 44]
 * ```
 */
export function chromaCqtAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaCqtOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'chromaCqtAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link chromaCqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaCqtOptions}.
 * @returns One `[nChroma, frames]` per signal, in order.
 * @throws DspError as {@link chromaCqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { chromaCqtBatch } from '@dsp/chroma'
 * const [a, b] = chromaCqtBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [12, 44]
 * b.shape // => [12, 22]
 * ```
 */
export function chromaCqtBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaCqtOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'chromaCqtBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link chromaCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaCqtBatch}.
 * @param options - See {@link ChromaCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nChroma, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { chromaCqtBatchAsync } from '@dsp/chroma'
 * const all = await chromaCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function chromaCqtBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaCqtOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'chromaCqtBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * {@link chromaCqt} of an existing constant-Q transform.
 * @param C - `[..., bins, frames]`, its magnitudes.
 * @param options - See {@link ChromaCqtOptions}; of the transform's options only `fmin` and `binsPerOctave` are used.
 * @returns `[..., nChroma, frames]`. Same element type as `C`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for fewer than two axes or an empty one.
 *
 * @example
 * ```ts
 * import { chromaCqtFromCqt } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const C = tensor(new Float32Array(84 * 10).fill(1), [84, 10])
 * chromaCqtFromCqt(C, { binsPerOctave: 12 }).shape // => [12, 10]
 * ```
 */
export function chromaCqtFromCqt<T extends SignalData = Float32Array>(
  C: SignalInput<T>,
  options?: Partial<ChromaCqtOptions>,
): Tensor<T> {
  return oneShot(fromCqt, 'chromaCqtFromCqt', C, options) as Tensor<T>
}
