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
import { type PartOptions, partOptionSpecs } from './options.js'
import { separationParameters } from './separate.js'

const plans = new PlanCache<HpssPlan>()

const algorithm: Algorithm<PartOptions, Tensor<SignalData>> = {
  plan: (owner, options) => {
    const given = separationParameters(owner, partOptionSpecs, options)
    return {
      plan: plans.get(given, given.nFft, () => HpssPlan.percussive(given)),
      wrap: ([part], leading) => perChannel(part!, leading, (samples) => [samples]),
    }
  },
}

/**
 * The percussive part of a sound alone, as `librosa.effects.percussive` gives it: beats, without the tones.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once.
 * @param options - See {@link PartOptions}.
 * @returns The part, of the shape and element type of `y`.
 * @throws DspError as `hpss` does.
 *
 * @example
 * ```ts
 * import { percussive } from '@dsp/hpss'
 * const y = new Float32Array(22050).map((_, i) => Math.sin(i / 5) + (i % 4410 === 0 ? 1 : 0))
 * percussive(y).get(8820) > 0.8 // => true
 * ```
 */
export function percussive<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<PartOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'percussive', y, options) as Tensor<T>
}

/**
 * {@link percussive} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link percussive}.
 * @param options - See {@link PartOptions}, and an `AbortSignal` as `signal`.
 * @returns The part.
 *
 * @example
 * ```ts
 * import { percussiveAsync } from '@dsp/hpss'
 * const part = await percussiveAsync(new Float32Array(22050), { margin: 3 })
 * part.shape // => [22050]
 * ```
 */
export function percussiveAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<PartOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'percussiveAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link percussive} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link PartOptions}.
 * @returns The part of each signal, in order.
 * @throws DspError as `hpss` does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { percussiveBatch } from '@dsp/hpss'
 * const [a, b] = percussiveBatch([new Float32Array(16000), new Float32Array(8000)])
 * a.shape // => [16000]
 * b.shape // => [8000]
 * ```
 */
export function percussiveBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PartOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'percussiveBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link percussiveBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link percussiveBatch}.
 * @param options - See {@link PartOptions}, and an `AbortSignal` as `signal`.
 * @returns The part of each signal, in order.
 *
 * @example
 * ```ts
 * import { percussiveBatchAsync } from '@dsp/hpss'
 * const all = await percussiveBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export function percussiveBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<PartOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'percussiveBatchAsync', signals, options) as Promise<Tensor<T>[]>
}
