import { OnlinePyinStream, OnlineYinStream } from '@dsp/native'
import { asSignal, checkOption, DspError, guard, option, type SignalInput, type Tensor, tensor } from '@dsp/tensor'
import type { PyinOptions, WithRange, YinOptions } from './options.js'
import { isSingle, pyinParameters, wrongType, yinParameters } from './parameters.js'
import { type Pitches, pitches } from './pyin.js'

/** The element types that streams are made for. */
export type Precision = 'float32' | 'float64'

/** The storage of a {@link Precision}. */
export type PrecisionData<P extends Precision> = P extends 'float64' ? Float64Array : Float32Array

/**
 * {@link yin} of a stream of one channel: blocks of any size go in, the frequencies of the frames that they complete come out,
 * with the bits of the one-shot function however the signal is cut. Memory does not grow with the stream.
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
  readonly #open: () => OnlineYinStream
  #stream: OnlineYinStream
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #input: Input

  /**
   * Plans.
   * @param options - See {@link YinOptions}. Of the pad modes those that need the whole signal before its first frame are refused:
   *   `maximum`, `mean`, `median`, `minimum`, `wrap`.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options: WithRange<YinOptions>, type: P = 'float32' as P) {
    const parameters = yinParameters('OnlineYin', options)
    this.#input = new Input(type, parameters.frames.sr)
    this.#open = () => guard(() => new OnlineYinStream(parameters, this.#input.single))
    this.#stream = this.#open()
  }

  /** Samples from a frame's reference sample (`frame * hopLength`) on that must be there before its frequency comes out. */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frequencies of the frames that are complete now, `[frames]`, in hertz.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineYin.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Tensor<Float64Array> {
    const data = this.#input.samples(block)
    return vector(guard(() => this.#stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineYin.reset} begins another one.
   * @returns The frequencies of the frames that reach into the padding at the signal's end, `[frames]`.
   */
  flush(): Tensor<Float64Array> {
    this.#ended = true
    return vector(guard(() => this.#stream.flush()))
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }
}

/**
 * {@link pyin} of a stream of one channel. The most probable path is known when the signal has ended and not before, as any
 * later sample may change it back to the first frame. So the work is done while blocks come in (which give the probabilities of
 * a voice), and the melody comes at the end, with the bits of the one-shot function however the signal is cut. Samples are not
 * kept; what is kept of the past is about 100 bytes a frame beside a window of 32 MiB at most.
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
  readonly #open: () => OnlinePyinStream
  #stream: OnlinePyinStream
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #input: Input

  /**
   * Plans.
   * @param options - See {@link PyinOptions}; pad modes as for {@link OnlineYin}.
   * @param type - The element type of the blocks. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options: WithRange<PyinOptions>, type: P = 'float32' as P) {
    const parameters = pyinParameters('OnlinePyin', options)
    this.#input = new Input(type, parameters.frames.sr)
    this.#open = () => guard(() => new OnlinePyinStream(parameters, this.#input.single))
    this.#stream = this.#open()
  }

  /** Samples from a frame's reference sample (`frame * hopLength`) on that must be there before its probability comes out. */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The probability of a voice in each frame that is complete now, `[frames]`: the one-shot's `voicedProb`.
   * @throws DspError as {@link OnlineYin.accept} does.
   */
  accept(block: SignalInput<PrecisionData<P>>): Tensor<Float64Array> {
    const data = this.#input.samples(block)
    return vector(guard(() => this.#stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlinePyin.reset} begins another one.
   * @returns All frames of the stream, from its first sample on, `[frames]` each. A second flush has none.
   */
  flush(): Pitches {
    this.#ended = true
    return pitches(
      guard(() => this.#stream.flush()),
      [],
    )
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }
}

/** What a stream takes. */
class Input {
  readonly single: boolean
  readonly #rate: number

  constructor(type: Precision, rate: number) {
    this.single = checkOption('type', option.enum(['float32', 'float64'], 'float32'), type) === 'float32'
    this.#rate = rate
  }

  samples(block: SignalInput): Float32Array | Float64Array {
    const { data, sampleRate } = asSignal(block, 'block', [1])
    if (isSingle(data) !== this.single) throw wrongType('block', data, 'that the stream was made for')
    if (sampleRate !== undefined && sampleRate !== this.#rate) {
      throw DspError.argument('block.sampleRate', `the stream's rate of ${this.#rate} Hz`, sampleRate)
    }
    return data
  }
}

function vector(values: Float64Array): Tensor<Float64Array> {
  return tensor(values, [values.length])
}
