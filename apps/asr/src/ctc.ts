/**
 * CTC models of NeMo and icefall, decoded greedily: the best token of each frame, repetitions and blanks dropped. The same
 * tokens as sherpa-onnx's offline-ctc-greedy-search-decoder.cc.
 */

import { modelError } from '@dsp/onnx'
import { throwIfAborted } from '@dsp/signal'
import { type Decoder, emptyHypothesis, type Hypothesis } from './hypothesis.js'
import { LOG_FILL, type Matrix, padBatch, transpose } from './matrix.js'
import { argmax, logProbability } from './scores.js'
import { asFloats, asIntegers, floats, integers, type Network } from './session.js'
import type { Settings } from './settings.js'

export class Ctc implements Decoder {
  private readonly nemo: boolean

  constructor(
    private readonly network: Network,
    private readonly settings: Settings,
    private readonly blankPenalty: number,
  ) {
    this.nemo = settings.kind === 'nemo-ctc'
    network.expectCounts(2, this.nemo ? 1 : 2)
  }

  async decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]> {
    throwIfAborted(signal)
    const { data, frames, bins } = padBatch(batch, LOG_FILL)
    const lengths = batch.map((matrix) => matrix.frames)
    const size = batch.length
    const outputs = await this.network.run([
      this.nemo
        ? floats(transpose(data, size, frames, bins), [size, bins, frames])
        : floats(data, [size, frames, bins]),
      integers(lengths, [size], this.network.inputs[1]!),
    ])
    const scores = asFloats(outputs[0]!, this.network)
    const [, longest, width] = outputs[0]!.shape as [number, number, number]
    const { vocabSize, subsamplingFactor } = this.settings
    if (width !== vocabSize) {
      throw modelError(
        `the model contradicts itself: ${this.network.name} scores ${width} tokens but there are ${vocabSize} in tokens.txt`,
        'vocabSize',
        `${width} (${this.network.name})`,
        `${vocabSize} (tokens.txt)`,
      )
    }
    // NeMo's export does not say how many of the frames are real
    const counts = this.nemo ? lengths.map((n) => Math.floor(n / subsamplingFactor)) : asIntegers(outputs[1]!)
    const hypotheses = counts.map((count, i) => {
      const start = i * longest * width
      return this.collapse(scores.subarray(start, start + Math.min(count, longest) * width), width)
    })
    return hypotheses
  }

  private collapse(scores: Float32Array, width: number): Hypothesis {
    const { blank } = this.settings
    const found = emptyHypothesis()
    let previous = -1
    for (let t = 0; t * width < scores.length; t++) {
      if (this.blankPenalty > 0) scores[t * width + blank]! -= this.blankPenalty
      const token = argmax(scores, t * width, width)
      if (token !== blank && token !== previous) {
        found.tokens.push(token)
        found.frames.push(t)
        found.logProbs.push(logProbability(scores, t * width, width, token))
      }
      found.outputs++
      if (token === blank) found.blanks++
      previous = token
    }
    return found
  }

  async release(): Promise<void> {
    await this.network.release()
  }
}
