import * as native from '@dsp/native'
import { asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { DspError, guard, show, type Tensor, tensor } from '@dsp/tensor'
import { nativeOptions, type ResampleOptions } from './resample.js'

type Core = native.OnlineResamplerF32 | native.OnlineResamplerF64

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
  readonly #options: native.ResampleOptions
  #core: Core | undefined
  /** Channels that the core has. */
  #width = 1
  /** Channels of the signal at hand, null where it is `[samples]`, undefined before its first block. */
  #channels: number | null | undefined

  /**
   * @param options - See {@link ResampleOptions}; unlike in {@link resample}, `origFreq` comes from here alone.
   * @throws DspError `ERR_DSP_ARGUMENT` for an option out of range or a ratio whose filter would not fit in memory.
   */
  constructor(options: Partial<ResampleOptions>) {
    this.#options = nativeOptions('OnlineResampler', options)
    this.#core = guard(() => new native.OnlineResamplerF32(1, this.#options))
    this.latencySamples = this.#core.latencySamples
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
   *   before, `ERR_DSP_TYPE` for another element type. The block is then not taken.
   */
  accept(block: SignalInput<T>): Tensor<T> {
    const { data, shape, sampleRate } = asSignal(block, 'block', [1, 2])
    if (sampleRate !== undefined && sampleRate !== this.#options.origFreq) {
      throw DspError.argument('block.sampleRate', `${this.#options.origFreq} as origFreq`, sampleRate)
    }
    const channels = shape.length === 2 ? shape[0]! : 1
    const core = this.#coreFor(data, shape, channels)
    return this.#wrap(guard(() => core.accept(data as never)))
  }

  /**
   * Ends the signal. The next block begins another one.
   * @returns The rest of the samples.
   */
  flush(): Tensor<T> {
    const core = this.#core
    const rest = this.#wrap(core === undefined ? new Float32Array(0) : guard(() => core.flush()))
    this.#core = undefined
    this.reset()
    return rest
  }

  /** Forgets the signal so far. The next block begins another one. */
  reset(): void {
    this.#core?.reset()
    this.#channels = undefined
  }

  /** The core of the signal at hand; its first block decides which. */
  #coreFor(data: SignalData, shape: readonly number[], channels: number): Core {
    const Core = data instanceof Float32Array ? native.OnlineResamplerF32 : native.OnlineResamplerF64
    const core = this.#core
    if (this.#channels === undefined || core === undefined) {
      this.#channels = shape.length === 2 ? channels : null
      if (core instanceof Core && this.#width === channels) return core
      this.#width = channels
      this.#core = guard(() => new Core(channels, this.#options))
      return this.#core
    }
    if (this.#channels !== (shape.length === 2 ? channels : null)) {
      const expected = this.#channels === null ? 'shape [samples]' : `shape [${this.#channels}, samples]`
      throw new DspError(`block must have ${expected} as the first one, got [${shape.join(', ')}]`, {
        code: 'ERR_DSP_SHAPE',
        argument: 'block',
        expected,
        actual: `[${shape.join(', ')}]`,
      })
    }
    if (!(core instanceof Core)) {
      const expected = data instanceof Float32Array ? 'Float64Array' : 'Float32Array'
      throw new DspError(`block must hold a ${expected} as the first one did, or call reset() before`, {
        code: 'ERR_DSP_TYPE',
        argument: 'block',
        expected,
        actual: show(data),
      })
    }
    return core
  }

  #wrap(data: SignalData): Tensor<T> {
    const channels = this.#channels ?? null
    return channels === null ? tensor(data as T) : tensor(data as T, [channels, data.length / channels])
  }
}
