/** A session in its own thread: what `OnnxSession.open(model, { worker: true })` starts. */
import { setImmediate } from 'node:timers/promises'
import { openLocal } from './runtime.js'
import type { Feeds } from './values.js'
import { serveWorker } from './worker-service.js'
import type { SessionReady, SessionRequest, SessionStart } from './worker-session.js'

void serveWorker<SessionStart, SessionReady, SessionRequest, Feeds>(async ({ model, options }) => {
  const { inputs, outputs, metadata, run } = await openLocal(model, options)
  let last: Promise<unknown> = Promise.resolve()
  return {
    ready: { inputs, outputs, metadata },
    handle(request, signal) {
      // one after the other, with a turn of the event loop before each, in which its abort may arrive
      const reply = last
        .then(() => setImmediate())
        .then(async () => {
          signal.throwIfAborted()
          const results = await run(request.inputs, request.outputs)
          return Object.fromEntries(Object.entries(results).map(([name, { data, shape }]) => [name, { data, shape }]))
        })
      last = reply.catch(() => undefined)
      return reply
    },
    transfer: (reply) => [...new Set(Object.values(reply).map(({ data }) => data.buffer as ArrayBuffer))],
  }
})
