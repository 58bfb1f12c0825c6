import { SincStream } from '@dsp/native'
import {
  BlockInput,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import type { SincOptions } from './options.js'
import { sincParameters } from './sinc.js'

/**
 * {@link sinc} of a one-channel stream: takes blocks of any size and returns the frames that each completes, bit-identical to the
 * one-shot function however the signal is split. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineSinc } from '@dsp/sincnet'
 * const online = new OnlineSinc({ pairs: true })
 * let frames = 0
 * for (let block = 0; block < 10; block++) frames += online.accept(new Float32Array(1600)).shape[1]
 * frames += online.flush().shape[1]
 * frames // => 99
 * online.latencySamples // => 251
 * ```
 */
export class OnlineSinc<P extends Precision = 'float32'> {
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<SincStream>
  readonly #filters: number

  /**
   * Creates the plan.
   * @param options - See {@link SincOptions}.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options?: Partial<SincOptions>, type: P = 'float32' as P) {
    const parameters = sincParameters('OnlineSinc', options)
    this.#filters = parameters.low.length
    this.#input = new BlockInput(type, parameters.sampleRate)
    this.#stream = new StreamHandle(() => new SincStream(parameters, this.#input.float32))
  }

  /** Samples, counted from a frame's first one (`frame * stride`), that must have arrived before it is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that the block completes, `[filters, frames]`, float32.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineSinc.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Tensor<Float32Array> {
    const data = this.#input.samples(block)
    return this.#frames(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineSinc.reset} starts a new one.
   * @returns No frames, `[filters, 0]`: an incomplete frame has no values.
   */
  flush(): Tensor<Float32Array> {
    return this.#frames(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }

  #frames([values]: readonly SignalData[]): Tensor<Float32Array> {
    return tensor(values as Float32Array, [this.#filters, values!.length / this.#filters])
  }
}
