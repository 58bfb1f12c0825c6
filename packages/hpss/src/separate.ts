import { resolveWindowed, stftParameters } from '@dsp/fft'
import * as native from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, type OptionSpecs, type Tensor, tensor } from '@dsp/tensor'
import type { MaskOptions, Pair, PartOptions } from './options.js'

/** Which parts are wanted; they come in this order. */
export interface Wanted {
  readonly harmonic: boolean
  readonly percussive: boolean
  readonly residual: boolean
}

/** A function whose options are resolved by these specifications and then tell what is wanted. */
export interface Form<O extends PartOptions> {
  readonly specs: OptionSpecs<O>
  readonly wanted: (options: O) => Wanted
}

const both = (pair: Pair): [number, number] => (typeof pair === 'number' ? [pair, pair] : [pair[0], pair[1]])

/** Masks' options as the core takes them. */
export function maskParameters({ kernelSize, power, margin, mask }: MaskOptions): native.MaskParameters {
  return { kernelSize: both(kernelSize), power, margin: both(margin), mask }
}

/** All options, as the core takes them. */
export function parameters<O extends PartOptions>(
  owner: string,
  { specs, wanted }: Form<O>,
  options: Partial<O> | undefined,
): native.HpssParameters {
  const resolved = resolveWindowed(owner, specs, options)
  if (resolved.window !== 'hann') {
    process.emitWarning(
      `${owner} does not use the option window, as librosa.effects does not: frames are Hann windows`,
      {
        type: 'DspWarning',
        code: 'DSP_HPSS_WINDOW',
      },
    )
  }
  const transform = { ...resolved, window: 'hann', beta: 0 } as const
  const stft = stftParameters(transform, resolved.nFft, resolved.padMode)
  return { stft, masks: maskParameters(resolved), ...wanted(resolved) }
}

/** The wanted parts of one signal of any number of channels. */
export function separate<O extends PartOptions, T extends SignalData>(
  owner: string,
  form: Form<O>,
  y: SignalInput<T>,
  options: Partial<O> | undefined,
): Tensor<T>[] {
  const { data, shape } = asSignal(y, 'y')
  const given = parameters(owner, form, options)
  const parts = guard(() => native.hpss(data, shape.at(-1)!, given))
  return parts.map((part) => tensor(part as T, shape))
}

/** {@link separate} on all cores, off the main thread. */
export async function separateAsync<O extends PartOptions, T extends SignalData>(
  owner: string,
  form: Form<O>,
  y: SignalInput<T>,
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<Tensor<T>[]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const { data, shape } = asSignal(y, 'y')
  const given = parameters(owner, form, rest)
  const parts = await abortable(abort, (signal) => native.hpssAsync(data, shape.at(-1)!, given, signal))
  return parts.map((part) => tensor(part as T, shape))
}

/** The wanted parts of many signals of one channel, on all cores. */
export function separateBatch<O extends PartOptions, T extends SignalData>(
  owner: string,
  form: Form<O>,
  signals: readonly SignalInput<T>[],
  options: Partial<O> | undefined,
): Tensor<T>[][] {
  const data = oneKind(signals)
  const given = parameters(owner, form, options)
  return grouped(
    guard(() => native.hpssBatch(data, given)),
    data.length,
  )
}

/** {@link separateBatch} off the main thread. */
export async function separateBatchAsync<O extends PartOptions, T extends SignalData>(
  owner: string,
  form: Form<O>,
  signals: readonly SignalInput<T>[],
  options: (Partial<O> & AsyncOptions) | undefined,
): Promise<Tensor<T>[][]> {
  const { abort, rest } = splitSignal<Partial<O>>(options)
  const data = oneKind(signals)
  const given = parameters(owner, form, rest)
  return grouped(await abortable(abort, (signal) => native.hpssBatchAsync(data, given, signal)), data.length)
}

/** The signals' samples, all of one type. */
function oneKind(signals: readonly SignalInput[]): SignalData[] {
  if (!Array.isArray(signals)) throw DspError.argument('signals', 'an array of signals', signals)
  const all = Array.from(signals, (signal, i) => asSignal(signal as SignalInput, `signals[${i}]`, [1]).data)
  const kinds = all.map((data) => data[Symbol.toStringTag])
  const other = kinds.findIndex((kind) => kind !== kinds[0])
  if (other >= 0) {
    throw new DspError(`signals[${other}] must have the element type of signals[0]: convert one of them`, {
      code: 'ERR_DSP_TYPE',
      argument: `signals[${other}]`,
      expected: kinds[0]!,
      actual: kinds[other]!,
    })
  }
  return all
}

/** As many parts for each signal. */
function grouped<T extends SignalData>(all: readonly SignalData[], signals: number): Tensor<T>[][] {
  const each = signals === 0 ? 0 : all.length / signals
  return Array.from({ length: signals }, (_, i) =>
    all.slice(i * each, (i + 1) * each).map((part) => tensor(part as T, [part.length])),
  )
}
