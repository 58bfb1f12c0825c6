import { expect, it } from 'vitest'
import { pyin, pyinAsync } from '../src/index.js'

const y = new Float64Array(22050).map((_, i) => (i % 7000 < 5000 ? Math.sin(i / (6 + (i % 3000) / 500)) : 0))
const range = { fmin: 80, fmax: 1000 }

it('leaves improbable transitions out of account, as librosa 1.0', async () => {
  const exact = pyin(y, range)
  expect(pyin(y, { ...range, transitionMinProb: null })).toEqual(exact)
  expect(pyin(y, { ...range, transitionMinProb: 0 })).toEqual(exact)
  const young = pyin(y, { ...range, transitionMinProb: 1e-4 })
  expect(await pyinAsync(y, { ...range, transitionMinProb: 1e-4 })).toEqual(young)
  expect(() => pyin(y, { ...range, transitionMinProb: 0.9 })).toThrow(/transitionMinProb/)
})

it('says that the range is too narrow, not the resolution', () => {
  expect(() => pyin(y, { fmin: 100, fmax: 100.1 })).toThrow(/fmax/)
})
