import * as native from '@dsp/native'
import {
  asSignal,
  checkPrecision,
  type Precision,
  type PrecisionData,
  precisionOf,
  precisionSpec,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { checkOption, DspError, guard, option, type Tensor, tensor } from '@dsp/tensor'
import { allocate, complexShape } from './transform.js'

/** Checks an input of a plan and gives its elements. */
function elements(input: SignalInput, precision: Precision): { data: SignalData; shape: readonly number[] } {
  const { data, shape } = asSignal(input, 'x')
  checkPrecision('x', data, precision, 'as the plan was made for')
  return { data, shape }
}

/** Checks that rows have the plan's length. */
function exact(shape: readonly number[], length: number, what: string): void {
  if (shape.at(-1) !== length) {
    throw new DspError(`x must have ${length} ${what} per row, as the plan was made for, got ${shape.at(-1)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'x',
      expected: `${length} ${what}`,
      actual: String(shape.at(-1)),
    })
  }
}

/** The caller's storage for a result, or new storage. */
function storage(output: SignalData | undefined, like: SignalData, length: number): SignalData {
  if (output === undefined) return allocate(like, length)
  const { data } = asSignal(output, 'output', [1])
  if (precisionOf(data) !== precisionOf(like) || data.length !== length) {
    const expected = `${like[Symbol.toStringTag]}(${length})`
    throw DspError.argument('output', `a ${expected}`, output)
  }
  return data
}

/** Longer than an array can be. */
const MAX_LENGTH = 2 ** 32
/** A longer plan is made with its first input, so that a mistyped length does not take memory that no input justifies. */
const PLANNED_AT_ONCE = 1 << 22

/** Makes a plan: at once, or when it is needed first. */
function planned<T>(n: number, make: () => T): () => T {
  let plan = n <= PLANNED_AT_ONCE ? guard(make) : undefined
  return () => {
    plan ??= guard(make)
    return plan
  }
}

/**
 * A real transform of one length, with its tables and scratch. The functions `rfft` and `irfft` keep the plans of the last
 * few lengths themselves; a plan is for results in storage of the caller's, and for more lengths than a few.
 *
 * @example
 * ```ts
 * import { RfftPlan } from '@dsp/fft'
 * const plan = new RfftPlan(4)
 * const spectrum = new Float32Array(6)
 * plan.forward(new Float32Array([1, 2, 3, 4]), spectrum)
 * spectrum // => Float32Array.of(10, 0, -2, 2, -2, 0)
 * plan.inverse(plan.forward(new Float32Array([1, 2, 3, 4]))).data // => Float32Array.of(1, 2, 3, 4)
 * ```
 */
export class RfftPlan<P extends Precision = 'float32'> {
  /** Samples in a row. */
  readonly n: number
  /** Complex bins in a row: `n / 2 + 1`, rounded down. */
  readonly bins: number
  readonly #precision: Precision
  readonly #plan: () => native.RfftPlan

  /**
   * Plans.
   * @param n - Samples in a row, 1 to 2^32. The tables of a length above 4,194,304 are made with the first input.
   * @param type - The element type. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` for an `n` out of range.
   */
  constructor(n: number, type: P = 'float32' as P) {
    this.n = checkOption('n', option.integer(1, { min: 1, max: MAX_LENGTH }), n)
    this.bins = Math.floor(n / 2) + 1
    this.#precision = checkOption('type', precisionSpec, type)
    this.#plan = planned(n, () => new native.RfftPlan(n, type === 'float32'))
  }

  /**
   * The transform, as `rfft` of rows of exactly `n` samples.
   * @param x - `[..., n]`, of the plan's element type.
   * @param output - Storage for the result, apart from `x`; undefined contents after an error. Default: new storage.
   * @returns `[..., bins, 2]`, in `output` if it was given.
   * @throws DspError as `rfft` does, and `ERR_DSP_SHAPE` or `ERR_DSP_TYPE` if `x` is not what the plan was made for.
   */
  forward(x: SignalInput<PrecisionData<P>>, output?: PrecisionData<P>): Tensor<PrecisionData<P>> {
    const { data, shape } = elements(x, this.#precision)
    exact(shape, this.n, 'samples')
    const to = storage(output, data, (data.length / this.n) * this.bins * 2)
    guard(() => this.#plan().forward(data, to))
    return tensor(to, [...shape.slice(0, -1), this.bins, 2]) as Tensor<PrecisionData<P>>
  }

  /**
   * The inverse, as `irfft` of rows of exactly `bins` bins.
   * @param x - `[..., bins, 2]`, of the plan's element type.
   * @param output - Storage for the result, apart from `x`. Default: new storage.
   * @returns `[..., n]`, in `output` if it was given.
   * @throws DspError as {@link RfftPlan.forward} does.
   */
  inverse(x: SignalInput<PrecisionData<P>>, output?: PrecisionData<P>): Tensor<PrecisionData<P>> {
    const { data, shape } = elements(x, this.#precision)
    const complex = complexShape(shape, 'x', `[..., ${this.bins}, 2]`)
    exact(complex, this.bins, 'bins')
    const to = storage(output, data, (data.length / this.bins / 2) * this.n)
    guard(() => this.#plan().inverse(data, to))
    return tensor(to, [...complex.slice(0, -1), this.n]) as Tensor<PrecisionData<P>>
  }
}

/**
 * A complex transform of one length, with its tables and scratch; see {@link RfftPlan} for when to have one.
 *
 * @example
 * ```ts
 * import { FftPlan } from '@dsp/fft'
 * import { tensor } from '@dsp/tensor'
 * const plan = new FftPlan(2, 'float64')
 * const x = tensor(new Float64Array([1, 0, 0, 1]), [2, 2])
 * plan.forward(x).data // => Float64Array.of(1, 1, 1, -1)
 * plan.inverse(plan.forward(x)).data // => Float64Array.of(1, 0, 0, 1)
 * ```
 */
export class FftPlan<P extends Precision = 'float32'> {
  /** Complex points in a row. */
  readonly n: number
  readonly #precision: Precision
  readonly #plan: () => native.FftPlan

  /**
   * Plans.
   * @param n - Complex points in a row, 1 to 2^32. The tables of a length above 4,194,304 are made with the first input.
   * @param type - The element type. Default `float32`.
   * @throws DspError `ERR_DSP_ARGUMENT` for an `n` out of range.
   */
  constructor(n: number, type: P = 'float32' as P) {
    this.n = checkOption('n', option.integer(1, { min: 1, max: MAX_LENGTH }), n)
    this.#precision = checkOption('type', precisionSpec, type)
    this.#plan = planned(n, () => new native.FftPlan(n, type === 'float32'))
  }

  /**
   * The transform, as `fft` of rows of exactly `n` points.
   * @param x - `[..., n, 2]`, of the plan's element type.
   * @param output - Storage for the result, apart from `x`. Default: new storage.
   * @returns `[..., n, 2]`, in `output` if it was given.
   * @throws DspError as `fft` does, and `ERR_DSP_SHAPE` or `ERR_DSP_TYPE` if `x` is not what the plan was made for.
   */
  forward(x: SignalInput<PrecisionData<P>>, output?: PrecisionData<P>): Tensor<PrecisionData<P>> {
    return this.#process(x, false, output)
  }

  /**
   * The inverse, as `ifft` of rows of exactly `n` points: scaled by `1 / n`.
   * @param x - `[..., n, 2]`, of the plan's element type.
   * @param output - Storage for the result, apart from `x`. Default: new storage.
   * @returns `[..., n, 2]`, in `output` if it was given.
   * @throws DspError as {@link FftPlan.forward} does.
   */
  inverse(x: SignalInput<PrecisionData<P>>, output?: PrecisionData<P>): Tensor<PrecisionData<P>> {
    return this.#process(x, true, output)
  }

  #process(x: SignalInput, inverse: boolean, output: SignalData | undefined): Tensor<PrecisionData<P>> {
    const { data, shape } = elements(x, this.#precision)
    exact(complexShape(shape, 'x', `[..., ${this.n}, 2]`), this.n, 'points')
    const to = storage(output, data, data.length)
    guard(() => this.#plan().process(data, inverse, to))
    return tensor(to, shape) as Tensor<PrecisionData<P>>
  }
}
