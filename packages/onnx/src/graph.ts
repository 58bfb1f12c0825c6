import { DspError } from '@dsp/tensor'
import { field, floatField, message } from './protobuf.js'
import type { Dimension } from './values.js'

/** Numbers of TensorProto.DataType. */
const TYPES: Readonly<Record<GraphType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
}

/** Element types of a graph's values. */
export type GraphType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'bfloat16'

/** An attribute that is a floating-point number. */
export interface FloatAttribute {
  /** Its value. */
  readonly float: number
}

/** An attribute of an operator: an integer, a list of them, or a float. */
export type GraphAttribute = number | readonly number[] | FloatAttribute

/** Where the elements of a constant lie in another file. */
export interface ExternalData {
  /** Name of the file, without folders: it is looked for beside the model, or in `externalDataFolder` of the session. */
  readonly file: string
  /** Position of the first byte. */
  readonly offset: number
  /** Number of bytes. */
  readonly length: number
}

/** Version of the file format (ONNX 1.13) and of the operators. */
const IR_VERSION = 8
const OPSET = 17

/**
 * Writes an ONNX model: for networks whose weights lie in a file of another format. A weight is then a position in that file,
 * and the model is small and made in memory.
 *
 * @example
 * ```ts
 * import { OnnxGraph, OnnxSession } from '@dsp/onnx'
 * import { tensor } from '@dsp/tensor'
 * const graph = new OnnxGraph('double')
 * graph.input('x', 'float32', ['N'])
 * const two = graph.constant(Float32Array.of(2))
 * graph.output(graph.add('Mul', ['x', two]), 'y', 'float32', ['N'])
 * const session = await OnnxSession.open(graph.bytes())
 * const { y } = await session.run({ x: tensor(Float32Array.of(1, 2)) })
 * y.data // => Float32Array.of(2, 4)
 * await session.close()
 * ```
 */
export class OnnxGraph {
  private readonly nodes: Uint8Array[] = []
  private readonly constants = new Map<string, Uint8Array>()
  private readonly inputs: Uint8Array[] = []
  private readonly outputs: Uint8Array[] = []
  private count = 0

  /**
   * Begins a graph.
   * @param name - Its name in the file.
   */
  constructor(private readonly name: string) {}

  /**
   * Declares an input.
   * @param name - Its name.
   * @param type - Its element type.
   * @param shape - Length or name of each axis.
   * @returns The name.
   */
  input(name: string, type: GraphType, shape: readonly Dimension[]): string {
    this.inputs.push(valueInfo(name, type, shape))
    return name
  }

  /**
   * Declares that a value is an output.
   * @param value - The value, as {@link add} returned it.
   * @param name - The output's name.
   * @param type - Its element type.
   * @param shape - Length or name of each axis.
   */
  output(value: string, name: string, type: GraphType, shape: readonly Dimension[]): void {
    this.nodes.push(node('Identity', [value], [name], {}))
    this.outputs.push(valueInfo(name, type, shape))
  }

  /**
   * Adds an operator with one output.
   * @param operator - Its name in ONNX's operator set 17.
   * @param inputs - The values that it takes.
   * @param attributes - Its attributes.
   * @returns The value that it computes.
   */
  add(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, GraphAttribute>> = {}): string {
    return this.addMany(operator, inputs, 1, attributes)[0]!
  }

  /**
   * Adds an operator with several outputs.
   * @param operator - Its name in ONNX's operator set 17.
   * @param inputs - The values that it takes.
   * @param outputs - How many outputs it has.
   * @param attributes - Its attributes.
   * @returns The values that it computes.
   */
  addMany(
    operator: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, GraphAttribute>> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `${operator}_${++this.count}`)
    this.nodes.push(node(operator, inputs, names, attributes))
    return names
  }

  /**
   * A constant that is written into the model. The same constant is written once.
   * @param data - Its elements: float32, or int64.
   * @param shape - Its shape. Default: one axis.
   * @returns Its name.
   */
  constant(data: Float32Array | BigInt64Array, shape: readonly number[] = [data.length]): string {
    const type = data instanceof Float32Array ? 'float32' : 'int64'
    const name = `${type}[${shape}]=${data}`
    if (!this.constants.has(name)) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      this.constants.set(name, message(tensorHead(name, type, shape), field(9, bytes)))
    }
    return name
  }

  /**
   * A constant whose elements lie in another file, little-endian and row-major. Naming the same one again is allowed.
   * @param name - Its name.
   * @param type - Its element type.
   * @param shape - Its shape.
   * @param data - The file and the place in it.
   * @returns The name.
   * @throws DspError `ERR_DSP_ARGUMENT` for a name of a file with folders, and places that are not whole numbers of at least 0.
   */
  external(name: string, type: GraphType, shape: readonly number[], data: ExternalData): string {
    const { file, offset, length } = data
    if (file === '' || /[\\/]/.test(file)) throw DspError.argument('data.file', 'a file name without folders', file)
    for (const [key, value] of Object.entries({ offset, length })) {
      if (!Number.isSafeInteger(value) || value < 0) throw DspError.argument(`data.${key}`, 'a number of bytes', value)
    }
    const entry = (key: string, value: string) => field(13, message(field(1, key), field(2, value)))
    this.constants.set(
      name,
      message(
        tensorHead(name, type, shape),
        entry('location', file),
        entry('offset', String(offset)),
        entry('length', String(length)),
        field(14, 1),
      ),
    )
    return name
  }

  /** The model, as `OnnxSession.open` takes it. */
  bytes(): Uint8Array {
    const graph = message(
      ...this.nodes.map((bytes) => field(1, bytes)),
      field(2, this.name),
      ...[...this.constants.values()].map((bytes) => field(5, bytes)),
      ...this.inputs.map((bytes) => field(11, bytes)),
      ...this.outputs.map((bytes) => field(12, bytes)),
    )
    const opset = message(field(1, ''), field(2, OPSET))
    return message(field(1, IR_VERSION), field(2, '@dsp/onnx'), field(7, graph), field(8, opset))
  }
}

function tensorHead(name: string, type: GraphType, shape: readonly number[]): Uint8Array {
  return message(...shape.map((length) => field(1, length)), field(2, TYPES[type]), field(8, name))
}

function valueInfo(name: string, type: GraphType, shape: readonly Dimension[]): Uint8Array {
  const axes = shape.map((axis) =>
    field(1, axis === '' ? new Uint8Array(0) : field(typeof axis === 'number' ? 1 : 2, axis)),
  )
  const tensor = message(field(1, TYPES[type]), field(2, message(...axes)))
  return message(field(1, name), field(2, field(1, tensor)))
}

function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, GraphAttribute>>,
): Uint8Array {
  const [FLOAT, INT, INTS] = [1, 2, 7]
  const attribute = (value: GraphAttribute) => {
    if (typeof value === 'number') return [field(3, value), field(20, INT)]
    if ('float' in value) return [floatField(2, value.float), field(20, FLOAT)]
    return [...value.map((one) => field(8, one)), field(20, INTS)]
  }
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, operator),
    ...Object.entries(attributes).map(([key, value]) => field(5, message(field(1, key), ...attribute(value)))),
  )
}
