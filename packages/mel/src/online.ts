import { MelStream } from '@dsp/native'
import { asSignal, type SignalInput } from '@dsp/signal'
import { checkOption, DspError, guard, option, type Tensor, tensor } from '@dsp/tensor'
import { type MelspectrogramOptions, melspectrogramOptionSpecs, type Precision, type PrecisionData } from './options.js'
import { melParameters, resolveRated, warnOfEmptyFilters } from './plan.js'

/** Frames of a stream: a tensor `[nMels, frames]`, which iterates over its frames, views of shape `[nMels]`. */
export type MelFrames<T extends Float32Array | Float64Array = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/**
 * `melspectrogram` of a stream of one channel: blocks of any size go in, the frames that they complete come out, with the bits
 * of the one-shot function however the signal is cut. Memory does not grow with the stream.
 *
 * @example
 * ```ts
 * import { OnlineMelspectrogram } from '@dsp/mel'
 * const online = new OnlineMelspectrogram({ sr: 16000, nFft: 512, hopLength: 160, nMels: 80 })
 * let frames = 0
 * for (let block = 0; block < 10; block++) {
 *   for (const frame of online.accept(new Float32Array(1600))) frames += frame.shape[0] === 80 ? 1 : 0
 * }
 * frames += online.flush().shape[1]
 * frames // => 101
 * ```
 */
export class OnlineMelspectrogram<P extends Precision = 'float32'> {
  /** Mel bands of every frame. */
  readonly nMels: number
  readonly #open: () => MelStream
  #stream: MelStream
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #single: boolean

  /**
   * Plans.
   * @param options - See {@link MelspectrogramOptions}.
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options?: Partial<MelspectrogramOptions>, type: P = 'float32' as P) {
    const resolved = resolveRated('OnlineMelspectrogram', melspectrogramOptionSpecs, options, undefined)
    const parameters = melParameters(resolved)
    this.#single = checkOption('type', option.enum(['float32', 'float64'], 'float32'), type) === 'float32'
    this.#open = () => guard(() => new MelStream(parameters, this.#single))
    this.#stream = this.#open()
    warnOfEmptyFilters(this.#stream.emptyFilters(), parameters.bank)
    this.nMels = resolved.nMels
  }

  /** Samples from a frame's reference sample (`frame * hopLength`) on that must be there before the frame comes out. */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[nMels, frames]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineMelspectrogram.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): MelFrames<PrecisionData<P>> {
    const { data } = asSignal(block, 'block', [1])
    const expected = this.#single ? 'Float32Array' : 'Float64Array'
    const actual = (data as { [Symbol.toStringTag]: string })[Symbol.toStringTag]
    if (actual !== expected) {
      throw new DspError(`block must be a ${expected}, as the stream was made for, got a ${actual}: convert it`, {
        code: 'ERR_DSP_TYPE',
        argument: 'block',
        expected,
        actual,
      })
    }
    return this.#frames(guard(() => this.#stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineMelspectrogram.reset} begins another one.
   * @returns The frames that reach into the padding at the signal's end: none where frames are not centred.
   */
  flush(): MelFrames<PrecisionData<P>> {
    this.#ended = true
    return this.#frames(guard(() => this.#stream.flush()))
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }

  #frames({ count, data }: { count: number; data: Float32Array | Float64Array }): MelFrames<PrecisionData<P>> {
    const frames = tensor(data, [this.nMels, count])
    function* views() {
      for (let i = 0; i < count; i++) yield frames.pick(null, i)
    }
    return Object.assign(frames, { [Symbol.iterator]: views }) as unknown as MelFrames<PrecisionData<P>>
  }
}
