import { DspError, guardAsync } from './errors.js'

/** The option of every function that works off the main thread. */
export interface AsyncOptions {
  /** Gives the work up: the promise is rejected with `ERR_DSP_ABORTED`. Default: none. */
  readonly signal?: AbortSignal
}

/**
 * Takes the `signal` out of the options. For packages of this family.
 * @internal
 */
export function splitSignal<O extends object>(
  options: (O & AsyncOptions) | undefined,
): { abort: AbortSignal | undefined; rest: O | undefined } {
  if (typeof options !== 'object' || options === null) return { abort: undefined, rest: options }
  const { signal, ...rest } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw DspError.argument('signal', 'an AbortSignal', signal)
  }
  return { abort: signal, rest: rest as O }
}

/**
 * Runs native work that an AbortSignal can give up. Work that still waits for a thread is never begun; of work that runs
 * already, the result is dropped.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return guardAsync(() => work())
  const given = () =>
    new DspError('the work was given up because its AbortSignal fired', {
      code: 'ERR_DSP_ABORTED',
      argument: 'signal',
      cause: signal.reason,
    })
  if (signal.aborted) throw given()
  // A signal of its own for the binding, which wants to be the only listener.
  const inner = new AbortController()
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      inner.abort()
      reject(given())
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([guardAsync(() => work(inner.signal)), stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
