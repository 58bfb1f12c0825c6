import * as native from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { type IstftOptions, istftOptionSpecs } from './options.js'
import { parameters, planFor, resolveWindowed } from './stft-plan.js'
import { allocate, complexShape, isSingle } from './transform.js'

/**
 * The inverse of `stft`, as `librosa.istft` computes it: frames are transformed back, windowed, added up, and divided by the
 * sum of the squared windows (Griffin and Lim 1984). Computed in float64 and rounded once.
 * @param spectrum - `[..., bins, frames, 2]`, complex, float32 or float64.
 * @param options - See {@link IstftOptions}. Samples at the end that only part of a frame covered are lost unless the signal was
 *   padded before `stft`; `length` cuts the padding off again.
 * @returns `[..., samples]`. Without `length`, `nFft + hopLength * (frames - 1)` samples, less `nFft` where frames are centred.
 *   Same element type as `spectrum`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a tensor that is no spectrum, `ERR_DSP_ARGUMENT`
 *   for options that cannot be, e.g. an `nFft` that does not have that many bins, or a result that is out of proportion.
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
  const { data, frames, length, samples, shape, plan } = prepare('istft', spectrum, options)
  const output = allocate(data, samples)
  guard(() => {
    if (isSingle(data)) native.istftF32(plan, data, frames, length, output as Float32Array)
    else native.istftF64(plan, data as Float64Array, frames, length, output as Float64Array)
  })
  return tensor(output, shape) as Tensor<T>
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
export async function istftAsync<T extends SignalData = Float32Array>(
  spectrum: SignalInput<T>,
  options?: Partial<IstftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<Partial<IstftOptions>>(options)
  const { data, frames, length, samples, shape, plan } = prepare('istftAsync', spectrum, rest)
  const result = await abortable(
    abort,
    (signal): Promise<SignalData> =>
      isSingle(data)
        ? native.istftF32Async(plan, data, frames, length, samples, signal)
        : native.istftF64Async(plan, data as Float64Array, frames, length, samples, signal),
  )
  return tensor(result as T, shape)
}

function prepare<T extends SignalData>(
  owner: string,
  spectrum: SignalInput<T>,
  options: Partial<IstftOptions> | undefined,
) {
  const { data, shape } = asSignal(spectrum, 'spectrum')
  const axes = '[..., bins, frames, 2]'
  const complex = complexShape(shape, 'spectrum', axes)
  if (complex.length < 2 || data.length === 0) {
    throw new DspError(`spectrum must have the shape ${axes} and at least one value, got [${shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'spectrum',
      expected: axes,
      actual: `[${shape.join(', ')}]`,
    })
  }
  const [bins, frames] = complex.slice(-2) as [number, number]
  const resolved = resolveWindowed(owner, istftOptionSpecs, options)
  const nFft = resolved.nFft ?? 2 * (bins - 1)
  if (nFft < 1 || Math.floor(nFft / 2) + 1 !== bins) {
    throw DspError.argument('nFft', `${2 * bins - 2} or ${2 * bins - 1} for ${bins} bins`, nFft)
  }
  // The padding is only cut off here: its mode does not matter.
  const plan = planFor(parameters(resolved, nFft, 'constant'))
  const length = resolved.length ?? undefined
  const channels = data.length / (2 * bins * frames)
  const each = guard(() => plan.inverseLength(frames, length))
  return { data, frames, length, plan, samples: channels * each, shape: [...complex.slice(0, -2), each] }
}
