// The worker of worker.test.ts.
import { setTimeout as wait } from 'node:timers/promises'
import { DspError } from '@dsp/tensor'
import { serveWorker } from '../dist/index.js'

await serveWorker(async (start) => {
  if (start === 'refuse') throw DspError.argument('start', 'something else', start)
  if (start === 'crash') process.exit(3)
  return {
    ready: { start },
    async handle(request, signal) {
      switch (request.kind) {
        case 'echo':
          return request.value
        case 'wait':
          await wait(request.milliseconds, undefined, { signal })
          return 'done'
        case 'fail':
          throw new Error('plain')
        case 'refuse':
          throw DspError.argument('request', 'another', request.kind)
        case 'unsendable':
          return () => 0
        default:
          setImmediate(() => {
            throw new Error('outside of every promise')
          })
          return wait(10_000)
      }
    },
    transfer: (reply) => (reply instanceof Float32Array ? [reply.buffer] : []),
  }
})
