import { DspError, type OptionSpec, option } from '@dsp/tensor'
import type { SignalData } from './signal.js'

/** The element types of samples, by numpy's names. */
export type Precision = 'float32' | 'float64'

/** The typed array that stores a {@link Precision}. */
export type PrecisionData<P extends Precision> = P extends 'float64' ? Float64Array : Float32Array

/** The option `precision`, or the element type that a plan or a stream is made for. Default `float32`. */
export const precisionSpec: OptionSpec<Precision> = option.enum(['float32', 'float64'], 'float32')

/**
 * The precision of samples. Works across realms, where `instanceof` does not.
 * @param data - The samples.
 *
 * @example
 * ```ts
 * import { precisionOf } from '@dsp/signal'
 * precisionOf(new Float64Array(3)) // => 'float64'
 * ```
 */
export function precisionOf(data: SignalData): Precision {
  return isFloat32(data) ? 'float32' : 'float64'
}

/**
 * Whether samples are float32.
 * @param data - The samples.
 *
 * @example
 * ```ts
 * import { isFloat32 } from '@dsp/signal'
 * isFloat32(new Float32Array(3)) // => true
 * ```
 */
export function isFloat32(data: SignalData): data is Float32Array {
  return (data as { [Symbol.toStringTag]: string })[Symbol.toStringTag] === 'Float32Array'
}

/**
 * Checks that samples have the precision that a plan, a stream or the other signals of a batch have.
 * @param name - The argument's name.
 * @param data - The samples.
 * @param expected - The precision that they must have.
 * @param reason - Why they must have it, completing "must be a Float32Array, …".
 * @throws DspError `ERR_DSP_TYPE` naming the argument.
 *
 * @example
 * ```ts
 * import { checkPrecision } from '@dsp/signal'
 * checkPrecision('block', new Float32Array(3), 'float32', 'as the stream was made for')
 * ```
 */
export function checkPrecision(name: string, data: SignalData, expected: Precision, reason: string): void {
  if (precisionOf(data) === expected) return
  const [wanted, actual] = expected === 'float32' ? ['Float32Array', 'Float64Array'] : ['Float64Array', 'Float32Array']
  throw new DspError(`${name} must be a ${wanted}, ${reason}, got a ${actual}: convert it`, {
    code: 'ERR_DSP_TYPE',
    argument: name,
    expected: wanted!,
    actual: actual!,
  })
}
