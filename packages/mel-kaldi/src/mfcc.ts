import { type AsyncOptions, batch, batchAsync, type Precision, type PrecisionData, type SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { MfccOptions } from './options.js'
import { algorithmOf, channelsOf, type Features, ofChannel, ofChannelAsync } from './plan.js'

const algorithm = algorithmOf('mfcc')

/**
 * Mel-frequency cepstral coefficients as Kaldi's `compute-mfcc-feats`, `torchaudio.compliance.kaldi.mfcc` and
 * kaldi-native-fbank compute them.
 * @param signal - Samples in [-1, 1] of shape `[samples]` or `[channels, samples]` (see `channel`), float32 or float64; a
 *   strided view is copied once. An `Audio` brings its rate.
 * @param options - torchaudio's, in camelCase; a `preset` says whose defaults.
 * @returns `[frames, numCeps]`.
 * @throws DspError `ERR_DSP_SHAPE` for a signal too short for one frame (as torchaudio asserts), `ERR_DSP_NOT_FINITE` for NaN or
 *   infinity, `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { mfcc } from '@dsp/mel-kaldi'
 * const second = new Float32Array(16000).map((_, i) => 0.1 * Math.sin(i * 0.2))
 * const features = mfcc(second, { numCeps: 20, preset: 'lhotse' })
 * features.shape // => [100, 20]
 * ```
 */
export function mfcc<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: MfccOptions<P>,
): Tensor<PrecisionData<P>> {
  return ofChannel(algorithm, 'mfcc', signal, options)
}

/**
 * {@link mfcc} on a worker thread. The samples are copied before the call returns.
 * @param signal - As for {@link mfcc}.
 * @param options - As for {@link mfcc}, and an `AbortSignal`.
 * @returns `[frames, numCeps]`.
 *
 * @example
 * ```ts
 * import { mfccAsync } from '@dsp/mel-kaldi'
 * const features = await mfccAsync(new Float32Array(16000), { signal: AbortSignal.timeout(60_000) })
 * features.shape // => [98, 13]
 * ```
 */
export async function mfccAsync<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: MfccOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>> {
  return ofChannelAsync(algorithm, 'mfccAsync', signal, options)
}

/**
 * {@link mfcc} of many signals of one rate, on all cores; equal to one call per signal.
 * @param signals - As for {@link mfcc}, of any lengths, all float32 or all float64, all at one rate.
 * @param options - As for {@link mfcc}. Every signal's noise has the same seed.
 * @returns One `[frames, numCeps]` per signal, in order.
 * @throws DspError as {@link mfcc} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { mfccBatch } from '@dsp/mel-kaldi'
 * const [a, b] = mfccBatch([new Float32Array(16000), new Float32Array(8000)])
 * a.shape // => [98, 13]
 * b.shape // => [48, 13]
 * ```
 */
export function mfccBatch<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: MfccOptions<P>,
): Tensor<PrecisionData<P>>[] {
  return batch(algorithm, 'mfccBatch', channelsOf(signals, options), options) as Features<P>[]
}

/**
 * {@link mfccBatch} off the main thread.
 * @param signals - As for {@link mfccBatch}.
 * @param options - As for {@link mfcc}, and an `AbortSignal`.
 * @returns One `[frames, numCeps]` per signal, in order.
 *
 * @example
 * ```ts
 * import { mfccBatchAsync } from '@dsp/mel-kaldi'
 * const all = await mfccBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export async function mfccBatchAsync<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: MfccOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>[]> {
  return batchAsync(algorithm, 'mfccBatchAsync', channelsOf(signals, options), options) as Promise<Features<P>[]>
}
