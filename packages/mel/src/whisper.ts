import { WhisperPlan } from '@dsp/native'
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
import { DspError, resolveOptions, type Tensor } from '@dsp/tensor'
import { type WhisperOptions, whisperOptionSpecs } from './options.js'

/** The only rate that Whisper accepts. */
const RATE = 16000

const plans = new PlanCache<WhisperPlan>()

const algorithm: Algorithm<WhisperOptions, Tensor<SignalData>> = {
  plan: (owner, given, { sampleRate }) => {
    const options = resolveOptions<WhisperOptions>(owner, whisperOptionSpecs, given)
    if (sampleRate !== undefined && sampleRate !== RATE) {
      throw DspError.argument('y.sampleRate', `${RATE} Hz (resample the audio first)`, sampleRate)
    }
    const { nMels } = options
    return {
      plan: plans.get(options, 0, () => new WhisperPlan(options)),
      wrap: ([data], leading) => perChannel(data!, leading, (values) => [nMels, values / nMels]),
    }
  },
}

/**
 * Whisper's features, as `WhisperFeatureExtractor` of transformers and `log_mel_spectrogram` of openai-whisper compute them:
 * 400-point transforms every 160 samples, Slaney's filters, `log10`, a floor 8 below the loudest value of the channel,
 * `(x + 4) / 4`. Computed in float64 throughout and rounded once, unless `precision` says otherwise. Silence is -1.5 everywhere.
 * @param y - `[..., samples]` at 16 kHz, in [-1, 1], float32 or float64; a strided view is copied once. An `Audio` of another rate is
 *   an error.
 * @param options - See {@link WhisperOptions}. By default the samples are padded with zeros, or cut, to 30 s, as the models were
 *   trained; the features themselves must not be padded instead.
 * @returns `[..., nMels, frames]`, one frame every 160 samples: 3000 for 30 s. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, or one below 160 samples that is
 *   not padded, `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { whisperLogMel } from '@dsp/mel'
 * const speech = new Float32Array(2 * 16000)
 * const features = whisperLogMel(speech)
 * features.shape // => [80, 3000]
 * features.get(0, 0) // => -1.5
 * whisperLogMel(speech, { nMels: 128, chunkLength: null }).shape // => [128, 200]
 * ```
 */
export function whisperLogMel<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<WhisperOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'whisperLogMel', y, options) as Tensor<T>
}

/**
 * {@link whisperLogMel} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link whisperLogMel}.
 * @param options - See {@link WhisperOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., nMels, frames]`.
 *
 * @example
 * ```ts
 * import { whisperLogMelAsync } from '@dsp/mel'
 * const features = await whisperLogMelAsync(new Float32Array(16000))
 * features.shape // => [80, 3000]
 * ```
 */
export function whisperLogMelAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<WhisperOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'whisperLogMelAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link whisperLogMel} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]` at 16 kHz, all of one element type.
 * @param options - See {@link WhisperOptions}.
 * @returns One `[nMels, frames]` per signal, in order.
 * @throws DspError as {@link whisperLogMel} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { whisperLogMelBatch } from '@dsp/mel'
 * const [a, b] = whisperLogMelBatch([new Float32Array(16000), new Float32Array(8000)], { chunkLength: null })
 * a.shape // => [80, 100]
 * b.shape // => [80, 50]
 * ```
 */
export function whisperLogMelBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<WhisperOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'whisperLogMelBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link whisperLogMelBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link whisperLogMelBatch}.
 * @param options - See {@link WhisperOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nMels, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { whisperLogMelBatchAsync } from '@dsp/mel'
 * const all = await whisperLogMelBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all[1].shape // => [80, 3000]
 * ```
 */
export function whisperLogMelBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<WhisperOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'whisperLogMelBatchAsync', signals, options) as Promise<Tensor<T>[]>
}
