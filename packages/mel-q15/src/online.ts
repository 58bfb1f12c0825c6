import { MelQ15Stream } from '@dsp/native'
import { BlockInput, type Precision, type PrecisionData, type SignalInput, StreamHandle } from '@dsp/signal'
import { codesOf, filtersOf, type Q15Codes, rateOf } from './mel-q15.js'
import { bankParameters, type MelQ15Options, melQ15OptionSpecs } from './options.js'

/**
 * `melQ15` of a one-channel stream: takes blocks of any size and returns the frames that they complete, bit-identical to the one-shot
 * function however the signal is split. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineMelQ15 } from '@dsp/mel-q15'
 * const online = new OnlineMelQ15({ output: 'log2-int16' })
 * let frames = 0
 * for (let block = 0; block < 10; block++) frames += online.accept(new Float32Array(1600)).shape[0]
 * frames += online.flush().shape[0]
 * frames // => 100
 * ```
 */
export class OnlineMelQ15<P extends Precision = 'float32'> {
  /** Codes per frame. */
  readonly filters: number
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<MelQ15Stream>

  /**
   * Creates the plan.
   * @param options - See {@link MelQ15Options}.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options?: Partial<MelQ15Options>, type: P = 'float32' as P) {
    const parameters = bankParameters('OnlineMelQ15', melQ15OptionSpecs, options)
    this.#input = new BlockInput(type, rateOf(parameters))
    this.#stream = new StreamHandle(() => new MelQ15Stream(parameters, this.#input.float32))
    this.filters = filtersOf(parameters)
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before the frame is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[frames, filters]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` for an `Audio` of another rate and after {@link OnlineMelQ15.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Q15Codes {
    const data = this.#input.samples(block)
    return this.#frames(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineMelQ15.reset} starts a new one.
   * @returns The frames that reach beyond the signal's end: none if frames are not centred.
   */
  flush(): Q15Codes {
    return this.#frames(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }

  #frames([data]: unknown[]): Q15Codes {
    return codesOf(data, [], this.filters)
  }
}
