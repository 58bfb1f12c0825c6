import { ResamplePlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  type AudioLike,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  PlanCache,
  type Planned,
  perChannel,
  type SignalData,
  type SignalInfo,
  type SignalInput,
  withRate,
} from '@dsp/signal'
import {
  type Audio,
  DspError,
  type OptionSpecs,
  option,
  resolveOptions,
  type Tensor,
  type TensorLike,
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

/** torchaudio's beta if none is given. */
const DEFAULT_BETA = 14.769656459379492

/** {@link ResampleOptions} with nothing left out, as the core takes them. */
export type ResampleParameters = ResampleOptions & { readonly beta: number }

/** Checks the options and gives them as the core takes them. */
export function resampleParameters(
  owner: string,
  options: Partial<ResampleOptions> | undefined,
  sampleRate?: number,
): ResampleParameters {
  const given = withRate<ResampleOptions>(options, 'origFreq', sampleRate)
  const resolved = resolveOptions(owner, resampleOptionSpecs, given)
  return { ...resolved, beta: resolved.beta ?? DEFAULT_BETA }
}

/** Plans hold no tables, but are made once for many calls. */
const plans = new PlanCache<ResamplePlan>()

type Options = Partial<ResampleOptions> | undefined

/** The plan of an input of which errors speak by `name`; `result` makes the result of its samples and their rate. */
function planned<R>(
  name: string,
  owner: string,
  options: Options,
  { sampleRate }: SignalInfo,
  result: (samples: Tensor<SignalData>, rate: number) => R,
): Planned<R> {
  if (sampleRate !== undefined && (!Number.isInteger(sampleRate) || sampleRate > MAX_RATE)) {
    throw DspError.argument(`${name}.sampleRate`, `a whole number of hertz up to ${MAX_RATE}`, sampleRate)
  }
  const parameters = resampleParameters(owner, options, sampleRate)
  const wrap = ([samples]: SignalData[], leading: readonly number[]) =>
    result(
      perChannel(samples!, leading, (length) => [length]),
      parameters.newFreq,
    )
  return { plan: plans.get(parameters, 0, () => new ResamplePlan(parameters)), wrap }
}

/** An Audio in gives an Audio out, anything else a tensor. */
const algorithm: Algorithm<ResampleOptions, Audio<SignalData> | Tensor<SignalData>> = {
  input: 'signal',
  plan: (owner, options, signal) =>
    planned('signal', owner, options, signal, (samples, sampleRate) =>
      signal.sampleRate === undefined ? samples : { samples, sampleRate },
    ),
}

/** A batch always gives tensors. */
const batchAlgorithm: Algorithm<ResampleOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => planned('signals', owner, options, signal, (samples) => samples),
}

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
  options?: Partial<ResampleOptions>,
): Audio<T> | Tensor<T> {
  return oneShot(algorithm, 'resample', input, options) as Audio<T> | Tensor<T>
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
export function resampleAsync<T extends SignalData>(
  input: SignalInput<T>,
  options?: Partial<ResampleOptions> & AsyncOptions,
): Promise<Audio<T> | Tensor<T>> {
  return oneShotAsync(algorithm, 'resampleAsync', input, options) as Promise<Audio<T> | Tensor<T>>
}

/**
 * {@link resample} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link ResampleOptions}.
 * @returns One `[samples]` per signal, in order; of an Audio its samples.
 * @throws DspError as {@link resample} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { resampleBatch } from '@dsp/audio'
 * const [a, b] = resampleBatch([new Float32Array(30), new Float32Array(60)], { origFreq: 48000, newFreq: 16000 })
 * a.shape // => [10]
 * b.shape // => [20]
 * ```
 */
export function resampleBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ResampleOptions>,
): Tensor<T>[] {
  return batch(batchAlgorithm, 'resampleBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link resampleBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link resampleBatch}.
 * @param options - See {@link ResampleOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[samples]` per signal, in order.
 *
 * @example
 * ```ts
 * import { resampleBatchAsync } from '@dsp/audio'
 * const speech = { samples: new Float64Array(44100), sampleRate: 44100 }
 * const [samples] = await resampleBatchAsync([speech], { newFreq: 16000 })
 * samples.shape // => [16000]
 * ```
 */
export function resampleBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<ResampleOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(batchAlgorithm, 'resampleBatchAsync', signals, options) as Promise<Tensor<T>[]>
}
