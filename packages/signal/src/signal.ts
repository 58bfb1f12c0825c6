import { type Audio, contiguous, DspError, isTensorData, show, type TensorLike } from '@dsp/tensor'

/** The element types of sound. */
export type SignalData = Float32Array | Float64Array

/** Sound with its rate, in any of the forms that the packages accept. */
export interface AudioLike<T extends SignalData = SignalData> {
  /** `[samples]` or `[channels, samples]`. */
  readonly samples: TensorLike<T> | T
  /** The sample rate in Hz. */
  readonly sampleRate: number
}

/** What every function that takes a signal accepts: an Audio, a tensor or view, or a bare typed array. */
export type SignalInput<T extends SignalData = SignalData> = Audio<T> | AudioLike<T> | TensorLike<T> | T

/** A signal as the native core takes it. */
export interface Signal<T extends SignalData = SignalData> {
  /** The samples, row-major. Shares memory with the input if that was row-major already. */
  readonly data: T
  /** Length of each axis; the last one is time. */
  readonly shape: readonly number[]
  /** The sample rate in Hz, if the input was an Audio. */
  readonly sampleRate?: number
}

/**
 * Converts any form of a signal to row-major samples and a shape: an Audio, a tensor, a strided view (copied once) or
 * a typed array (`[samples]`). Sample values are not checked here: the core finds NaN and infinity.
 * @param input - The signal, float32 or float64, in [-1, 1].
 * @param name - Its name in error messages.
 * @param ranks - The accepted numbers of axes; default: 1 or more.
 * @throws DspError `ERR_DSP_TYPE` for other element types, `ERR_DSP_SHAPE` for another number of axes,
 *   `ERR_DSP_ARGUMENT` for a rate that is not a positive number and for a detached ArrayBuffer.
 *
 * @example
 * ```ts
 * import { asSignal } from '@dsp/signal'
 * import { tensor } from '@dsp/tensor'
 * const stereo = tensor(new Float32Array(8), [2, 4])
 * asSignal({ samples: stereo, sampleRate: 16000 }).shape // => [2, 4]
 * asSignal(new Float32Array(5)).shape // => [5]
 * ```
 */
export function asSignal<T extends SignalData>(
  input: SignalInput<T>,
  name = 'signal',
  ranks?: readonly number[],
): Signal<T> {
  const audio = typeof input === 'object' && input !== null && 'samples' in input ? (input as AudioLike<T>) : undefined
  const samples = audio === undefined ? (input as TensorLike<T> | T) : audio.samples
  const label = audio === undefined ? name : `${name}.samples`
  const view: TensorLike<T> = isTensorData(samples) ? { data: samples, shape: [samples.length] } : samples
  const data = contiguous(view, label)
  const kind: string = data[Symbol.toStringTag]
  if (kind !== 'Float32Array' && kind !== 'Float64Array') {
    const way = kind === 'Int16Array' ? 'with Float32Array.from, and divide samples by 32768' : 'with Float32Array.from'
    throw new DspError(`${label} must hold float32 or float64 values, got ${kind}: convert them ${way}`, {
      code: 'ERR_DSP_TYPE',
      argument: label,
      expected: 'Float32Array or Float64Array',
      actual: kind,
    })
  }
  const shape = [...view.shape]
  if (ranks === undefined ? shape.length === 0 : !ranks.includes(shape.length)) {
    const expected =
      ranks === undefined ? 'at least 1 axis' : `${ranks.join(' or ')} ${ranks.at(-1) === 1 ? 'axis' : 'axes'}`
    throw new DspError(`${label} must have ${expected}, got shape ${show(shape)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: label,
      expected,
      actual: show(shape),
    })
  }
  if (audio === undefined) return { data, shape }
  const { sampleRate } = audio
  if (typeof sampleRate !== 'number' || !Number.isFinite(sampleRate) || sampleRate <= 0) {
    throw DspError.argument(`${name}.sampleRate`, 'a positive number of hertz', sampleRate)
  }
  return { data, shape, sampleRate }
}
