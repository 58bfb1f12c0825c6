/** The stable codes of {@link DspError}. */
export type DspErrorCode =
  /** An argument or option outside its range, or unknown. */
  | 'ERR_DSP_ARGUMENT'
  /** An option name that does not exist. */
  | 'ERR_DSP_OPTION'
  /** A wrong shape, length or rank. */
  | 'ERR_DSP_SHAPE'
  /** A wrong element type. */
  | 'ERR_DSP_TYPE'
  /** NaN or infinity in a signal. */
  | 'ERR_DSP_NOT_FINITE'
  /** Bytes that are not what they claim to be. */
  | 'ERR_DSP_FORMAT'
  /** Sound with more samples than are decoded as one piece: read it in blocks. */
  | 'ERR_DSP_TOO_LONG'
  /** A file that cannot be read or written. */
  | 'ERR_DSP_IO'
  /** A model directory that is incomplete, broken or contradicts itself. */
  | 'ERR_DSP_MODEL'
  /** The compiled core is missing, damaged or not for this platform: importing the package throws this. */
  | 'ERR_DSP_NATIVE'
  /** A device that is not there, failed or vanished. */
  | 'ERR_DSP_DEVICE'
  /** Work on a device that did not end in time. */
  | 'ERR_DSP_TIMEOUT'
  /** An operation aborted through its `AbortSignal`. */
  | 'ERR_DSP_ABORTED'
  /** A defect of this library: please report it. */
  | 'ERR_DSP_INTERNAL'

/** What a {@link DspError} carries besides its message. */
export interface DspErrorDetails {
  /** Stable, machine-readable kind of the error. */
  readonly code: DspErrorCode
  /** Name of the argument, option or field that was rejected; empty if there is none. */
  readonly argument?: string
  /** What would have been accepted. */
  readonly expected?: string
  /** What came instead. */
  readonly actual?: string
  /** The underlying error, if there is one. */
  readonly cause?: unknown
}

/** Marks the errors of every build and copy of this package: a program may load it as ESM and as CommonJS at once. */
const BRAND = Symbol.for('@dsp/tensor/DspError')

/**
 * The one error class of every `@dsp` package. The message says what to do; the fields say it to programs. `instanceof` holds
 * across the ESM and CommonJS builds and across several copies of the package.
 *
 * @example
 * ```ts
 * import { DspError, tensor } from '@dsp/tensor'
 * try {
 *   tensor(new Float32Array(3), [2, 2])
 * } catch (error) {
 *   if (error instanceof DspError) console.log(error.code, error.argument, error.expected, error.actual)
 * }
 * ```
 */
export class DspError extends Error {
  /** Always 'DspError'. */
  override readonly name = 'DspError'
  /** Stable, machine-readable kind of the error. */
  readonly code: DspErrorCode
  /** Name of the argument, option or field that was rejected; empty if there is none. */
  readonly argument: string
  /** What would have been accepted. */
  readonly expected: string
  /** What came instead. */
  readonly actual: string

  /**
   * @param message - What is wrong and what to do about it.
   * @param details - The same for programs.
   */
  constructor(message: string, details: DspErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.argument = details.argument ?? ''
    this.expected = details.expected ?? ''
    this.actual = details.actual ?? ''
  }

  /**
   * Whether a value is an error of any build or copy of this package; for a subclass, what `instanceof` always says.
   * @param value - Anything.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass is asked in the usual way, of which the brand says nothing
    if (this !== DspError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && BRAND in value
  }

  /**
   * An argument outside its range.
   * @param argument - Its name.
   * @param expected - What would be accepted, completing "must be …".
   * @param actual - The value that came.
   */
  static argument(argument: string, expected: string, actual: unknown): DspError {
    const shown = show(actual)
    return new DspError(`${argument} must be ${expected}, got ${shown}`, {
      code: 'ERR_DSP_ARGUMENT',
      argument,
      expected,
      actual: shown,
    })
  }
}

// Outside the class, where it would make the types of the two builds differ.
Object.defineProperty(DspError.prototype, BRAND, { value: true })

/** A short printable form of any value, for messages. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}…` : value)
  if (ArrayBuffer.isView(value) && 'length' in value) return `${value.constructor.name}(${String(value.length)})`
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(show).join(', ')}${value.length > 8 ? ', …' : ''}]`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor?.name ?? 'null'}`
  return String(value)
}

/**
 * Turns an error of the native binding into a {@link DspError}; any other error is returned as it is.
 * @param error - What was thrown.
 */
export function fromNative(error: unknown): unknown {
  if (error instanceof DspError || !(error instanceof Error)) return error
  if (error.name === 'AbortError') {
    return new DspError('the operation was aborted', {
      code: 'ERR_DSP_ABORTED',
      cause: error,
    })
  }
  if (error.message.startsWith('{"code":"ERR_DSP_')) {
    const { message, ...details } = JSON.parse(error.message) as Required<DspErrorDetails> & { message: string }
    return new DspError(message, details)
  }
  const code = (error as { code?: string }).code
  if (code === 'GenericFailure' || code === 'InvalidArg' || code?.endsWith('Expected')) {
    return new DspError(`the native core failed: ${error.message}`, { code: 'ERR_DSP_INTERNAL', cause: error })
  }
  return error
}

/**
 * Runs a call into the native core and throws its failure as a {@link DspError}.
 * @param call - The call.
 */
export function guard<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw fromNative(error)
  }
}

/**
 * The same as {@link guard} for a call that returns a promise.
 * @param call - The call.
 */
export async function guardAsync<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw fromNative(error)
  }
}
