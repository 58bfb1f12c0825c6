import { OnlineStftF32, OnlineStftF64 } from '@dsp/native'
import { asSignal, type SignalInput } from '@dsp/signal'
import { checkOption, DspError, guard, option, type Tensor, tensor } from '@dsp/tensor'
import { type Precision, type PrecisionData, type StftOptions, stftOptionSpecs } from './options.js'
import { parameters, resolveWindowed } from './stft-plan.js'
import { isSingle } from './transform.js'

/** Frames of a stream: a complex tensor `[bins, frames, 2]`, which iterates over its frames, views of shape `[bins, 2]`. */
export type StftFrames<T extends Float32Array | Float64Array = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/**
 * `stft` of a stream of one channel: blocks of any size go in, the frames that they complete come out, with the bits of the
 * one-shot function however the signal is cut. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineStft } from '@dsp/fft'
 * const online = new OnlineStft({ nFft: 512, hopLength: 160 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) {
 *   for (const frame of online.accept(new Float32Array(1600))) frames += frame.shape[0] === 257 ? 1 : 0
 * }
 * frames += online.flush().shape[1]
 * frames // => 101
 * ```
 */
export class OnlineStft<P extends Precision = 'float32'> {
  /** Bins of every frame, `nFft / 2 + 1`. */
  readonly bins: number
  readonly #open: () => OnlineStftF32 | OnlineStftF64
  #stream: OnlineStftF32 | OnlineStftF64
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #single: boolean

  /**
   * Plans.
   * @param options - See {@link StftOptions}.
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options?: Partial<StftOptions>, type: P = 'float32' as P) {
    const resolved = resolveWindowed('OnlineStft', stftOptionSpecs, options)
    const given = parameters(resolved, resolved.nFft, resolved.padMode)
    this.#single = checkOption('type', option.enum(['float32', 'float64'], 'float32'), type) === 'float32'
    this.#open = () => guard(() => (this.#single ? new OnlineStftF32(given) : new OnlineStftF64(given)))
    this.#stream = this.#open()
    this.bins = Math.floor(resolved.nFft / 2) + 1
  }

  /** Samples from a frame's reference sample (`frame * hopLength`) on that must be there before the frame comes out. */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[bins, frames, 2]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineStft.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): StftFrames<PrecisionData<P>> {
    const { data } = asSignal(block, 'block', [1])
    if (isSingle(data) !== this.#single) {
      const expected = this.#single ? 'Float32Array' : 'Float64Array'
      throw new DspError(`block must be a ${expected}, as the stream was made for, got the other type: convert it`, {
        code: 'ERR_DSP_TYPE',
        argument: 'block',
        expected,
        actual: this.#single ? 'Float64Array' : 'Float32Array',
      })
    }
    return this.#frames(guard(() => this.#stream.accept(data as never)))
  }

  /**
   * Ends the stream; {@link OnlineStft.reset} begins another one.
   * @returns The frames that reach into the padding at the signal's end: none where frames are not centred.
   */
  flush(): StftFrames<PrecisionData<P>> {
    this.#ended = true
    return this.#frames(guard(() => this.#stream.flush()))
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }

  #frames({ count, data }: { count: number; data: Float32Array | Float64Array }): StftFrames<PrecisionData<P>> {
    const frames = tensor(data, [this.bins, count, 2])
    function* views() {
      for (let i = 0; i < count; i++) yield frames.pick(null, i, null)
    }
    return Object.assign(frames, { [Symbol.iterator]: views }) as unknown as StftFrames<PrecisionData<P>>
  }
}
