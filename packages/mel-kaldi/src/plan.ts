import { KaldiPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  asSignal,
  laidOut,
  oneShot,
  oneShotAsync,
  PlanCache,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  warn,
} from '@dsp/signal'
import { checkOption, DspError, isTensorData, type Tensor, tensor } from '@dsp/tensor'
import { type FbankOptions, type FrameOptions, type SpectrogramOptions, spectrogramOptionSpecs } from './options.js'
import type { FeatureKind } from './presets.js'
import { type KaldiFeatureOptions, resolveKaldiOptions } from './resolve.js'

/** Making the tables costs as much as the features of a second of speech. */
const plans = {
  fbank: new PlanCache<KaldiPlan>(),
  mfcc: new PlanCache<KaldiPlan>(),
  spectrogram: new PlanCache<KaldiPlan>(),
}

/** The plan of these options, until the next call. Warns if filters are empty. */
export function planFor<K extends FeatureKind>(
  kind: K,
  given: KaldiFeatureOptions[K] | undefined,
  sampleRate?: number,
): { plan: KaldiPlan; options: Required<FrameOptions> } {
  const options = resolveKaldiOptions(kind, given, sampleRate) as Required<FrameOptions>
  const make = () => warnOfEmptyFilters(KaldiPlan[kind](options, options.precision === 'float32'), options)
  return { plan: plans[kind].get(options, 0, make), options }
}

/** The algorithm of a feature: one channel to `[frames, columns]`, in the precision that the options ask for. */
export function algorithmOf<K extends FeatureKind>(kind: K): Algorithm<KaldiFeatureOptions[K], Tensor<SignalData>> {
  return {
    input: 'signal',
    plan: (_, given, { sampleRate }) => {
      const { plan } = planFor(kind, given as KaldiFeatureOptions[K], sampleRate)
      const { columns } = plan
      return { plan, wrap: ([data]) => tensor(data!, [data!.length / columns, columns]) }
    },
  }
}

/** The result of an algorithm whose options ask for a precision. */
export type Features<P extends Precision> = Tensor<PrecisionData<P>>

/**
 * The channel of a signal that the options ask for.
 * @param input - `[samples]` or `[channels, samples]`.
 * @param options - The caller's options, of which `channel` counts.
 * @param name - The signal's name in error messages.
 */
function channelOf(input: SignalInput, options: SpectrogramOptions | undefined, name = 'signal'): SignalInput {
  // A bare array has one channel: the plan checks the rest.
  if (options?.channel === undefined && isTensorData(input)) return input
  const { data, shape, sampleRate } = asSignal(input, name, [1, 2])
  const given = options?.channel ?? spectrogramOptionSpecs.channel.default
  const channel = Math.max(checkOption('channel', spectrogramOptionSpecs.channel, given), 0)
  const [channels, length] = shape.length === 2 ? (shape as [number, number]) : [1, data.length]
  if (channel >= channels && data.length > 0) {
    throw DspError.argument('channel', `below ${channels}, the number of channels of ${name}`, channel)
  }
  const samples = channels === 1 ? data : data.subarray(channel * length, (channel + 1) * length)
  return sampleRate === undefined ? samples : { samples, sampleRate }
}

/** {@link oneShot} of the channel that the options ask for. Errors tell of the signal as it was given. */
export function ofChannel<O extends object, P extends Precision>(
  algorithm: Algorithm<O, Tensor<SignalData>>,
  owner: string,
  signal: SignalInput,
  options: (Partial<O> & SpectrogramOptions) | undefined,
): Features<P> {
  return laidOut(signal, () => oneShot(algorithm, owner, channelOf(signal, options), options)) as Features<P>
}

/** The same by {@link oneShotAsync}. */
export async function ofChannelAsync<O extends object, P extends Precision>(
  algorithm: Algorithm<O, Tensor<SignalData>>,
  owner: string,
  signal: SignalInput,
  options: (Partial<O> & SpectrogramOptions & AsyncOptions) | undefined,
): Promise<Features<P>> {
  const work = () => oneShotAsync(algorithm, owner, channelOf(signal, options), options)
  return laidOut(signal, work) as Promise<Features<P>>
}

/** {@link channelOf} each signal of a batch. */
export function channelsOf(signals: readonly SignalInput[], options: SpectrogramOptions | undefined): SignalInput[] {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  return Array.from(signals, (signal, i) => channelOf(signal, options, `signals[${i}]`))
}

function warnOfEmptyFilters(plan: KaldiPlan, options: FbankOptions): KaldiPlan {
  const empty = plan.emptyFilters()
  if (empty.length > 0) {
    const { numMelBins, lowFreq, highFreq, sampleFrequency, frameLength } = options
    const some = `${empty.slice(0, 8).join(', ')}${empty.length > 8 ? ', …' : ''}`
    const message = `${empty.length} of ${numMelBins} mel filters hold no bin of the transform and stay on the floor (${some}): ask for fewer numMelBins or longer frames`
    const key = [numMelBins, lowFreq, highFreq, sampleFrequency, frameLength].join()
    warn('DSP_EMPTY_MEL_FILTERS', message, key)
  }
  return plan
}
