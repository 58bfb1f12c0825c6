import { existsSync } from 'node:fs'
import { extractExamples, runExample } from '@dsp/tensor/testing'
import { describe, it } from 'vitest'

const hasModel = existsSync(new URL('../model/speaker-encoder.json', import.meta.url))
if (!hasModel) console.warn('the shipped model is not there: examples that load it are skipped')

describe('every @example of the doc comments runs', () => {
  for (const example of extractExamples(new URL('../src', import.meta.url))) {
    const isSkipped = !hasModel && example.code.includes('SpeakerEncoder.load()')
    it.skipIf(isSkipped)(example.name, () => runExample(example, { files: {} }))
  }
})
