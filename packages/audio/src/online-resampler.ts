import { ResampleStream } from '@dsp/native'
import { asSignal, checkPrecision, type Precision, precisionOf, type SignalData, type SignalInput } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { type ResampleOptions, type ResampleParameters, resampleParameters } from './resample.js'

/**
 * {@link resample} for sound that arrives in blocks. All that it returns, put together, is bit-identical to the result of
 * the one-shot function, however the input is cut.
 *
 * The first block sets the number of channels and the element type until {@link OnlineResampler.flush} or
 * {@link OnlineResampler.reset}.
 *
 * @example
 * ```ts
 * import { OnlineResampler } from '@dsp/audio'
 * const online = new OnlineResampler({ origFreq: 48000, newFreq: 16000 })
 * const a = online.accept(new Float32Array(300))
 * const b = online.flush()
 * a.size + b.size // => 100
 * ```
 */
export class OnlineResampler<T extends SignalData = Float32Array> {
  readonly #options: ResampleParameters
  /** None between flush() and the next block. */
  #stream: ResampleStream | undefined
  /** What the stream was made for. */
  #precision: Precision = 'float32'
  #width = 1
  /** Channels of the signal at hand, null if it is `[samples]`, undefined before its first block. */
  #channels: number | null | undefined

  /**
   * @param options - See {@link ResampleOptions}; unlike in {@link resample}, `origFreq` comes from here alone.
   * @throws DspError `ERR_DSP_ARGUMENT` for an option out of range or a ratio whose filter would not fit in memory.
   */
  constructor(options: Partial<ResampleOptions>) {
    this.#options = resampleParameters('OnlineResampler', options)
    this.latencySamples = this.#open().latencySamples
  }

  /**
   * Input samples that must have arrived after the instant of an output sample before it is returned, at most.
   */
  readonly latencySamples: number

  /**
   * Takes a block.
   * @param block - `[samples]` or `[channels, samples]`, of any length, 0 included; an Audio's rate must be `origFreq`.
   * @returns The samples that it completes, of the same number of axes; there may be none.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinite samples, `ERR_DSP_SHAPE` for another number of channels than
   *   before, `ERR_DSP_TYPE` for another element type. The block is then ignored.
   */
  accept(block: SignalInput<T>): Tensor<T> {
    const { data, shape, sampleRate } = asSignal(block, 'block', [1, 2])
    if (sampleRate !== undefined && sampleRate !== this.#options.origFreq) {
      throw DspError.argument('block.sampleRate', `${this.#options.origFreq} as origFreq`, sampleRate)
    }
    const stream = this.#streamOf(data, shape)
    return this.#wrap(guard(() => stream.accept(data)))
  }

  /**
   * Ends the signal. The next block starts a new one.
   * @returns The rest of the samples.
   */
  flush(): Tensor<T> {
    const stream = this.#stream
    const rest = this.#wrap(stream === undefined ? [new Float32Array(0)] : guard(() => stream.flush()))
    this.#stream = undefined
    this.reset()
    return rest
  }

  /** Resets the stream. The next block starts a new signal. */
  reset(): void {
    this.#stream?.reset()
    this.#channels = undefined
  }

  #open(): ResampleStream {
    this.#stream = guard(() => new ResampleStream(this.#options, this.#precision === 'float32', this.#width))
    return this.#stream
  }

  /** The stream of the signal at hand; its first block decides which. */
  #streamOf(data: SignalData, shape: readonly number[]): ResampleStream {
    const channels = shape.length === 2 ? shape[0]! : null
    const stream = this.#stream
    if (this.#channels === undefined || stream === undefined) {
      const [precision, width] = [precisionOf(data), channels ?? 1]
      this.#channels = channels
      if (stream !== undefined && precision === this.#precision && width === this.#width) return stream
      this.#precision = precision
      this.#width = width
      return this.#open()
    }
    if (this.#channels !== channels) {
      const expected = this.#channels === null ? 'shape [samples]' : `shape [${this.#channels}, samples]`
      throw new DspError(`block must have ${expected} as the first one, got [${shape.join(', ')}]`, {
        code: 'ERR_DSP_SHAPE',
        argument: 'block',
        expected,
        actual: `[${shape.join(', ')}]`,
      })
    }
    checkPrecision('block', data, this.#precision, 'as the first one of this signal was')
    return stream
  }

  #wrap([data]: readonly SignalData[]): Tensor<T> {
    const channels = this.#channels ?? null
    return channels === null ? tensor(data as T) : tensor(data as T, [channels, data!.length / channels])
  }
}
