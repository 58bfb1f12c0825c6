import { PyinStream, YinStream } from '@dsp/native'
import { BlockInput, type Precision, type PrecisionData, type SignalInput, StreamHandle } from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import type { PyinOptions, WithRange, YinOptions } from './options.js'
import { pyinParameters, yinParameters } from './parameters.js'
import { type Pitches, pitches } from './pyin.js'

/**
 * {@link yin} of a one-channel stream: takes blocks of any size and returns the frequencies of the frames that they complete,
 * bit-identical to the one-shot function however the signal is split. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineYin } from '@dsp/yin'
 * const online = new OnlineYin({ fmin: 65, fmax: 2093 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) frames += online.accept(new Float32Array(2205)).size
 * frames += online.flush().size
 * frames // => 44
 * online.latencySamples // => 1024
 * ```
 */
export class OnlineYin<P extends Precision = 'float32'> {
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<YinStream>

  /**
   * Creates the plan.
   * @param options - See {@link YinOptions}. Of the pad modes those that need the whole signal before its first frame are refused:
   *   `maximum`, `mean`, `median`, `minimum`, `wrap`.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options: WithRange<YinOptions>, type: P = 'float32' as P) {
    const parameters = yinParameters('OnlineYin', options)
    this.#input = new BlockInput(type, parameters.sr)
    this.#stream = new StreamHandle(() => new YinStream(parameters, this.#input.float32))
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before its frequency is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frequencies of the frames that are complete now, `[frames]`, in hertz.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineYin.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Tensor<Float64Array> {
    const data = this.#input.samples(block)
    return vector(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineYin.reset} starts a new one.
   * @returns The frequencies of the frames that reach into the padding at the signal's end, `[frames]`.
   */
  flush(): Tensor<Float64Array> {
    return vector(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }
}

/**
 * {@link pyin} of a stream of one channel. The most probable path is known when the signal has ended and not before, as any
 * later sample may change it back to the first frame. So the work is done while blocks come in (which return the voicing
 * probabilities), and the melody comes at the end, bit-identical to the one-shot function however the signal is split. Samples are not
 * kept; what is kept of the past is about 100 bytes per frame in addition to a window of at most 32 MiB.
 *
 * @example
 * ```ts
 * import { OnlinePyin } from '@dsp/yin'
 * const online = new OnlinePyin({ fmin: 65, fmax: 2093 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) frames += online.accept(new Float32Array(2205)).size
 * frames // => 42
 * const { f0, voicedFlag } = online.flush()
 * f0.shape // => [44]
 * voicedFlag.get(0) // => 0
 * ```
 */
export class OnlinePyin<P extends Precision = 'float32'> {
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<PyinStream>

  /**
   * Creates the plan.
   * @param options - See {@link PyinOptions}; pad modes as for {@link OnlineYin}.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options: WithRange<PyinOptions>, type: P = 'float32' as P) {
    const parameters = pyinParameters('OnlinePyin', options)
    this.#input = new BlockInput(type, parameters.sr)
    this.#stream = new StreamHandle(() => new PyinStream(parameters, this.#input.float32))
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before its probability is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The voicing probability of each frame that is complete now, `[frames]`: the one-shot's `voicedProb`.
   * @throws DspError as {@link OnlineYin.accept} does.
   */
  accept(block: SignalInput<PrecisionData<P>>): Tensor<Float64Array> {
    const data = this.#input.samples(block)
    return vector(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlinePyin.reset} starts a new one.
   * @returns All frames of the stream, from its first sample on, `[frames]` each. A second flush returns none.
   */
  flush(): Pitches {
    return pitches(
      this.#stream.end((stream) => stream.flush()),
      [],
    )
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }
}

function vector([values]: readonly (Float32Array | Float64Array)[]): Tensor<Float64Array> {
  return tensor(values as Float64Array, [values!.length])
}
