import { type TensorData, tensor } from '@dsp/tensor'
import { modelName } from './model.js'
import type { OnnxSessionOptions } from './options.js'
import type { Backend } from './runtime.js'
import type { Feeds } from './values.js'
import { WorkerClient } from './worker-client.js'

/** What the session's worker is started with. */
export interface SessionStart {
  readonly model: string | Uint8Array
  readonly options: OnnxSessionOptions
}

/** The model, as the worker describes it. */
export type SessionReady = Pick<Backend, 'inputs' | 'outputs' | 'metadata'>

/** One run. */
export interface SessionRequest {
  readonly inputs: Feeds
  readonly outputs: readonly string[]
}

/** Opens a model in a worker thread. */
export async function openInWorker(model: string | Uint8Array, options: OnnxSessionOptions): Promise<Backend> {
  const client = await WorkerClient.start<SessionReady, SessionRequest, Feeds>(
    new URL('./session-worker.js', import.meta.url),
    { model, options } satisfies SessionStart,
    `the session of ${modelName(model)}`,
  )
  return {
    ...client.ready,
    async run(tensors, outputs, signal) {
      // copied one by one: tensors may be views of one large memory, all of which would travel with each
      const entries = Object.entries(tensors).map(
        ([name, { data, shape }]) => [name, { data: copy(data), shape }] as const,
      )
      const transfer = entries.map(([, { data }]) => data.buffer as ArrayBuffer)
      const request = { inputs: Object.fromEntries(entries), outputs }
      const results = await client.request(request, { transfer, ...(signal && { signal }) })
      return Object.fromEntries(Object.entries(results).map(([name, { data, shape }]) => [name, tensor(data, shape)]))
    },
    close: () => client.close(),
  }
}

/** A copy in its own memory. (The slice of a Buffer is not one.) */
function copy(data: TensorData): TensorData {
  return data instanceof Uint8Array ? new Uint8Array(data) : data.slice()
}
