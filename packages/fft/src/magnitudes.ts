import { MagnitudePlan } from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'

const plan = new MagnitudePlan()

/**
 * The magnitude of every complex value, as `numpy.abs` computes it; in float64, rounded once.
 * @param z - `[..., 2]`, real and imaginary parts, float32 or float64: the result of `stft`, `rfft`, `fft` or `cqt`. A strided view
 *   is copied once.
 * @returns `[...]`, of the same element type.
 * @throws DspError `ERR_DSP_SHAPE` if the last axis is not 2, `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_TYPE` for
 *   another element type.
 *
 * @example
 * ```ts
 * import { magnitudes } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * magnitudes(tensor(Float32Array.of(3, -4, 0, 2), [2, 2])).data // => Float32Array.of(5, 2)
 * ```
 */
export function magnitudes<T extends SignalData = Float32Array>(z: SignalInput<T>): Tensor<T> {
  const { data, shape } = complex(z)
  const [result] = guard(() => plan.run(data, 1, data.length))
  return tensor(result as T, shape)
}

/**
 * {@link magnitudes} off the main thread. The values are copied before the function returns.
 * @param z - As for {@link magnitudes}.
 * @param options - An `AbortSignal` as `signal`.
 * @returns `[...]`.
 *
 * @example
 * ```ts
 * import { magnitudesAsync, stftAsync } from '@dsp/fft'
 * const spectra = await stftAsync(new Float32Array(22050))
 * const spectrogram = await magnitudesAsync(spectra)
 * spectrogram.shape // => [1025, 44]
 * ```
 */
export async function magnitudesAsync<T extends SignalData = Float32Array>(
  z: SignalInput<T>,
  options?: AsyncOptions,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<object>(options)
  resolveOptions('magnitudesAsync', {}, rest)
  const { data, shape } = complex(z)
  const [result] = await abortable(abort, (signal) => plan.runAsync(data, 1, data.length, signal))
  return tensor(result as T, shape)
}

/** Complex values, and the shape of one number for each. */
function complex<T extends SignalData>(z: SignalInput<T>) {
  const { data, shape } = asSignal(z, 'z')
  if (shape.at(-1) !== 2) {
    const actual = `[${shape.join(', ')}]`
    throw new DspError(`z must have real and imaginary parts in a last axis of 2, got shape ${actual}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'z',
      expected: '[..., 2]',
      actual,
    })
  }
  return { data, shape: shape.slice(0, -1) }
}
