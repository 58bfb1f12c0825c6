/** The networks on a thread of their own: what `Recognizer.load(directory, { worker: true })` starts. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadModel } from './load.js'
import { pack, type Reply, type Request, type Start } from './messages.js'

async function serve(start: Start): Promise<void> {
  const say = (reply: Reply) => parentPort?.postMessage(reply)
  const running = new Map<number, AbortController>()
  try {
    const { settings, decoder } = await loadModel(start.directory, start.options)
    parentPort?.on('message', async (request: Request) => {
      const { id } = request
      if ('abort' in request) {
        running.get(id)?.abort()
        return
      }
      const controller = new AbortController()
      running.set(id, controller)
      try {
        say({ id, hypotheses: await decoder.decode(request.batch, controller.signal) })
      } catch (error) {
        say({ id, error: pack(error) })
      } finally {
        running.delete(id)
      }
    })
    say({ id: 0, settings })
  } catch (error) {
    say({ id: 0, error: pack(error) })
  }
}

void serve(workerData as Start)
