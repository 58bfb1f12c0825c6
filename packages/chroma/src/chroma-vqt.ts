import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { ChromaVqtOptions } from './chroma-options.js'
import { many, manyAsync, one, oneAsync } from './forms.js'
import { planChromaVqt, planChromaVqtFrom } from './plans.js'

/**
 * Chroma of a variable-Q transform, as `librosa.feature.chroma_vqt` computes them: every part of an octave is a pitch class. The
 * tuning is A440.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaVqtOptions}.
 * @returns `[..., binsPerOctave, frames]`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be, as for `cqt`.
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
  return one<T>(planChromaVqt('chromaVqt', options), y)[0]!
}

/**
 * {@link chromaVqt} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
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
export async function chromaVqtAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'> & AsyncOptions,
): Promise<Tensor<T>> {
  return (await oneAsync<T, ChromaVqtOptions>(planChromaVqt, 'chromaVqtAsync', y, options))[0]!
}

/**
 * {@link chromaVqt} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaVqtOptions}.
 * @returns One `[binsPerOctave, frames]` a signal, in order.
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
  return many<T>(planChromaVqt('chromaVqtBatch', options), signals).flat()
}

/**
 * {@link chromaVqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaVqtBatch}.
 * @param options - See {@link ChromaVqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[binsPerOctave, frames]` a signal, in order.
 *
 * @example
 * ```ts
 * import { chromaVqtBatchAsync } from '@dsp/chroma'
 * const all = await chromaVqtBatchAsync([new Float32Array(22050), new Float32Array(11025)], { intervals: 'ji5' })
 * all.length // => 2
 * ```
 */
export async function chromaVqtBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options: Partial<ChromaVqtOptions> & Pick<ChromaVqtOptions, 'intervals'> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return (await manyAsync<T, ChromaVqtOptions>(planChromaVqt, 'chromaVqtBatchAsync', signals, options)).flat()
}

/**
 * {@link chromaVqt} of a variable-Q transform that is there already.
 * @param V - `[..., bins, frames]`, its magnitudes.
 * @param options - See {@link ChromaVqtOptions}; what belongs to the transform is not read, but for `fmin` and `intervals`.
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
  return one<T>(planChromaVqtFrom('chromaVqtFromVqt', options), V, 2, 'V')[0]!
}
