import { HpssStream } from '@dsp/native'
import { asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { checkOption, DspError, guard, option, tensor } from '@dsp/tensor'
import { named, type Separated } from './hpss.js'
import { type HpssOptions, hpssOptionSpecs, type Precision, type PrecisionData } from './options.js'
import { parameters } from './separate.js'

/**
 * `hpss` of a stream of one channel: blocks of any size go in, the samples of each part that they complete come out, with
 * the bits of the one-shot function however the signal is cut. Memory does not grow with the stream: it is a few megabytes
 * with the defaults, in proportion to `nFft` and the harmonic `kernelSize`.
 *
 * A sample comes out once the frames that the harmonic median looks ahead to are there: see
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
  readonly #open: () => HpssStream
  #stream: HpssStream
  /** Whether flush() has ended the stream, whose native part then has given its memory back. */
  #ended = false
  readonly #single: boolean

  /**
   * Plans.
   * @param options - See {@link HpssOptions}.
   * @param type - The element type of the blocks and the parts. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for options that cannot be.
   */
  constructor(options?: Partial<HpssOptions>, type: P = 'float32' as P) {
    const form = {
      specs: hpssOptionSpecs,
      wanted: ({ residual }: HpssOptions) => ({ harmonic: true, percussive: true, residual }),
    }
    const given = parameters('OnlineHpss', form, options)
    this.#single = checkOption('type', option.enum(['float32', 'float64'], 'float32'), type) === 'float32'
    this.#open = () => guard(() => new HpssStream(given, this.#single))
    this.#stream = this.#open()
  }

  /**
   * How far the parts stay behind the signal, at most: half the harmonic kernel in hops, and a frame. With the defaults
   * 15 x 512 + 2048 samples, 0.44 s at 22.05 kHz.
   */
  get latencySamples(): number {
    return this.#stream.latencySamples
  }

  /**
   * Takes the next samples.
   * @param block - `[samples]`, any number of them, of the stream's element type.
   * @returns The next samples of each part, as many of each (maybe none).
   * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity (the block is not taken), `ERR_DSP_TYPE` for the other element type,
   *   `ERR_DSP_ARGUMENT` after {@link OnlineHpss.flush}.
   */
  accept(block: SignalInput<PrecisionData<P>>): Separated<PrecisionData<P>> {
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
    return this.#parts(guard(() => this.#stream.accept(data)))
  }

  /**
   * Ends the stream; {@link OnlineHpss.reset} begins another one.
   * @returns The rest of each part: as many samples came out then as went in.
   * @throws DspError `ERR_DSP_ARGUMENT` where frames are not centred and the signal is shorter than one.
   */
  flush(): Separated<PrecisionData<P>> {
    const rest = this.#parts(guard(() => this.#stream.flush()))
    this.#ended = true
    return rest
  }

  /** Forgets the stream: the next sample is a signal's first. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }

  #parts(parts: readonly SignalData[]): Separated<PrecisionData<P>> {
    return named(parts.map((part) => tensor(part as PrecisionData<P>, [part.length])))
  }
}
