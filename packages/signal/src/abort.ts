import { DspError, guardAsync } from '@dsp/tensor'

/** The option of every function that works off the main thread. */
export interface AsyncOptions {
  /** Cancels the work: the promise is rejected with `ERR_DSP_ABORTED`. Default: none. */
  readonly signal?: AbortSignal
}

/** The options of an asynchronous function, and what may abort it. */
export interface SplitOptions<O extends object> {
  /** The caller's signal, if any. */
  readonly abort: AbortSignal | undefined
  /** The other options. */
  readonly rest: O | undefined
}

/**
 * Takes the `signal` out of the options of an asynchronous function.
 * @param options - What the caller gave.
 * @throws DspError `ERR_DSP_ARGUMENT` for a `signal` that is not an `AbortSignal`.
 */
export function splitSignal<O extends object>(options: (O & AsyncOptions) | undefined): SplitOptions<O> {
  if (typeof options !== 'object' || options === null) return { abort: undefined, rest: options }
  const { signal, ...rest } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw DspError.argument('signal', 'an AbortSignal', signal)
  }
  return { abort: signal, rest: rest as O }
}

function abortedError(signal: AbortSignal): DspError {
  return new DspError('the operation was aborted', {
    code: 'ERR_DSP_ABORTED',
    argument: 'signal',
    cause: signal.reason,
  })
}

/**
 * Throws if the operation was aborted: for work that checks between its steps.
 * @param signal - The caller's signal, if any.
 * @throws DspError `ERR_DSP_ABORTED` if the signal is aborted.
 *
 * @example
 * ```ts
 * import { throwIfAborted } from '@dsp/signal'
 * const controller = new AbortController()
 * for (const block of [1, 2, 3]) {
 *   throwIfAborted(controller.signal)
 *   console.log(block)
 * }
 * ```
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal)
}

/**
 * Runs native work that an AbortSignal can cancel. Work still waiting for a thread never starts; the result of work that
 * is already running is dropped.
 * @param signal - The caller's signal, if any.
 * @param work - Starts the work, with a signal for the binding.
 * @throws DspError `ERR_DSP_ABORTED` if the signal is aborted.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return guardAsync(() => work())
  throwIfAborted(signal)
  // The binding gets its own signal because it must be the only listener.
  const inner = new AbortController()
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      inner.abort()
      reject(abortedError(signal))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([guardAsync(() => work(inner.signal)), stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
