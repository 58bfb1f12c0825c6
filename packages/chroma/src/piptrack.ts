import { ChromaPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import { peakParameters } from './parameters.js'
import { type PiptrackOptions, piptrackOptionSpecs } from './pitch-options.js'
import { matrices } from './results.js'

/** Peaks of spectra. */
export interface Peaks<T extends SignalData = Float32Array> {
  /** `[..., bins, frames]`: the frequency of the peak at a bin in hertz, 0 where there is none. */
  readonly pitches: Tensor<T>
  /** `[..., bins, frames]`: the peak's magnitude, 0 where there is none. */
  readonly magnitudes: Tensor<T>
}

const algorithm: Algorithm<PiptrackOptions, Peaks<SignalData>> = {
  plan: (owner, options, signal) => {
    const given = peakParameters<PiptrackOptions>(owner, piptrackOptionSpecs, options, signal)
    const bins = Math.floor(given.nFft / 2) + 1
    return { plan: ChromaPlan.piptrack(given), transient: true, arrays: 2, wrap: peaks(bins) }
  },
}

const fromSpectrogram: Algorithm<PiptrackOptions, Peaks<SignalData>> = {
  input: 'S',
  axes: 2,
  plan: (owner, options, signal) => {
    const given = peakParameters<PiptrackOptions>(owner, piptrackOptionSpecs, options, signal)
    return { plan: ChromaPlan.piptrackFromSpectrogram(given), transient: true, arrays: 2, wrap: peaks(signal.rows) }
  },
}

function peaks(bins: number) {
  const wrap = matrices(bins)
  return ([pitches, magnitudes]: SignalData[], leading: readonly number[]): Peaks<SignalData> => ({
    pitches: wrap([pitches!], leading),
    magnitudes: wrap([magnitudes!], leading),
  })
}

/**
 * Pitches of spectral peaks, as `librosa.piptrack` computes them: bins that are higher than their neighbours, their tops
 * interpolated by parabolas.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PiptrackOptions}.
 * @returns Pitches and magnitudes, `[..., nFft / 2 + 1, frames]` both. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options.
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
  return oneShot(algorithm, 'piptrack', y, options) as Peaks<T>
}

/**
 * {@link piptrack} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
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
export function piptrackAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<PiptrackOptions> & AsyncOptions,
): Promise<Peaks<T>> {
  return oneShotAsync(algorithm, 'piptrackAsync', y, options) as Promise<Peaks<T>>
}

/**
 * {@link piptrack} of many signals of any lengths, on all cores; bit-identical to one call per signal.
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
  return batch(algorithm, 'piptrackBatch', signals, options) as Peaks<T>[]
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
export function piptrackBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PiptrackOptions> & AsyncOptions,
): Promise<Peaks<T>[]> {
  return batchAsync(algorithm, 'piptrackBatchAsync', signals, options) as Promise<Peaks<T>[]>
}

/**
 * {@link piptrack} of an existing spectrogram.
 * @param S - `[..., bins, frames]`, magnitudes or powers.
 * @param options - See {@link PiptrackOptions}; framing options are ignored, except `nFft` if it has as many bins (else it is
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
  return oneShot(fromSpectrogram, 'piptrackFromSpectrogram', S, options) as Peaks<T>
}
