import * as native from '@dsp/native'
import {
  type AsyncOptions,
  type AudioLike,
  abortable,
  asSignal,
  type Signal,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import {
  type Audio,
  DspError,
  guard,
  type OptionSpecs,
  option,
  resolveOptions,
  type Tensor,
  type TensorLike,
  tensor,
} from '@dsp/tensor'

/** The highest sample rate that is accepted, in hertz. */
export const MAX_RATE = 100_000_000

/** The options of `torchaudio.transforms.Resample`, with its defaults. */
export interface ResampleOptions {
  /** Rate of the input in hertz, 1 to 100,000,000. Default: the Audio's own, or 16000 for bare samples. */
  readonly origFreq: number
  /** Rate of the output in hertz, 1 to 100,000,000. Default 16000. */
  readonly newFreq: number
  /** Window of the sinc. Default `sinc_interp_hann`. */
  readonly resamplingMethod: 'sinc_interp_hann' | 'sinc_interp_kaiser'
  /** Zero crossings of the sinc on either side, 1 to 4096: more are sharper and slower. Default 6. */
  readonly lowpassFilterWidth: number
  /** Cutoff as a fraction of the lower Nyquist frequency, above 0 to 1. Default 0.99. */
  readonly rolloff: number
  /** Shape of the Kaiser window, 0 to 80; null is torchaudio's 14.769656459379492. Read by `sinc_interp_kaiser` only. */
  readonly beta: number | null
}

/** {@link ResampleOptions} by name, type, range and default. */
export const resampleOptionSpecs: OptionSpecs<ResampleOptions> = {
  origFreq: option.integer(16000, { min: 1, max: MAX_RATE }),
  newFreq: option.integer(16000, { min: 1, max: MAX_RATE }),
  resamplingMethod: option.enum(['sinc_interp_hann', 'sinc_interp_kaiser'], 'sinc_interp_hann'),
  lowpassFilterWidth: option.integer(6, { min: 1, max: 4096 }),
  rolloff: option.number(0.99, { min: Number.MIN_VALUE, max: 1 }),
  beta: option.nullable(option.number(0, { min: 0, max: 80 })),
}

/** torchaudio's beta where none is given. */
const DEFAULT_BETA = 14.769656459379492

/**
 * Resamples by a windowed sinc, as `torchaudio.transforms.Resample` does (float32 coefficients from a float64 kernel;
 * float64 samples are computed in float64 throughout).
 * @param audio - Sound of any number of channels; its rate is `origFreq`.
 * @param options - See {@link ResampleOptions}.
 * @returns Sound at `newFreq`, of `ceil(samples * newFreq / origFreq)` samples. The quotient is rounded to float32 before,
 *   as torchaudio does: results of millions of samples may be a sample or two shorter or longer for it.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinite samples, `ERR_DSP_SHAPE` for none, `ERR_DSP_ARGUMENT` for a
 *   rate out of range, one that contradicts the Audio's, or a ratio whose filter would not fit in memory.
 *
 * @example
 * ```ts
 * import { resample } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const audio = { samples: tensor(new Float32Array(44100)), sampleRate: 44100 }
 * resample(audio, { newFreq: 16000 }).samples.shape // => [16000]
 * ```
 */
export function resample<T extends SignalData = Float32Array>(
  audio: Audio<T> | AudioLike<T>,
  options?: Partial<ResampleOptions>,
): Audio<T>
/**
 * Resamples bare samples from `origFreq` to `newFreq`.
 * @param signal - `[..., samples]`.
 * @param options - See {@link ResampleOptions}.
 */
export function resample<T extends SignalData = Float32Array>(
  signal: TensorLike<T> | T,
  options?: Partial<ResampleOptions>,
): Tensor<T>
export function resample<T extends SignalData>(
  input: SignalInput<T>,
  options: Partial<ResampleOptions> = {},
): Audio<T> | Tensor<T> {
  const { signal, rows, native: resolved } = prepare('resample', input, options)
  const { data } = signal
  const result = guard(() =>
    data instanceof Float32Array
      ? native.resampleF32(data, rows, resolved)
      : native.resampleF64(data as Float64Array, rows, resolved),
  )
  return wrap(signal, rows, result as SignalData as T, resolved.newFreq)
}

/**
 * {@link resample} off the main thread. The samples are copied before the function returns.
 * @param audio - Sound.
 * @param options - See {@link ResampleOptions}, and an `AbortSignal` as `signal`.
 */
export function resampleAsync<T extends SignalData = Float32Array>(
  audio: Audio<T> | AudioLike<T>,
  options?: Partial<ResampleOptions> & AsyncOptions,
): Promise<Audio<T>>
/**
 * {@link resample} of bare samples off the main thread.
 * @param signal - `[..., samples]`.
 * @param options - See {@link ResampleOptions}, and an `AbortSignal` as `signal`.
 */
export function resampleAsync<T extends SignalData = Float32Array>(
  signal: TensorLike<T> | T,
  options?: Partial<ResampleOptions> & AsyncOptions,
): Promise<Tensor<T>>
export async function resampleAsync<T extends SignalData>(
  input: SignalInput<T>,
  { signal: abort, ...options }: Partial<ResampleOptions> & AsyncOptions = {},
): Promise<Audio<T> | Tensor<T>> {
  const { signal, rows, native: resolved } = prepare('resampleAsync', input, options)
  const { data } = signal
  const result = await abortable(
    abort,
    (inner): Promise<SignalData> =>
      data instanceof Float32Array
        ? native.resampleF32Async(data, rows, resolved, inner)
        : native.resampleF64Async(data as Float64Array, rows, resolved, inner),
  )
  return wrap(signal, rows, result as T, resolved.newFreq)
}

/**
 * Resamples many one-channel signals of one rate on all cores.
 * @param signals - Float32 signals `[samples]`; Audios must all have the same rate.
 * @param options - See {@link ResampleOptions}.
 * @returns One tensor `[samples]` a signal.
 * @throws DspError as {@link resample} does.
 *
 * @example
 * ```ts
 * import { resampleBatch } from '@dsp/audio'
 * const [a, b] = resampleBatch([new Float32Array(30), new Float32Array(60)], { origFreq: 48000, newFreq: 16000 })
 * a.shape // => [10]
 * b.shape // => [20]
 * ```
 */
export function resampleBatch(
  signals: readonly SignalInput<Float32Array>[],
  options: Partial<ResampleOptions> = {},
): Tensor[] {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  if (signals.length === 0) return []
  const prepared = Array.from(signals, (signal, i) => prepare('resampleBatch', signal, options, `signals[${i}]`, [1]))
  const resolved = prepared[0]!.native
  const rate = prepared.findIndex((p) => p.native.origFreq !== resolved.origFreq)
  if (rate > 0) {
    const actual = prepared[rate]!.native.origFreq
    throw DspError.argument(`signals[${rate}].sampleRate`, `${resolved.origFreq} as the first one's`, actual)
  }
  const data = prepared.map(({ signal: { data } }, i) => {
    if (data instanceof Float32Array) return data
    throw DspError.argument(`signals[${i}]`, 'float32 samples', data)
  })
  return guard(() => native.resampleBatch(data, resolved)).map((result) => tensor(result))
}

interface Prepared<T extends SignalData> {
  readonly signal: Signal<T>
  readonly rows: number
  readonly native: native.ResampleOptions
}

function prepare<T extends SignalData>(
  owner: string,
  input: SignalInput<T>,
  options: Partial<ResampleOptions>,
  name = 'signal',
  ranks?: readonly number[],
): Prepared<T> {
  const signal = asSignal(input, name, ranks)
  const { sampleRate } = signal
  const given = options?.origFreq
  if (sampleRate !== undefined && given !== undefined && given !== sampleRate) {
    throw DspError.argument('origFreq', `the audio's own rate ${sampleRate} or left out`, given)
  }
  const defaults = sampleRate === undefined ? {} : { origFreq: sampleRate }
  if (sampleRate !== undefined && (!Number.isInteger(sampleRate) || sampleRate > MAX_RATE)) {
    throw DspError.argument(`${name}.sampleRate`, `a whole number of hertz up to ${MAX_RATE}`, sampleRate)
  }
  const resolved = nativeOptions(owner, options, defaults)
  if (signal.data.length === 0) {
    throw new DspError(`${name} must have at least one sample, got shape [${signal.shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected: 'at least one sample',
      actual: 'none',
    })
  }
  return { signal, rows: signal.data.length / signal.shape.at(-1)!, native: resolved }
}

/** Options with nothing left out, as the core takes them. */
export function nativeOptions(
  owner: string,
  options: Partial<ResampleOptions>,
  defaults: Partial<ResampleOptions> = {},
): native.ResampleOptions {
  const resolved = resolveOptions(owner, resampleOptionSpecs, options, defaults)
  return { ...resolved, beta: resolved.beta ?? DEFAULT_BETA }
}

function wrap<T extends SignalData>(signal: Signal<T>, rows: number, data: T, newFreq: number): Audio<T> | Tensor<T> {
  const samples = tensor(data, [...signal.shape.slice(0, -1), data.length / rows])
  return signal.sampleRate === undefined ? samples : { samples, sampleRate: newFreq }
}
