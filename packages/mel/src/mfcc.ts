import { CepstrumPlan, MfccPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  PlanCache,
  perChannel,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { guard, resolveOptions, type Tensor } from '@dsp/tensor'
import { type CepstrumOptions, cepstrumOptionSpecs, type MfccOptions, mfccOptionSpecs } from './options.js'
import { melParameters, warnOfEmptyFilters } from './parameters.js'

const plans = new PlanCache<MfccPlan>()

const algorithm: Algorithm<MfccOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const parameters = melParameters(owner, mfccOptionSpecs, options, signal)
    const { nFft, nMels, nMfcc } = parameters
    const rows = Math.min(nMfcc, nMels)
    return {
      plan: plans.get(parameters, nFft, () => warnOfEmptyFilters(new MfccPlan(parameters), parameters)),
      wrap: ([data], leading) => perChannel(data!, leading, (values) => [rows, values / rows]),
    }
  },
}

const fromSpectrogram: Algorithm<CepstrumOptions, Tensor<SignalData>> = {
  input: 'S',
  axes: 2,
  plan: (owner, options) => {
    const cepstrum = resolveOptions<CepstrumOptions>(owner, cepstrumOptionSpecs, options)
    return {
      plan: guard(() => new CepstrumPlan(cepstrum)),
      transient: true,
      wrap: ([data], leading, frames) => perChannel(data!, leading, (values) => [values / frames, frames]),
    }
  },
}

/**
 * Mel-frequency cepstral coefficients, as `librosa.feature.mfcc`: the cosine transform of the mel spectrogram in decibels
 * (relative to 1, at least 1e-10, at most 80 dB below the loudest value of the signal). Computed in float64 throughout and rounded once.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once. An `Audio` brings its rate. The loudest value is
 *   that of all channels, or of each (`librosa: '1.0'`).
 * @param options - See {@link MfccOptions}.
 * @returns `[..., nMfcc, frames]`; `[..., nMels, frames]` if that is less. Same element type as `y`.
 * @throws DspError as `melspectrogram` does, and `ERR_DSP_ARGUMENT` for more coefficients than mel bands if there is a lifter.
 *
 * @example
 * ```ts
 * import { mfcc } from '@dsp/mel'
 * const second = new Float32Array(22050).map((_, i) => Math.sin(i / 5))
 * mfcc(second, { nMfcc: 13, lifter: 22 }).shape // => [13, 44]
 * ```
 */
export function mfcc<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<MfccOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'mfcc', y, options) as Tensor<T>
}

/**
 * {@link mfcc} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link mfcc}.
 * @param options - See {@link MfccOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., nMfcc, frames]`.
 *
 * @example
 * ```ts
 * import { mfccAsync } from '@dsp/mel'
 * const coefficients = await mfccAsync(new Float32Array(22050))
 * coefficients.shape // => [20, 44]
 * ```
 */
export function mfccAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<MfccOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'mfccAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link mfcc} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all of one element type and one rate.
 * @param options - See {@link MfccOptions}.
 * @returns One `[nMfcc, frames]` per signal, in order.
 * @throws DspError as {@link mfcc} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { mfccBatch } from '@dsp/mel'
 * const [a, b] = mfccBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [20, 44]
 * b.shape // => [20, 22]
 * ```
 */
export function mfccBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<MfccOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'mfccBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link mfccBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link mfccBatch}.
 * @param options - See {@link MfccOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nMfcc, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { mfccBatchAsync } from '@dsp/mel'
 * const all = await mfccBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function mfccBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<MfccOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'mfccBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * MFCC of an existing mel spectrogram in decibels, as `librosa.feature.mfcc(S=S)`.
 * @param s - `[..., mels, frames]`, e.g. from `powerToDb`; used as it is.
 * @param options - See {@link CepstrumOptions}.
 * @returns `[..., nMfcc, frames]`; `[..., mels, frames]` if that is less. Same element type as `s`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for input that is not a spectrogram, `ERR_DSP_ARGUMENT` for
 *   invalid options.
 *
 * @example
 * ```ts
 * import { melspectrogram, mfccFromSpectrogram, powerToDb } from '@dsp/mel'
 * const mel = melspectrogram(new Float32Array(22050).map((_, i) => Math.sin(i / 5)))
 * mfccFromSpectrogram(powerToDb(mel, { ref: 'max' }), { nMfcc: 13 }).shape // => [13, 44]
 * ```
 */
export function mfccFromSpectrogram<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<CepstrumOptions>,
): Tensor<T> {
  return oneShot(fromSpectrogram, 'mfccFromSpectrogram', s, options) as Tensor<T>
}
