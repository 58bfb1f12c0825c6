import { nodeModule } from '@dsp/signal'
import { assertAttached, DspError } from '@dsp/tensor'

/** An ONNX model: the path or `file:` URL of its file, or the file's bytes. */
export type OnnxModel = string | URL | Uint8Array | ArrayBuffer

/** A path or bytes, whichever way the model was given. */
export function resolveModel(model: OnnxModel): string | Uint8Array {
  if (typeof model === 'string' && model !== '') return model
  if (model instanceof URL && model.protocol === 'file:') {
    return nodeModule<typeof import('node:url')>('node:url').fileURLToPath(model)
  }
  const bytes = model instanceof ArrayBuffer ? new Uint8Array(model) : model
  if (bytes instanceof Uint8Array) {
    assertAttached(bytes, 'model')
    return bytes
  }
  const actual = model instanceof URL ? model.href : model
  throw DspError.argument('model', "a path, a file: URL or the model's bytes as a Uint8Array", actual)
}

/** What messages call a model: its file's name. */
export function modelName(model: string | Uint8Array): string {
  return typeof model === 'string' ? nodeModule<typeof import('node:path')>('node:path').basename(model) : 'the model'
}
