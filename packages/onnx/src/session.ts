import { type AsyncOptions, abortable, splitSignal } from '@dsp/signal'
import { DspError, resolveOptions, type Tensor, type TensorData, type TensorLike } from '@dsp/tensor'
import { modelName, type OnnxModel, resolveModel } from './model.js'
import { type OnnxSessionOptions, onnxSessionOptionSpecs } from './options.js'
import { type Backend, openLocal } from './runtime.js'
import { checkInputs, checkOutputs, type ValueInfo } from './values.js'
import { openInWorker } from './worker-session.js'

/** Options of {@link OnnxSession.run}. */
export interface RunOptions extends AsyncOptions {
  /** Names of the outputs to compute; default: all. What only other outputs need is left out. */
  readonly outputs?: readonly string[]
}

/**
 * A model in ONNX Runtime, on the CPU. Inputs are tensors by name, checked before they reach the runtime: a missing, unknown,
 * mistyped or misshaped one is an error that names it.
 *
 * By default a run computes on the calling thread, which waits for it (ONNX Runtime's way in Node.js): right for scripts, and
 * for models whose single runs are short. With `worker: true` the model is loaded and run in a worker thread.
 *
 * @example
 * ```ts
 * import { OnnxSession } from '@dsp/onnx'
 * import { tensor } from '@dsp/tensor'
 * const session = await OnnxSession.open('model.onnx', { intraOpNumThreads: 1 })
 * session.inputs // => [{ name: 'x', type: 'float32', shape: ['N', 3] }]
 * const { y } = await session.run({ x: tensor(Float32Array.of(1, 2, 3), [1, 3]) })
 * y.data // => Float32Array.of(2, 4, 6)
 * await session.close()
 * ```
 */
export class OnnxSession {
  /** Inputs of the model, in the graph's order. */
  readonly inputs: readonly ValueInfo[]
  /** Outputs of the model, in the graph's order. */
  readonly outputs: readonly ValueInfo[]
  /** The `metadata_props` of the model: names and values as written. */
  readonly metadata: ReadonlyMap<string, string>
  readonly #backend: Backend
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  private constructor(
    /** What messages call the model: its file's name. */
    readonly name: string,
    backend: Backend,
  ) {
    this.#backend = backend
    this.inputs = backend.inputs
    this.outputs = backend.outputs
    this.metadata = backend.metadata
  }

  /**
   * Opens a model.
   * @param model - The path or `file:` URL of the ONNX file (external weights are found next to it), or its bytes.
   * @param options - Threads, graph optimisation, worker.
   * @throws DspError `ERR_DSP_MODEL` if the file cannot be read, is damaged or is not a model that ONNX Runtime can load;
   *   `ERR_DSP_OPTION`, `ERR_DSP_ARGUMENT` for unknown options and values out of range; `ERR_DSP_IO` if onnxruntime-node
   *   is not installed or does not support the platform.
   */
  static async open(model: OnnxModel, options: Partial<OnnxSessionOptions> = {}): Promise<OnnxSession> {
    const resolved = resolveOptions('OnnxSession.open', onnxSessionOptionSpecs, options)
    const source = resolveModel(model)
    const backend = await (resolved.worker ? openInWorker : openLocal)(source, resolved)
    return new OnnxSession(modelName(source), backend)
  }

  /**
   * Runs the model.
   * @param inputs - A tensor for each input, by name; views are copied once.
   * @param options - Names of the outputs to compute, and an `AbortSignal`: a run that has not begun never does; of one that
   *   has, the result is dropped.
   * @returns The outputs by name: the element type is the output's, float16 widened to float32, bool as uint8 of 0 and 1.
   * @throws DspError `ERR_DSP_ARGUMENT` for a missing or unknown input or output and for a closed session, `ERR_DSP_TYPE` for
   *   another element type than the model's, `ERR_DSP_SHAPE` for another number of axes or another length of an axis that the
   *   model fixes; the message names the input. `ERR_DSP_MODEL` if the model fails on the inputs, `ERR_DSP_ABORTED`.
   */
  async run(
    inputs: Readonly<Record<string, TensorLike>>,
    options: RunOptions = {},
  ): Promise<Record<string, Tensor<TensorData>>> {
    if (this.#closed !== undefined) {
      throw new DspError(`the session of ${this.name} is closed: open the model again`, {
        code: 'ERR_DSP_ARGUMENT',
        argument: 'session',
        expected: 'an open session',
        actual: 'a closed one',
      })
    }
    const { abort, rest } = splitSignal<{ readonly outputs?: readonly string[] }>(options)
    const feeds = checkInputs(this.name, this.inputs, inputs)
    const wanted = checkOutputs(this.name, this.outputs, rest?.outputs)
    const run = (inner?: AbortSignal) => this.#backend.run(feeds, wanted, inner)
    const work = abort === undefined ? run() : abortable(abort, run)
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
  }

  /** Frees the model's memory (and ends its worker) once the runs that have begun are done. Closing again does nothing. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(() => this.#backend.close())
    return this.#closed
  }
}
