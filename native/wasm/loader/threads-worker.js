// One thread of the form with threads.
import { instantiateNapiModuleSync, MessageHandler } from '@emnapi/core'
import { environment } from './environment.js'
import { waiting } from './wait.js'
import { wasi } from './wasi.js'

let lost

const handler = new MessageHandler({
  onLoad: ({ wasmModule, wasmMemory: memory }) =>
    instantiateNapiModuleSync(wasmModule, {
      childThread: true,
      wasi: { wasiImport: wasi(memory), initialize() {}, start: () => 0 },
      overwriteImports: (given) => ({
        ...given,
        env: environment(given, { dsp_wait: waiting(memory), dsp_written() {}, memory }),
      }),
    }),
  // emnapi calls this as its own method, which the global function refuses.
  postMessage: (message) => self.postMessage(message),
  // emnapi has told the loading thread, which cannot hear it if it waits for this one.
  onError: () => Atomics.store(lost, 0, 1),
})

self.onmessage = (event) => {
  if (event.data.lost) lost = event.data.lost
  else handler.handle(event)
}
