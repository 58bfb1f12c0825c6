import { DspError } from '@dsp/tensor'

/** More channels than files have; as many samples are no signal. */
const FEW = 8

/**
 * Adds to an error about a signal that its axes look swapped, where they do: libraries that read sound as `[samples, channels]`
 * (soundfile, scipy) give arrays that look like very many channels of a sample or two.
 * @param error - What was thrown.
 * @param input - The input, as it was given.
 * @returns The error with its advice, or as it is where it is of another kind or the shape is not suspicious.
 *
 * @example
 * ```ts
 * import { withLayout } from '@dsp/signal'
 * import { DspError, tensor } from '@dsp/tensor'
 * const short = new DspError('y has 2 samples, too few', { code: 'ERR_DSP_SHAPE', argument: 'y' })
 * const { message } = withLayout(short, tensor(new Float32Array(32000), [16000, 2])) as Error
 * message.includes('[16000, 2]') // => true
 * ```
 */
export function withLayout(error: unknown, input: unknown): unknown {
  if (!(error instanceof DspError) || !/samples|elements|channels/.test(error.message)) return error
  if (error.code !== 'ERR_DSP_SHAPE' && error.code !== 'ERR_DSP_ARGUMENT') return error
  const [rows, columns, more] = shapeOf(input)
  if (rows === undefined || columns === undefined || more !== undefined) return error
  if (rows <= columns || columns === 0 || columns > FEW) return error
  const advice = `the shape [${rows}, ${columns}] was read as [channels, samples]; if it is [samples, channels], transpose it: { data, shape: [${columns}, ${rows}], stride: [1, ${columns}] }`
  const { code, argument, expected, actual } = error
  return new DspError(`${error.message}; ${advice}`, { code, argument, expected, actual, cause: error })
}

function shapeOf(input: unknown): readonly number[] {
  const given = input as { readonly samples?: unknown; readonly shape?: unknown } | null | undefined
  const { shape } = (given?.samples ?? given ?? {}) as { readonly shape?: readonly number[] }
  return Array.isArray(shape) ? shape : []
}

/**
 * Runs work on a signal, with the advice of {@link withLayout} in its errors.
 * @param input - The signal, as it was given.
 * @param work - The work.
 */
export function laidOut<R>(input: unknown, work: () => R): R {
  try {
    const result = work()
    if (!(result instanceof Promise)) return result
    return result.catch((error: unknown) => {
      throw withLayout(error, input)
    }) as R
  } catch (error) {
    throw withLayout(error, input)
  }
}
