/** The one place where ONNX Runtime is loaded: when the first session opens, so that importing the package costs nothing. */
import { nodeModule } from '@dsp/signal'
import { DspError, fromOrt, type Tensor, type TensorData, toOrt } from '@dsp/tensor'
import type { InferenceSession } from 'onnxruntime-node'
import { messageOf, modelError } from './errors.js'
import { readOnnxHeader } from './header.js'
import { modelName } from './model.js'
import type { OnnxSessionOptions } from './options.js'
import { type Feeds, showShape, type ValueInfo } from './values.js'

/** What a session runs on: ONNX Runtime in this thread, or in a worker. */
export interface Backend {
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly metadata: ReadonlyMap<string, string>
  /** Runs the model on checked inputs. */
  run(inputs: Feeds, outputs: readonly string[], signal?: AbortSignal): Promise<Record<string, Tensor<TensorData>>>
  /** Frees the model's memory. */
  close(): Promise<void>
}

/** Opens a model in this thread. */
export async function openLocal(model: string | Uint8Array, options: OnnxSessionOptions): Promise<Backend> {
  const { metadata } = await readOnnxHeader(model)
  const name = modelName(model)
  const runtime = await loadRuntime()
  const { worker: _, externalDataFolder, ...rest } = options
  const settings: InferenceSession.SessionOptions = { executionProviders: ['cpu'], ...(rest as object) }
  if (externalDataFolder !== '') {
    const { resolve } = nodeModule<typeof import('node:path')>('node:path')
    settings.extra = { session: { model_external_initializers_file_folder_path: resolve(externalDataFolder) } }
  }
  let session: InferenceSession
  try {
    // two calls for the overloads' sake
    session = await (typeof model === 'string'
      ? runtime.InferenceSession.create(model, settings)
      : runtime.InferenceSession.create(model, settings))
  } catch (error) {
    const what = typeof model === 'string' ? model : name
    throw modelError(
      `ONNX Runtime cannot load ${what}: ${messageOf(error)}; the file may be damaged, copy or download it again`,
      what,
      'a model that ONNX Runtime can load',
      messageOf(error),
      error,
    )
  }
  const inputs = session.inputMetadata.map(describe)
  return {
    inputs,
    outputs: session.outputMetadata.map(describe),
    metadata,
    async run(tensors, outputs) {
      // a search runs a small network thousands of times: plain loops
      const feeds: Record<string, InstanceType<typeof runtime.Tensor>> = {}
      for (const { name: key, type } of inputs) {
        feeds[key] = toOrt(runtime.Tensor, tensors[key]!, type === 'bool' ? { type } : {})
      }
      let results: InferenceSession.OnnxValueMapType
      try {
        results = await session.run(feeds, outputs)
      } catch (error) {
        const shapes = inputs.map(({ name: key }) => `${key} ${showShape(tensors[key]!.shape)}`).join(', ')
        throw modelError(
          `${name} failed on the inputs ${shapes}: ${messageOf(error)}`,
          name,
          `inputs ${inputs.map((info) => `${info.name} ${showShape(info.shape)}`).join(', ')}`,
          shapes,
          error,
        )
      }
      const answers: Record<string, Tensor<TensorData>> = {}
      for (const key of outputs) answers[key] = read(name, key, results[key])
      return answers
    },
    close: () => session.release(),
  }
}

function describe(info: InferenceSession.ValueMetadata): ValueInfo {
  return info.isTensor
    ? { name: info.name, type: info.type, shape: info.shape }
    : { name: info.name, type: '', shape: [] }
}

function read(model: string, output: string, value: InferenceSession.OnnxValueMapType[string] | undefined) {
  try {
    return fromOrt(value as never)
  } catch (error) {
    throw modelError(
      `the output ${output} of ${model} cannot be read: ${messageOf(error)}; leave it out with the option outputs`,
      output,
      'a tensor of numbers',
      messageOf(error),
      error,
    )
  }
}

let loaded: Promise<typeof import('onnxruntime-node')> | undefined

function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  loaded ??= import('onnxruntime-node').catch((error: unknown) => {
    loaded = undefined
    throw new DspError(
      `onnxruntime-node cannot be loaded: ${messageOf(error)}; install it (npm install onnxruntime-node) on a platform that it supports`,
      { code: 'ERR_DSP_IO', argument: 'onnxruntime-node', expected: 'an installed onnxruntime-node', cause: error },
    )
  })
  return loaded
}
