import { HpssStream } from '@dsp/native'
import {
  BlockInput,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { tensor } from '@dsp/tensor'
import { named, type Separated } from './hpss.js'
import { type HpssOptions, hpssOptionSpecs } from './options.js'
import { separationParameters } from './separate.js'

/**
 * `hpss` of a one-channel stream: takes blocks of any size and returns the samples of each part that they complete, bit-identical
 * to the one-shot function however the signal is split. Memory does not grow with the stream: it is a few megabytes
 * with the defaults, in proportion to `nFft` and the harmonic `kernelSize`.
 *
 * A sample is returned once the frames that the harmonic median looks ahead to have arrived: see
 * {@link OnlineHpss.latencySamples}. A smaller `kernelSize` or `hopLength` makes it less.
 *
 * @example
 * ```ts
 * import { OnlineHpss } from '@dsp/hpss'
 * const online = new OnlineHpss({ nFft: 1024, kernelSize: [17, 31] })
 * online.latencySamples // => 3072
 * let samples = 0
 * for (let block = 0; block < 10; block++) {
 *   const { harmonic, percussive } = online.accept(new Float32Array(1000))
 *   samples += harmonic.shape[0]
 * }
 * samples + online.flush().harmonic.shape[0] // => 10000
 * ```
 */
export class OnlineHpss<P extends Precision = 'float32'> {
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<HpssStream>

  /**
   * Creates the plan.
   * @param options - See {@link HpssOptions}.
   * @param type - The element type of the blocks and the parts. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options?: Partial<HpssOptions>, type: P = 'float32' as P) {
    const given = separationParameters('OnlineHpss', hpssOptionSpecs, options)
    this.#input = new BlockInput(type)
    this.#stream = new StreamHandle(() => new HpssStream(given, this.#input.float32))
  }

  /**
   * How far the parts lag behind the signal, at most: half the harmonic kernel in hops, and a frame. With the defaults
   * 15 x 512 + 2048 samples, 0.44 s at 22.05 kHz.
   */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The next samples of each part, as many of each (maybe none).
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineHpss.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Separated<PrecisionData<P>> {
    const data = this.#input.samples(block)
    return this.#parts(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineHpss.reset} starts a new one.
   * @returns The rest of each part: by then as many samples have been returned as were given.
   * @throws DspError `ERR_DSP_ARGUMENT` if frames are not centred and the signal is shorter than one.
   */
  flush(): Separated<PrecisionData<P>> {
    return this.#parts(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }

  #parts(parts: readonly SignalData[]): Separated<PrecisionData<P>> {
    return named(parts.map((part) => tensor(part as PrecisionData<P>, [part.length])))
  }
}
