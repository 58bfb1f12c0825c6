import { integers, messageOf, modelError, OnnxSession, type ValueInfo } from '@dsp/onnx'
import { DspError, ortTypeOf, show, type Tensor, type TensorData, type TensorLike } from '@dsp/tensor'

export { integers }

/** A network whose inputs and outputs are taken by position, as sherpa-onnx does: their names differ between exports. */
export class Network {
  private constructor(
    private readonly session: OnnxSession,
    /** Path and metadata of its file. */
    readonly header: { readonly path: string; readonly metadata: ReadonlyMap<string, string> },
  ) {}

  /**
   * Loads a network.
   * @param path - The ONNX file; external weights are found next to it.
   * @param numThreads - Threads that one run may use.
   * @param model - Its bytes, where it is not the file at the path.
   */
  static async load(path: string, numThreads: number, model: string | Uint8Array = path): Promise<Network> {
    const session = await OnnxSession.open(model, { intraOpNumThreads: numThreads, interOpNumThreads: 1 })
    return new Network(session, { path, metadata: session.metadata })
  }

  /** The file's name, for messages. */
  get name(): string {
    return this.session.name
  }

  /** Its inputs in order. */
  get inputs(): readonly ValueInfo[] {
    return this.session.inputs
  }

  /** Its outputs in order. */
  get outputs(): readonly ValueInfo[] {
    return this.session.outputs
  }

  /**
   * Checks how many inputs and outputs there are.
   * @param inputs - Least number of inputs.
   * @param outputs - Least number of outputs.
   */
  expectCounts(inputs: number, outputs: number): void {
    const check = (what: 'inputs' | 'outputs', expected: number) => {
      const actual = this[what].length
      if (actual >= expected) return
      const names = this[what].map((info) => info.name).join(', ')
      throw modelError(
        `${this.name} has ${actual} ${what} (${names}), but this kind of model has ${expected}: is it the right file?`,
        this.name,
        `${expected} ${what}`,
        `${actual} ${what}`,
      )
    }
    check('inputs', inputs)
    check('outputs', outputs)
  }

  /** A whole number of the metadata; undefined if there is none, and below zero, which stands for "not said". */
  wholeNumber(key: string): number | undefined {
    const text = this.session.metadata.get(key)
    if (text === undefined || text.trim() === '') return undefined
    const value = Number(text)
    if (!Number.isInteger(value)) {
      const message = `${key} of ${this.name} must be a whole number, got ${show(text)}`
      throw modelError(message, key, 'a whole number', text)
    }
    return value < 0 ? undefined : value
  }

  /**
   * Runs the network.
   * @param inputs - Its inputs in order.
   * @returns Its outputs in order.
   */
  async run(inputs: readonly TensorLike[]): Promise<Tensor<TensorData>[]> {
    const feeds: Record<string, TensorLike> = {}
    inputs.forEach((value, i) => {
      feeds[this.inputs[i]!.name] = value
    })
    try {
      const results = await this.session.run(feeds)
      return this.outputs.map((info) => results[info.name]!)
    } catch (error) {
      if (!(error instanceof DspError) || error.code === 'ERR_DSP_MODEL') throw error
      // the inputs are made here, so that one which does not fit says that the model is not what its kind should be
      throw modelError(messageOf(error), this.name, error.expected, error.actual, error)
    }
  }

  /** Frees the network's memory. */
  async release(): Promise<void> {
    await this.session.close()
  }
}

/** The networks of a model: encoder, decoder and joiner, or the encoder alone. */
export interface Networks {
  readonly encoder: Network
  readonly decoder?: Network
  readonly joiner?: Network
}

/** A float32 input over the given memory. */
export function floats(data: Float32Array, shape: readonly number[]): TensorLike<Float32Array> {
  return { data, shape }
}

/** The values of a tensor of floats. */
export function asFloats({ data }: Tensor<TensorData>, network: Network): Float32Array {
  if (data instanceof Float32Array) return data
  const type = ortTypeOf(data)
  throw modelError(
    `${network.name} answers in ${type}, but float32 is needed: export it with float32 outputs`,
    network.name,
    'float32',
    type,
  )
}

/** The values of a tensor of whole numbers. */
export function asIntegers(tensor: Tensor<TensorData>): number[] {
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number)
}
