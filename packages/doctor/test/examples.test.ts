import { extractExamples, runExample } from '@dsp/tensor/testing'
import { describe, it } from 'vitest'

describe('every @example of the doc comments runs', () => {
  for (const example of extractExamples(new URL('../src', import.meta.url))) {
    it(example.name, () => runExample(example))
  }
})
