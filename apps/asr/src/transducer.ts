/**
 * icefall's transducers with a stateless prediction network, decoded greedily with at most one token per frame: the same
 * tokens as sherpa-onnx's offline-transducer-greedy-search-decoder.cc.
 */
import { throwIfAborted } from '@dsp/signal'
import { type Decoder, emptyHypothesis, type Hypothesis } from './hypothesis.js'
import { Lookahead } from './lookahead.js'
import { LOG_FILL, type Matrix, padBatch } from './matrix.js'
import { argmax, logProbability } from './scores.js'
import { asFloats, asIntegers, floats, integers, type Network } from './session.js'
import type { Settings } from './settings.js'

/** Maximum number of floats of the prediction network's outputs that are kept. */
const MAX_KEPT = 1 << 20

export class Transducer implements Decoder {
  /** The prediction network sees a few tokens only, so its outputs come again and again, also in other utterances. */
  private readonly predictions = new Map<string, Float32Array>()
  private readonly limit: number

  constructor(
    private readonly encoder: Network,
    private readonly predictor: Network,
    private readonly joiner: Network,
    private readonly settings: Settings,
    private readonly blankPenalty: number,
  ) {
    encoder.expectCounts(2, 2)
    predictor.expectCounts(1, 1)
    joiner.expectCounts(2, 1)
    const rows = joiner.inputs[0]!.shape[0]
    this.limit = typeof rows === 'number' && rows > 0 ? rows : Number.POSITIVE_INFINITY
  }

  async decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]> {
    const { data, frames, bins } = padBatch(batch, LOG_FILL)
    const lengths = batch.map((matrix) => matrix.frames)
    const outputs = await this.encoder.run([
      floats(data, [batch.length, frames, bins]),
      integers(lengths, [batch.length], this.encoder.inputs[1]!),
    ])
    const encoded = asFloats(outputs[0]!, this.encoder)
    const [, longest, width] = outputs[0]!.shape as [number, number, number]
    const counts = asIntegers(outputs[1]!)
    const hypotheses: Hypothesis[] = []
    for (let i = 0; i < batch.length; i++) {
      const start = i * longest * width
      const count = Math.min(counts[i]!, longest)
      hypotheses.push(await this.search(encoded.subarray(start, start + count * width), count, width, signal))
    }
    return hypotheses
  }

  private async search(encoded: Float32Array, frames: number, width: number, signal: AbortSignal | undefined) {
    const { blank, unknown, vocabSize, contextSize } = this.settings
    const found = emptyHypothesis()
    // before the first token there is nothing (-1), then a blank
    const context = [...new Array<number>(contextSize - 1).fill(-1), blank]
    const lookahead = new Lookahead(this.limit)
    let prediction = await this.predict(context)
    let repeated: Float32Array = new Float32Array(0)
    for (let t = 0; t < frames; ) {
      throwIfAborted(signal)
      const count = lookahead.next(frames - t)
      if (repeated.length < count * prediction.length) repeated = repeat(prediction, count)
      const outputs = await this.joiner.run([
        floats(encoded.subarray(t * width, (t + count) * width), [count, width]),
        floats(repeated.subarray(0, count * prediction.length), [count, prediction.length]),
      ])
      const scores = asFloats(outputs[0]!, this.joiner)
      let token = blank
      let i = 0
      for (; i < count; i++) {
        if (this.blankPenalty > 0) scores[i * vocabSize + blank]! -= this.blankPenalty
        token = argmax(scores, i * vocabSize, vocabSize)
        if (token !== blank && token !== unknown) break
      }
      if (i === count) {
        lookahead.blank()
        t += count
      } else {
        lookahead.token()
        found.tokens.push(token)
        found.frames.push(t + i)
        found.logProbs.push(logProbability(scores, i * vocabSize, vocabSize, token))
        context.shift()
        context.push(token)
        prediction = await this.predict(context)
        repeated = new Float32Array(0)
        t += i + 1
      }
    }
    found.outputs = frames
    found.blanks = frames - found.frames.length
    return found
  }

  private async predict(context: readonly number[]): Promise<Float32Array> {
    const key = context.join()
    const known = this.predictions.get(key)
    if (known !== undefined) return known
    const outputs = await this.predictor.run([integers(context, [1, context.length], this.predictor.inputs[0]!)])
    const prediction = asFloats(outputs[0]!, this.predictor).slice()
    if ((this.predictions.size + 1) * prediction.length > MAX_KEPT) this.predictions.clear()
    this.predictions.set(key, prediction)
    return prediction
  }

  async release(): Promise<void> {
    for (const network of [this.encoder, this.predictor, this.joiner]) await network.release()
  }
}

function repeat(row: Float32Array, count: number): Float32Array {
  const rows = new Float32Array(count * row.length)
  for (let i = 0; i < count; i++) rows.set(row, i * row.length)
  return rows
}
