import { resolveWindowed } from '@dsp/fft'
import { ChromaStream } from '@dsp/native'
import { asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { checkOption, DspError, guard, option, type Tensor, tensor } from '@dsp/tensor'
import { type ChromaStftOptions, chromaStftOptionSpecs } from './chroma-options.js'
import { chromaStftParameters } from './plans.js'

/** The storage of an element type. */
export type StreamData<P extends 'float32' | 'float64'> = P extends 'float64' ? Float64Array : Float32Array

/** Chroma of a stream: a tensor `[nChroma, frames]`, which iterates over its frames, views of shape `[nChroma]`. */
export type ChromaFrames<T extends SignalData = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/**
 * `chromaStft` of a stream of one channel whose tuning is known: blocks of any size go in, the frames that they complete come
 * out, with the bits of the one-shot function however the signal is cut. Memory does not grow with the stream.
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
export class OnlineChromaStft<P extends 'float32' | 'float64' = 'float32'> {
  /** Classes of every frame. */
  readonly nChroma: number
  readonly #open: () => ChromaStream
  #stream: ChromaStream
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #single: boolean

  /**
   * Plans.
   * @param options - See {@link ChromaStftOptions}; `tuning` must be a number, `padMode` `constant` or `edge`, and `sr` the
   *   stream's rate (default 22050).
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options: Partial<ChromaStftOptions>, type: P = 'float32' as P) {
    const o = resolveWindowed<ChromaStftOptions>('OnlineChromaStft', chromaStftOptionSpecs, options)
    this.#single = checkOption('type', option.enum(['float32', 'float64'], 'float32'), type) === 'float32'
    const parameters = chromaStftParameters(o, undefined)
    this.#open = () => guard(() => new ChromaStream(parameters, !this.#single))
    this.#stream = this.#open()
    this.nChroma = o.nChroma
  }

  /** Samples from a frame's reference sample (`frame * hopLength`) on that must be there before the frame comes out. */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[nChroma, frames]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineChromaStft.flush}.
   */
  accept(block: SignalInput<StreamData<P>>): ChromaFrames<StreamData<P>> {
    const { data } = asSignal(block, 'block', [1])
    if ((data[Symbol.toStringTag] === 'Float32Array') !== this.#single) {
      const [expected, actual] = this.#single ? ['Float32Array', 'Float64Array'] : ['Float64Array', 'Float32Array']
      throw new DspError(`block must be a ${expected}, as the stream was made for, got the other type: convert it`, {
        code: 'ERR_DSP_TYPE',
        argument: 'block',
        expected,
        actual,
      })
    }
    return this.#frames(guard(() => this.#stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineChromaStft.reset} begins another one.
   * @returns The frames that reach into the padding at the signal's end: none where frames are not centred.
   */
  flush(): ChromaFrames<StreamData<P>> {
    this.#ended = true
    return this.#frames(guard(() => this.#stream.flush()))
  }

  /** Forgets the signal; the plan stays. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }

  #frames(data: SignalData): ChromaFrames<StreamData<P>> {
    const count = data.length / this.nChroma
    const frames = tensor(data as StreamData<P>, [this.nChroma, count])
    return Object.assign(frames, {
      *[Symbol.iterator]() {
        for (let i = 0; i < count; i++) yield frames.pick(null, i)
      },
    })
  }
}
