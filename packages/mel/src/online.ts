import { MelStream } from '@dsp/native'
import {
  BlockInput,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import { type MelspectrogramOptions, melspectrogramOptionSpecs } from './options.js'
import { melParameters, warnOfEmptyFilters } from './parameters.js'

/** Frames of a stream: a tensor `[nMels, frames]`, which iterates over its frames, views of shape `[nMels]`. */
export type MelFrames<T extends Float32Array | Float64Array = Float32Array> = Tensor<T> & Iterable<Tensor<T>>

/** The frames that a stream gives. */
export function framesOf<T extends SignalData>([data]: SignalData[], rows: number): MelFrames<T> {
  const count = data!.length / rows
  const frames = tensor(data!, [rows, count])
  function* views() {
    for (let i = 0; i < count; i++) yield frames.pick(null, i)
  }
  return Object.assign(frames, { [Symbol.iterator]: views }) as unknown as MelFrames<T>
}

/**
 * `melspectrogram` of a one-channel stream: takes blocks of any size and returns the frames that they complete, bit-identical to
 * the one-shot function however the signal is split. Memory does not grow with the stream.
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
  readonly #input: BlockInput<P>
  readonly #stream: StreamHandle<MelStream>

  /**
   * Creates the plan.
   * @param options - See {@link MelspectrogramOptions}.
   * @param type - The element type of the blocks and the frames. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
   */
  constructor(options?: Partial<MelspectrogramOptions>, type: P = 'float32' as P) {
    const parameters = melParameters('OnlineMelspectrogram', melspectrogramOptionSpecs, options)
    this.#input = new BlockInput(type, parameters.sr)
    this.#stream = new StreamHandle(() =>
      warnOfEmptyFilters(new MelStream(parameters, this.#input.float32), parameters),
    )
    this.nMels = parameters.nMels
  }

  /** Samples, counted from a frame's reference sample (`frame * hopLength`), that must have arrived before the frame is returned. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /**
   * Accepts the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The frames that are complete now, `[nMels, frames]`.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` for an `Audio` of another rate than `sr` and after {@link OnlineMelspectrogram.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): MelFrames<PrecisionData<P>> {
    const data = this.#input.samples(block)
    return framesOf(
      this.#stream.call((stream) => stream.accept(data)),
      this.nMels,
    )
  }

  /**
   * Ends the stream; {@link OnlineMelspectrogram.reset} starts a new one.
   * @returns The frames that reach into the padding at the signal's end: none if frames are not centred.
   */
  flush(): MelFrames<PrecisionData<P>> {
    return framesOf(
      this.#stream.end((stream) => stream.flush()),
      this.nMels,
    )
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }
}
