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
import type { ChromaVqtOptions } from './chroma-options.js'
import { chromaVqtParameters } from './parameters.js'
import { matrices } from './results.js'

const algorithm: Algorithm<ChromaVqtOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = chromaVqtParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaVqt(given), transient: true, wrap: matrices(given.binsPerOctave) }
  },
}

const fromVqt: Algorithm<ChromaVqtOptions, Tensor<SignalData>> = {
  input: 'V',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = chromaVqtParameters(owner, options, signal)
    return { plan: ChromaPlan.chromaVqtFromVqt(given), transient: true, wrap: matrices(given.binsPerOctave) }
  },
}

/**
 * Chroma of a variable-Q transform, as `librosa.feature.chroma_vqt` computes them: every part of an octave is a pitch class. The
 * tuning is A440.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaVqtOptions}.
 * @returns `[..., binsPerOctave, frames]`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options, as for `cqt`.
 *
 * @example
 * ```ts
 * import { chromaVqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * chromaVqt(y, { intervals: 'pythagorean', binsPerOctave: 19 }).shape // => [19, 44]
 * ```
 */
export function chromaVqt<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'>,
): Tensor<T> {
  return oneShot(algorithm, 'chromaVqt', y, options) as Tensor<T>
}

/**
 * {@link chromaVqt} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link chromaVqt}.
 * @param options - See {@link ChromaVqtOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link chromaVqt}.
 *
 * @example
 * ```ts
 * import { chromaVqtAsync } from '@dsp/chroma'
 * const result = await chromaVqtAsync(new Float32Array(22050), { intervals: 'ji5' })
 * result.shape // => [12, 44]
 * ```
 */
export function chromaVqtAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'chromaVqtAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link chromaVqt} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaVqtOptions}.
 * @returns One `[binsPerOctave, frames]` per signal, in order.
 * @throws DspError as {@link chromaVqt} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { chromaVqtBatch } from '@dsp/chroma'
 * const [a, b] = chromaVqtBatch([new Float32Array(22050), new Float32Array(11025)], { intervals: 'ji5' })
 * a.shape // => [12, 44]
 * b.shape // => [12, 22]
 * ```
 */
export function chromaVqtBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'>,
): Tensor<T>[] {
  return batch(algorithm, 'chromaVqtBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link chromaVqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaVqtBatch}.
 * @param options - See {@link ChromaVqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[binsPerOctave, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { chromaVqtBatchAsync } from '@dsp/chroma'
 * const all = await chromaVqtBatchAsync([new Float32Array(22050), new Float32Array(11025)], { intervals: 'ji5' })
 * all.length // => 2
 * ```
 */
export function chromaVqtBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'chromaVqtBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * {@link chromaVqt} of an existing variable-Q transform.
 * @param V - `[..., bins, frames]`, its magnitudes.
 * @param options - See {@link ChromaVqtOptions}; of the transform's options only `fmin` and `intervals` are used.
 * @returns `[..., binsPerOctave, frames]`. Same element type as `V`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for fewer than two axes or an empty one.
 *
 * @example
 * ```ts
 * import { chromaVqtFromVqt } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const V = tensor(new Float32Array(24 * 10).fill(1), [24, 10])
 * chromaVqtFromVqt(V, { intervals: 'equal' }).shape // => [12, 10]
 * ```
 */
export function chromaVqtFromVqt<T extends SignalData = Float32Array>(
  V: SignalInput<T>,
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'>,
): Tensor<T> {
  return oneShot(fromVqt, 'chromaVqtFromVqt', V, options) as Tensor<T>
}
