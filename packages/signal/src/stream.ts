import { checkOption, DspError, guard } from '@dsp/tensor'
import { checkPrecision, type Precision, type PrecisionData, precisionSpec } from './precision.js'
import { asSignal, type SignalInput } from './signal.js'

/** The native part of a stream of blocks. */
export interface NativeStream {
  /** Resets the stream; a stream that has ended stays ended. */
  reset(): void
}

/**
 * The native part of a stream, which frees its memory in `flush()` and is made again by the `reset()` after that:
 * V8 alone would keep it until a turn of the event loop.
 */
export class StreamHandle<S extends NativeStream> {
  readonly #open: () => S
  #stream: S
  #ended = false

  /**
   * Opens the stream.
   * @param open - Makes the native part.
   */
  constructor(open: () => S) {
    this.#open = () => guard(open)
    this.#stream = this.#open()
  }

  /** The native part: for properties of the plan. */
  get native(): S {
    return this.#stream
  }

  /**
   * Calls the native part.
   * @param work - The call.
   */
  call<R>(work: (stream: S) => R): R {
    return guard(() => work(this.#stream))
  }

  /**
   * Ends the stream.
   * @param flush - Takes the rest out of the native part.
   */
  end<R>(flush: (stream: S) => R): R {
    this.#ended = true
    return this.call(flush)
  }

  /** Resets the stream for a new signal. */
  reset(): void {
    if (this.#ended) this.#stream = this.#open()
    else this.#stream.reset()
    this.#ended = false
  }
}

/**
 * Checks that a block has the rate of its stream.
 * @param sampleRate - The block's rate in hertz; undefined if it is a bare array.
 * @param expected - The stream's rate in hertz; undefined if the algorithm has none.
 * @throws DspError `ERR_DSP_ARGUMENT` for another rate.
 */
export function checkBlockRate(sampleRate: number | undefined, expected: number | undefined): void {
  if (sampleRate === undefined || expected === undefined || sampleRate === expected) return
  throw DspError.argument('block.sampleRate', `the stream's rate of ${expected} Hz`, sampleRate)
}

/** What a stream accepts: blocks of one channel, one precision and one rate. */
export class BlockInput<P extends Precision> {
  /** The precision of every block. */
  readonly precision: P
  readonly #sampleRate: number | undefined

  /**
   * @param precision - The requested precision; it is checked.
   * @param sampleRate - The stream's rate in hertz, if the algorithm has one.
   * @throws DspError `ERR_DSP_ARGUMENT` for a precision that does not exist.
   */
  constructor(precision: P, sampleRate?: number) {
    this.precision = checkOption('type', precisionSpec, precision) as P
    this.#sampleRate = sampleRate
  }

  /** Whether blocks are float32. */
  get float32(): boolean {
    return this.precision === 'float32'
  }

  /**
   * The samples of a block.
   * @param block - `[samples]`, any number of them.
   * @throws DspError `ERR_DSP_TYPE` for the other precision, `ERR_DSP_ARGUMENT` for another rate.
   */
  samples(block: SignalInput<PrecisionData<P>>): PrecisionData<P> {
    const { data, sampleRate } = asSignal(block, 'block', [1])
    checkPrecision('block', data, this.precision, 'as the stream was made for')
    checkBlockRate(sampleRate, this.#sampleRate)
    return data
  }
}
