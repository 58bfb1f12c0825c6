import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { type AsyncOptions, abortable, splitSignal } from './abort.js'
import { gatherBatch } from './batch.js'
import { laidOut } from './layout.js'
import type { Closable } from './plan-cache.js'
import { type Precision, precisionOf } from './precision.js'
import { asSignal, type SignalData, type SignalInput } from './signal.js'

/** A plan of the native core: options with the tables made of them, run over any number of signals. */
export interface NativePlan extends Closable {
  /** Channels of `rows * columns` values, on this thread. A signal's samples are one row. */
  run(data: SignalData, rows: number, columns: number): SignalData[]
  /** The same on all cores, off the main thread, over a copy that is made before the call returns. */
  runAsync(data: SignalData, rows: number, columns: number, signal?: AbortSignal): Promise<SignalData[]>
  /** Many signals of one channel, on all cores: the arrays of each signal, one after another. */
  batch(signals: SignalData[]): SignalData[]
  /** The same off the main thread. */
  batchAsync(signals: SignalData[], signal?: AbortSignal): Promise<SignalData[]>
}

/** What an algorithm may need to know of its input before it plans. */
export interface SignalInfo {
  /** The rate that the input brought, in hertz; undefined for bare arrays. */
  readonly sampleRate: number | undefined
  /** The input's precision. */
  readonly precision: Precision
  /** Rows per channel: the bins of a spectrum, 1 for samples. */
  readonly rows: number
}

/** An algorithm with its options resolved. */
export interface Planned<R> {
  /** The plan in the native core. */
  readonly plan: NativePlan
  /** Whether the plan is for one call, which then closes it. Default false: a cache keeps and closes it. */
  readonly transient?: boolean
  /** Arrays that the plan gives per signal. Default 1. */
  readonly arrays?: number
  /**
   * Makes the result of one input from its arrays.
   * @param arrays - What the plan gave.
   * @param leading - The input's axes before those that the algorithm consumes: empty in a batch.
   * @param columns - Length of the input's last axis of values.
   */
  readonly wrap: (arrays: SignalData[], leading: readonly number[], columns: number) => R
}

/** An algorithm over signals, of which {@link oneShot} and its siblings make the four call forms. */
export interface Algorithm<O extends object, R> {
  /** Name of the input in error messages. Default `y`. */
  readonly input?: string
  /** The axes that it consumes: `samples` (1, the default), `bins, frames` (2) or `bins, frames, 2` (3). */
  readonly axes?: 1 | 2 | 3
  /** Resolves options and plans. `owner` is the function that the caller called, for error messages. */
  readonly plan: (owner: string, options: Partial<O> | undefined, signal: SignalInfo) => Planned<R>
}

const SHAPES = { 1: '[..., samples]', 2: '[..., bins, frames]', 3: '[..., bins, frames, 2]' } as const

interface Prepared<R> {
  readonly planned: Planned<R>
  readonly data: SignalData
  readonly rows: number
  readonly columns: number
  readonly leading: readonly number[]
}

function prepare<O extends object, R>(
  algorithm: Algorithm<O, R>,
  owner: string,
  input: SignalInput,
  options: Partial<O> | undefined,
): Prepared<R> {
  const { input: name = 'y', axes = 1 } = algorithm
  const { data, shape, sampleRate } = asSignal(input, name)
  const hasBins = axes === 1 || shape.at(-axes) !== 0
  if (shape.length < axes || !hasBins || (axes === 3 && shape.at(-1) !== 2)) {
    const actual = `[${shape.join(', ')}]`
    throw new DspError(`${name} must have the shape ${SHAPES[axes]}, got ${actual}`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected: SHAPES[axes],
      actual,
    })
  }
  const consumed = shape.slice(shape.length - axes)
  const [rows, columns] = axes === 1 ? [1, consumed[0]!] : [consumed[0]!, consumed[1]!]
  const info = { sampleRate, precision: precisionOf(data), rows }
  const planned = guard(() => algorithm.plan(owner, options, info))
  return { planned, data, rows, columns, leading: shape.slice(0, shape.length - axes) }
}

/** Starts work with a plan, and closes the plan if it is for this call only. */
function using<R>({ plan, transient }: Planned<unknown>, work: (plan: NativePlan) => R): R {
  try {
    return work(plan)
  } finally {
    if (transient) plan.close()
  }
}

/**
 * The form of one signal of any number of channels, on this thread.
 * @param algorithm - The algorithm.
 * @param owner - The function that the caller called, for error messages.
 * @param input - The signal, or what the algorithm takes instead.
 * @param options - What the caller gave.
 */
export function oneShot<O extends object, R>(
  algorithm: Algorithm<O, R>,
  owner: string,
  input: SignalInput,
  options: Partial<O> | undefined,
): R {
  return laidOut(input, () => {
    const { planned, data, rows, columns, leading } = prepare(algorithm, owner, input, options)
    const arrays = guard(() => using(planned, (plan) => plan.run(data, rows, columns)))
    return planned.wrap(arrays, leading, columns)
  })
}

/**
 * {@link oneShot} on all cores, off the main thread. The input is copied before the function returns.
 * @param algorithm - The algorithm.
 * @param owner - The function that the caller called, for error messages.
 * @param input - The signal.
 * @param options - What the caller gave, with its `AbortSignal` as `signal`.
 */
export async function oneShotAsync<O extends object, R>(
  algorithm: Algorithm<O, R>,
  owner: string,
  input: SignalInput,
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<R> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  return laidOut(input, async () => {
    const { planned, data, rows, columns, leading } = prepare(algorithm, owner, input, rest)
    const run = (signal?: AbortSignal) => using(planned, (plan) => plan.runAsync(data, rows, columns, signal))
    return planned.wrap(await abortable(abort, run), leading, columns)
  })
}

/**
 * The form of many signals of one channel each, on all cores; see {@link gatherBatch} for its rules.
 * @param algorithm - The algorithm.
 * @param owner - The function that the caller called, for error messages.
 * @param signals - The signals.
 * @param options - What the caller gave.
 * @returns One result per signal, in order.
 */
export function batch<O extends object, R>(
  algorithm: Algorithm<O, R>,
  owner: string,
  signals: readonly SignalInput[],
  options: Partial<O> | undefined,
): R[] {
  const { data, ...info } = gatherBatch(signals)
  const planned = guard(() => algorithm.plan(owner, options, { ...info, rows: 1 }))
  return perSignal(
    planned,
    data,
    guard(() => using(planned, (plan) => plan.batch(data))),
  )
}

/**
 * {@link batch} off the main thread. The signals are copied before the function returns.
 * @param algorithm - The algorithm.
 * @param owner - The function that the caller called, for error messages.
 * @param signals - The signals.
 * @param options - What the caller gave, with its `AbortSignal` as `signal`.
 * @returns One result per signal, in order.
 */
export async function batchAsync<O extends object, R>(
  algorithm: Algorithm<O, R>,
  owner: string,
  signals: readonly SignalInput[],
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<R[]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const { data, ...info } = gatherBatch(signals)
  const planned = guard(() => algorithm.plan(owner, rest, { ...info, rows: 1 }))
  const run = (signal?: AbortSignal) => using(planned, (plan) => plan.batchAsync(data, signal))
  return perSignal(planned, data, await abortable(abort, run))
}

function perSignal<R>({ wrap, arrays = 1 }: Planned<R>, signals: readonly SignalData[], all: SignalData[]): R[] {
  return signals.map((signal, i) => wrap(all.slice(i * arrays, (i + 1) * arrays), [], signal.length))
}

/**
 * An array with the values of every channel as a tensor of shape `[...leading, ...shape]`.
 * @param data - The values, channel after channel.
 * @param leading - The axes of the channels.
 * @param shape - The shape of one channel, from the number of its values.
 *
 * @example
 * ```ts
 * import { perChannel } from '@dsp/signal'
 * perChannel(new Float32Array(12), [2], (values) => [3, values / 3]).shape // => [2, 3, 2]
 * ```
 */
export function perChannel<T extends SignalData>(
  data: T,
  leading: readonly number[],
  shape: (values: number) => number[],
): Tensor<T> {
  const channels = leading.reduce((product, length) => product * length, 1)
  return tensor(data, [...leading, ...shape(data.length / channels)])
}
