import { MedianPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  asSignal,
  oneShot,
  oneShotAsync,
  type Signal,
  type SignalData,
  type SignalInput,
  splitSignal,
} from '@dsp/signal'
import { checkOption, DspError, option, resolveOptions, show, type Tensor, tensor } from '@dsp/tensor'
import { type MedianFilterOptions, medianFilterOptionSpecs } from './options.js'

/** The length of a kernel along one axis, or its rows and columns. */
export type KernelSize = number | readonly [rows: number, columns: number]

/**
 * The running median, exact, as `scipy.ndimage.median_filter` gives it: every value becomes the middle one of those around
 * it. The window of an even `size` reaches one further to the left, and the upper of its two middle values counts.
 *
 * Kernels along one axis are kept sorted in vector registers, one window per lane: what leaves and what comes in are compared
 * with all places in one step. Their cost grows with `size` up to 1024, and hardly beyond.
 * @param x - Any shape, float32 or float64.
 * @param size - Values in a window along `axis`, at least 1; or the rows and columns of one over the last two axes. It may
 *   exceed the axis, up to 65,536 or 64 times the axis.
 * @param options - See {@link MedianFilterOptions}.
 * @returns The filtered values, of the shape and element type of `x`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN, which has no place in an order, and for infinity; `ERR_DSP_SHAPE` for an
 *   empty `x` or too few axes; `ERR_DSP_ARGUMENT` for a `size` or an `axis` out of range.
 *
 * @example
 * ```ts
 * import { medianFilter } from '@dsp/hpss'
 * import { tensor } from '@dsp/tensor'
 * medianFilter(new Float32Array([1, 9, 2, 8, 3]), 3).data // => Float32Array.of(1, 2, 8, 3, 3)
 * const x = tensor(new Float64Array([1, 2, 9, 4, 5, 6]), [3, 2])
 * medianFilter(x, 3, { axis: 0 }).data // => Float64Array.of(1, 2, 5, 4, 5, 6)
 * medianFilter(x, [3, 2], { mode: 'constant' }).shape // => [3, 2]
 * ```
 */
export function medianFilter<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  size: KernelSize,
  options?: Partial<MedianFilterOptions>,
): Tensor<T> {
  const { algorithm, planes } = prepare('medianFilter', x, size, options)
  return oneShot(algorithm, 'medianFilter', planes, options) as Tensor<T>
}

/**
 * {@link medianFilter} on all cores, off the main thread; bit-identical. The values are copied before the function returns.
 * @param x - As for {@link medianFilter}.
 * @param size - As for {@link medianFilter}.
 * @param options - See {@link MedianFilterOptions}, and an `AbortSignal` as `signal`.
 * @returns The filtered values.
 *
 * @example
 * ```ts
 * import { medianFilterAsync } from '@dsp/hpss'
 * const smooth = await medianFilterAsync(new Float32Array([1, 9, 2, 8, 3]), 2, { mode: 'nearest' })
 * smooth.data // => Float32Array.of(1, 9, 9, 8, 8)
 * ```
 */
export async function medianFilterAsync<T extends SignalData = Float32Array>(
  x: SignalInput<T>,
  size: KernelSize,
  options?: Partial<MedianFilterOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  const { rest } = splitSignal<Partial<MedianFilterOptions>>(options)
  const { algorithm, planes } = prepare('medianFilterAsync', x, size, rest)
  return oneShotAsync(algorithm, 'medianFilterAsync', planes, options) as Promise<Tensor<T>>
}

const sizeSpec = option.pair(1, { min: 1, whole: true })

/** The filter, and the values as planes `[..., rows, columns]` of which it takes one after another. */
function prepare(
  owner: string,
  x: SignalInput,
  size: KernelSize,
  options: Partial<MedianFilterOptions> | undefined,
): { algorithm: Algorithm<MedianFilterOptions, Tensor<SignalData>>; planes: Signal } {
  const { data, shape } = asSignal(x, 'x')
  const { axis, ...rest } = resolveOptions(owner, medianFilterOptionSpecs, options)
  const kernel = checkOption('size', sizeSpec, size) as KernelSize
  const { planes, window } = layout(shape, kernel, axis)
  const algorithm: Algorithm<MedianFilterOptions, Tensor<SignalData>> = {
    input: 'x',
    axes: 2,
    plan: () => ({
      plan: new MedianPlan({ ...rest, size: window }),
      transient: true,
      wrap: ([values]) => tensor(values!, shape),
    }),
  }
  return { algorithm, planes: { data, shape: planes } }
}

/** The shape of the planes, and the rows and columns of the window over them. */
function layout(
  shape: readonly number[],
  kernel: KernelSize,
  axis: number,
): { planes: readonly number[]; window: readonly number[] } {
  const rank = shape.length
  if (typeof kernel !== 'number') {
    if (rank >= 2) return { planes: shape, window: kernel }
    throw new DspError(`x must have at least 2 axes for a kernel of rows and columns, got ${show(shape)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'x',
      expected: 'at least 2 axes',
      actual: show(shape),
    })
  }
  if (axis < -rank || axis >= rank) throw DspError.argument('axis', `between ${-rank} and ${rank - 1}`, axis)
  const at = axis < 0 ? axis + rank : axis
  const inner = shape.slice(at + 1).reduce((a, b) => a * b, 1)
  const before = shape.slice(0, at)
  if (inner === 1) return { planes: [...before, 1, shape[at]!], window: [1, kernel] }
  return { planes: [...before, shape[at]!, inner], window: [kernel, 1] }
}
