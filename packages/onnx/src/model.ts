import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assertAttached, DspError } from '@dsp/tensor'

/** An ONNX model: the path or `file:` URL of its file, or the file's bytes. */
export type OnnxModel = string | URL | Uint8Array | ArrayBuffer

/** A path or bytes, whichever way the model was given. */
export function resolveModel(model: OnnxModel): string | Uint8Array {
  if (typeof model === 'string' && model !== '') return model
  if (model instanceof URL && model.protocol === 'file:') return fileURLToPath(model)
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
  return typeof model === 'string' ? basename(model) : 'the model'
}
