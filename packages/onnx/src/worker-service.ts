import type { Transferable } from 'node:worker_threads'
import { nodeModule } from '@dsp/signal'
import { type FromWorker, packError, type ToWorker } from './worker-messages.js'

/** What a worker thread does, as {@link serveWorker} runs it. */
export interface WorkerService<Ready, Request, Reply> {
  /** What the client receives when the worker is ready. */
  readonly ready: Ready
  /**
   * Answers a request. Several may be in progress; the signal is aborted if the client aborts this one.
   */
  handle(request: Request, signal: AbortSignal): Promise<Reply>
  /** Memory of a reply that moves to the client instead of being copied. Default: none. */
  transfer?(reply: Reply): readonly Transferable[]
}

/**
 * Answers the requests of a {@link WorkerClient}: what the module of a worker thread calls. An error of `open` or `handle`
 * rejects the client's promise; a DspError keeps its code and fields.
 * @param open - Makes the service from what {@link WorkerClient.start} was given.
 */
export async function serveWorker<Start, Ready, Request, Reply>(
  open: (start: Start) => Promise<WorkerService<Ready, Request, Reply>>,
): Promise<void> {
  const { parentPort: port, workerData } = nodeModule<typeof import('node:worker_threads')>('node:worker_threads')
  if (port === null) throw new Error('serveWorker must be called in a worker thread')
  const say = (message: FromWorker<Ready, Reply>, transfer: readonly Transferable[] = []) =>
    port.postMessage(message, transfer)
  try {
    const service = await open(workerData as Start)
    const running = new Map<number, AbortController>()
    port.on('message', async (message: ToWorker<Request>) => {
      const { id } = message
      if ('abort' in message) {
        running.get(id)?.abort()
        return
      }
      const controller = new AbortController()
      running.set(id, controller)
      try {
        const reply = await service.handle(message.request, controller.signal)
        say({ id, reply }, service.transfer?.(reply))
      } catch (error) {
        say({ id, error: packError(error) })
      } finally {
        running.delete(id)
      }
    })
    say({ ready: service.ready })
  } catch (error) {
    say({ error: packError(error) })
  }
}
