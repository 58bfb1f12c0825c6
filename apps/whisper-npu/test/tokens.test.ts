import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenTimes } from '../src/alignment.js'
import { floatFrontEnd } from '../src/front-end.js'
import { generate } from '../src/generate.js'
import { loadModel, type Model } from '../src/model.js'
import { monoBlocks } from '../src/recording.js'
import { fasterGoldens, goldens, modelOrSkip } from './golden.js'

/** Largest difference of a token's time from transformers', in seconds: one frame of the encoder. */
export const TIME_TOLERANCE = 0.02
/** All models and recordings take minutes: `WHISPER_ALL=1`. Otherwise tiny.en, on jfk and three utterances. */
const all = process.env.WHISPER_ALL === '1'
const models = all ? Object.keys(goldens) : ['tiny.en']

/**
 * The place after the last complete segment, where the last one has no end: from there transformers hears the rest again. Undefined
 * where all was written down.
 */
function endOf(tokens: readonly number[], firstTimestamp: number): number | undefined {
  const isStamp = (i: number) => tokens[i]! >= firstTimestamp
  const last = tokens.length - 1
  const pair = tokens.findLastIndex((_, i) => i > 0 && isStamp(i) && isStamp(i - 1))
  return pair < 0 || (isStamp(last) && !isStamp(last - 1)) ? undefined : pair + 1
}

describe.each(models)('%s writes the tokens that transformers and faster-whisper write', (name) => {
  let model: Model | undefined
  beforeAll(async () => {
    const folder = await modelOrSkip(name)
    if (folder !== undefined) model = await loadModel(folder, { intraOpNumThreads: 1 })
  }, 300_000)
  afterAll(() => model?.network.close())

  it.for(goldens[name]!.slice(0, all ? undefined : 4))('of $file', async (golden, context) => {
    const path = sharedDataOrSkip(context, golden.file)
    if (model === undefined) return context.skip(`the model ${name} is not at hand`)
    const { network, tokenizer, config, mels } = model
    const rules = { ...config, end: tokenizer.end, noTimestamps: tokenizer.noTimestamps }
    const blocks: Float32Array[] = []
    for await (const block of monoBlocks(path, undefined)) blocks.push(block)
    const samples = Float32Array.from(blocks.flatMap((block) => [...block]))
    const features = await floatFrontEnd(mels).features(samples, undefined)
    const faster = fasterGoldens[name]!.find(({ file }) => file === golden.file)!
    const frames = Math.floor(Math.ceil(samples.length / 160) / 2)
    for (const timestamps of [false, true]) {
      const prompt = tokenizer.prompt(name.endsWith('.en') ? undefined : 'en', 'transcribe', timestamps)
      const listening = await network.listen(features)
      const options = { maxTokens: model.context >> 1, timestamps, signal: undefined }
      const { tokens, alignment } = await generate(listening, prompt, rules, options)
      const { tokens: expected, times } = golden[timestamps ? 'timestamps' : 'plain']
      // transformers repeats the prompt and the end where there are no time stamps
      const written = timestamps ? tokens : [...prompt, ...tokens, tokenizer.end]
      const end = timestamps ? endOf(tokens, tokenizer.firstTimestamp) : undefined
      // the rest is made of features that were cut, not computed again: only what comes before can be the same
      expect(written.slice(0, end)).toEqual(expected.slice(0, end))
      // faster-whisper leaves out the time stamp at which the rest begins
      const last = end === undefined ? undefined : end - 1
      expect(tokens.slice(0, last), 'faster-whisper').toEqual(faster[timestamps ? 'timestamps' : 'plain'])
      if (end !== undefined) continue
      const given = tokenTimes(alignment, frames)
      for (const [i, time] of given.entries()) {
        const reference = times[i + (timestamps ? 0 : prompt.length)]!
        expect(Math.abs(time - reference), `token ${i}`).toBeLessThan(TIME_TOLERANCE + 1e-9)
      }
    }
  })
})
