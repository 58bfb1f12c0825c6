import * as native from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { type StftOptions, stftOptionSpecs } from './options.js'
import { parameters, planFor, resolveWindowed } from './stft-plan.js'
import { allocate, isSingle } from './transform.js'

/**
 * The short-time Fourier transform, as `librosa.stft` computes it: the spectrum of a window that moves over the signal.
 * Frames are computed in float64 and rounded once, for float32 signals as well (as librosa does).
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link StftOptions}.
 * @returns `[..., nFft / 2 + 1, frames, 2]`, complex. `frames` is `1 + samples / hopLength` (rounded down) for an even `nFft`
 *   where frames are centred, else `1 + (samples - nFft) / hopLength`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` for options
 *   that cannot be: a window longer than `nFft`, an `nFft` longer than the signal where frames are not centred, a result of more
 *   than 2^31 elements.
 *
 * @example
 * ```ts
 * import { stft } from '@dsp/fft'
 * const second = new Float32Array(16000).map((_, i) => Math.sin(i / 5))
 * stft(second, { nFft: 512, hopLength: 160 }).shape // => [257, 101, 2]
 * ```
 */
export function stft<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<StftOptions>,
): Tensor<T> {
  const { data, samples, shape, plan } = prepare('stft', y, options)
  const output = allocate(data, sizeOf(shape))
  guard(() => {
    if (isSingle(data)) native.stftF32(plan, data, samples, output as Float32Array)
    else native.stftF64(plan, data as Float64Array, samples, output as Float64Array)
  })
  return tensor(output, shape) as Tensor<T>
}

/**
 * {@link stft} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
 * @param y - As for {@link stft}.
 * @param options - See {@link StftOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., nFft / 2 + 1, frames, 2]`.
 *
 * @example
 * ```ts
 * import { stftAsync } from '@dsp/fft'
 * const spectra = await stftAsync(new Float32Array(22050), { signal: AbortSignal.timeout(60_000) })
 * spectra.shape // => [1025, 44, 2]
 * ```
 */
export async function stftAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<StftOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<Partial<StftOptions>>(options)
  const { data, samples, shape, plan } = prepare('stftAsync', y, rest)
  const size = sizeOf(shape)
  const result = await abortable(
    abort,
    (signal): Promise<SignalData> =>
      isSingle(data)
        ? native.stftF32Async(plan, data, samples, size, signal)
        : native.stftF64Async(plan, data as Float64Array, samples, size, signal),
  )
  return tensor(result as T, shape)
}

/**
 * {@link stft} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`, all float32 or all float64.
 * @param options - See {@link StftOptions}.
 * @returns One `[nFft / 2 + 1, frames, 2]` a signal, in order.
 * @throws DspError as {@link stft} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { stftBatch } from '@dsp/fft'
 * const [a, b] = stftBatch([new Float32Array(16000), new Float32Array(8000)], { nFft: 400, hopLength: 160 })
 * a.shape // => [201, 101, 2]
 * b.shape // => [201, 51, 2]
 * ```
 */
export function stftBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<StftOptions>,
): Tensor<T>[] {
  const { data, single, bins, plan } = prepareBatch('stftBatch', signals, options)
  const results: SignalData[] = guard(() =>
    single ? native.stftBatchF32(plan, data as Float32Array[]) : native.stftBatchF64(plan, data as Float64Array[]),
  )
  return results.map((result) => wrap(result as T, bins))
}

/**
 * {@link stftBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link stftBatch}.
 * @param options - See {@link StftOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nFft / 2 + 1, frames, 2]` a signal, in order.
 *
 * @example
 * ```ts
 * import { stftBatchAsync } from '@dsp/fft'
 * const all = await stftBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export async function stftBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<StftOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  const { abort, rest } = splitSignal<Partial<StftOptions>>(options)
  const { data, single, bins, plan } = prepareBatch('stftBatchAsync', signals, rest)
  const results = await abortable(
    abort,
    (signal): Promise<SignalData[]> =>
      single
        ? native.stftBatchF32Async(plan, data as Float32Array[], signal)
        : native.stftBatchF64Async(plan, data as Float64Array[], signal),
  )
  return results.map((result) => wrap(result as T, bins))
}

function prepare<T extends SignalData>(owner: string, y: SignalInput<T>, options: Partial<StftOptions> | undefined) {
  const { data, shape } = asSignal(y, 'y')
  const resolved = resolveWindowed(owner, stftOptionSpecs, options)
  const plan = planFor(parameters(resolved, resolved.nFft, resolved.padMode))
  const samples = shape.at(-1)!
  const channels = samples === 0 ? 0 : data.length / samples
  const frames = guard(() => plan.frames(channels, samples))
  return { data, samples, plan, shape: [...shape.slice(0, -1), Math.floor(resolved.nFft / 2) + 1, frames, 2] }
}

function prepareBatch(owner: string, signals: readonly SignalInput[], options: Partial<StftOptions> | undefined) {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  const resolved = resolveWindowed(owner, stftOptionSpecs, options)
  const plan = planFor(parameters(resolved, resolved.nFft, resolved.padMode))
  const data = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]).data)
  const single = data.length === 0 || isSingle(data[0]!)
  const other = data.findIndex((signal) => isSingle(signal) !== single)
  if (other >= 0) {
    throw new DspError(`signals[${other}] must have the element type of signals[0]: convert one of them`, {
      code: 'ERR_DSP_TYPE',
      argument: `signals[${other}]`,
      expected: single ? 'Float32Array' : 'Float64Array',
      actual: single ? 'Float64Array' : 'Float32Array',
    })
  }
  return { data, single, plan, bins: Math.floor(resolved.nFft / 2) + 1 }
}

function wrap<T extends SignalData>(data: T, bins: number): Tensor<T> {
  return tensor(data, [bins, data.length / bins / 2, 2])
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
