import { StftStream } from '@dsp/native'
import {
  BlockInput,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import type { StftOptions } from './options.js'
import { stftParameters } from './stft-plan.js'

/** Frames of a stream: a complex tensor `[bins, frames, 2]`, which iterates over its frames, views of shape `[bins, 2]`. */
export type StftFrames<T extends SignalData = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/**
 * `stft` of a one-channel stream: takes blocks of any size and returns the frames that they complete, bit-identical to the one-shot
 * function however the signal is split. Memory does not grow with the stream.
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
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<StftStream>

  /**
   * Creates the plan.
   * @param options - See {@link StftOptions}.
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options?: Partial<StftOptions>, type: P = 'float32' as P) {
    const given = stftParameters('OnlineStft', options)
    this.bins = Math.floor(given.nFft / 2) + 1
    this.#input = new BlockInput(type)
    this.#stream = new StreamHandle(() => new StftStream(given, this.#input.float32))
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before the frame is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[bins, frames, 2]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineStft.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): StftFrames<PrecisionData<P>> {
    const data = this.#input.samples(block)
    return this.#frames(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineStft.reset} starts a new one.
   * @returns The frames that reach into the padding at the signal's end: none if frames are not centred.
   */
  flush(): StftFrames<PrecisionData<P>> {
    return this.#frames(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }

  #frames([data]: readonly SignalData[]): StftFrames<PrecisionData<P>> {
    const count = data!.length / this.bins / 2
    const frames = tensor(data!, [this.bins, count, 2])
    function* views() {
      for (let i = 0; i < count; i++) yield frames.pick(null, i, null)
    }
    return Object.assign(frames, { [Symbol.iterator]: views }) as unknown as StftFrames<PrecisionData<P>>
  }
}
