// The form with threads: for pages and workers that are cross-origin isolated, and nothing else.
import { instantiateNapiModule } from '@emnapi/core'
import { compile } from './compile.js'
import { failure } from './failure.js'
import { checkIsolated } from './isolated.js'
import { prepare } from './prepare.js'
import { checkLost, mayWait, waitingForThreads } from './wait.js'
import { wasi } from './wasi.js'

/** Pages of 64 KiB: what the module has from the start, and the end of a 32-bit address. */
const INITIAL_PAGES = 4000
const MAXIMUM_PAGES = 65536
/** Threads that are used unless `DSP_THREADS` says how many, and those for tasks that wait for them. */
const MOST_THREADS = 8
const MOST_TASKS = 4

checkIsolated()
/** How many threads compute. */
export const threads = wanted()
export default await load()

function wanted() {
  const { DSP_THREADS = Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) } = globalThis
  if (Number.isInteger(DSP_THREADS) && DSP_THREADS >= 1 && DSP_THREADS <= 64) return DSP_THREADS
  const actual = String(DSP_THREADS)
  throw failure(`DSP_THREADS must be an integer from 1 to 64, but is ${actual}`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: 'DSP_THREADS',
    expected: 'an integer from 1 to 64',
    actual,
  })
}

async function load() {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true })
  /** Set once a thread was lost. */
  const lost = new Int32Array(new SharedArrayBuffer(4))
  const tasks = Math.min(threads, MOST_TASKS)
  const wasiImport = wasi(memory, () => checkLost(lost))
  const { options, arrays, finish } = prepare({
    memory,
    asyncWorkPoolSize: tasks,
    // All workers are there before anything waits for one: they cannot start while this thread waits.
    reuseWorker: { size: threads + tasks, strict: true },
    onCreateWorker: () => newWorker(lost, (error) => arrays.stop(error)),
    wasi: { wasiImport, initialize: ({ exports }) => exports._initialize?.(), start: () => 0 },
    imports: { env: { dsp_wait: waitingForThreads(memory, lost) } },
    started(exports) {
      if (!exports.dsp_start_threads(threads, !mayWait())) throw new Error(`${threads} threads cannot be started`)
    },
  })
  const module = await compile(new URL('./dsp-threads.wasm', import.meta.url))
  try {
    return finish(await instantiateNapiModule(module, options))
  } catch (error) {
    throw failure(
      `the ${threads + tasks} workers of @dsp/native-wasm32-wasi/threads cannot be started (${error.message}): serve threads-worker.js ` +
        'from the origin of the page, with "Cross-Origin-Embedder-Policy: require-corp". @dsp/native-wasm32-wasi itself needs no workers.',
      { expected: 'workers that start', actual: error.message },
      error,
    )
  }
}

/** A worker, which is told where to say that it was lost; `stop` is called when it was. */
function newWorker(lost, stop) {
  const worker = new Worker(new URL('./threads-worker.js', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }) => {
    const { type, payload } = data.__emnapi__ ?? {}
    if (type === 'thread-error') stop(payload.error)
  })
  worker.postMessage({ lost })
  return worker
}
