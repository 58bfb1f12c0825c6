import { golden as arrays } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { Recognizer } from '../src/index.js'
import { golden, here, LOG_PROBABILITY_TOLERANCE } from './golden.js'

// The decoders alone, fed with the very features that sherpa-onnx computed: any difference is the decoder's.
const features = arrays(new URL('./golden/features.npz', import.meta.url))
const clip = golden.clips.length - 1

describe.each([
  ['icefall-transducer', 'kaldi'],
  ['zipformer-ctc', 'kaldi'],
  ['nemo-rnnt', 'nemo-transducer'],
  ['nemo-tdt', 'nemo-transducer'],
  ['nemo-ctc', 'nemo-ctc'],
])('%s on given features', (model, kind) => {
  it('finds the tokens, times and probabilities of sherpa-onnx', async () => {
    const recognizer = await Recognizer.load(here(`golden/${model}`))
    const { tokens } = await recognizer.transcribeFeatures(features.array(kind) as never)
    const answer = golden.models[model]!.single[clip]!
    expect(tokens.map((token) => token.token)).toEqual(answer.tokens)
    tokens.forEach((token, i) => {
      expect(token.start).toBeCloseTo(answer.timestamps[i]!, 3)
      if (answer.durations.length > 0) expect(token.duration).toBeCloseTo(answer.durations[i]!, 3)
      if (answer.logProbs.length > 0) {
        expect(Math.abs(Math.log(token.confidence) - answer.logProbs[i]!)).toBeLessThan(LOG_PROBABILITY_TOLERANCE)
      }
    })
    await recognizer.release()
  })
})
