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
import type { ChromaCensOptions } from './chroma-options.js'
import { chromaCensParameters } from './parameters.js'
import { matrices } from './results.js'

const algorithm: Algorithm<ChromaCensOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = chromaCensParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaCens(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

const fromCqt: Algorithm<ChromaCensOptions, Tensor<SignalData>> = {
  input: 'C',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = chromaCensParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaCensFromCqt(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

/**
 * Chroma Energy Normalised Statistics, as `librosa.feature.chroma_cens` computes them: chroma as shares of their frame, quantised
 * in four steps and smoothed over time (M. Mueller and S. Ewert, "Chroma Toolbox", 2011). A share that lies within rounding of
 * a step may fall on its other side than in librosa.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaCensOptions}.
 * @returns `[..., nChroma, frames]`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { chromaCens } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * chromaCens(y).shape // => [12, 44]
 * ```
 */
export function chromaCens<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaCensOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'chromaCens', y, options) as Tensor<T>
}

/**
 * {@link chromaCens} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link chromaCens}.
 * @param options - See {@link ChromaCensOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link chromaCens}.
 *
 * @example
 * ```ts
 * import { chromaCensAsync } from '@dsp/chroma'
 * const result = await chromaCensAsync(new Float32Array(22050))
 * result.shape // => [12, 44]
 * ```
 */
export function chromaCensAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaCensOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'chromaCensAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link chromaCens} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaCensOptions}.
 * @returns One `[nChroma, frames]` per signal, in order.
 * @throws DspError as {@link chromaCens} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { chromaCensBatch } from '@dsp/chroma'
 * const [a, b] = chromaCensBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [12, 44]
 * b.shape // => [12, 22]
 * ```
 */
export function chromaCensBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaCensOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'chromaCensBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link chromaCensBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaCensBatch}.
 * @param options - See {@link ChromaCensOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nChroma, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { chromaCensBatchAsync } from '@dsp/chroma'
 * const all = await chromaCensBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function chromaCensBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaCensOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'chromaCensBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * {@link chromaCens} of an existing constant-Q transform.
 * @param C - `[..., bins, frames]`, its magnitudes.
 * @param options - See {@link ChromaCensOptions}; of the transform's options only `fmin` and `binsPerOctave` are used.
 * @returns `[..., nChroma, frames]`. Same element type as `C`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for fewer than two axes or an empty one.
 *
 * @example
 * ```ts
 * import { chromaCensFromCqt } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const C = tensor(new Float32Array(252 * 10).fill(1), [252, 10])
 * chromaCensFromCqt(C).shape // => [12, 10]
 * ```
 */
export function chromaCensFromCqt<T extends SignalData = Float32Array>(
  C: SignalInput<T>,
  options?: Partial<ChromaCensOptions>,
): Tensor<T> {
  return oneShot(fromCqt, 'chromaCensFromCqt', C, options) as Tensor<T>
}
