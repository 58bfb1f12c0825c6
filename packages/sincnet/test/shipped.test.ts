import { existsSync } from 'node:fs'
import { golden, maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { SpeakerEncoder } from '../src/index.js'
import { EMBEDDING_TOLERANCE } from './tolerance.js'

// Written by the training's export beside the model: waveforms, and PyTorch's embeddings of them in float32.
const reference = new URL('./golden/encoder.npz', import.meta.url)
const isThere = existsSync(reference) && existsSync(new URL('../model/speaker-encoder.json', import.meta.url))
if (!isThere) console.warn('the shipped model or PyTorch’s embeddings are not there: they are not compared')

describe.skipIf(!isThere)('the shipped model', () => {
  it('gives PyTorch’s embeddings', async () => {
    const { names, numbers } = golden(reference)
    const encoder = await SpeakerEncoder.load()
    const cases = names.filter((name) => name.startsWith('embedding')).map((name) => name.slice('embedding'.length))
    expect(cases.length).toBeGreaterThan(1)
    for (const n of cases) {
      const { vector } = await encoder.embed(numbers(`wave${n}`))
      expect(maxAbsError(vector.data, numbers(`embedding${n}`))).toBeLessThanOrEqual(EMBEDDING_TOLERANCE)
    }
    await encoder.close()
  })
})
