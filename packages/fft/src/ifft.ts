import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { FftOptions } from './options.js'
import { transform, transformAsync } from './transform.js'

/**
 * The inverse of `fft`, as `numpy.fft.ifft` over the last complex axis; scaled by `1 / n`.
 * @param x - `[..., points, 2]`, complex: real and imaginary parts on the last axis; float32 or float64.
 * @param options - See {@link FftOptions}.
 * @returns `[..., n, 2]`, complex. Same element type as `x`.
 * @throws DspError as `rfft` does, and `ERR_DSP_SHAPE` if the last axis is not 2.
 *
 * @example
 * ```ts
 * import { ifft } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * ifft(tensor(new Float32Array([1, 1, 1, -1]), [2, 2])).data // => Float32Array.of(1, 0, 0, 1)
 * ```
 */
export function ifft<T extends SignalData = Float32Array>(x: SignalInput<T>, options?: Partial<FftOptions>): Tensor<T> {
  return transform('ifft', x, options)
}

/**
 * {@link ifft} on all cores, off the main thread. The input is copied before the function returns.
 * @param x - As for {@link ifft}.
 * @param options - See {@link FftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., n, 2]`.
 *
 * @example
 * ```ts
 * import { ifftAsync } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const points = await ifftAsync(tensor(new Float32Array(16), [8, 2]))
 * points.shape // => [8, 2]
 * ```
 */
export function ifftAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  options?: Partial<FftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return transformAsync('ifft', x, options)
}
