import { ChromaPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  oneShot,
  oneShotAsync,
  perChannel,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import { type IcqtOptions, icqtOptionSpecs } from './options.js'
import { parameters } from './parameters.js'
import type { Typed } from './results.js'

const algorithm: Algorithm<IcqtOptions, Tensor<SignalData>> = {
  input: 'C',
  axes: 3,
  plan: (owner, options, signal) => ({
    plan: ChromaPlan.icqt(parameters(owner, icqtOptionSpecs, options, signal)),
    transient: true,
    wrap: ([samples], leading) => perChannel(samples!, leading, (size) => [size]),
  }),
}

/**
 * The signal of a constant-Q transform, as `librosa.icqt` computes it: an approximation, the better the more filters an octave
 * has and the smaller the hop is.
 * @param C - `[..., nBins, frames, 2]`, complex, float32 or float64.
 * @param options - See {@link IcqtOptions}.
 * @returns `[..., samples]`; without `length`, `hopLength * (frames - 1)` samples. Same element type as `C`, or as `dtype` says.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a tensor that is not a transform,
 *   `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { cqt, icqt } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * icqt(cqt(y), { length: y.length }).shape // => [22050]
 * ```
 */
export function icqt<T extends SignalData = Float32Array, D extends 'float32' | 'float64' | null = null>(
  C: SignalInput<T>,
  options?: Partial<IcqtOptions> & { readonly dtype?: D },
): Tensor<Typed<T, D>> {
  return oneShot(algorithm, 'icqt', C, options) as Tensor<Typed<T, D>>
}

/**
 * {@link icqt} on all cores, off the main thread; bit-identical. The transform is copied before the function returns.
 * @param C - As for {@link icqt}.
 * @param options - See {@link IcqtOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., samples]`.
 *
 * @example
 * ```ts
 * import { icqtAsync } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * const y = await icqtAsync(tensor(new Float32Array(84 * 11 * 2), [84, 11, 2]))
 * y.shape // => [5120]
 * ```
 */
export function icqtAsync<T extends SignalData = Float32Array, D extends 'float32' | 'float64' | null = null>(
  C: SignalInput<T>,
  options?: Partial<IcqtOptions> & { readonly dtype?: D } & AsyncOptions,
): Promise<Tensor<Typed<T, D>>> {
  return oneShotAsync(algorithm, 'icqtAsync', C, options) as Promise<Tensor<Typed<T, D>>>
}
