import { KaldiStream } from '@dsp/native'
import {
  asSignal,
  checkBlockRate,
  type Precision,
  type PrecisionData,
  type SignalData,
  type SignalInput,
  StreamHandle,
} from '@dsp/signal'
import { type Tensor, tensor } from '@dsp/tensor'
import type { FbankOptions, MfccOptions, SpectrogramOptions } from './options.js'
import { planFor } from './plan.js'
import type { FeatureKind } from './presets.js'
import type { KaldiFeatureOptions } from './resolve.js'

/** Frames of a stream: a tensor `[frames, columns]`, which iterates over its rows. */
export type Frames<T extends Float32Array | Float64Array = Float32Array> = Tensor<T> & Iterable<T>

/**
 * What the streaming classes share: they take blocks of samples and return the frames that they complete, bit-identical to the
 * one-shot function however the signal is split. A signal too short for one frame has none.
 */
export abstract class OnlineFeatures<P extends Precision = 'float32'> {
  readonly #stream: StreamHandle<KaldiStream>
  readonly #columns: number
  readonly #rate: number

  /**
   * Starts a stream.
   * @param kind - The feature.
   * @param options - Its options. Those that need the whole signal, `subtractMean` and `minDuration`, are errors.
   */
  protected constructor(kind: FeatureKind, options: KaldiFeatureOptions[FeatureKind] | undefined) {
    const { plan, options: resolved } = planFor(kind, options)
    this.#columns = plan.columns
    this.#rate = resolved.sampleFrequency
    // The cache may have closed the plan when a stream that has ended begins again.
    this.#stream = new StreamHandle(() => new KaldiStream(planFor(kind, resolved).plan))
  }

  /** Samples needed before the first frame. */
  get latencySamples(): number {
    return this.#stream.native.latencySamples
  }

  /** Columns of every frame. */
  get columns(): number {
    return this.#columns
  }

  /**
   * Accepts the next samples of the stream.
   * @param block - `[samples]`, any number of them; an `Audio` must have the rate of the options.
   * @returns The frames that are complete now, `[frames, columns]`; iterates over rows.
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is ignored), `ERR_DSP_ARGUMENT` after
   *   {@link flush} and for another rate.
   */
  accept(block: SignalInput): Frames<PrecisionData<P>> {
    const { data, sampleRate } = asSignal(block, 'block', [1])
    checkBlockRate(sampleRate, this.#rate)
    return this.#frames(this.#stream.call((stream) => stream.accept(data)))
  }

  /**
   * Ends the stream; {@link reset} starts a new one.
   * @returns The frames that depend on where the signal ends: none with snipped edges.
   */
  flush(): Frames<PrecisionData<P>> {
    return this.#frames(this.#stream.end((stream) => stream.flush()))
  }

  /** Resets the stream: the next sample is the first of a new signal. */
  reset(): void {
    this.#stream.reset()
  }

  #frames(arrays: SignalData[]): Frames<PrecisionData<P>> {
    const columns = this.#columns
    const data = arrays[0]!
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
   * Starts a stream.
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
   * Starts a stream.
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
   * Starts a stream.
   * @param options - As for {@link spectrogram}; `subtractMean` and `minDuration` are errors.
   */
  constructor(options?: SpectrogramOptions<P>) {
    super('spectrogram', options)
  }
}
