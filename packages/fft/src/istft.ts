import { IstftPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  oneShot,
  oneShotAsync,
  PlanCache,
  perChannel,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { DspError, type Tensor } from '@dsp/tensor'
import { type IstftOptions, istftOptionSpecs } from './options.js'
import { parameters, resolveWindowed } from './stft-plan.js'

const plans = new PlanCache<IstftPlan>()

const algorithm: Algorithm<IstftOptions, Tensor<SignalData>> = {
  input: 'spectrum',
  axes: 3,
  plan: (owner, options, { rows: bins }) => {
    const resolved = resolveWindowed(owner, istftOptionSpecs, options)
    if (bins === 0) {
      throw new DspError('spectrum must have at least one bin, got none', {
        code: 'ERR_DSP_SHAPE',
        argument: 'spectrum',
        expected: 'at least one bin',
        actual: 'none',
      })
    }
    const nFft = resolved.nFft ?? 2 * (bins - 1)
    if (nFft < 1 || Math.floor(nFft / 2) + 1 !== bins) {
      throw DspError.argument('nFft', `${2 * bins - 2} or ${2 * bins - 1} for ${bins} bins`, nFft)
    }
    // The padding is only cut off here: its mode does not matter.
    const given = { ...parameters(resolved, nFft, 'constant'), length: resolved.length }
    return {
      plan: plans.get(given, nFft, () => new IstftPlan(given)),
      wrap: ([y], leading) => perChannel(y!, leading, (samples) => [samples]),
    }
  },
}

/**
 * The inverse of `stft`, as `librosa.istft` computes it: frames are transformed back, windowed, added up, and divided by the
 * sum of the squared windows (Griffin and Lim 1984). Computed in float64 and rounded once.
 * @param spectrum - `[..., bins, frames, 2]`, complex, float32 or float64.
 * @param options - See {@link IstftOptions}. Samples at the end that only part of a frame covered are lost unless the signal was
 *   padded before `stft`; `length` cuts the padding off again.
 * @returns `[..., samples]`. Without `length`, `nFft + hopLength * (frames - 1)` samples, less `nFft` if frames are centred.
 *   Same element type as `spectrum`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a tensor that is not a spectrum, `ERR_DSP_ARGUMENT`
 *   for invalid options, e.g. an `nFft` that does not have that many bins, or a result that is far longer than its input.
 *
 * @example
 * ```ts
 * import { istft, stft } from '@dsp/fft'
 * const y = new Float64Array(8000).map((_, i) => Math.sin(i / 5))
 * const back = istft(stft(y), { length: 8000 })
 * Math.abs(back.get(4000) - y[4000]) < 1e-12 // => true
 * ```
 */
export function istft<T extends SignalData = Float32Array>(
  spectrum: SignalInput<T>,
  options?: Partial<IstftOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'istft', spectrum, options) as Tensor<T>
}

/**
 * {@link istft} off the main thread, with the channels on all cores; the same bits. The spectrum is copied before the function
 * returns.
 * @param spectrum - As for {@link istft}.
 * @param options - See {@link IstftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., samples]`.
 *
 * @example
 * ```ts
 * import { istftAsync } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const y = await istftAsync(tensor(new Float32Array(257 * 11 * 2), [257, 11, 2]), { hopLength: 160 })
 * y.shape // => [1600]
 * ```
 */
export function istftAsync<T extends SignalData = Float32Array>(
  spectrum: SignalInput<T>,
  options?: Partial<IstftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'istftAsync', spectrum, options) as Promise<Tensor<T>>
}
