import { ChromaPlan, pitchTuning as native } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  asSignal,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { guard, resolveOptions } from '@dsp/tensor'
import { peakParameters } from './parameters.js'
import {
  type EstimateTuningOptions,
  estimateTuningOptionSpecs,
  type PitchTuningOptions,
  pitchTuningOptionSpecs,
} from './pitch-options.js'

const algorithm: Algorithm<EstimateTuningOptions, number> = {
  plan: (owner, options, signal) => {
    const given = peakParameters<EstimateTuningOptions>(owner, estimateTuningOptionSpecs, options, signal)
    return { plan: ChromaPlan.estimateTuning(given), transient: true, wrap }
  },
}

const fromSpectrogram: Algorithm<EstimateTuningOptions, number> = {
  input: 'S',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = peakParameters<EstimateTuningOptions>(owner, estimateTuningOptionSpecs, options, signal)
    return { plan: ChromaPlan.estimateTuningFromSpectrogram(given), transient: true, wrap }
  },
}

/** The tuning of all channels together; nothing if there is no peak. */
function wrap([tuning]: SignalData[]): number {
  return tuning![0] ?? 0
}

/**
 * How far a signal is out of tune, in fractions of a bin, as `librosa.estimate_tuning` computes it: the fullest bin of a histogram of
 * the distances of its spectral peaks from the nearest bin.
 * @param y - `[..., samples]`, float32 or float64; all channels are taken together.
 * @param options - See {@link EstimateTuningOptions}.
 * @returns A fraction of a bin, -0.5 to 0.5; 0 if no peak is found (librosa warns then).
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options.
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
  return oneShot(algorithm, 'estimateTuning', y, options)
}

/**
 * {@link estimateTuning} on all cores, off the main thread. The signal is copied before the function returns.
 * @param y - As for {@link estimateTuning}.
 * @param options - See {@link EstimateTuningOptions}, and an `AbortSignal` as `signal`.
 * @returns A fraction of a bin.
 *
 * @example
 * ```ts
 * import { estimateTuningAsync } from '@dsp/chroma'
 * await estimateTuningAsync(new Float32Array(22050)) // => 0
 * ```
 */
export function estimateTuningAsync(
  y: SignalInput,
  options?: Partial<EstimateTuningOptions> & AsyncOptions,
): Promise<number> {
  return oneShotAsync(algorithm, 'estimateTuningAsync', y, options)
}

/**
 * {@link estimateTuning} of many signals, each by itself, on all cores.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link EstimateTuningOptions}.
 * @returns One number per signal, in order.
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
  return batch(algorithm, 'estimateTuningBatch', signals, options)
}

/**
 * {@link estimateTuningBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link estimateTuningBatch}.
 * @param options - See {@link EstimateTuningOptions}, and an `AbortSignal` as `signal`.
 * @returns One number per signal, in order.
 *
 * @example
 * ```ts
 * import { estimateTuningBatchAsync } from '@dsp/chroma'
 * await estimateTuningBatchAsync([new Float32Array(22050)]) // => [0]
 * ```
 */
export function estimateTuningBatchAsync(
  signals: readonly SignalInput[],
  options?: Partial<EstimateTuningOptions> & AsyncOptions,
): Promise<number[]> {
  return batchAsync(algorithm, 'estimateTuningBatchAsync', signals, options)
}

/**
 * {@link estimateTuning} of an existing spectrogram.
 * @param S - `[..., bins, frames]`, magnitudes or powers.
 * @param options - See {@link EstimateTuningOptions}; framing options are ignored, except `nFft` if it has as many bins.
 * @returns A fraction of a bin.
 *
 * @example
 * ```ts
 * import { estimateTuningFromSpectrogram } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * estimateTuningFromSpectrogram(tensor(new Float32Array(1025 * 4), [1025, 4])) // => 0
 * ```
 */
export function estimateTuningFromSpectrogram(S: SignalInput, options?: Partial<EstimateTuningOptions>): number {
  return oneShot(fromSpectrogram, 'estimateTuningFromSpectrogram', S, options)
}

/**
 * How far most frequencies lie above their nearest bin of a scale, as a fraction of a bin: `librosa.pitch_tuning`.
 * @param frequencies - Any number of them, in hertz; those that are not positive do not count.
 * @param options - See {@link PitchTuningOptions}.
 * @returns A fraction of a bin, -0.5 to 0.5; 0 if no frequency is positive (librosa warns then).
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
  const resolved = resolveOptions('pitchTuning', pitchTuningOptionSpecs, options)
  return guard(() => native(data, resolved)) ?? 0
}
