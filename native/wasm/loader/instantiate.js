import { instantiateNapiModule, instantiateNapiModuleSync } from '@emnapi/core'
import asyncWork from '@emnapi/core/plugins/async-work'
import threadsafeFunction from '@emnapi/core/plugins/threadsafe-function'
import { prepare } from './prepare.js'
import { wasi } from './wasi.js'

/** Pages of 64 KiB: what the module asks for at its start, and the end of a 32-bit address. */
const INITIAL_PAGES = 1100
const MAXIMUM_PAGES = 65536

function prepared(files) {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES })
  return prepare({
    memory,
    files,
    // Minus one: tasks run one after another on this thread, and those that wait can be cancelled.
    asyncWorkPoolSize: -1,
    plugins: [asyncWork, threadsafeFunction],
    imports: { wasi_snapshot_preview1: wasi(memory) },
    started: (exports) => exports._initialize?.(),
  })
}

/** Instantiates a module and returns the exports of `@dsp/native`. `files` reads a path's bytes, where there are files. */
export async function instantiate(module, files) {
  const { options, finish } = prepared(files)
  return finish(await instantiateNapiModule(module, options))
}

/** {@link instantiate}, at once: not on a browser's main thread. */
export function instantiateSync(module, files) {
  const { options, finish } = prepared(files)
  return finish(instantiateNapiModuleSync(module, options))
}
