import { DspError, show } from '@dsp/tensor'

/**
 * A model that is incomplete, broken or contradicts itself. For packages of this family.
 * @param message - What is wrong and what to do.
 * @param argument - The file or setting that is wrong.
 * @param expected - What would have been right.
 * @param actual - What is there.
 * @param cause - The underlying error, if there is one.
 * @internal
 */
export function modelError(
  message: string,
  argument: string,
  expected: unknown = '',
  actual: unknown = '',
  cause?: unknown,
): DspError {
  const text = (value: unknown) => (typeof value === 'string' ? value : show(value))
  return new DspError(message, {
    code: 'ERR_DSP_MODEL',
    argument,
    expected: text(expected),
    actual: text(actual),
    ...(cause === undefined ? {} : { cause }),
  })
}

/**
 * The text of anything that was thrown. For packages of this family.
 * @internal
 */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim()
}
