import { type AsyncOptions, batch, batchAsync, type Precision, type PrecisionData, type SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { SpectrogramOptions } from './options.js'
import { algorithmOf, channelsOf, type Features, ofChannel, ofChannelAsync } from './plan.js'

const algorithm = algorithmOf('spectrogram')

/**
 * Log power spectrogram as Kaldi's `compute-spectrogram-feats` and `torchaudio.compliance.kaldi.spectrogram` compute it:
 * the first column is the log energy of the frame, the others are `ln |X|^2`, floored at 2^-23.
 * @param signal - Samples in [-1, 1] of shape `[samples]` or `[channels, samples]` (see `channel`), float32 or float64; a
 *   strided view is copied once. An `Audio` brings its rate.
 * @param options - torchaudio's, in camelCase; a `preset` says whose defaults.
 * @returns `[frames, n / 2 + 1]` for an n-point transform.
 * @throws DspError `ERR_DSP_SHAPE` for a signal too short for one frame (as torchaudio asserts), `ERR_DSP_NOT_FINITE` for NaN or
 *   infinity, `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { spectrogram } from '@dsp/mel-kaldi'
 * const second = new Float32Array(16000).map((_, i) => 0.1 * Math.sin(i * 0.2))
 * const features = spectrogram(second, { snipEdges: false })
 * features.shape // => [100, 257]
 * ```
 */
export function spectrogram<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: SpectrogramOptions<P>,
): Tensor<PrecisionData<P>> {
  return ofChannel(algorithm, 'spectrogram', signal, options)
}

/**
 * {@link spectrogram} on a worker thread. The samples are copied before the call returns.
 * @param signal - As for {@link spectrogram}.
 * @param options - As for {@link spectrogram}, and an `AbortSignal`.
 * @returns `[frames, n / 2 + 1]`.
 *
 * @example
 * ```ts
 * import { spectrogramAsync } from '@dsp/mel-kaldi'
 * const features = await spectrogramAsync(new Float32Array(16000), { signal: AbortSignal.timeout(60_000) })
 * features.shape // => [98, 257]
 * ```
 */
export async function spectrogramAsync<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: SpectrogramOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>> {
  return ofChannelAsync(algorithm, 'spectrogramAsync', signal, options)
}

/**
 * {@link spectrogram} of many signals of one rate, on all cores; equal to one call per signal.
 * @param signals - As for {@link spectrogram}, of any lengths, all float32 or all float64, all at one rate.
 * @param options - As for {@link spectrogram}. Every signal's noise has the same seed.
 * @returns One `[frames, n / 2 + 1]` per signal, in order.
 * @throws DspError as {@link spectrogram} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { spectrogramBatch } from '@dsp/mel-kaldi'
 * const [a, b] = spectrogramBatch([new Float32Array(16000), new Float32Array(8000)])
 * a.shape // => [98, 257]
 * b.shape // => [48, 257]
 * ```
 */
export function spectrogramBatch<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: SpectrogramOptions<P>,
): Tensor<PrecisionData<P>>[] {
  return batch(algorithm, 'spectrogramBatch', channelsOf(signals, options), options) as Features<P>[]
}

/**
 * {@link spectrogramBatch} off the main thread.
 * @param signals - As for {@link spectrogramBatch}.
 * @param options - As for {@link spectrogram}, and an `AbortSignal`.
 * @returns One `[frames, n / 2 + 1]` per signal, in order.
 *
 * @example
 * ```ts
 * import { spectrogramBatchAsync } from '@dsp/mel-kaldi'
 * const all = await spectrogramBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export async function spectrogramBatchAsync<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: SpectrogramOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>[]> {
  return batchAsync(algorithm, 'spectrogramBatchAsync', channelsOf(signals, options), options) as Promise<Features<P>[]>
}
