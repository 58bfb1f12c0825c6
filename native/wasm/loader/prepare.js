import { createContext } from '@emnapi/runtime'
import { Arrays } from './arrays.js'
import { environment } from './environment.js'
import { wrapExports } from './exports.js'

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

/**
 * emnapi's options for one instance that works on `memory`, and what to do with its result. `imports` adds to those of the module,
 * `started` is called once it is instantiated and before its exports are registered, and `files` reads a path's bytes, where there are files.
 */
export function prepare({ memory, imports, started, files, ...rest }) {
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
    ...rest,
    overwriteImports: (given) => ({
      ...given,
      ...imports,
      env: environment(given, { ...arrays.imports(), ...imports.env, memory }),
    }),
    beforeInit({ instance }) {
      arrays.attach(instance)
      started(instance.exports)
      for (const [name, register] of Object.entries(instance.exports)) {
        if (name.startsWith('__napi_register__')) register()
      }
    },
  }
  return { options, arrays, finish: ({ napiModule }) => wrapExports(napiModule.exports, arrays, files) }
}
