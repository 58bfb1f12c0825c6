import { type AsyncOptions, asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import { many, manyAsync, one, oneAsync, rowsOf } from './forms.js'
import type { PiptrackOptions } from './pitch-options.js'
import { planPiptrack, planPiptrackFrom } from './plans.js'

/** Peaks of spectra. */
export interface Peaks<T extends SignalData = Float32Array> {
  /** `[..., bins, frames]`: the frequency of the peak at a bin in hertz, 0 where there is none. */
  readonly pitches: Tensor<T>
  /** `[..., bins, frames]`: the peak's magnitude, 0 where there is none. */
  readonly magnitudes: Tensor<T>
}

const peaks = <T extends SignalData>([pitches, magnitudes]: Tensor<T>[]): Peaks<T> => ({
  pitches: pitches!,
  magnitudes: magnitudes!,
})

/**
 * Pitches of spectral peaks, as `librosa.piptrack` computes them: bins that are higher than their neighbours, their tops
 * interpolated by parabolas.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PiptrackOptions}.
 * @returns Pitches and magnitudes, `[..., nFft / 2 + 1, frames]` both. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * import { piptrack } from '@dsp/chroma'
 * const y = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * const { pitches } = piptrack(y)
 * pitches.shape // => [1025, 44]
 * Math.abs(pitches.get(41, 20) - 440) < 1 // => true
 * ```
 */
export function piptrack<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<PiptrackOptions>,
): Peaks<T> {
  return peaks(one<T>(planPiptrack('piptrack', options), y))
}

/**
 * {@link piptrack} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
 * @param y - As for {@link piptrack}.
 * @param options - See {@link PiptrackOptions}, and an `AbortSignal` as `signal`.
 * @returns Pitches and magnitudes.
 *
 * @example
 * ```ts
 * import { piptrackAsync } from '@dsp/chroma'
 * const { magnitudes } = await piptrackAsync(new Float32Array(22050))
 * magnitudes.shape // => [1025, 44]
 * ```
 */
export async function piptrackAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<PiptrackOptions> & AsyncOptions,
): Promise<Peaks<T>> {
  return peaks(await oneAsync<T, PiptrackOptions>(planPiptrack, 'piptrackAsync', y, options))
}

/**
 * {@link piptrack} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`.
 * @param options - See {@link PiptrackOptions}.
 * @returns Pitches and magnitudes of each signal, in order.
 *
 * @example
 * ```ts
 * import { piptrackBatch } from '@dsp/chroma'
 * piptrackBatch([new Float32Array(22050)])[0].pitches.shape // => [1025, 44]
 * ```
 */
export function piptrackBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PiptrackOptions>,
): Peaks<T>[] {
  return many<T>(planPiptrack('piptrackBatch', options), signals, 2).map(peaks<T>)
}

/**
 * {@link piptrackBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link piptrackBatch}.
 * @param options - See {@link PiptrackOptions}, and an `AbortSignal` as `signal`.
 * @returns Pitches and magnitudes of each signal, in order.
 *
 * @example
 * ```ts
 * import { piptrackBatchAsync } from '@dsp/chroma'
 * const all = await piptrackBatchAsync([new Float32Array(22050), new Float32Array(100)])
 * all.length // => 2
 * ```
 */
export async function piptrackBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PiptrackOptions> & AsyncOptions,
): Promise<Peaks<T>[]> {
  const all = await manyAsync<T, PiptrackOptions>(planPiptrack, 'piptrackBatchAsync', signals, options, 2)
  return all.map(peaks<T>)
}

/**
 * {@link piptrack} of a spectrogram that is there already.
 * @param S - `[..., bins, frames]`, magnitudes or powers.
 * @param options - See {@link PiptrackOptions}; how frames are cut is not read, but `nFft` where it has as many bins (else it is
 *   `2 * (bins - 1)`).
 * @returns Pitches and magnitudes, of the shape and the element type of `S`.
 *
 * @example
 * ```ts
 * import { piptrackFromSpectrogram } from '@dsp/chroma'
 * import { tensor } from '@dsp/tensor'
 * piptrackFromSpectrogram(tensor(new Float32Array(1025 * 4), [1025, 4])).pitches.shape // => [1025, 4]
 * ```
 */
export function piptrackFromSpectrogram<T extends SignalData = Float32Array>(
  S: SignalInput<T>,
  options?: Partial<PiptrackOptions>,
): Peaks<T> {
  const bins = asSignal(S, 'S').shape.at(-2) ?? 1
  const plan = planPiptrackFrom('piptrackFromSpectrogram', options)
  return peaks(one<T>((rate) => ({ ...plan(rate), shape: rowsOf(bins) }), S, 2, 'S'))
}
