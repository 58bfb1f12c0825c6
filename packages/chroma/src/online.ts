import { ChromaStream } from '@dsp/native'
import {
  BlockInput,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import type { ChromaStftOptions } from './chroma-options.js'
import { chromaStftParameters } from './parameters.js'

/** Chroma of a stream: a tensor `[nChroma, frames]`, which iterates over its frames, views of shape `[nChroma]`. */
export type ChromaFrames<T extends SignalData = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/**
 * `chromaStft` of a stream of one channel whose tuning is known: takes blocks of any size and returns the frames that they
 * complete, bit-identical to the one-shot function however the signal is split. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineChromaStft } from '@dsp/chroma'
 * const online = new OnlineChromaStft({ tuning: 0 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) {
 *   for (const frame of online.accept(new Float32Array(2205))) frames += frame.shape[0] === 12 ? 1 : 0
 * }
 * frames += online.flush().shape[1]
 * frames // => 44
 * ```
 */
export class OnlineChromaStft<P extends Precision = 'float32'> {
  /** Classes of every frame. */
  readonly nChroma: number
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<ChromaStream>

  /**
   * Creates the plan.
   * @param options - See {@link ChromaStftOptions}; `tuning` must be a number, `padMode` `constant` or `edge`, and `sr` the
   *   stream's rate (default 22050).
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options: Partial<ChromaStftOptions>, type: P = 'float32' as P) {
    const parameters = chromaStftParameters('OnlineChromaStft', options)
    this.#input = new BlockInput(type, parameters.sr)
    this.#stream = new StreamHandle(() => new ChromaStream(parameters, this.#input.float32))
    this.nChroma = parameters.nChroma
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before the frame is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[nChroma, frames]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineChromaStft.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): ChromaFrames<PrecisionData<P>> {
    const data = this.#input.samples(block)
    return this.#frames(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineChromaStft.reset} starts a new one.
   * @returns The frames that reach into the padding at the signal's end: none if frames are not centred.
   */
  flush(): ChromaFrames<PrecisionData<P>> {
    return this.#frames(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream; the plan is kept. */
  reset(): void {
    this.#stream.reset()
  }

  #frames([data]: readonly SignalData[]): ChromaFrames<PrecisionData<P>> {
    const count = data!.length / this.nChroma
    const frames = tensor(data as PrecisionData<P>, [this.nChroma, count])
    return Object.assign(frames, {
      *[Symbol.iterator]() {
        for (let i = 0; i < count; i++) yield frames.pick(null, i)
      },
    })
  }
}
