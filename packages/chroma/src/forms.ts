import type { ChromaWork } from '@dsp/native'
import {
  type AsyncOptions,
  abortable,
  asSignal,
  type Signal,
  type SignalData,
  type SignalInput,
  splitSignal,
} from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'

/** A function with its options resolved. */
export interface Call {
  /** The native function. */
  readonly work: ChromaWork
  /** Shape of a channel's result, from the number of its values. */
  readonly shape: (values: number) => number[]
  /** Whether the result is one for all channels. */
  readonly joint?: boolean
  /** Whether results have another precision than the input: true for float64. */
  readonly double?: boolean | undefined
}

/** Resolves options, given the rate of the signal where it has one. */
export type Plan = (sampleRate: number | undefined) => Call

/** Makes the plan of a function under the name that messages have. */
export type Planner<O> = (owner: string, options: Partial<O> | undefined) => Plan

/** Rows of so many values. */
export const rowsOf = (bins: number) => (values: number) => [bins, values / bins]
/** Rows of complex values. */
export const complexRowsOf = (bins: number) => (values: number) => [bins, values / bins / 2, 2]

/** Axes of the input that a function takes away: `samples`, or `bins, frames`, or `bins, frames, 2`. */
type Axes = 1 | 2 | 3

interface Prepared {
  readonly call: Call
  readonly data: SignalData
  readonly rows: number
  readonly columns: number
  readonly leading: readonly number[]
}

function prepare(plan: Plan, input: SignalInput, axes: Axes, name: string): Prepared {
  const { data, shape, sampleRate } = asSignal(input, name)
  if (shape.length < axes || (axes === 3 && shape.at(-1) !== 2)) {
    const expected = ['', '[..., samples]', '[..., bins, frames]', '[..., bins, frames, 2]'][axes]!
    throw new DspError(`${name} must have the shape ${expected}, got [${shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected,
      actual: `[${shape.join(', ')}]`,
    })
  }
  const own = shape.slice(shape.length - axes)
  const rows = axes === 1 ? 0 : own[0]!
  const columns = axes === 1 ? own[0]! : own[1]!
  return { call: plan(sampleRate), data, rows, columns, leading: shape.slice(0, shape.length - axes) }
}

function wrap<T extends SignalData>({ call, leading }: Pick<Prepared, 'call' | 'leading'>, results: SignalData[]) {
  if (call.joint) return results.map((data) => tensor(data as T, call.shape(data.length)))
  const channels = leading.reduce((product, length) => product * length, 1)
  return results.map((data) => tensor(data as T, [...leading, ...call.shape(data.length / channels)]))
}

/** Runs a work and closes it: until the event loop turns, nothing else gives back what it holds. */
function once<R>(work: ChromaWork, run: (work: ChromaWork) => R): R {
  try {
    return run(work)
  } finally {
    work.close()
  }
}

/** One signal, on this thread. */
export function one<T extends SignalData>(plan: Plan, y: SignalInput, axes: Axes = 1, name = 'y'): Tensor<T>[] {
  const prepared = prepare(plan, y, axes, name)
  const { call, data, rows, columns } = prepared
  return wrap<T>(
    prepared,
    guard(() => once(call.work, (work) => work.run(data, rows, columns, call.double))),
  )
}

/** One signal, on all cores off this thread. */
export async function oneAsync<T extends SignalData, O extends object>(
  planner: Planner<O>,
  owner: string,
  y: SignalInput,
  options: (Partial<O> & AsyncOptions) | undefined,
  axes: Axes = 1,
  name = 'y',
): Promise<Tensor<T>[]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const prepared = prepare(planner(owner, rest), y, axes, name)
  const { call, data, rows, columns } = prepared
  const results = await abortable(abort, (signal) =>
    once(call.work, (work) => work.runAsync(data, rows, columns, call.double, signal)),
  )
  return wrap<T>(prepared, results)
}

function gather(plan: Plan, signals: readonly SignalInput[]): { call: Call; data: SignalData[] } {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  const all: Signal[] = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]))
  const other = all.findIndex(({ sampleRate }) => sampleRate !== all[0]!.sampleRate)
  if (other >= 0) {
    const expected = `signals[0]'s rate (${all[0]!.sampleRate})`
    throw DspError.argument(`signals[${other}].sampleRate`, expected, all[other]!.sampleRate)
  }
  return { call: plan(all[0]?.sampleRate), data: all.map(({ data }) => data) }
}

/** Every signal's results, `parts` of them each. */
function split<T extends SignalData>(call: Call, results: SignalData[], parts: number): Tensor<T>[][] {
  const tensors = wrap<T>({ call, leading: [] }, results)
  return Array.from({ length: tensors.length / parts }, (_, i) => tensors.slice(i * parts, (i + 1) * parts))
}

/** Many signals, on all cores. */
export function many<T extends SignalData>(plan: Plan, signals: readonly SignalInput[], parts = 1): Tensor<T>[][] {
  const { call, data } = gather(plan, signals)
  return split<T>(
    call,
    guard(() => once(call.work, (work) => work.batch(data, call.double))),
    parts,
  )
}

/** Many signals, on all cores off this thread. */
export async function manyAsync<T extends SignalData, O extends object>(
  planner: Planner<O>,
  owner: string,
  signals: readonly SignalInput[],
  options: (Partial<O> & AsyncOptions) | undefined,
  parts = 1,
): Promise<Tensor<T>[][]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const { call, data } = gather(planner(owner, rest), signals)
  const results = await abortable(abort, (signal) =>
    once(call.work, (work) => work.batchAsync(data, call.double, signal)),
  )
  return split<T>(call, results, parts)
}
