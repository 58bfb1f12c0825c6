import { modelError, type OnnxGraph } from '@dsp/onnx'
import type { Variable } from './model-file.js'

/** The sizes of a Whisper model. */
export interface Sizes {
  /** Mel bands. */
  readonly mels: number
  /** Width of the hidden states. */
  readonly width: number
  /** Attention heads. */
  readonly heads: number
  /** Layers of the encoder and of the decoder. */
  readonly layers: { readonly encoder: number; readonly decoder: number }
  /** Encoder frames of a window. */
  readonly frames: number
  /** Tokens that the decoder can hold. */
  readonly context: number
  /** Tokens there are. */
  readonly vocabulary: number
}

const GELU = 3

/** Weights of a CTranslate2 file as constants of a graph, widened to float32 when ONNX Runtime loads them. */
export class Weights {
  /** The sizes of the model. */
  readonly sizes: Sizes
  private readonly made = new WeakMap<OnnxGraph, Map<number, string>>()

  /**
   * Checks the variables that tell the architecture.
   * @param path - The file, for messages.
   * @param file - Its name without folders.
   * @param variables - What lies in it.
   * @throws DspError `ERR_DSP_MODEL` for another architecture than Whisper's.
   */
  constructor(
    private readonly path: string,
    private readonly file: string,
    private readonly variables: ReadonlyMap<string, Variable>,
  ) {
    const shape = (name: string) => this.find(name).shape
    const [width = 0, mels = 0] = shape('encoder/conv1/weight')
    const layers = (side: string) => {
      let count = 0
      while (variables.has(`${side}/layer_${count}/ffn/linear_0/weight`)) count++
      return count
    }
    this.sizes = {
      mels,
      width,
      heads: this.find('decoder/num_heads').value ?? 0,
      layers: { encoder: layers('encoder'), decoder: layers('decoder') },
      frames: shape('encoder/position_encodings/encodings')[0] ?? 0,
      context: shape('decoder/position_encodings/encodings')[0] ?? 0,
      vocabulary: shape('decoder/embeddings/weight')[0] ?? 0,
    }
    const { heads } = this.sizes
    const encoderHeads = this.find('encoder/num_heads').value
    const activation = variables.get('decoder/activation')?.value ?? GELU
    if (!(heads > 0) || width % heads !== 0 || encoderHeads !== heads || activation !== GELU) {
      const actual = `${heads} and ${encoderHeads} heads of ${width} values, activation ${activation}`
      throw modelError(`${path} is not a Whisper model that is known: ${actual}`, path, 'equal heads, GELU', actual)
    }
  }

  /** A matrix `[in, out]` or any other tensor by CTranslate2's name, as float32. */
  get(graph: OnnxGraph, name: string): string {
    const { offset } = this.find(name)
    const made = this.made.get(graph) ?? new Map<number, string>()
    this.made.set(graph, made)
    // two names may stand for one variable: the embeddings are the last layer, too
    const value = made.get(offset) ?? this.make(graph, name)
    made.set(offset, value)
    return value
  }

  private make(graph: OnnxGraph, name: string): string {
    const { type, shape, offset, length } = this.find(name)
    const raw = graph.external(name, type, shape, { file: this.file, offset, length })
    const values = type === 'float32' ? raw : graph.add('Cast', [raw], { to: 1 })
    if (!type.startsWith('int')) return values
    // quantised by rows: W / scale
    const scale = this.get(graph, `${name}_scale`)
    const rows = graph.constant(BigInt64Array.from(shape, (_, axis) => (axis === 0 ? -1n : 1n)))
    const column = graph.add('Reshape', [scale, rows])
    return graph.add('Div', [values, column])
  }

  /** x W^T + b. */
  linear(graph: OnnxGraph, x: string, name: string): string {
    const weight = graph.add('Transpose', [this.get(graph, `${name}/weight`)], { perm: [1, 0] })
    const product = graph.add('MatMul', [x, weight])
    return this.variables.has(`${name}/bias`) ? graph.add('Add', [product, this.get(graph, `${name}/bias`)]) : product
  }

  /** Layer normalisation. */
  norm(graph: OnnxGraph, x: string, name: string): string {
    const inputs = [x, this.get(graph, `${name}/gamma`), this.get(graph, `${name}/beta`)]
    return graph.add('LayerNormalization', inputs, { axis: -1, epsilon: { float: 1e-5 } })
  }

  private find(name: string): Variable {
    const variable = this.variables.get(name)
    if (variable === undefined) {
      throw modelError(`${this.path} lacks ${name}, which every Whisper model has`, this.path, name, 'none')
    }
    return variable
  }
}
