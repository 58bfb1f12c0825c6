import type { OnnxSession, ValueInfo } from '@dsp/onnx'
import { type Tensor, type TensorData, type TensorLike, tensor } from '@dsp/tensor'
import type { Head } from './ct2/graphs.js'

type Values = Record<string, TensorLike>

/** What one step of the decoder says. */
export interface Step {
  /** One value per token: how likely it comes next. */
  readonly logits: Float32Array
  /** How the heads that follow the speech weigh the encoder's frames, `[heads, tokens, frames]`; undefined if the model does not say. */
  readonly alignment: Tensor<Float32Array> | undefined
}

/** A window of speech that the encoder has heard, and the tokens that the decoder has read so far. */
export interface Listening {
  /**
   * Reads tokens.
   * @param ids - The tokens that follow those of the steps before.
   */
  step(ids: readonly number[]): Promise<Step>
}

/** The networks of a Whisper model, whatever files they come from. */
export interface Network {
  /** Encodes a window: features `[1, mels, frames]`. */
  listen(features: TensorLike): Promise<Listening>
  /** Frees the models' memory. */
  close(): Promise<void>
}

const ids64 = (ids: readonly number[]) => tensor(BigInt64Array.from(ids, BigInt), [1, ids.length])

/** An empty tensor for an input whose free axes are those after the heads. */
function empty(info: ValueInfo, heads: number, size: number): Tensor<Float32Array> {
  const axis = (at: number, known: number) => (typeof info.shape[at] === 'number' ? Number(info.shape[at]) : known)
  const shape = [1, axis(1, heads), 0, axis(3, size)]
  return tensor(new Float32Array(0), shape)
}

/** The graphs of {@link encoderGraph} and {@link decoderGraph}. */
export class Ct2Network implements Network {
  private readonly outputs: string[]

  constructor(
    private readonly encoder: OnnxSession,
    private readonly decoder: OnnxSession,
  ) {
    this.outputs = decoder.outputs.map(({ name }) => name)
  }

  async listen(features: TensorLike): Promise<Listening> {
    const cross: Values = await this.encoder.run({ features })
    let past: Values = Object.fromEntries(
      this.decoder.inputs.filter(({ name }) => name.startsWith('past.')).map((info) => [info.name, empty(info, 0, 0)]),
    )
    return {
      step: async (ids) => {
        const answer = await this.decoder.run({ ids: ids64(ids), ...cross, ...past }, { outputs: this.outputs })
        past = Object.fromEntries(Object.keys(past).map((name) => [name, answer[name.replace('past', 'present')]!]))
        return { logits: answer.logits!.data as Float32Array, alignment: withoutBatch(answer.alignment) }
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.encoder.close(), this.decoder.close()])
  }
}

/** The decoder of a directory as optimum exports it: one merged graph, or one for the first step and one for the rest. */
export interface ExportedDecoder {
  readonly first: OnnxSession
  readonly rest: OnnxSession
}

/** The graphs of a directory as optimum exports it, and transformers.js runs it. */
export class ExportedNetwork implements Network {
  constructor(
    private readonly encoder: OnnxSession,
    private readonly decoder: ExportedDecoder,
    private readonly heads: number,
    private readonly size: number,
    private readonly alignmentHeads: readonly Head[],
  ) {}

  async listen(features: TensorLike): Promise<Listening> {
    const hidden = (await this.encoder.run({ input_features: features })).last_hidden_state!
    let past: Values | undefined
    return {
      step: async (ids) => {
        const session = past === undefined ? this.decoder.first : this.decoder.rest
        const answer = await session.run(this.feeds(session, ids, hidden, past), {
          // the keys and values of the speech do not change: fetching them again would copy megabytes with every token
          outputs: session.outputs.map(({ name }) => name).filter((name) => this.isWanted(name, past !== undefined)),
        })
        const kept = Object.entries(answer).filter(([name]) => name.startsWith('present.'))
        past = { ...past, ...Object.fromEntries(kept.map(([name, value]) => [name.slice('present.'.length), value])) }
        const { data, shape } = answer.logits!
        const vocabulary = shape.at(-1)!
        const logits = (data as Float32Array).slice(data.length - vocabulary)
        return { logits, alignment: this.alignment(answer) }
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all([...new Set([this.encoder, this.decoder.first, this.decoder.rest])].map((one) => one.close()))
  }

  private isWanted(output: string, again: boolean): boolean {
    if (output.startsWith('cross_attentions.')) {
      return this.alignmentHeads.some(([layer]) => output === `cross_attentions.${layer}`)
    }
    return output === 'logits' || (output.startsWith('present.') && !(again && output.includes('.encoder.')))
  }

  private feeds(session: OnnxSession, ids: readonly number[], hidden: TensorLike, past: Values | undefined): Values {
    const feeds: Values = {}
    for (const info of session.inputs) {
      const { name } = info
      if (name === 'input_ids') feeds[name] = ids64(ids)
      else if (name === 'encoder_hidden_states') feeds[name] = hidden
      else if (name === 'use_cache_branch') feeds[name] = tensor(Uint8Array.of(past === undefined ? 0 : 1))
      else if (name.startsWith('past_key_values.')) {
        feeds[name] = past?.[name.slice('past_key_values.'.length)] ?? empty(info, this.heads, this.size)
      }
    }
    return feeds
  }

  private alignment(answer: Readonly<Record<string, Tensor<TensorData>>>): Tensor<Float32Array> | undefined {
    const rows: Float32Array[] = []
    let [tokens, frames] = [0, 0]
    for (const [layer, head] of this.alignmentHeads) {
      const all = answer[`cross_attentions.${layer}`]
      if (all === undefined) return undefined
      tokens = all.shape[2]!
      frames = all.shape[3]!
      const size = tokens * frames
      rows.push((all.data as Float32Array).subarray(head * size, (head + 1) * size))
    }
    if (rows.length === 0) return undefined
    const data = new Float32Array(rows.length * tokens * frames)
    for (const [i, row] of rows.entries()) data.set(row, i * tokens * frames)
    return tensor(data, [rows.length, tokens, frames])
  }
}

function withoutBatch(values: Tensor<TensorData> | undefined): Tensor<Float32Array> | undefined {
  return values === undefined ? undefined : tensor(values.data as Float32Array, values.shape.slice(1))
}
