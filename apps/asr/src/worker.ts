/** The networks in a worker thread: what `Recognizer.load(directory, { worker: true })` starts. */
import { serveWorker } from '@dsp/onnx'
import type { Hypothesis } from './hypothesis.js'
import { loadModel } from './load.js'
import type { Matrix } from './matrix.js'
import type { Start } from './remote.js'
import type { Settings } from './settings.js'

void serveWorker<Start, Settings, readonly Matrix[], Hypothesis[]>(async ({ directory, options }) => {
  const { settings, decoder } = await loadModel(directory, options)
  return { ready: settings, handle: (batch, signal) => decoder.decode(batch, signal) }
})
