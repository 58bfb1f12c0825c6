/**
 * NeMo's transducers with an LSTM prediction network: RNN-T (up to 10 tokens per frame) and TDT (Xu et al. 2023, "Efficient
 * Sequence Transduction by Jointly Predicting Tokens and Durations"; up to 5 tokens without a step). The same tokens as
 * sherpa-onnx's offline-transducer-greedy-search-nemo-decoder.cc.
 */

import { modelError } from '@dsp/onnx'
import { throwIfAborted } from '@dsp/signal'
import type { TensorLike } from '@dsp/tensor'
import { type Decoder, emptyHypothesis, type Hypothesis } from './hypothesis.js'
import { Lookahead } from './lookahead.js'
import { type Matrix, padBatch, transpose } from './matrix.js'
import { argmax, logProbability } from './scores.js'
import { asFloats, asIntegers, floats, integers, type Network } from './session.js'
import type { Settings } from './settings.js'

const MAX_TOKENS_PER_FRAME = 10
const MAX_TDT_TOKENS_PER_FRAME = 5

/** The prediction network's output and state after a token. */
interface Prediction {
  readonly output: TensorLike
  readonly states: readonly TensorLike[]
}

/** Scores of a run of frames: `[count, width]`, the tokens first, then the durations. */
interface Scores {
  readonly values: Float32Array
  readonly width: number
  readonly count: number
}

export class NemoTransducer implements Decoder {
  private readonly limit: number

  constructor(
    private readonly encoder: Network,
    private readonly predictor: Network,
    private readonly joiner: Network,
    private readonly settings: Settings,
    private readonly blankPenalty: number,
  ) {
    encoder.expectCounts(2, 2)
    predictor.expectCounts(4, 4)
    joiner.expectCounts(2, 1)
    const frames = joiner.inputs[0]!.shape[2]
    this.limit = typeof frames === 'number' && frames > 0 ? frames : Number.POSITIVE_INFINITY
  }

  async decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]> {
    const { data, frames, bins } = padBatch(batch, 0)
    const lengths = batch.map((matrix) => matrix.frames)
    const outputs = await this.encoder.run([
      floats(transpose(data, batch.length, frames, bins), [batch.length, bins, frames]),
      integers(lengths, [batch.length], this.encoder.inputs[1]!),
    ])
    const [, width, longest] = outputs[0]!.shape as [number, number, number]
    const encoded = transpose(asFloats(outputs[0]!, this.encoder), batch.length, width, longest)
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
    const { blank, vocabSize } = this.settings
    const found = emptyHypothesis()
    const lookahead = new Lookahead(this.limit)
    let prediction = await this.predict(blank, this.firstStates())
    // tokens since the last step forward
    let waiting = 0
    for (let t = 0; t < frames; ) {
      throwIfAborted(signal)
      const scores = await this.join(encoded, t, lookahead.next(frames - t), width, prediction)
      const start = t
      const end = t + scores.count
      let emitted = false
      while (t < end && !emitted) {
        const row = (t - start) * scores.width
        if (this.blankPenalty > 0) scores.values[row + blank]! -= this.blankPenalty
        const token = argmax(scores.values, row, vocabSize)
        const durations = scores.width - vocabSize
        let step = durations > 0 ? argmax(scores.values, row + vocabSize, durations) : 0
        if (token !== blank) {
          emitted = true
          waiting++
          found.tokens.push(token)
          found.frames.push(t)
          found.logProbs.push(logProbability(scores.values, row, vocabSize, token))
          if (durations > 0) found.durations.push(step)
          const most = durations > 0 ? MAX_TDT_TOKENS_PER_FRAME : MAX_TOKENS_PER_FRAME
          if (step === 0 && waiting >= most) step = 1
        } else if (step === 0) step = 1
        if (step > 0) waiting = 0
        t += step
      }
      if (emitted) {
        lookahead.token()
        prediction = await this.predict(found.tokens.at(-1)!, prediction.states)
      } else lookahead.blank()
    }
    found.outputs = frames
    found.blanks = frames - new Set(found.frames).size
    return found
  }

  /** Scores of `count` frames from `t` on; a token invalidates those after it. */
  private async join(
    encoded: Float32Array,
    t: number,
    count: number,
    width: number,
    prediction: Prediction,
  ): Promise<Scores> {
    const frames = encoded.subarray(t * width, (t + count) * width)
    const outputs = await this.joiner.run([
      floats(count === 1 ? frames : transpose(frames, 1, count, width), [1, width, count]),
      prediction.output,
    ])
    const values = asFloats(outputs[0]!, this.joiner)
    const wide = outputs[0]!.shape.at(-1)!
    if (wide < this.settings.vocabSize) {
      const { vocabSize } = this.settings
      throw modelError(
        `the model contradicts itself: ${this.joiner.name} scores ${wide} tokens but there are ${vocabSize} in tokens.txt`,
        'vocabSize',
        `${wide} (${this.joiner.name})`,
        `${vocabSize} (tokens.txt)`,
      )
    }
    return { values, width: wide, count }
  }

  private firstStates(): TensorLike[] {
    const { layers, hidden } = this.settings.predictor
    return [0, 1].map(() => floats(new Float32Array(layers * hidden), [layers, 1, hidden]))
  }

  private async predict(token: number, states: readonly TensorLike[]): Promise<Prediction> {
    const [targets, lengths] = this.predictor.inputs
    const outputs = await this.predictor.run([
      integers([token], [1, 1], targets!),
      integers([1], [1], lengths!),
      ...states,
    ])
    return { output: outputs[0]!, states: outputs.slice(2, 4) }
  }

  async release(): Promise<void> {
    for (const network of [this.encoder, this.predictor, this.joiner]) await network.release()
  }
}
