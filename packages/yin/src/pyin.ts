import { PyinPlan } from '@dsp/native'
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
import { type Tensor, tensor } from '@dsp/tensor'
import type { PyinOptions, WithRange } from './options.js'
import { pyinParameters } from './parameters.js'

/** What `pyin` finds, `[..., frames]` each. */
export interface Pitches {
  /** The fundamental frequency in hertz, a bin of the grid that `resolution` makes; `fillNa` (NaN) in unvoiced frames. */
  readonly f0: Tensor<Float64Array>
  /** 1 if the frame is voiced, else 0. */
  readonly voicedFlag: Tensor<Uint8Array>
  /** The probability that the frame is voiced, 0 to 1. */
  readonly voicedProb: Tensor<Float64Array>
}

const algorithm: Algorithm<PyinOptions, Pitches> = {
  plan: (owner, options, signal) => ({
    plan: new PyinPlan(pyinParameters(owner, options, signal)),
    transient: true,
    arrays: 3,
    wrap: pitches,
  }),
}

/**
 * The fundamental frequency of every frame and whether it has one, by probabilistic YIN, as `librosa.pyin` computes it from
 * float64 samples: many thresholds give every frame pitches with probabilities, and the most probable path through them is
 * the melody.
 *
 * Source: M. Mauch, S. Dixon, "pYIN: A fundamental frequency estimator using probabilistic threshold distributions",
 * ICASSP 2014.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PyinOptions}; `fmin` and `fmax` must be given.
 * @returns Frequencies, flags and probabilities; there are as many frames as {@link yin} has.
 * @throws DspError as {@link yin} does, and `ERR_DSP_ARGUMENT` for invalid options: fewer than two pitch bins or more than
 *   32,768, a `maxTransitionRate` that goes beyond the whole grid in one hop.
 *
 * @example
 * ```ts
 * import { pyin } from '@dsp/yin'
 * const tone = new Float32Array(22050).map((_, i) => (i < 11025 ? Math.sin((2 * Math.PI * 440 * i) / 22050) : 0))
 * const { f0, voicedFlag, voicedProb } = pyin(tone, { fmin: 65, fmax: 2093 })
 * Math.round(f0.get(10)) // => 440
 * voicedFlag.get(10) // => 1
 * f0.get(40) // => NaN
 * voicedProb.get(40) // => 0
 * ```
 */
export function pyin(y: SignalInput, options: WithRange<PyinOptions>): Pitches {
  return oneShot(algorithm, 'pyin', y, options)
}

/**
 * {@link pyin} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link pyin}.
 * @param options - See {@link PyinOptions}, and an `AbortSignal` as `signal`.
 * @returns As {@link pyin} does.
 *
 * @example
 * ```ts
 * import { pyinAsync } from '@dsp/yin'
 * const { f0 } = await pyinAsync(new Float32Array(22050), { fmin: 65, fmax: 2093, fillNa: 0 })
 * f0.get(0) // => 0
 * ```
 */
export function pyinAsync(y: SignalInput, options: WithRange<PyinOptions> & AsyncOptions): Promise<Pitches> {
  return oneShotAsync(algorithm, 'pyinAsync', y, options)
}

/**
 * {@link pyin} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link PyinOptions}.
 * @returns One result per signal, in order.
 * @throws DspError as {@link pyin} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { pyinBatch } from '@dsp/yin'
 * const [a, b] = pyinBatch([new Float32Array(22050), new Float32Array(11025)], { fmin: 65, fmax: 2093 })
 * a.f0.shape // => [44]
 * b.voicedProb.shape // => [22]
 * ```
 */
export function pyinBatch(signals: readonly SignalInput[], options: WithRange<PyinOptions>): Pitches[] {
  return batch(algorithm, 'pyinBatch', signals, options)
}

/**
 * {@link pyinBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link pyinBatch}.
 * @param options - See {@link PyinOptions}, and an `AbortSignal` as `signal`.
 * @returns One result per signal, in order.
 *
 * @example
 * ```ts
 * import { pyinBatchAsync } from '@dsp/yin'
 * const all = await pyinBatchAsync([new Float32Array(16000)], { fmin: 60, fmax: 500, sr: 16000 })
 * all[0].f0.shape // => [32]
 * ```
 */
export function pyinBatchAsync(
  signals: readonly SignalInput[],
  options: WithRange<PyinOptions> & AsyncOptions,
): Promise<Pitches[]> {
  return batchAsync(algorithm, 'pyinBatchAsync', signals, options)
}

/** The three arrays of a native result. */
export function pitches(arrays: readonly SignalData[], leading: readonly number[]): Pitches {
  const [f0, flags, probabilities] = arrays as Float64Array[]
  const channels = leading.reduce((product, length) => product * length, 1)
  const shape = [...leading, f0!.length / channels]
  return {
    f0: tensor(f0!, shape),
    voicedFlag: tensor(Uint8Array.from(flags!), shape),
    voicedProb: tensor(probabilities!, shape),
  }
}
