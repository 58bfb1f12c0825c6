import type { MelPlan } from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'

/** A plan and the rows of its results. */
export interface Planned {
  /** The plan in the native core. */
  readonly plan: MelPlan
  /** Rows of a result. */
  readonly rows: number
}

/** Makes a plan of options and the rate that the audio brought. */
export type Planner<O extends object> = (options: Partial<O> | undefined, sampleRate: number | undefined) => Planned

/** One signal of any number of channels. */
export function compute<O extends object, T extends SignalData>(
  planner: Planner<O>,
  y: SignalInput<T>,
  options: Partial<O> | undefined,
): Tensor<T> {
  const { data, shape, sampleRate } = asSignal(y, 'y')
  const planned = planner(options, sampleRate)
  const result = guard(() => planned.plan.run(data, shape.at(-1)!))
  return wrap(result as T, shape, planned.rows)
}

/** {@link compute} on all cores, off the main thread. */
export async function computeAsync<O extends object, T extends SignalData>(
  planner: Planner<O>,
  y: SignalInput<T>,
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const { data, shape, sampleRate } = asSignal(y, 'y')
  const planned = planner(rest, sampleRate)
  const [result] = await abortable(abort, (signal) => planned.plan.runAsync(data, shape.at(-1)!, signal))
  return wrap(result as T, shape, planned.rows)
}

/** Many signals of one channel, on all cores. */
export function computeBatch<O extends object, T extends SignalData>(
  planner: Planner<O>,
  signals: readonly SignalInput<T>[],
  options: Partial<O> | undefined,
): Tensor<T>[] {
  const { data, planned } = prepareBatch(planner, signals, options)
  return guard(() => planned.plan.batch(data)).map((result) => wrap(result as T, [0], planned.rows))
}

/** {@link computeBatch} off the main thread. */
export async function computeBatchAsync<O extends object, T extends SignalData>(
  planner: Planner<O>,
  signals: readonly SignalInput<T>[],
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<Tensor<T>[]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const { data, planned } = prepareBatch(planner, signals, rest)
  const results = await abortable(abort, (signal) => planned.plan.batchAsync(data, signal))
  return results.map((result) => wrap(result as T, [0], planned.rows))
}

function prepareBatch<O extends object>(
  planner: Planner<O>,
  signals: readonly SignalInput[],
  options: Partial<O> | undefined,
) {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  const all = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]))
  const kinds = all.map(({ data }) => data[Symbol.toStringTag])
  const other = kinds.findIndex((kind) => kind !== kinds[0])
  if (other >= 0) {
    throw new DspError(`signals[${other}] must have the element type of signals[0]: convert one of them`, {
      code: 'ERR_DSP_TYPE',
      argument: `signals[${other}]`,
      expected: kinds[0]!,
      actual: kinds[other]!,
    })
  }
  const rates = new Set(all.map(({ sampleRate }) => sampleRate).filter((rate) => rate !== undefined))
  if (rates.size > 1) {
    throw DspError.argument('signals', 'of one sample rate (resample them first)', `rates ${[...rates].join(', ')}`)
  }
  return { data: all.map(({ data }) => data), planned: planner(options, [...rates][0]) }
}

/** The result of a signal of this shape: the last axis becomes rows and frames. */
function wrap<T extends SignalData>(data: T, shape: readonly number[], rows: number): Tensor<T> {
  const leading = shape.slice(0, -1)
  const channels = leading.reduce((product, length) => product * length, 1)
  return tensor(data, [...leading, rows, data.length / (channels * rows)])
}

/** A spectrogram `[..., bins, frames]`, row-major. */
export function asSpectrogram<T extends SignalData>(s: SignalInput<T>) {
  const { data, shape, sampleRate } = asSignal(s, 'S')
  const [bins = 0, frames = 0] = shape.length < 2 ? [] : shape.slice(-2)
  if (bins === 0 || frames === 0 || data.length === 0) {
    throw new DspError(`S must have the shape [..., bins, frames] and at least one value, got [${shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'S',
      expected: '[..., bins, frames]',
      actual: `[${shape.join(', ')}]`,
    })
  }
  return { data, bins, frames, leading: shape.slice(0, -2), sampleRate }
}
