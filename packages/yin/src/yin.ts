import { YinPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  perChannel,
  type SignalInput,
} from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { WithRange, YinOptions } from './options.js'
import { yinParameters } from './parameters.js'

const algorithm: Algorithm<YinOptions, Tensor<Float64Array>> = {
  plan: (owner, options, signal) => ({
    plan: new YinPlan(yinParameters(owner, options, signal)),
    transient: true,
    wrap: ([f0], leading) => perChannel(f0 as Float64Array, leading, (frames) => [frames]),
  }),
}

/**
 * The fundamental frequency of every frame by YIN, as `librosa.yin` computes it from float64 samples. Every frame gets a
 * frequency, also one without a pitch: silence gives `sr / floor(sr / fmax)`, which may lie above `fmax`.
 *
 * Source: A. de Cheveigné, H. Kawahara, "YIN, a fundamental frequency estimator for speech and music", J. Acoust. Soc. Am.
 * 111(4), 2002.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link YinOptions}; `fmin` and `fmax` must be given.
 * @returns `[..., frames]` in hertz, float64 for float32 signals as well (as librosa's). `frames` is `1 + samples / hopLength`
 *   (rounded down) for an even `frameLength` if frames are centred, else `1 + (samples - frameLength) / hopLength`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a signal that is empty, or shorter than a frame
 *   if frames are not centred, `ERR_DSP_ARGUMENT` for invalid options: `fmin` not below `fmax`, `fmax` above half of
 *   `sr`, an `fmin` of which no whole period fits into a frame.
 *
 * @example
 * ```ts
 * import { yin } from '@dsp/yin'
 * const tone = new Float32Array(22050).map((_, i) => Math.sin((2 * Math.PI * 440 * i) / 22050))
 * const f0 = yin(tone, { fmin: 65, fmax: 2093 })
 * f0.shape // => [44]
 * Math.abs(f0.get(20) / 440 - 1) < 0.003 // => true
 * ```
 */
export function yin(y: SignalInput, options: WithRange<YinOptions>): Tensor<Float64Array> {
  return oneShot(algorithm, 'yin', y, options)
}

/**
 * {@link yin} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link yin}.
 * @param options - See {@link YinOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., frames]`.
 *
 * @example
 * ```ts
 * import { yinAsync } from '@dsp/yin'
 * const f0 = await yinAsync(new Float32Array(22050), { fmin: 50, fmax: 2000, signal: AbortSignal.timeout(60_000) })
 * f0.get(0) // => 2004.5454545454545
 * ```
 */
export function yinAsync(y: SignalInput, options: WithRange<YinOptions> & AsyncOptions): Promise<Tensor<Float64Array>> {
  return oneShotAsync(algorithm, 'yinAsync', y, options)
}

/**
 * {@link yin} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link YinOptions}.
 * @returns One `[frames]` per signal, in order.
 * @throws DspError as {@link yin} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { yinBatch } from '@dsp/yin'
 * const [a, b] = yinBatch([new Float32Array(22050), new Float32Array(11025)], { fmin: 65, fmax: 2093 })
 * a.shape // => [44]
 * b.shape // => [22]
 * ```
 */
export function yinBatch(signals: readonly SignalInput[], options: WithRange<YinOptions>): Tensor<Float64Array>[] {
  return batch(algorithm, 'yinBatch', signals, options)
}

/**
 * {@link yinBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link yinBatch}.
 * @param options - See {@link YinOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { yinBatchAsync } from '@dsp/yin'
 * const all = await yinBatchAsync([new Float32Array(16000), new Float32Array(8000)], { fmin: 60, fmax: 500, sr: 16000 })
 * all.map((f0) => f0.shape[0]) // => [32, 16]
 * ```
 */
export function yinBatchAsync(
  signals: readonly SignalInput[],
  options: WithRange<YinOptions> & AsyncOptions,
): Promise<Tensor<Float64Array>[]> {
  return batchAsync(algorithm, 'yinBatchAsync', signals, options)
}
