import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { FftOptions } from './options.js'
import { transform, transformAsync } from './transform.js'

/**
 * The discrete Fourier transform of complex rows, as `numpy.fft.fft` over the last complex axis. For real samples use
 * `rfft`, which does half the work.
 * @param x - `[..., points, 2]`, complex: real and imaginary parts on the last axis; float32 or float64.
 * @param options - See {@link FftOptions}.
 * @returns `[..., n, 2]`, complex. Same element type as `x`.
 * @throws DspError as `rfft` does, and `ERR_DSP_SHAPE` if the last axis is not 2.
 *
 * @example
 * ```ts
 * import { fft } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const x = tensor(new Float32Array([1, 0, 0, 1]), [2, 2]) // 1, i
 * fft(x).data // => Float32Array.of(1, 1, 1, -1)
 * ```
 */
export function fft<T extends SignalData = Float32Array>(x: SignalInput<T>, options?: Partial<FftOptions>): Tensor<T> {
  return transform('fft', x, options)
}

/**
 * {@link fft} on all cores, off the main thread. The input is copied before the function returns.
 * @param x - As for {@link fft}.
 * @param options - See {@link FftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., n, 2]`.
 *
 * @example
 * ```ts
 * import { fftAsync } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const spectra = await fftAsync(tensor(new Float64Array(3 * 7 * 2), [3, 7, 2]))
 * spectra.shape // => [3, 7, 2]
 * ```
 */
export function fftAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  options?: Partial<FftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return transformAsync('fft', x, options)
}
