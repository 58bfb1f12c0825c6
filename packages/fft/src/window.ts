import { windowValues } from '@dsp/native'
import { checkOption, DspError, guard, option, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { stftOptionSpecs, type WindowName, type WindowOptions, windowOptionSpecs } from './options.js'

/** The longest window. */
const MAX_LENGTH = 2 ** 26

/**
 * The values of a window, as `scipy.signal.get_window` (hann, hamming, blackman, kaiser, rectangular) and Kaldi (povey: the
 * Hann window to the power 0.85) define them.
 * @param name - Its name.
 * @param length - Number of values, 0 to 67,108,864. One value is 1, whatever the window.
 * @param options - See {@link WindowOptions}.
 * @returns `[length]`, float64, between 0 and 1.
 * @throws DspError `ERR_DSP_ARGUMENT` for an unknown name, or a length or `beta` out of range.
 *
 * @example
 * ```ts
 * import { window } from '@dsp/fft'
 * window('hann', 4).data.map((w) => Math.round(w * 1e9) / 1e9) // => Float64Array.of(0, 0.5, 1, 0.5)
 * window('povey', 400, { periodic: false }).get(0) // => 0
 * ```
 */
export function window(name: WindowName, length: number, options?: Partial<WindowOptions>): Tensor<Float64Array> {
  checkOption('name', stftOptionSpecs.window, name)
  checkOption('length', option.integer(0, { min: 0, max: MAX_LENGTH }), length)
  const { periodic, beta } = resolveOptions('window', windowOptionSpecs, options)
  return tensor(guard(() => windowValues(name, length, periodic, beta)))
}

/** Checks a window given as values and copies it as float64. */
export function customWindow(values: unknown): Float64Array {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && !(values instanceof DataView))) {
    throw DspError.argument('window', 'the name of a window or an array of numbers', values)
  }
  // A loop over a detached array would throw; its length says the same.
  const length = (values as ArrayLike<number>).length
  const copy = length === 0 ? new Float64Array() : Float64Array.from(values as ArrayLike<number>)
  if (copy.length === 0) throw DspError.argument('window', 'an array of at least one number', values)
  return copy
}
