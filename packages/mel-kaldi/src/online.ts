import { KaldiOnline } from '@dsp/native'
import { asSignal, type SignalInput } from '@dsp/signal'
import { DspError, guard, type Tensor, tensor } from '@dsp/tensor'
import { extractor, type OptionsOf } from './extractor.js'
import type { FbankOptions, MfccOptions, Precision, PrecisionData, SpectrogramOptions } from './options.js'
import type { FeatureKind } from './presets.js'

/** Frames of a stream: a tensor `[frames, columns]`, which iterates over its rows. */
export type Frames<T extends Float32Array | Float64Array = Float32Array> = Tensor<T> & Iterable<T>

/**
 * What the streaming classes share: blocks of samples go in, the frames that they complete come out, with the bits of the
 * one-shot function however the signal is cut. A signal too short for one frame has none.
 */
export abstract class OnlineFeatures<P extends Precision = 'float32'> {
  readonly #stream: KaldiOnline
  readonly #columns: number
  readonly #rate: number

  /**
   * Begins a stream.
   * @param kind - The feature.
   * @param options - Its options. Those that need the whole signal, `subtractMean` and `minDuration`, are errors.
   */
  protected constructor(kind: FeatureKind, options: OptionsOf[FeatureKind] | undefined) {
    const plan = extractor(kind, options)
    this.#stream = guard(() => new KaldiOnline(plan.native, plan.double))
    this.#columns = plan.native.columns
    this.#rate = plan.options.sampleFrequency
  }

  /** Samples that must have come before the first frame can. */
  get latencySamples(): number {
    return this.#stream.latency
  }

  /** Columns of every frame. */
  get columns(): number {
    return this.#columns
  }

  /**
   * Takes the next samples of the stream.
   * @param block - `[samples]`, any number of them; an `Audio` must have the rate of the options.
   * @returns The frames that are complete now, `[frames, columns]`; iterates over rows.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_ARGUMENT` after
   *   {@link flush} and for another rate.
   */
  accept(block: SignalInput): Frames<PrecisionData<P>> {
    const signal = asSignal(block, 'block', [1])
    if (signal.sampleRate !== undefined && signal.sampleRate !== this.#rate) {
      throw DspError.argument('block.sampleRate', `${this.#rate} Hz, the stream's sampleFrequency`, signal.sampleRate)
    }
    return this.#frames(guard(() => this.#stream.accept(signal.data)))
  }

  /**
   * Ends the stream; {@link reset} begins another one.
   * @returns The frames that had to know where the signal ends: none with snipped edges.
   */
  flush(): Frames<PrecisionData<P>> {
    return this.#frames(guard(() => this.#stream.flush()))
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    this.#stream.reset()
  }

  #frames(data: Float32Array | Float64Array): Frames<PrecisionData<P>> {
    const columns = this.#columns
    const frames = tensor(data, [data.length / columns, columns])
    function* rows() {
      for (let start = 0; start < data.length; start += columns) yield data.subarray(start, start + columns)
    }
    return Object.assign(frames, { [Symbol.iterator]: rows }) as unknown as Frames<PrecisionData<P>>
  }
}

/**
 * {@link fbank} of a stream.
 *
 * @example
 * ```ts
 * import { OnlineFbank } from '@dsp/mel-kaldi'
 * const online = new OnlineFbank({ numMelBins: 80, snipEdges: false })
 * let frames = 0
 * for (let i = 0; i < 10; i++) for (const frame of online.accept(new Float32Array(1600))) frames += frame.length / 80
 * for (const frame of online.flush()) frames += frame.length / 80
 * frames // => 100
 * ```
 */
export class OnlineFbank<P extends Precision = 'float32'> extends OnlineFeatures<P> {
  /**
   * Begins a stream.
   * @param options - As for {@link fbank}; `subtractMean` and `minDuration` are errors.
   */
  constructor(options?: FbankOptions<P>) {
    super('fbank', options)
  }
}

/**
 * {@link mfcc} of a stream.
 *
 * @example
 * ```ts
 * import { OnlineMfcc } from '@dsp/mel-kaldi'
 * const online = new OnlineMfcc({ numCeps: 13 })
 * online.latencySamples // => 400
 * online.accept(new Float32Array(560)).shape // => [2, 13]
 * ```
 */
export class OnlineMfcc<P extends Precision = 'float32'> extends OnlineFeatures<P> {
  /**
   * Begins a stream.
   * @param options - As for {@link mfcc}; `subtractMean` and `minDuration` are errors.
   */
  constructor(options?: MfccOptions<P>) {
    super('mfcc', options)
  }
}

/**
 * {@link spectrogram} of a stream.
 *
 * @example
 * ```ts
 * import { OnlineSpectrogram } from '@dsp/mel-kaldi'
 * const online = new OnlineSpectrogram()
 * online.accept(new Float32Array(399)).shape // => [0, 257]
 * ```
 */
export class OnlineSpectrogram<P extends Precision = 'float32'> extends OnlineFeatures<P> {
  /**
   * Begins a stream.
   * @param options - As for {@link spectrogram}; `subtractMean` and `minDuration` are errors.
   */
  constructor(options?: SpectrogramOptions<P>) {
    super('spectrogram', options)
  }
}
