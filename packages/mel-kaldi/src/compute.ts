import { type AsyncOptions, abortable, asSignal, type Signal, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { type Extractor, extractor, type OptionsOf } from './extractor.js'
import type { Precision, PrecisionData } from './options.js'
import type { FeatureKind } from './presets.js'

type Result<P extends Precision> = Tensor<PrecisionData<P>>

/** The channel of a signal that the options ask for. */
function channelOf(signal: Signal, channel: number, name: string): Float32Array | Float64Array {
  const channels = signal.shape.length === 2 ? (signal.shape[0] as number) : 1
  const samples = signal.shape.at(-1) as number
  const row = Math.max(channel, 0)
  if (row >= channels && signal.data.length > 0) {
    throw DspError.argument('channel', `below ${channels}, the number of channels of ${name}`, channel)
  }
  return signal.shape.length === 2 ? signal.data.subarray(row * samples, (row + 1) * samples) : signal.data
}

function wrap<P extends Precision>(data: Float32Array | Float64Array, plan: Extractor): Result<P> {
  const { columns } = plan.native
  return tensor(data, [data.length / columns, columns]) as unknown as Result<P>
}

function prepare<K extends FeatureKind>(kind: K, input: SignalInput, options: OptionsOf[K] | undefined) {
  const signal = asSignal(input, 'signal', [1, 2])
  const plan = extractor(kind, options, signal.sampleRate)
  return { plan, data: channelOf(signal, plan.options.channel, 'signal') }
}

/** The features of one signal. */
export function compute<K extends FeatureKind, P extends Precision>(
  kind: K,
  input: SignalInput,
  options: OptionsOf[K] | undefined,
): Result<P> {
  const { plan, data } = prepare(kind, input, options)
  return wrap(
    guard(() => plan.native.compute(data, plan.double)),
    plan,
  )
}

/** The features of one signal, on a worker thread. */
export async function computeAsync<K extends FeatureKind, P extends Precision>(
  kind: K,
  input: SignalInput,
  options: (OptionsOf[K] & AsyncOptions) | undefined,
): Promise<Result<P>> {
  const { abort, rest } = splitSignal(options)
  const { plan, data } = prepare(kind, input, rest)
  return wrap(await abortable(abort, (signal) => plan.native.computeAsync(data, plan.double, signal)), plan)
}

function prepareBatch<K extends FeatureKind>(
  kind: K,
  inputs: readonly SignalInput[],
  options: OptionsOf[K] | undefined,
) {
  if (!Array.isArray(inputs)) throw DspError.argument('signals', 'an array of signals', inputs)
  const signals = Array.from(inputs, (input, index) => asSignal(input, `signals[${index}]`, [1, 2]))
  const rates = new Set(signals.map((signal) => signal.sampleRate).filter((rate) => rate !== undefined))
  if (rates.size > 1) {
    throw DspError.argument('signals', 'of one sample rate (resample them first)', `rates ${[...rates].join(', ')}`)
  }
  const plan = extractor(kind, options, [...rates][0])
  const data = signals.map((signal, index) => channelOf(signal, plan.options.channel, `signals[${index}]`))
  return { plan, data }
}

/** The features of many signals, on all cores. */
export function computeBatch<K extends FeatureKind, P extends Precision>(
  kind: K,
  inputs: readonly SignalInput[],
  options: OptionsOf[K] | undefined,
): Result<P>[] {
  const { plan, data } = prepareBatch(kind, inputs, options)
  return guard(() => plan.native.computeBatch(data, plan.double)).map((features) => wrap<P>(features, plan))
}

/** The features of many signals, on all cores, off the main thread. */
export async function computeBatchAsync<K extends FeatureKind, P extends Precision>(
  kind: K,
  inputs: readonly SignalInput[],
  options: (OptionsOf[K] & AsyncOptions) | undefined,
): Promise<Result<P>[]> {
  const { abort, rest } = splitSignal(options)
  const { plan, data } = prepareBatch(kind, inputs, rest)
  const all = await abortable(abort, (signal) => plan.native.computeBatchAsync(data, plan.double, signal))
  return all.map((features) => wrap<P>(features, plan))
}
