/** Whisper's encoder and decoder (Radford et al., 2022) as ONNX graphs over the weights of a CTranslate2 file. */
import { OnnxGraph } from '@dsp/onnx'
import type { Weights } from './weights.js'

/** A layer and a head in it. */
export type Head = readonly [layer: number, head: number]

/**
 * The encoder. From `features` `[1, mels, 2 frames]` it computes what the decoder's cross-attentions need of every window once:
 * `cross.I.key` `[1, heads, width, frames]` (transposed, as the products take them) and `cross.I.value` `[1, heads, frames, width]`.
 */
export function encoderGraph(weights: Weights): Uint8Array {
  const { mels, frames, heads, width, layers } = weights.sizes
  const graph = new OnnxGraph('encoder')
  const parts = partsOf(graph, weights)
  let x = graph.input('features', 'float32', [1, mels, 2 * frames])
  for (const [name, stride] of [
    ['conv1', 1],
    ['conv2', 2],
  ] as const) {
    const inputs = [x, ...['weight', 'bias'].map((part) => weights.get(graph, `encoder/${name}/${part}`))]
    x = parts.gelu(graph.add('Conv', inputs, { kernel_shape: [3], pads: [1, 1], strides: [stride] }))
  }
  const positions = weights.get(graph, 'encoder/position_encodings/encodings')
  x = graph.add('Add', [graph.add('Transpose', [x], { perm: [0, 2, 1] }), positions])
  for (let i = 0; i < layers.encoder; i++) {
    const name = `encoder/layer_${i}`
    const [q, k, v] = parts.queries(x, `${name}/self_attention`)
    const [mixed] = parts.attend(q!, graph.add('Transpose', [k!], { perm: [0, 1, 3, 2] }), v!)
    x = graph.add('Add', [x, weights.linear(graph, mixed, `${name}/self_attention/linear_1`)])
    x = parts.feedForward(x, `${name}/ffn`)
  }
  x = weights.norm(graph, x, 'encoder/layer_norm')
  for (let i = 0; i < layers.decoder; i++) {
    const both = weights.linear(graph, x, `decoder/layer_${i}/attention/linear_1`)
    const [k, v] = parts.split(both, 2)
    const key = graph.add('Transpose', [k!], { perm: [0, 1, 3, 2] })
    graph.output(key, `cross.${i}.key`, 'float32', [1, heads, width / heads, frames])
    graph.output(v!, `cross.${i}.value`, 'float32', [1, heads, frames, width / heads])
  }
  return graph.bytes()
}

/**
 * One step of the decoder: `ids` `[1, tokens]`, the encoder's `cross.I.key` and `cross.I.value`, and `past.I.key` and `past.I.value`
 * `[1, heads, past, width]` give `logits` of the token after the last one `[1, vocabulary]`, `present.I.key`, `present.I.value`, and
 * `alignment` `[1, alignment heads, tokens, frames]`: how the heads that follow the speech weigh the encoder's frames.
 */
export function decoderGraph(weights: Weights, alignmentHeads: readonly Head[]): Uint8Array {
  const { frames, heads, width, layers, vocabulary } = weights.sizes
  const graph = new OnnxGraph('decoder')
  const parts = partsOf(graph, weights)
  const size = width / heads
  const at = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt))
  const scalar = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [])
  const ids = graph.input('ids', 'int64', [1, 'tokens'])
  const pastShape = [1, heads, 'past', size]
  const past = Array.from({ length: layers.decoder }, (_, i) =>
    ['key', 'value'].map((part) => graph.input(`past.${i}.${part}`, 'float32', pastShape)),
  )
  const cross = Array.from({ length: layers.decoder }, (_, i) => [
    graph.input(`cross.${i}.key`, 'float32', [1, heads, size, frames]),
    graph.input(`cross.${i}.value`, 'float32', [1, heads, frames, size]),
  ])
  const squeeze = (value: string) => graph.add('Squeeze', [value, at(0)])
  const before = graph.add('Shape', [past[0]![0]!], { start: 2, end: 3 })
  const now = graph.add('Shape', [ids], { start: 1, end: 2 })
  const after = graph.add('Add', [before, now])
  const positions = graph.add('Range', [squeeze(before), squeeze(after), scalar(1)])
  const embeddings = weights.get(graph, 'decoder/embeddings/weight')
  let x = graph.add('Add', [
    graph.add('Gather', [embeddings, ids]),
    graph.add('Gather', [weights.get(graph, 'decoder/position_encodings/encodings'), positions]),
  ])
  // a token sees itself and those before it
  const keys = graph.add('Unsqueeze', [graph.add('Range', [scalar(0), squeeze(after), scalar(1)]), at(0)])
  const later = graph.add('Greater', [keys, graph.add('Unsqueeze', [positions, at(1)])])
  const [hidden, seen] = [graph.constant(Float32Array.of(-1e9)), graph.constant(Float32Array.of(0))]
  const mask = graph.add('Where', [later, hidden, seen])
  const present: string[][] = []
  const followed: string[] = []
  for (let i = 0; i < layers.decoder; i++) {
    const name = `decoder/layer_${i}`
    const [q, k, v] = parts.queries(x, `${name}/self_attention`)
    const key = graph.add('Concat', [past[i]![0]!, k!], { axis: 2 })
    const value = graph.add('Concat', [past[i]![1]!, v!], { axis: 2 })
    present.push([key, value])
    const [own] = parts.attend(q!, graph.add('Transpose', [key], { perm: [0, 1, 3, 2] }), value, mask)
    x = graph.add('Add', [x, weights.linear(graph, own, `${name}/self_attention/linear_1`)])
    const normed = weights.norm(graph, x, `${name}/attention/layer_norm`)
    const [query] = parts.split(weights.linear(graph, normed, `${name}/attention/linear_0`), 1)
    const [heard, weightsOf] = parts.attend(query!, cross[i]![0]!, cross[i]![1]!)
    x = graph.add('Add', [x, weights.linear(graph, heard, `${name}/attention/linear_2`)])
    x = parts.feedForward(x, `${name}/ffn`)
    const chosen = alignmentHeads.filter(([layer]) => layer === i).map(([, head]) => head)
    if (chosen.length > 0) followed.push(graph.add('Gather', [weightsOf, at(...chosen)], { axis: 1 }))
  }
  const last = graph.add('Gather', [weights.norm(graph, x, 'decoder/layer_norm'), at(-1)], { axis: 1 })
  const row = graph.add('Reshape', [last, at(1, width)])
  const projection = weights.get(graph, 'decoder/projection/weight')
  graph.output(graph.add('Gemm', [row, projection], { transB: 1 }), 'logits', 'float32', [1, vocabulary])
  for (const [i, values] of present.entries()) {
    for (const [j, part] of ['key', 'value'].entries()) {
      graph.output(values[j]!, `present.${i}.${part}`, 'float32', [1, heads, 'all', size])
    }
  }
  if (followed.length > 0) {
    const all = graph.add('Concat', followed, { axis: 1 })
    graph.output(all, 'alignment', 'float32', [1, alignmentHeads.length, 'tokens', frames])
  }
  return graph.bytes()
}

/** What encoder and decoder layers are made of. */
function partsOf(graph: OnnxGraph, weights: Weights) {
  const { heads, width } = weights.sizes
  const constant = (value: number) => graph.constant(Float32Array.of(value))
  const perHead = graph.constant(BigInt64Array.of(0n, -1n, BigInt(heads), BigInt(width / heads)))
  const joined = graph.constant(BigInt64Array.of(0n, -1n, BigInt(width)))

  /** `[1, tokens, count * width]` as `count` times `[1, heads, tokens, width of a head]`. */
  const split = (x: string, count: number): string[] => {
    const sizes = graph.constant(BigInt64Array.from({ length: count }, () => BigInt(width)))
    const pieces = count === 1 ? [x] : graph.addMany('Split', [x, sizes], count, { axis: -1 })
    return pieces.map((piece) =>
      graph.add('Transpose', [graph.add('Reshape', [piece, perHead])], { perm: [0, 2, 1, 3] }),
    )
  }
  const gelu = (x: string): string => {
    const error = graph.add('Erf', [graph.add('Div', [x, constant(Math.SQRT2)])])
    const product = graph.add('Mul', [x, graph.add('Add', [error, constant(1)])])
    return graph.add('Mul', [product, constant(0.5)])
  }
  return {
    split,
    gelu,
    /** Queries, keys and values of a self-attention. */
    queries: (x: string, name: string): string[] =>
      split(weights.linear(graph, weights.norm(graph, x, `${name}/layer_norm`), `${name}/linear_0`), 3),
    /** What an attention mixes, and its weights. The keys are transposed. */
    attend(query: string, key: string, value: string, mask?: string): [mixed: string, weights: string] {
      const scores = graph.add('MatMul', [graph.add('Mul', [query, constant((width / heads) ** -0.5)]), key])
      const masked = mask === undefined ? scores : graph.add('Add', [scores, mask])
      const probabilities = graph.add('Softmax', [masked], { axis: -1 })
      const mixed = graph.add('Transpose', [graph.add('MatMul', [probabilities, value])], { perm: [0, 2, 1, 3] })
      return [graph.add('Reshape', [mixed, joined]), probabilities]
    },
    feedForward(x: string, name: string): string {
      const inner = gelu(weights.linear(graph, weights.norm(graph, x, `${name}/layer_norm`), `${name}/linear_0`))
      return graph.add('Add', [x, weights.linear(graph, inner, `${name}/linear_1`)])
    },
  }
}
