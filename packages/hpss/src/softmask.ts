import * as native from '@dsp/native'
import {
  type AsyncOptions,
  abortable,
  asSignal,
  checkPrecision,
  precisionOf,
  type SignalData,
  type SignalInput,
  splitSignal,
} from '@dsp/signal'
import { DspError, guard, resolveOptions, show, type Tensor, tensor } from '@dsp/tensor'
import { type SoftmaskOptions, softmaskOptionSpecs } from './options.js'

/**
 * How much of each cell belongs to `x` rather than to `xRef`, as `librosa.util.softmask` computes it:
 * `x^power / (x^power + xRef^power)`, without overflow; with infinite power, 1 where `x > xRef`, else 0.
 * @param x - Any shape, float32 or float64, without negative values.
 * @param xRef - The same shape and element type.
 * @param options - See {@link SoftmaskOptions}.
 * @returns The mask, of the shape and element type of `x`, between 0 and 1.
 * @throws DspError `ERR_DSP_SHAPE` or `ERR_DSP_TYPE` if the two differ, `ERR_DSP_NOT_FINITE` for NaN or infinity,
 *   `ERR_DSP_ARGUMENT` for negative values and for a `power` that is not above 0.
 *
 * @example
 * ```ts
 * import { softmask } from '@dsp/hpss'
 * const mask = softmask(new Float64Array([3, 1, 0]), new Float64Array([1, 1, 0]), { power: 1, splitZeros: true })
 * mask.data // => Float64Array.of(0.75, 0.5, 0.5)
 * ```
 */
export function softmask<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  xRef: SignalInput<T>,
  options?: Partial<SoftmaskOptions>,
): Tensor<T> {
  const { a, b, shape, given } = prepare('softmask', x, xRef, options)
  const [mask] = guard(() => native.softmask(a, b, given))
  return tensor(mask as T, shape)
}

/**
 * {@link softmask} off the main thread. The inputs are copied before the function returns.
 * @param x - As for {@link softmask}.
 * @param xRef - As for {@link softmask}.
 * @param options - See {@link SoftmaskOptions}, and an `AbortSignal` as `signal`.
 * @returns The mask.
 *
 * @example
 * ```ts
 * import { softmaskAsync } from '@dsp/hpss'
 * const mask = await softmaskAsync(new Float32Array([3, 1]), new Float32Array([1, 3]), { power: Infinity })
 * mask.data // => Float32Array.of(1, 0)
 * ```
 */
export async function softmaskAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  xRef: SignalInput<T>,
  options?: Partial<SoftmaskOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<Partial<SoftmaskOptions>>(options)
  const { a, b, shape, given } = prepare('softmaskAsync', x, xRef, rest)
  const [mask] = await abortable(abort, (signal) => native.softmaskAsync(a, b, given, signal))
  return tensor(mask as T, shape)
}

function prepare(owner: string, x: SignalInput, xRef: SignalInput, options: Partial<SoftmaskOptions> | undefined) {
  const { data: a, shape } = asSignal(x, 'x')
  const { data: b, shape: other } = asSignal(xRef, 'xRef')
  const given = resolveOptions(owner, softmaskOptionSpecs, options)
  if (show(shape) !== show(other) || shape.length !== other.length) {
    throw new DspError(`xRef must have the shape of x, ${show(shape)}, got ${show(other)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'xRef',
      expected: show(shape),
      actual: show(other),
    })
  }
  checkPrecision('xRef', b, precisionOf(a), 'as x is')
  return { a, b, shape, given }
}
