import { pitchTuning as native } from '@dsp/native'
import { type AsyncOptions, asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { guard, resolveOptions, type Tensor } from '@dsp/tensor'
import { many, manyAsync, one, oneAsync } from './forms.js'
import { type EstimateTuningOptions, type PitchTuningOptions, pitchTuningOptionSpecs } from './pitch-options.js'
import { planTuning, planTuningFrom } from './plans.js'

const number = (results: readonly Tensor<SignalData>[]): number => results[0]!.data[0] ?? 0

/**
 * By how much of a bin a signal is out of tune, as `librosa.estimate_tuning` computes it: the fullest bin of a histogram of the
 * distances of its spectral peaks from the nearest bin.
 * @param y - `[..., samples]`, float32 or float64; all channels are taken together.
 * @param options - See {@link EstimateTuningOptions}.
 * @returns Parts of a bin, -0.5 to 0.5; 0 where no peak is found (librosa warns then).
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * import { estimateTuning } from '@dsp/chroma'
 * const sharp = 440 * 2 ** (0.25 / 12)
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * sharp * i) / 22050))
 * Math.abs(estimateTuning(y) - 0.25) < 0.02 // => true
 * ```
 */
export function estimateTuning(y: SignalInput, options?: Partial<EstimateTuningOptions>): number {
  return number(one(planTuning('estimateTuning', options), y))
}

/**
 * {@link estimateTuning} on all cores, off the main thread. The signal is copied before the function returns.
 * @param y - As for {@link estimateTuning}.
 * @param options - See {@link EstimateTuningOptions}, and an `AbortSignal` as `signal`.
 * @returns Parts of a bin.
 *
 * @example
 * ```ts
 * import { estimateTuningAsync } from '@dsp/chroma'
 * await estimateTuningAsync(new Float32Array(22050)) // => 0
 * ```
 */
export async function estimateTuningAsync(
  y: SignalInput,
  options?: Partial<EstimateTuningOptions> & AsyncOptions,
): Promise<number> {
  return number(await oneAsync<SignalData, EstimateTuningOptions>(planTuning, 'estimateTuningAsync', y, options))
}

/**
 * {@link estimateTuning} of many signals, each by itself, on all cores.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link EstimateTuningOptions}.
 * @returns One number a signal, in order.
 *
 * @example
 * ```ts
 * import { estimateTuningBatch } from '@dsp/chroma'
 * estimateTuningBatch([new Float32Array(22050), new Float32Array(9000)]) // => [0, 0]
 * ```
 */
export function estimateTuningBatch(
  signals: readonly SignalInput[],
  options?: Partial<EstimateTuningOptions>,
): number[] {
  return many(planTuning('estimateTuningBatch', options), signals).map(number)
}

/**
 * {@link estimateTuningBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link estimateTuningBatch}.
 * @param options - See {@link EstimateTuningOptions}, and an `AbortSignal` as `signal`.
 * @returns One number a signal, in order.
 *
 * @example
 * ```ts
 * import { estimateTuningBatchAsync } from '@dsp/chroma'
 * await estimateTuningBatchAsync([new Float32Array(22050)]) // => [0]
 * ```
 */
export async function estimateTuningBatchAsync(
  signals: readonly SignalInput[],
  options?: Partial<EstimateTuningOptions> & AsyncOptions,
): Promise<number[]> {
  const results = await manyAsync<SignalData, EstimateTuningOptions>(
    planTuning,
    'estimateTuningBatchAsync',
    signals,
    options,
  )
  return results.map(number)
}

/**
 * {@link estimateTuning} of a spectrogram that is there already.
 * @param S - `[..., bins, frames]`, magnitudes or powers.
 * @param options - See {@link EstimateTuningOptions}; how frames are cut is not read, but `nFft` where it has as many bins.
 * @returns Parts of a bin.
 *
 * @example
 * ```ts
 * import { estimateTuningFromSpectrogram } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * estimateTuningFromSpectrogram(tensor(new Float32Array(1025 * 4), [1025, 4])) // => 0
 * ```
 */
export function estimateTuningFromSpectrogram(S: SignalInput, options?: Partial<EstimateTuningOptions>): number {
  return number(one(planTuningFrom('estimateTuningFromSpectrogram', options), S, 2, 'S'))
}

/**
 * By how much of a bin frequencies lie above their nearest bin of a scale, most of them: `librosa.pitch_tuning`.
 * @param frequencies - Any number of them, in hertz; those that are not positive do not count.
 * @param options - See {@link PitchTuningOptions}.
 * @returns Parts of a bin, -0.5 to 0.5; 0 where no frequency is positive (librosa warns then).
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_ARGUMENT` for options out of range.
 *
 * @example
 * ```ts
 * import { pitchTuning } from '@dsp/chroma'
 * const quarter = 2 ** (0.25 / 12)
 * Math.round(pitchTuning(new Float64Array([220 * quarter, 440 * quarter, 331])) * 100) // => 25
 * ```
 */
export function pitchTuning(
  frequencies: SignalInput | readonly number[],
  options?: Partial<PitchTuningOptions>,
): number {
  const given = Array.isArray(frequencies) ? Float64Array.from(frequencies) : (frequencies as SignalInput)
  const { data } = asSignal(given, 'frequencies')
  const { resolution, binsPerOctave } = resolveOptions('pitchTuning', pitchTuningOptionSpecs, options)
  return guard(() => native(data, resolution, binsPerOctave)) ?? 0
}
