import { describe, it } from 'vitest'
import { extractExamples, runExample } from '../src/testing/index.js'

describe('every @example of the doc comments runs', () => {
  for (const example of extractExamples(new URL('../src', import.meta.url))) {
    it(example.name, () => runExample(example))
  }
})
