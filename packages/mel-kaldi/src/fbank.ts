import { type AsyncOptions, batch, batchAsync, type Precision, type PrecisionData, type SignalInput } from '@dsp/signal'
import type { Tensor } from '@dsp/tensor'
import type { FbankOptions } from './options.js'
import { algorithmOf, channelsOf, type Features, ofChannel, ofChannelAsync } from './plan.js'

const algorithm = algorithmOf('fbank')

/**
 * Log mel filter bank energies as Kaldi's `compute-fbank-feats`, `torchaudio.compliance.kaldi.fbank` and
 * kaldi-native-fbank compute them.
 * @param signal - Samples in [-1, 1] of shape `[samples]` or `[channels, samples]` (see `channel`), float32 or float64; a
 *   strided view is copied once. An `Audio` brings its rate.
 * @param options - torchaudio's, in camelCase; a `preset` says whose defaults.
 * @returns `[frames, numMelBins]`, one column more with `useEnergy`.
 * @throws DspError `ERR_DSP_SHAPE` for a signal too short for one frame (as torchaudio asserts), `ERR_DSP_NOT_FINITE` for NaN or
 *   infinity, `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { fbank } from '@dsp/mel-kaldi'
 * const second = new Float32Array(16000).map((_, i) => 0.1 * Math.sin(i * 0.2))
 * const features = fbank(second, { numMelBins: 80, preset: 'sherpa-onnx' })
 * features.shape // => [100, 80]
 * ```
 */
export function fbank<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: FbankOptions<P>,
): Tensor<PrecisionData<P>> {
  return ofChannel(algorithm, 'fbank', signal, options)
}

/**
 * {@link fbank} on a worker thread. The samples are copied before the call returns.
 * @param signal - As for {@link fbank}.
 * @param options - As for {@link fbank}, and an `AbortSignal`.
 * @returns `[frames, numMelBins]`.
 *
 * @example
 * ```ts
 * import { fbankAsync } from '@dsp/mel-kaldi'
 * const features = await fbankAsync(new Float32Array(16000), { signal: AbortSignal.timeout(60_000) })
 * features.shape // => [98, 23]
 * ```
 */
export async function fbankAsync<P extends Precision = 'float32'>(
  signal: SignalInput,
  options?: FbankOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>> {
  return ofChannelAsync(algorithm, 'fbankAsync', signal, options)
}

/**
 * {@link fbank} of many signals of one rate, on all cores; equal to one call per signal.
 * @param signals - As for {@link fbank}, of any lengths, all float32 or all float64, all at one rate.
 * @param options - As for {@link fbank}. Every signal's noise has the same seed.
 * @returns One `[frames, numMelBins]` per signal, in order.
 * @throws DspError as {@link fbank} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { fbankBatch } from '@dsp/mel-kaldi'
 * const [a, b] = fbankBatch([new Float32Array(16000), new Float32Array(8000)])
 * a.shape // => [98, 23]
 * b.shape // => [48, 23]
 * ```
 */
export function fbankBatch<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: FbankOptions<P>,
): Tensor<PrecisionData<P>>[] {
  return batch(algorithm, 'fbankBatch', channelsOf(signals, options), options) as Features<P>[]
}

/**
 * {@link fbankBatch} off the main thread.
 * @param signals - As for {@link fbankBatch}.
 * @param options - As for {@link fbank}, and an `AbortSignal`.
 * @returns One `[frames, numMelBins]` per signal, in order.
 *
 * @example
 * ```ts
 * import { fbankBatchAsync } from '@dsp/mel-kaldi'
 * const all = await fbankBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.length // => 2
 * ```
 */
export async function fbankBatchAsync<P extends Precision = 'float32'>(
  signals: readonly SignalInput[],
  options?: FbankOptions<P> & AsyncOptions,
): Promise<Tensor<PrecisionData<P>>[]> {
  return batchAsync(algorithm, 'fbankBatchAsync', channelsOf(signals, options), options) as Promise<Features<P>[]>
}
