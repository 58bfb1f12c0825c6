import { instantiateNapiModule, instantiateNapiModuleSync } from '@emnapi/core'
import asyncWork from '@emnapi/core/plugins/async-work'
import threadsafeFunction from '@emnapi/core/plugins/threadsafe-function'
import { createContext } from '@emnapi/runtime'
import { Arrays } from './arrays.js'
import { wrapExports } from './exports.js'
import { wasi } from './wasi.js'

/** Pages of 64 KiB: what the module asks for at its start, and the end of a 32-bit address. */
const INITIAL_PAGES = 1100
const MAXIMUM_PAGES = 65536

/** Calls back in a later turn of the event loop, which a browser's timers would delay by 4 ms. */
const later = globalThis.setImmediate ?? viaChannel()

function viaChannel() {
  const { port1, port2 } = new MessageChannel()
  const waiting = []
  port1.onmessage = () => waiting.shift()()
  return (work) => {
    waiting.push(work)
    port2.postMessage(null)
  }
}

/** The options of emnapi for one instance, and what to do with its result. */
function prepare(files) {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES })
  const features = {
    // Pages whose security policy forbids evaluation can do without.
    makeDynamicFunction: undefined,
    setImmediate: (work) => later(() => arrays.turn(work)),
  }
  const context = createContext({ autoDestroy: false, features })
  context.suppressDestroy?.()
  const arrays = new Arrays(context, memory)
  const options = {
    context,
    // Minus one: tasks run one after another on this thread, and those that wait can be cancelled.
    asyncWorkPoolSize: -1,
    plugins: [asyncWork, threadsafeFunction],
    overwriteImports(imports) {
      imports.env = { ...imports.env, ...imports.napi, ...imports.emnapi, ...arrays.imports(), memory }
      imports.wasi_snapshot_preview1 = wasi(memory)
      return imports
    },
    beforeInit({ instance }) {
      arrays.attach(instance)
      instance.exports._initialize?.()
      for (const [name, register] of Object.entries(instance.exports)) {
        if (name.startsWith('__napi_register__')) register()
      }
    },
  }
  return { options, finish: ({ napiModule }) => wrapExports(napiModule.exports, arrays, files) }
}

/** Instantiates a module and returns the exports of `@dsp/native`. `files` reads a path's bytes, where there are files. */
export async function instantiate(module, files) {
  const { options, finish } = prepare(files)
  return finish(await instantiateNapiModule(module, options))
}

/** {@link instantiate}, at once: not on a browser's main thread. */
export function instantiateSync(module, files) {
  const { options, finish } = prepare(files)
  return finish(instantiateNapiModuleSync(module, options))
}
