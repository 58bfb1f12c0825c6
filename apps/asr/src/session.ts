import { basename } from 'node:path'
import { show } from '@dsp/tensor'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { messageOf, modelError } from './errors.js'
import { type OnnxHeader, readOnnxHeader } from './onnx-header.js'

/** A dimension of a model's input or output: its length, or the name of a free one. */
export type Dimension = number | string

/** One input or output of a network. */
export interface Port {
  readonly name: string
  readonly type: string
  readonly shape: readonly Dimension[]
}

/** A network in ONNX Runtime, its inputs and outputs taken by position as sherpa-onnx does. */
export class Network {
  private constructor(
    private readonly session: InferenceSession,
    /** Path and metadata of its file. */
    readonly header: OnnxHeader,
    /** Its inputs in order. */
    readonly inputs: readonly Port[],
    /** Its outputs in order. */
    readonly outputs: readonly Port[],
  ) {}

  /**
   * Loads a network.
   * @param path - The ONNX file; weights in files beside it are found there.
   * @param numThreads - Threads that one run may use.
   */
  static async load(path: string, numThreads: number): Promise<Network> {
    const header = await readOnnxHeader(path)
    try {
      const session = await InferenceSession.create(path, {
        executionProviders: ['cpu'],
        intraOpNumThreads: numThreads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        // errors only: the warnings are about other people's graphs
        logSeverityLevel: 3,
      })
      return new Network(session, header, ports(session.inputMetadata), ports(session.outputMetadata))
    } catch (error) {
      throw modelError(
        `ONNX Runtime cannot load ${path}: ${messageOf(error)}; the file may be damaged, copy or download it again`,
        path,
        'a model that ONNX Runtime can load',
        messageOf(error),
        error,
      )
    }
  }

  /** The file's name, for messages. */
  get name(): string {
    return basename(this.header.path)
  }

  /**
   * Checks how many inputs and outputs there are.
   * @param inputs - Least number of inputs.
   * @param outputs - Least number of outputs.
   */
  expectPorts(inputs: number, outputs: number): void {
    const check = (what: 'inputs' | 'outputs', expected: number) => {
      const actual = this[what].length
      if (actual >= expected) return
      const names = this[what].map((port) => port.name).join(', ')
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

  /** A whole number of the metadata; undefined where there is none, and below zero, which stands for "not said". */
  wholeNumber(key: string): number | undefined {
    const text = this.header.metadata.get(key)
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
  async run(inputs: readonly Tensor[]): Promise<Tensor[]> {
    const feeds: Record<string, Tensor> = {}
    inputs.forEach((tensor, i) => {
      feeds[this.inputs[i]!.name] = tensor
    })
    try {
      const results = await this.session.run(feeds)
      return this.outputs.map((port) => results[port.name]!)
    } catch (error) {
      const shapes = inputs.map((tensor) => `[${tensor.dims.join(', ')}]`).join(', ')
      throw modelError(
        `${this.name} failed on inputs of shape ${shapes}: ${messageOf(error)}`,
        this.name,
        `inputs ${this.inputs.map((port) => `${port.name} [${port.shape.join(', ')}]`).join(', ')}`,
        shapes,
        error,
      )
    }
  }

  /** Frees the network's memory. */
  async release(): Promise<void> {
    await this.session.release()
  }
}

/** The networks of a model: encoder, decoder and joiner, or the encoder alone. */
export interface Networks {
  readonly encoder: Network
  readonly decoder?: Network
  readonly joiner?: Network
}

function ports(metadata: readonly InferenceSession.ValueMetadata[]): Port[] {
  return metadata.map((m) =>
    m.isTensor ? { name: m.name, type: m.type, shape: m.shape } : { name: m.name, type: '', shape: [] },
  )
}

/** A float32 tensor over the given memory. */
export function floats(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims)
}

/** A tensor of whole numbers of the type that the port wants. */
export function integers(values: readonly number[], dims: readonly number[], port: Port): Tensor {
  return port.type === 'int32'
    ? new Tensor('int32', Int32Array.from(values), dims)
    : new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
}

/** The values of a tensor of floats. */
export function asFloats(tensor: Tensor, network: Network): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data
  throw modelError(
    `${network.name} answers in ${tensor.type}, but float32 is needed: export it with float32 outputs`,
    network.name,
    'float32',
    tensor.type,
  )
}

/** The values of a tensor of whole numbers. */
export function asIntegers(tensor: Tensor): number[] {
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number)
}
