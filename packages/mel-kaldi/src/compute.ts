import { asSignal, DspError, guard, guardAsync, type Signal, type SignalInput, type Tensor, tensor } from '@dsp/tensor'
import { type Extractor, extractor, type OptionsOf } from './extractor.js'
import type { Precision, PrecisionData } from './options.js'
import type { FeatureKind } from './presets.js'

/** The options of the asynchronous forms. */
export interface AsyncOptions {
  /** Gives the work up before it starts: the promise is rejected with `ERR_DSP_ABORTED`. */
  readonly signal?: AbortSignal
}

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
  return wrap(await guardAsync(() => run(abort, (signal) => plan.native.computeAsync(data, plan.double, signal))), plan)
}

function prepareBatch<K extends FeatureKind>(
  kind: K,
  inputs: readonly SignalInput[],
  options: OptionsOf[K] | undefined,
) {
  if (!Array.isArray(inputs)) throw DspError.argument('signals', 'an array of signals', inputs)
  const signals = inputs.map((input, index) => asSignal(input, `signals[${index}]`, [1, 2]))
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
  const all = await guardAsync(() => run(abort, (signal) => plan.native.computeBatchAsync(data, plan.double, signal)))
  return all.map((features) => wrap<P>(features, plan))
}

function splitSignal<O extends object>(
  options: (O & AsyncOptions) | undefined,
): {
  abort: AbortSignal | undefined
  rest: O | undefined
} {
  if (typeof options !== 'object' || options === null) return { abort: undefined, rest: options }
  const { signal, ...rest } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw DspError.argument('signal', 'an AbortSignal', signal)
  }
  return { abort: signal, rest: rest as unknown as O }
}

/** Settles with the work, or with the signal where that fires first. */
async function run<T>(abort: AbortSignal | undefined, start: (signal?: AbortSignal) => Promise<T>): Promise<T> {
  if (abort === undefined) return start()
  const given = (): DspError =>
    new DspError('the work was given up because its AbortSignal fired', {
      code: 'ERR_DSP_ABORTED',
      argument: 'signal',
      cause: abort.reason,
    })
  if (abort.aborted) throw given()
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(given())
    abort.addEventListener('abort', stop, { once: true })
    start()
      .then(resolve, reject)
      .finally(() => abort.removeEventListener('abort', stop))
  })
}
