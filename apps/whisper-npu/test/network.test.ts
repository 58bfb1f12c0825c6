import type { OnnxSession } from '@dsp/onnx'
import { type TensorLike, tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { ExportedNetwork } from '../src/network.js'

const [HEADS, SIZE, FRAMES, VOCABULARY] = [2, 3, 4, 5]

interface Call {
  readonly inputs: Readonly<Record<string, TensorLike>>
  readonly outputs: readonly string[]
}

/** A graph as optimum exports it that notes what it is asked and answers with zeros of the right shapes. */
function graph(inputs: readonly string[], outputs: readonly string[], calls: Call[]): OnnxSession {
  const shapeOf = (name: string, given: Call['inputs']) => {
    const tokens = given.input_ids?.shape[1] ?? 0
    if (name === 'last_hidden_state') return [1, FRAMES, SIZE]
    if (name === 'logits') return [1, tokens, VOCABULARY]
    if (name.startsWith('cross_attentions')) return [1, HEADS, tokens, FRAMES]
    const past = given[name.replace('present', 'past_key_values')]?.shape[2] ?? 0
    return [1, HEADS, name.includes('encoder') ? FRAMES : past + tokens, SIZE]
  }
  const session = {
    inputs: inputs.map((name) => ({ name, type: 'float32', shape: [1, 'h', 'n', 's'] })),
    outputs: outputs.map((name) => ({ name, type: 'float32', shape: [] })),
    run: async (given: Call['inputs'], options: { outputs?: readonly string[] } = {}) => {
      const wanted = options.outputs ?? outputs
      calls.push({ inputs: given, outputs: wanted })
      return Object.fromEntries(
        wanted.map((name) => {
          const shape = shapeOf(name, given)
          const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
          return [name, tensor(data.fill(name.startsWith('cross') ? 0.25 : 0), shape)]
        }),
      )
    },
    close: async () => {},
  }
  return session as never
}

const kinds = ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']
const past = kinds.map((kind) => `past_key_values.0.${kind}`)
const present = kinds.map((kind) => `present.0.${kind}`)
const encoder = () => graph(['input_features'], ['last_hidden_state'], [])
const features = tensor(new Float32Array(8), [1, 2, 4])

describe('the graphs of a transformers.js directory', () => {
  it('are run as one merged decoder, whose keys of the speech are fetched once', async () => {
    const calls: Call[] = []
    const inputs = ['input_ids', 'encoder_hidden_states', ...past, 'use_cache_branch']
    const merged = graph(inputs, ['logits', ...present, 'cross_attentions.0'], calls)
    const network = new ExportedNetwork(encoder(), { first: merged, rest: merged }, HEADS, SIZE, [[0, 1]])
    const listening = await network.listen(features)
    const first = await listening.step([7, 8, 9])
    expect(first.logits).toHaveLength(VOCABULARY)
    expect(first.alignment).toMatchObject({ shape: [1, 3, FRAMES] })
    await listening.step([4])
    await listening.step([5])
    expect(calls.map(({ inputs: { use_cache_branch: flag } }) => flag!.data)).toEqual(
      [0, 1, 1].map((x) => Uint8Array.of(x)),
    )
    expect(calls.map(({ inputs: given }) => given[past[0]!]!.shape)).toEqual([0, 3, 4].map((n) => [1, HEADS, n, SIZE]))
    expect(calls.map(({ inputs: given }) => given[past[2]!]!.shape[2])).toEqual([0, FRAMES, FRAMES])
    expect(calls[0]!.outputs).toEqual(['logits', ...present, 'cross_attentions.0'])
    expect(calls[2]!.outputs).toEqual(['logits', present[0], present[1], 'cross_attentions.0'])
  })

  it('are run as two decoders, and tell no times without cross-attentions', async () => {
    const [one, two]: [Call[], Call[]] = [[], []]
    const first = graph(['input_ids', 'encoder_hidden_states'], ['logits', ...present], one)
    const rest = graph(['input_ids', ...past], ['logits', present[0]!, present[1]!], two)
    const network = new ExportedNetwork(encoder(), { first, rest }, HEADS, SIZE, [[0, 1]])
    const listening = await network.listen(features)
    expect((await listening.step([7, 8])).alignment).toBeUndefined()
    await listening.step([4])
    await listening.step([5])
    expect(Object.keys(one[0]!.inputs)).toEqual(['input_ids', 'encoder_hidden_states'])
    expect(two.map(({ inputs }) => inputs[past[0]!]!.shape[2])).toEqual([2, 3])
    expect(two.map(({ inputs }) => inputs[past[3]!]!.shape[2])).toEqual([FRAMES, FRAMES])
    await network.close()
  })
})
