import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { FftOptions } from './options.js'
import { transform, transformAsync } from './transform.js'

/**
 * The inverse of `rfft`, as `numpy.fft.irfft` over the last complex axis; scaled by `1 / n`. Imaginary parts of the first bin
 * and, if `n` is even, of bin `n / 2` are ignored.
 * @param x - `[..., bins, 2]`, complex, float32 or float64.
 * @param options - See {@link FftOptions}; an odd `n` must be given.
 * @returns `[..., n]`, real. Same element type as `x`.
 * @throws DspError as `rfft` does, and `ERR_DSP_SHAPE` if the last axis is not 2.
 *
 * @example
 * ```ts
 * import { irfft, rfft } from '@dsp/fft'
 * const samples = new Float64Array([1, 2, 3, 4, 5])
 * irfft(rfft(samples), { n: 5 }).data.map(Math.round) // => Float64Array.of(1, 2, 3, 4, 5)
 * ```
 */
export function irfft<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  options?: Partial<FftOptions>,
): Tensor<T> {
  return transform('irfft', x, options)
}

/**
 * {@link irfft} on all cores, off the main thread. The input is copied before the function returns.
 * @param x - As for {@link irfft}.
 * @param options - See {@link FftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., n]`.
 *
 * @example
 * ```ts
 * import { irfftAsync } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const samples = await irfftAsync(tensor(new Float32Array(20 * 257 * 2), [20, 257, 2]))
 * samples.shape // => [20, 512]
 * ```
 */
export function irfftAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  options?: Partial<FftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return transformAsync('irfft', x, options)
}
