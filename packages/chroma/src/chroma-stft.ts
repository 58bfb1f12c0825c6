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
import type { ChromaStftOptions } from './chroma-options.js'
import { chromaStftParameters } from './parameters.js'
import { matrices } from './results.js'

const algorithm: Algorithm<ChromaStftOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = chromaStftParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaStft(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

const fromSpectrogram: Algorithm<ChromaStftOptions, Tensor<SignalData>> = {
  input: 'S',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = chromaStftParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaStftFromSpectrogram(given), transient: true, wrap: matrices(given.nChroma) }
  },
}

/**
 * Chroma of a Fourier transform, as `librosa.feature.chroma_stft` computes them: powers of every frame, weighed by a bank of
 * bumps around the pitch classes, and normalised.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaStftOptions}.
 * @returns `[..., nChroma, frames]`; `frames` as for `stft`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `stft`.
 *
 * @example
 * ```ts
 * import { chromaStft } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * const chroma = chromaStft(y)
 * chroma.shape // => [12, 44]
 * chroma.get(9, 20) // => 1
 * ```
 */
export function chromaStft<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaStftOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'chromaStft', y, options) as Tensor<T>
}

/**
 * {@link chromaStft} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link chromaStft}.
 * @param options - See {@link ChromaStftOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link chromaStft}.
 *
 * @example
 * ```ts
 * import { chromaStftAsync } from '@dsp/chroma'
 * const result = await chromaStftAsync(new Float32Array(22050))
 * result.shape // => [12, 44]
 * ```
 */
export function chromaStftAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaStftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'chromaStftAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link chromaStft} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaStftOptions}.
 * @returns One `[nChroma, frames]` per signal, in order.
 * @throws DspError as {@link chromaStft} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { chromaStftBatch } from '@dsp/chroma'
 * const [a, b] = chromaStftBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [12, 44]
 * b.shape // => [12, 22]
 * ```
 */
export function chromaStftBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaStftOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'chromaStftBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link chromaStftBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaStftBatch}.
 * @param options - See {@link ChromaStftOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nChroma, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { chromaStftBatchAsync } from '@dsp/chroma'
 * const all = await chromaStftBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function chromaStftBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaStftOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'chromaStftBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * {@link chromaStft} of an existing power spectrogram.
 * @param S - `[..., bins, frames]`, powers.
 * @param options - See {@link ChromaStftOptions}; framing options are ignored, except `nFft` if it has as many bins (else `2 * (bins - 1)`).
 * @returns `[..., nChroma, frames]`. Same element type as `S`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for fewer than two axes or an empty one.
 *
 * @example
 * ```ts
 * import { chromaStftFromSpectrogram } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const S = tensor(new Float32Array(1025 * 10).fill(1), [1025, 10])
 * chromaStftFromSpectrogram(S, { tuning: 0 }).shape // => [12, 10]
 * ```
 */
export function chromaStftFromSpectrogram<T extends SignalData = Float32Array>(
  S: SignalInput<T>,
  options?: Partial<ChromaStftOptions>,
): Tensor<T> {
  return oneShot(fromSpectrogram, 'chromaStftFromSpectrogram', S, options) as Tensor<T>
}
