import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { ChromaCqtOptions } from './chroma-options.js'
import { many, manyAsync, one, oneAsync } from './forms.js'
import { planChromaCqt, planChromaCqtFrom } from './plans.js'

/**
 * Chroma of a constant-Q transform, as `librosa.feature.chroma_cqt` computes them: its magnitudes, folded to pitch classes and
 * normalised. The transform itself is never stored.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link ChromaCqtOptions}.
 * @returns `[..., nChroma, frames]`; `frames` is `1 + samples / hopLength`, rounded down. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be, as for `cqt`.
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
  return one<T>(planChromaCqt('chromaCqt', options), y)[0]!
}

/**
 * {@link chromaCqt} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
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
export async function chromaCqtAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<ChromaCqtOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return (await oneAsync<T, ChromaCqtOptions>(planChromaCqt, 'chromaCqtAsync', y, options))[0]!
}

/**
 * {@link chromaCqt} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link ChromaCqtOptions}.
 * @returns One `[nChroma, frames]` a signal, in order.
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
  return many<T>(planChromaCqt('chromaCqtBatch', options), signals).flat()
}

/**
 * {@link chromaCqtBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link chromaCqtBatch}.
 * @param options - See {@link ChromaCqtOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nChroma, frames]` a signal, in order.
 *
 * @example
 * ```ts
 * import { chromaCqtBatchAsync } from '@dsp/chroma'
 * const all = await chromaCqtBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export async function chromaCqtBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ChromaCqtOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return (await manyAsync<T, ChromaCqtOptions>(planChromaCqt, 'chromaCqtBatchAsync', signals, options)).flat()
}

/**
 * {@link chromaCqt} of a constant-Q transform that is there already.
 * @param C - `[..., bins, frames]`, its magnitudes.
 * @param options - See {@link ChromaCqtOptions}; what belongs to the transform is not read, but for `fmin` and `binsPerOctave`.
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
  return one<T>(planChromaCqtFrom('chromaCqtFromCqt', options), C, 2, 'C')[0]!
}
