import * as native from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { checkOption, DspError, guard, option, resolveOptions, show, type Tensor, tensor } from '@dsp/tensor'
import { type MedianFilterOptions, medianFilterOptionSpecs } from './options.js'

/** The length of a kernel along one axis, or its rows and columns. */
export type KernelSize = number | readonly [rows: number, columns: number]

/**
 * The running median, exact, as `scipy.ndimage.median_filter` gives it: every value becomes the middle one of those around
 * it. The window of an even `size` reaches one further to the left, and the upper of its two middle values counts.
 *
 * Kernels along one axis are kept sorted in vector registers, one window a lane: what leaves and what comes in are compared
 * with all places at once. Their cost grows with `size` up to 1024, and hardly beyond.
 * @param x - Any shape, float32 or float64.
 * @param size - Values in a window along `axis`, at least 1; or the rows and columns of one over the last two axes. It may
 *   exceed the axis, up to 65,536 or 64 times the axis.
 * @param options - See {@link MedianFilterOptions}.
 * @returns The filtered values, of the shape and element type of `x`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN, which has no place in an order, and for infinity; `ERR_DSP_SHAPE` for an
 *   empty `x` or too few axes; `ERR_DSP_ARGUMENT` for a `size` or an `axis` that cannot be.
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
  const { data, shape, given } = prepare('medianFilter', x, size, options)
  const [result] = guard(() => native.medianFilter(data, given))
  return tensor(result as T, shape)
}

/**
 * {@link medianFilter} on all cores, off the main thread; the same bits. The values are copied before the function returns.
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
  const { abort, rest } = splitSignal<Partial<MedianFilterOptions>>(options)
  const { data, shape, given } = prepare('medianFilterAsync', x, size, rest)
  const [result] = await abortable(abort, (signal) => native.medianFilterAsync(data, given, signal))
  return tensor(result as T, shape)
}

const sizeSpec = option.pair(1, { min: 1, whole: true })

function prepare(
  owner: string,
  x: SignalInput,
  size: KernelSize,
  options: Partial<MedianFilterOptions> | undefined,
): { data: SignalData; shape: readonly number[]; given: native.MedianParameters } {
  const { data, shape } = asSignal(x, 'x')
  const { axis, mode, cval } = resolveOptions(owner, medianFilterOptionSpecs, options)
  const kernel = checkOption('size', sizeSpec, size) as KernelSize
  const rank = shape.length
  if (typeof kernel === 'number') {
    if (axis < -rank || axis >= rank) throw DspError.argument('axis', `between ${-rank} and ${rank - 1}`, axis)
    const at = axis < 0 ? axis + rank : axis
    const [n, inner] = [shape[at]!, shape.slice(at + 1).reduce((a, b) => a * b, 1)]
    const layout =
      inner === 1
        ? { rows: 1, columns: n, sizeRows: 1, sizeColumns: kernel }
        : { rows: n, columns: inner, sizeRows: kernel, sizeColumns: 1 }
    return { data, shape, given: { ...layout, mode, cval } }
  }
  if (rank < 2) {
    throw new DspError(`x must have at least 2 axes for a kernel of rows and columns, got ${show(shape)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'x',
      expected: 'at least 2 axes',
      actual: show(shape),
    })
  }
  const [rows, columns] = shape.slice(-2) as [number, number]
  const [sizeRows, sizeColumns] = kernel
  return { data, shape, given: { rows, columns, sizeRows, sizeColumns, mode, cval } }
}
