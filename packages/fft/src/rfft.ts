import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { FftOptions } from './options.js'
import { transform, transformAsync } from './transform.js'

/**
 * The discrete Fourier transform of real rows, as `numpy.fft.rfft` over the last axis: `X[k] = sum x[j] exp(-2 pi i jk / n)`
 * for `k` from 0 to `n / 2`. Any length; the fastest ones have no prime factor above 5. Batches of 8 (float64) or 16
 * (float32) rows and more go side by side in vector lanes, so that the last bits of a row may differ from those of the row
 * alone.
 * @param x - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link FftOptions}.
 * @returns `[..., n / 2 + 1, 2]`, complex: real and imaginary parts on the last axis. Same element type as `x`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty axis, `ERR_DSP_ARGUMENT` for an `n`
 *   out of range, `ERR_DSP_TYPE` for other element types.
 *
 * @example
 * ```ts
 * import { rfft } from '@dsp/fft'
 * const spectrum = rfft(new Float32Array([1, 2, 3, 4]))
 * spectrum.shape // => [3, 2]
 * spectrum.data // => Float32Array.of(10, 0, -2, 2, -2, 0)
 * ```
 */
export function rfft<T extends SignalData = Float32Array>(x: SignalInput<T>, options?: Partial<FftOptions>): Tensor<T> {
  return transform('rfft', x, options)
}

/**
 * {@link rfft} on all cores, off the main thread. The input is copied before the function returns.
 * @param x - As for {@link rfft}.
 * @param options - See {@link FftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., n / 2 + 1, 2]`.
 *
 * @example
 * ```ts
 * import { rfftAsync } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const frames = tensor(new Float32Array(1000 * 512), [1000, 512])
 * const spectra = await rfftAsync(frames, { signal: AbortSignal.timeout(60_000) })
 * spectra.shape // => [1000, 257, 2]
 * ```
 */
export function rfftAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  options?: Partial<FftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return transformAsync('rfft', x, options)
}
