import * as native from '@dsp/native'
import {
  type AsyncOptions,
  abortable,
  asSignal,
  isFloat32,
  type SignalData,
  type SignalInput,
  splitSignal,
} from '@dsp/signal'
import { DspError, guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { type FftOptions, fftOptionSpecs } from './options.js'

/** The four transforms, by numpy's names. */
export type Kind = 'rfft' | 'irfft' | 'fft' | 'ifft'

/** Transforms over the last axis: on this thread, or on all cores off it. */
export function transform<T extends SignalData>(
  kind: Kind,
  input: SignalInput<T>,
  options: Partial<FftOptions> | undefined,
): Tensor<T> {
  const { data, row, n, size, shape } = prepare(kind, kind, input, options)
  const output = allocateRows(data, size, n)
  guard(() => native.transform(kind, data, row, n, output))
  return tensor(output, shape) as Tensor<T>
}

/** {@link transform} on all cores, off the main thread. */
export async function transformAsync<T extends SignalData>(
  kind: Kind,
  input: SignalInput<T>,
  options: (Partial<FftOptions> & AsyncOptions) | undefined,
): Promise<Tensor<T>> {
  const { abort, rest } = splitSignal<Partial<FftOptions>>(options)
  const { data, row, n, shape } = prepare(`${kind}Async`, kind, input, rest)
  const [result] = await abortable(abort, (signal) => native.transformAsync(kind, data, row, n, signal))
  return tensor(result as T, shape)
}

/** Storage of the same type as `like`, zero at first. */
export function allocate<T extends SignalData>(like: T, length: number): T {
  return attempt(length, () => (isFloat32(like) ? new Float32Array(length) : new Float64Array(length)) as T)
}

/** Bytes of a row from which on clearing the result pays: see {@link allocateRows}. */
const LONG_ROW = 4096

/**
 * Storage of the same type as `like` for rows of which every element is written. Zeros would take as long as a part of a short
 * transform, so it is not cleared; but rows that are longer than a page are written in many places at the same time, and there
 * clearing them first, which brings them into the cache, is the faster way.
 */
function allocateRows<T extends SignalData>(like: T, length: number, row: number): T {
  if (row * like.BYTES_PER_ELEMENT > LONG_ROW || typeof Buffer === 'undefined') return allocate(like, length)
  return attempt(length, () => {
    // `allocUnsafeSlow` never takes a part of the pool that buffers share.
    const { buffer } = Buffer.allocUnsafeSlow(length * like.BYTES_PER_ELEMENT)
    return (isFloat32(like) ? new Float32Array(buffer) : new Float64Array(buffer)) as T
  })
}

function attempt<T>(length: number, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw new DspError(`the result would have ${length} elements, too many for the memory: process it in parts`, {
      code: 'ERR_DSP_ARGUMENT',
      expected: 'a result that fits in memory',
      actual: `${length} elements`,
      cause,
    })
  }
}

/** Splits off the trailing axis of a complex tensor. */
export function complexShape(shape: readonly number[], name: string, axes: string): readonly number[] {
  if (shape.length < 2 || shape.at(-1) !== 2) {
    throw new DspError(
      `${name} must be complex, of shape ${axes} (real and imaginary parts), got [${shape.join(', ')}]`,
      {
        code: 'ERR_DSP_SHAPE',
        argument: name,
        expected: axes,
        actual: `[${shape.join(', ')}]`,
      },
    )
  }
  return shape.slice(0, -1)
}

interface Prepared<T extends SignalData> {
  readonly data: T
  /** Values in a row of the input. */
  readonly row: number
  readonly n: number
  /** Elements of the output. */
  readonly size: number
  readonly shape: number[]
}

function prepare<T extends SignalData>(
  owner: string,
  kind: Kind,
  input: SignalInput<T>,
  options: Partial<FftOptions> | undefined,
): Prepared<T> {
  const { data, shape: given } = asSignal(input, 'x')
  const values = kind === 'rfft' ? given : complexShape(given, 'x', '[..., n, 2]')
  const row = values.at(-1)!
  const n = resolveOptions(owner, fftOptionSpecs, options).n ?? (kind === 'irfft' ? 2 * (row - 1) : row)
  const size = guard(() => native.fftOutputLength(kind, data.length, row, n))
  const last = kind === 'rfft' ? [Math.floor(n / 2) + 1, 2] : kind === 'irfft' ? [n] : [n, 2]
  return { data, row, n, size, shape: [...values.slice(0, -1), ...last] }
}
