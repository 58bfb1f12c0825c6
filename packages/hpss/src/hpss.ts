import { HpssPlan } from '@dsp/native'
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
import type { Tensor } from '@dsp/tensor'
import { type HpssOptions, hpssOptionSpecs } from './options.js'
import { separationParameters } from './separate.js'

/** The parts of a signal or a spectrogram, each with its shape. */
export interface Separated<T extends SignalData = Float32Array> {
  /** What stays the same along time: tones. */
  readonly harmonic: Tensor<T>
  /** What stays the same along frequency: beats. */
  readonly percussive: Tensor<T>
  /** The residual, if the option `residual` is true. */
  readonly residual?: Tensor<T>
}

const plans = new PlanCache<HpssPlan>()

const algorithm: Algorithm<HpssOptions, Separated<SignalData>> = {
  plan: (owner, options) => {
    const given = separationParameters(owner, hpssOptionSpecs, options)
    return {
      plan: plans.get(given, given.nFft, () => HpssPlan.both(given)),
      arrays: given.residual ? 3 : 2,
      wrap: (parts, leading) => named(parts.map((part) => perChannel(part, leading, (samples) => [samples]))),
    }
  },
}

/**
 * Splits sound into its harmonic and its percussive part, as `librosa.effects.hpss` does: running medians of the magnitude
 * spectrogram along time and along frequency make masks, which are applied before the inverse transform (Fitzgerald 2010;
 * Driedger, Müller and Disch 2014).
 *
 * Everything is computed in float64 and rounded once, for float32 signals as well; a few megabytes of memory suffice for any
 * length besides the signal and the parts.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link HpssOptions}.
 * @returns The parts, each of the shape and element type of `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` for invalid
 *   options: a `kernelSize` or `hopLength` below 1, a `margin` below 1, a `power` of 0, an `nFft` longer than the signal
 *   if frames are not centred.
 *
 * @example
 * ```ts
 * import { hpss } from '@dsp/hpss'
 * const y = new Float32Array(22050).map((_, i) => Math.sin(i / 5))
 * y[11025] += 1 // a click
 * const { harmonic, percussive } = hpss(y)
 * harmonic.shape // => [22050]
 * percussive.get(11025) > 0.9 // => true
 * ```
 */
export function hpss<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<HpssOptions>,
): Separated<T> {
  return oneShot(algorithm, 'hpss', y, options) as Separated<T>
}

/**
 * {@link hpss} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link hpss}.
 * @param options - See {@link HpssOptions}, and an `AbortSignal` as `signal`.
 * @returns The parts.
 *
 * @example
 * ```ts
 * import { hpssAsync } from '@dsp/hpss'
 * const { residual } = await hpssAsync(new Float32Array(22050), { margin: [1, 5], residual: true })
 * residual?.shape // => [22050]
 * ```
 */
export function hpssAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<HpssOptions> & AsyncOptions,
): Promise<Separated<T>> {
  return oneShotAsync(algorithm, 'hpssAsync', y, options) as Promise<Separated<T>>
}

/**
 * {@link hpss} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link HpssOptions}.
 * @returns The parts of each signal, in order.
 * @throws DspError as {@link hpss} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { hpssBatch } from '@dsp/hpss'
 * const [a, b] = hpssBatch([new Float32Array(16000), new Float32Array(8000)], { kernelSize: [17, 45] })
 * a.harmonic.shape // => [16000]
 * b.percussive.shape // => [8000]
 * ```
 */
export function hpssBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<HpssOptions>,
): Separated<T>[] {
  return batch(algorithm, 'hpssBatch', signals, options) as Separated<T>[]
}

/**
 * {@link hpssBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link hpssBatch}.
 * @param options - See {@link HpssOptions}, and an `AbortSignal` as `signal`.
 * @returns The parts of each signal, in order.
 *
 * @example
 * ```ts
 * import { hpssBatchAsync } from '@dsp/hpss'
 * const all = await hpssBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export function hpssBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<HpssOptions> & AsyncOptions,
): Promise<Separated<T>[]> {
  return batchAsync(algorithm, 'hpssBatchAsync', signals, options) as Promise<Separated<T>[]>
}

/** Names the parts, which come in this order. */
export function named<T extends SignalData>([harmonic, percussive, residual]: Tensor<T>[]): Separated<T> {
  return residual === undefined
    ? { harmonic: harmonic!, percussive: percussive! }
    : { harmonic: harmonic!, percussive: percussive!, residual }
}
