import { NemoStream } from '@dsp/native'
import { BlockInput, type Precision, type PrecisionData, type SignalInput, StreamHandle } from '@dsp/signal'
import {
  type NemoNormalize,
  type NemoOptions,
  nemoParameters,
  nemoRows,
  warnOfEmptyNemoFilters,
} from './nemo-options.js'
import { framesOf, type MelFrames } from './online.js'

/** The options of {@link OnlineNemoLogMel}: a stream cannot be normalised by statistics of its whole length. */
export type OnlineNemoOptions = Partial<Omit<NemoOptions, 'normalize'>> & {
  /** `fixed`: by `fixedMean` and `fixedStd`. `none`: not at all. Must be given: NeMo's default, `per_feature`, does not stream. */
  readonly normalize: Extract<NemoNormalize, 'fixed' | 'none'>
}

/**
 * `nemoLogMel` of a one-channel stream, without normalisation or with fixed statistics: takes blocks of any size and returns the frames
 * that they complete, bit-identical to the one-shot function however the signal is split. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineNemoLogMel } from '@dsp/mel'
 * const online = new OnlineNemoLogMel({ normalize: 'none', windowSize: 0.025, features: 80, padTo: 0 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) frames += online.accept(new Float32Array(1600)).shape[1]
 * frames // => 99
 * frames += online.flush().shape[1]
 * frames // => 101
 * ```
 */
export class OnlineNemoLogMel<P extends Precision = 'float32'> {
  /** Rows of every frame: `features`, times `frameSplicing`. */
  readonly rows: number
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<NemoStream>

  /**
   * Creates the plan.
   * @param options - See {@link OnlineNemoOptions}.
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options, e.g. another normalisation.
   */
  constructor(options: OnlineNemoOptions, type: P = 'float32' as P) {
    const parameters = nemoParameters('OnlineNemoLogMel', options)
    this.#input = new BlockInput(type, parameters.sampleRate)
    this.#stream = new StreamHandle(() =>
      warnOfEmptyNemoFilters(new NemoStream(parameters, this.#input.float32), parameters),
    )
    this.rows = nemoRows(parameters)
  }

  /** Samples, counted from `frame * nWindowStride`, that must have arrived before the frame is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[rows, frames]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` for an `Audio` of another rate than `sampleRate` and after {@link OnlineNemoLogMel.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): MelFrames<PrecisionData<P>> {
    const data = this.#input.samples(block)
    return framesOf(
      this.#stream.call((stream) => stream.accept(data)),
      this.rows,
    )
  }

  /**
   * Ends the stream; {@link OnlineNemoLogMel.reset} starts a new one.
   * @returns The frames that reach over the signal's end and the columns of `padValue` after them; none if there is no valid frame.
   */
  flush(): MelFrames<PrecisionData<P>> {
    return framesOf(
      this.#stream.end((stream) => stream.flush()),
      this.rows,
    )
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }
}
