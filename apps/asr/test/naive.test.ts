import { tensor } from '@dsp/tensor'
import { seededRandom } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Recognizer } from '../src/index.js'
import { asFloats, floats, integers, Network } from '../src/session.js'
import { here } from './golden.js'

// The searches look ahead over blanks and keep the prediction network's outputs. Here is the plain form: one run of the
// joiner for each step, one of the prediction network for each token.

const argmax = (values: Float32Array) => values.reduce((best, value, i) => (value > values[best]! ? i : best), 0)
const random = seededRandom(7)
const features = (frames: number, middle: number, spread: number) =>
  Float32Array.from({ length: frames * 80 }, () => middle + spread * (random() - 0.5))

async function networks(model: string, names: string[]): Promise<[Network, Network, Network]> {
  const [encoder, decoder, joiner] = await Promise.all(
    names.map((name) => Network.load(here(`golden/${model}/${name}.onnx`), 1)),
  )
  return [encoder!, decoder!, joiner!]
}

describe('the icefall transducer', () => {
  let parts: [Network, Network, Network]
  beforeAll(async () => {
    const names = ['encoder', 'decoder', 'joiner'].map((part) => `${part}-epoch-9-avg-1`)
    parts = await networks('icefall-transducer', names)
  })
  afterAll(() => Promise.all(parts.map((network) => network.release())))

  it.each([1, 2, 3, 4, 5, 16, 17, 63, 130, 400])('finds in %i frames what the plain search finds', async (frames) => {
    const [encoder, decoder, joiner] = parts
    const data = features(frames, -9, 14)
    const [encoded] = await encoder.run([floats(data, [1, frames, 80]), integers([frames], [1], encoder.inputs[1]!)])
    const [, count, width] = encoded!.shape as [number, number, number]
    const expected: number[][] = []
    const context = [-1, 0]
    for (let t = 0; t < count; t++) {
      const [prediction] = await decoder.run([integers(context, [1, 2], decoder.inputs[0]!)])
      const frame = asFloats(encoded!, encoder).slice(t * width, (t + 1) * width)
      const [scores] = await joiner.run([floats(frame, [1, width]), prediction!])
      const token = argmax(asFloats(scores!, joiner))
      if (token < 2) continue
      expected.push([token, t])
      context.shift()
      context.push(token)
    }
    const recognizer = await Recognizer.load(here('golden/icefall-transducer'))
    const { tokens } = await recognizer.transcribeFeatures(tensor(data, [frames, 80]))
    expect(tokens.map(({ id, start }) => [id, Math.round(start / 0.04)])).toEqual(expected)
    await recognizer.release()
  })
})

describe.each([
  ['nemo-tdt', 5],
  ['nemo-rnnt', 10],
])('%s', (model, most) => {
  it.each([1, 3, 5, 18, 77, 230])('finds in %i frames what the plain search finds', async (frames) => {
    const [encoder, decoder, joiner] = await networks(model, ['encoder', 'decoder', 'joiner'])
    const recognizer = await Recognizer.load(here(`golden/${model}`))
    const data = features(frames, -9, 14)
    const { tokens } = await recognizer.transcribeFeatures(tensor(data, [frames, 80]))

    const normal = new Float32Array(80 * frames)
    for (let k = 0; k < 80; k++) {
      const column = Float64Array.from({ length: frames }, (_, t) => data[t * 80 + k]!)
      const mean = column.reduce((a, b) => a + b, 0) / frames
      const deviation = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / frames)
      column.forEach((value, t) => {
        normal[k * frames + t] = (value - mean) / (deviation + 1e-5)
      })
    }
    const [encoded] = await encoder.run([floats(normal, [1, 80, frames]), integers([frames], [1], encoder.inputs[1]!)])
    const [, width, count] = encoded!.shape as [number, number, number]
    const vocabulary = recognizer.model.vocabSize
    const predict = (token: number, states: Parameters<Network['run']>[0]) =>
      decoder.run([integers([token], [1, 1], decoder.inputs[0]!), integers([1], [1], decoder.inputs[1]!), ...states])
    const zeros = () => floats(new Float32Array(2 * 12), [2, 1, 12])
    let prediction = await predict(vocabulary - 1, [zeros(), zeros()])
    const expected: number[][] = []
    let waiting = 0
    for (let t = 0; t < count; ) {
      const frame = Float32Array.from({ length: width }, (_, k) => asFloats(encoded!, encoder)[k * count + t]!)
      const [scores] = await joiner.run([floats(frame, [1, width, 1]), prediction[0]!])
      const values = asFloats(scores!, joiner)
      const token = argmax(values.subarray(0, vocabulary))
      let step = values.length > vocabulary ? argmax(values.subarray(vocabulary)) : 0
      if (token === vocabulary - 1) step = Math.max(step, 1)
      else {
        expected.push([token, t])
        waiting++
        prediction = await predict(token, prediction.slice(2))
        if (step === 0 && waiting === most) step = 1
      }
      if (step > 0) waiting = 0
      t += step
    }
    expect(tokens.map(({ id, start }) => [id, Math.round(start / 0.04)])).toEqual(expected)
    for (const part of [encoder, decoder, joiner, recognizer]) await part.release()
  })
})
