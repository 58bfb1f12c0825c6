import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Recognizer, type Transcript } from '../src/index.js'
import { here } from './golden.js'

/** Largest word error rate beyond the model card's: another processor's arithmetic may change a word or two of 300. */
export const WORD_ERROR_RATE_TOLERANCE = 0.007
/** Over this the model would not be worth shipping. */
export const WORST_WORD_ERROR_RATE = 0.1
/** Largest difference of a token's log probability from sherpa-onnx's on real speech, with int8 or float32 weights. */
export const LOG_PROBABILITY_TOLERANCE = 0.05

const sherpa = JSON.parse(readFileSync(here('golden/an4.json'), 'utf8')) as {
  answers: Record<string, { text: string; timestamps: number[]; logProbs: number[] }>
}
const model = here('../models/an4')
const demo = here('../demo')
const rows = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))

describe('the shipped model', () => {
  let recognizer: Recognizer
  beforeAll(async () => {
    recognizer = await Recognizer.load(model)
  })
  afterAll(() => recognizer.release())

  const expectLikeSherpa = (name: string, { text, tokens }: Transcript) => {
    const answer = sherpa.answers[name]!
    expect(text, name).toBe(answer.text)
    expect(tokens).toHaveLength(answer.timestamps.length)
    tokens.forEach((token, i) => {
      expect(token.start, name).toBeCloseTo(answer.timestamps[i]!, 3)
      expect(Math.abs(Math.log(token.confidence) - answer.logProbs[i]!), name).toBeLessThan(LOG_PROBABILITY_TOLERANCE)
    })
  }

  it('writes what the demo clips say', async () => {
    for (const [clip, text] of rows(join(demo, 'transcripts.tsv'))) {
      const transcript = await recognizer.transcribe(join(demo, clip!))
      expect(transcript.text).toBe(text)
      expectLikeSherpa(clip!, transcript)
    }
  })

  it('hears AN4 as well as its card says, in the words of sherpa-onnx', async (context) => {
    const table = sharedDataOrSkip(context, 'an4/test.tsv')
    const folder = join(table, '..', 'test')
    const texts = new Map(rows(table).map(([name, , text]) => [name!, text!]))
    const paths = readdirSync(folder).flatMap((speaker) =>
      readdirSync(join(folder, speaker)).map((file) => ({ file, path: join(folder, speaker, file) })),
    )
    expect(paths).toHaveLength(texts.size)
    let errors = 0
    let words = 0
    for (const { file, path } of paths) {
      const transcript = await recognizer.transcribe(path)
      expectLikeSherpa(file, transcript)
      const said = texts.get(file.replace('.flac', ''))!.split(' ')
      errors += editDistance(
        said,
        transcript.words.map((word) => word.word),
      )
      words += said.length
    }
    const { wer } = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as { wer: { an4Test: number } }
    expect(errors / words).toBeLessThanOrEqual(wer.an4Test + WORD_ERROR_RATE_TOLERANCE)
    expect(errors / words).toBeLessThanOrEqual(WORST_WORD_ERROR_RATE)
  })

  it('gives the same words in batches', async () => {
    const clips = rows(join(demo, 'transcripts.tsv'))
    const batch = await recognizer.transcribeBatch(clips.map(([clip]) => join(demo, clip!)))
    expect(batch.map((transcript) => transcript.text)).toEqual(clips.map(([, text]) => text))
  })

  it('hears nothing in silence', async () => {
    const silence = await recognizer.transcribe({ samples: new Float32Array(32000), sampleRate: 16000 })
    expect(silence.words).toEqual([])
  })
})

/** Substitutions, deletions and insertions that turn one list of words into the other. */
function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  from.forEach((word, i) => {
    const next = [i + 1]
    to.forEach((other, k) => {
      next.push(Math.min(row[k]! + (word === other ? 0 : 1), row[k + 1]! + 1, next[k]! + 1))
    })
    row = next
  })
  return row.at(-1)!
}
