import { Worker } from 'node:worker_threads'
import { DspError } from '@dsp/tensor'
import { findModelFiles } from './directory.js'
import { throwIfAborted } from './errors.js'
import type { Decoder, Hypothesis } from './hypothesis.js'
import type { LoadedModel } from './load.js'
import type { Matrix } from './matrix.js'
import { type Reply, type Request, unpack } from './messages.js'
import type { RecognizerOptions } from './options.js'
import type { Settings } from './settings.js'
import { Tokens } from './tokens.js'

interface Waiting {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/** Runs a model's networks in a worker thread. */
class RemoteDecoder implements Decoder {
  private readonly waiting = new Map<number, Waiting>()
  private last = 0
  private ended: DspError | undefined

  constructor(private readonly worker: Worker) {
    worker.on('message', (reply: Reply) => {
      const waiting = this.waiting.get(reply.id)
      this.waiting.delete(reply.id)
      // an idle worker does not keep the process alive
      if (this.waiting.size === 0) worker.unref()
      if ('error' in reply) waiting?.reject(unpack(reply.error))
      else waiting?.resolve(reply)
    })
    worker.on('error', (error) => this.end('the thread of the recogniser failed', error))
    worker.on('exit', () => this.end('the recogniser has been released'))
  }

  /** Waits for the answer to a request. */
  reply(id: number): Promise<Reply> {
    if (this.ended !== undefined) return Promise.reject(this.ended)
    this.worker.ref()
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }))
  }

  async decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]> {
    throwIfAborted(signal)
    const id = ++this.last
    const say = (request: Request) => this.worker.postMessage(request)
    const abort = () => say({ id, abort: true })
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const answer = this.reply(id)
      // copied one by one: features of one recording share memory, all of which would travel with each
      say({ id, batch: batch.map((matrix) => ({ ...matrix, data: matrix.data.slice() })) })
      const reply = await answer
      return 'hypotheses' in reply ? [...reply.hypotheses] : []
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async release(): Promise<void> {
    await this.worker.terminate()
  }

  private end(message: string, cause?: unknown): void {
    this.ended ??= new DspError(message, { code: 'ERR_DSP_INTERNAL', ...(cause === undefined ? {} : { cause }) })
    for (const { reject } of this.waiting.values()) reject(this.ended)
    this.waiting.clear()
  }
}

/** Loads a model on a thread of its own. */
export async function loadRemote(directory: string, options: RecognizerOptions): Promise<LoadedModel> {
  const { tokens } = await findModelFiles(directory, options.precision)
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { directory, options } })
  const decoder = new RemoteDecoder(worker)
  try {
    const reply = (await decoder.reply(0)) as { settings: Settings }
    return { settings: reply.settings, tokens: await Tokens.read(tokens), decoder }
  } catch (error) {
    await decoder.release()
    throw error
  }
}
