import { DspError, guardAsync } from '@dsp/tensor'

/** The option of every function that works off the main thread. */
export interface AsyncOptions {
  /** Gives the work up: the promise is rejected with `ERR_DSP_ABORTED`. Default: none. */
  readonly signal?: AbortSignal
}

const aborted = (signal: AbortSignal): DspError =>
  new DspError('the work was given up because its AbortSignal fired', {
    code: 'ERR_DSP_ABORTED',
    cause: signal.reason,
  })

/**
 * Runs native work that an AbortSignal can give up. Work that still waits for a thread is never begun; of work that
 * runs already, the result is dropped.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return guardAsync(() => work())
  if (signal.aborted) throw aborted(signal)
  // A signal of its own for the binding, which wants to be the only listener.
  const inner = new AbortController()
  let stop: () => void = () => {}
  const given = new Promise<never>((_, reject) => {
    stop = () => {
      inner.abort()
      reject(aborted(signal))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([guardAsync(() => work(inner.signal)), given])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
