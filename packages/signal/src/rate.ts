import { DspError } from '@dsp/tensor'

/**
 * Options in which the rate that a signal brought stands for the option that names the rate. An option that contradicts the
 * signal is an error: the features of another rate would look right and be wrong.
 * @param options - What the caller gave.
 * @param name - The name of the option that holds the rate, e.g. `sr` or `sampleFrequency`.
 * @param sampleRate - The signal's own rate in hertz; undefined if it is a bare array.
 * @returns The options, with the signal's rate if it has one.
 * @throws DspError `ERR_DSP_ARGUMENT` naming the option if it contradicts the signal's rate.
 *
 * @example
 * ```ts
 * import { withRate } from '@dsp/signal'
 * withRate<{ sr: number; fmin: number }>({ fmin: 50 }, 'sr', 16000) // => { fmin: 50, sr: 16000 }
 * ```
 */
export function withRate<O extends object>(
  options: Partial<O> | undefined,
  name: keyof O & string,
  sampleRate: number | undefined,
): Partial<O> | undefined {
  // Anything but an object is rejected when the options are resolved.
  if (sampleRate === undefined || (options !== undefined && (typeof options !== 'object' || options === null))) {
    return options
  }
  const given: unknown = options?.[name]
  if (given !== undefined && given !== null && given !== sampleRate) {
    const expected = `the audio's own rate of ${sampleRate} Hz, or left out (resample the audio first to change it)`
    throw DspError.argument(name, expected, given)
  }
  return Array.isArray(options) ? options : ({ ...options, [name]: sampleRate } as unknown as Partial<O>)
}
