import { extractExamples, runExample } from '@dsp/tensor/testing'
import { describe, it } from 'vitest'
import { modelOrSkip } from './golden.js'

const model = await modelOrSkip('tiny.en')

describe('every @example of the doc comments runs', () => {
  for (const example of extractExamples(new URL('../src', import.meta.url))) {
    // those of the class need a model
    it.skipIf(example.name.endsWith(' Whisper') && model === undefined)(example.name, () => runExample(example))
  }
})
