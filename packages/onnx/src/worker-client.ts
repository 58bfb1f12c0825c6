import type { Worker as Thread, Transferable } from 'node:worker_threads'
import { type AsyncOptions, abortable, nodeModule, splitSignal } from '@dsp/signal'
import { DspError } from '@dsp/tensor'
import { type FromWorker, type ToWorker, unpackError } from './worker-messages.js'

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/** Options of {@link WorkerClient.request}. */
export interface RequestOptions extends AsyncOptions {
  /** Memory of the request that moves to the worker instead of being copied, and is lost here. Default: none. */
  readonly transfer?: readonly Transferable[]
}

/**
 * The calling side of a worker thread that answers requests; {@link serveWorker} is the other side. For models whose work is
 * many short runs (a search, token by token): there a message per run costs more than the run, so the whole search goes into
 * the worker. For single runs, `OnnxSession.open(model, { worker: true })` is all it takes.
 *
 * Nothing waits for an idle worker: it does not keep the process alive.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { pathToFileURL } from 'node:url'
 * import { WorkerClient } from '@dsp/onnx'
 * await writeFile('adder.mjs', `
 *   import { serveWorker } from '${import.meta.resolve('@dsp/onnx')}'
 *   serveWorker(async (start) => ({ ready: 'open', handle: async (request) => request + start }))
 * `)
 * const client = await WorkerClient.start(pathToFileURL('adder.mjs'), 10)
 * client.ready // => 'open'
 * await client.request(5) // => 15
 * await client.close()
 * ```
 */
export class WorkerClient<Ready, Request, Reply> {
  /** What the worker said when it was ready. */
  readonly ready: Ready
  readonly #connection: Connection<Ready, Request, Reply>

  private constructor(connection: Connection<Ready, Request, Reply>, ready: Ready) {
    this.#connection = connection
    this.ready = ready
  }

  /**
   * Starts a worker.
   * @param file - The module that calls {@link serveWorker}, e.g. `new URL('./worker.js', import.meta.url)`.
   * @param start - What its `open` is given: anything that can be sent to a thread.
   * @param name - What messages call it. Default `the worker`.
   * @throws The DspError with which the worker's `open` failed; `ERR_DSP_INTERNAL` if the thread itself failed.
   */
  static async start<Ready, Request, Reply>(
    file: URL,
    start: unknown,
    name = 'the worker',
  ): Promise<WorkerClient<Ready, Request, Reply>> {
    // `node --input-type=module -e …` hands its flags on, and that one does not suit a file
    const flags = process.execArgv.some((flag) => flag.startsWith('--input-type')) ? { execArgv: [] } : {}
    const { Worker } = nodeModule<typeof import('node:worker_threads')>('node:worker_threads')
    const worker = new Worker(file, { workerData: start, ...flags })
    const connection = new Connection<Ready, Request, Reply>(worker, name)
    try {
      return new WorkerClient(connection, await connection.ready)
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /**
   * Asks the worker.
   * @param request - What its `handle` is given; copied, but for what is transferred.
   * @param options - An `AbortSignal`, which rejects the promise immediately and aborts the request in the worker, and what to transfer.
   * @throws The DspError with which `handle` failed; `ERR_DSP_ABORTED`; `ERR_DSP_ARGUMENT` if the worker is closed;
   *   `ERR_DSP_INTERNAL` if its thread failed.
   */
  async request(request: Request, options: RequestOptions = {}): Promise<Reply> {
    const { abort, rest } = splitSignal<{ readonly transfer?: readonly Transferable[] }>(options)
    return abortable(abort, (inner) => this.#connection.request(request, rest?.transfer ?? [], inner))
  }

  /** Ends the worker; requests that wait are rejected. */
  close(): Promise<void> {
    return this.#connection.close()
  }
}

/** The messages between the two threads. */
class Connection<Ready, Request, Reply> {
  readonly ready: Promise<Ready>
  private readonly waiting = new Map<number, Waiting<Reply>>()
  private lastId = 0
  private ended: DspError | undefined

  constructor(
    private readonly worker: Thread,
    private readonly name: string,
  ) {
    this.ready = new Promise((resolve, reject) => {
      const end = (error: DspError) => {
        this.end(error)
        reject(error)
      }
      worker.on('message', (message: FromWorker<Ready, Reply>) => {
        if ('ready' in message) resolve(message.ready)
        else if (message.id === undefined) reject(unpackError((message as { error: never }).error))
        else this.settle(message.id, message)
        this.unrefIdle()
      })
      worker.on('error', (cause) => {
        end(new DspError(`the thread of ${name} failed: ${cause.message}`, { code: 'ERR_DSP_INTERNAL', cause }))
      })
      worker.on('exit', () => {
        end(new DspError(`the thread of ${name} ended before it answered`, { code: 'ERR_DSP_INTERNAL' }))
      })
    })
  }

  request(request: Request, transfer: readonly Transferable[], signal: AbortSignal | undefined): Promise<Reply> {
    if (this.ended !== undefined) return Promise.reject(this.ended)
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      this.worker.postMessage({ id, request } satisfies ToWorker<Request>, transfer)
      this.waiting.set(id, { resolve, reject })
      this.worker.ref()
      const abort = () => {
        // the caller has been answered already
        if (!this.waiting.delete(id)) return
        this.worker.postMessage({ id, abort: true } satisfies ToWorker<Request>)
        this.unrefIdle()
      }
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  async close(): Promise<void> {
    this.end(
      new DspError(`${this.name} is closed: start it again`, {
        code: 'ERR_DSP_ARGUMENT',
        argument: this.name,
        expected: 'an open one',
        actual: 'a closed one',
      }),
    )
    await this.worker.terminate()
  }

  private settle(
    id: number,
    message: { readonly reply: Reply } | { readonly error: Parameters<typeof unpackError>[0] },
  ) {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if ('reply' in message) waiting?.resolve(message.reply)
    else waiting?.reject(unpackError(message.error))
  }

  private end(error: DspError): void {
    this.ended ??= error
    for (const { reject } of this.waiting.values()) reject(this.ended)
    this.waiting.clear()
  }

  private unrefIdle(): void {
    if (this.waiting.size === 0) this.worker.unref()
  }
}
