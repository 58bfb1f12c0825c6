import { describe, expect, it } from 'vitest'
import * as chroma from '../src/index.js'

const y = new Float64Array(22050).map((_, i) => Math.sin(i / 7) + Math.sin(i / 2.2))

// The shapes are those of librosa 1.0: `cqt(y, sr=22050, n_bins=None, …).shape`.
describe.each([
  ['cqt', chroma.cqt, chroma.cqtAsync, chroma.cqtBatch, [2]],
  ['vqt', chroma.vqt, chroma.vqtAsync, chroma.vqtBatch, [2]],
  ['hybridCqt', chroma.hybridCqt, chroma.hybridCqtAsync, chroma.hybridCqtBatch, []],
  ['pseudoCqt', chroma.pseudoCqt, chroma.pseudoCqtAsync, chroma.pseudoCqtBatch, []],
] as const)('%s', (name, one, async, batch, parts) => {
  it('has as many filters as fit where nBins is null, in every form', async () => {
    const options = { nBins: null, binsPerOctave: 24, fmin: 440, window: 'hamming' } as const
    const bins = name === 'vqt' ? one(y, options).shape[0]! : 111
    const known = one(y, { ...options, nBins: bins })
    for (const result of [one(y, options), await async(y, options), ...batch([y, y], options)]) {
      expect(result.shape).toEqual([bins, 44, ...parts])
      expect(result.data).toEqual(known.data)
    }
    expect(one(y, { ...options, tuning: null }).shape[1]).toBe(44)
    expect(() => one(y, { nBins: null, fmin: 12_000 })).toThrow(/fmin/)
  })

  it('gives the results of librosa 1.0 where filters come near the Nyquist frequency', () => {
    const [old, young] = (['0.11', '1.0'] as const).map((librosa) => one(y, { fmin: 1200, nBins: 36, librosa }))
    expect(young!.shape).toEqual(old!.shape)
    if (parts.length > 0) expect(young!.data).not.toEqual(old!.data)
    const low = (['0.11', '1.0'] as const).map((librosa) => one(y, { librosa }).data)
    expect(low[0]).toEqual(low[1])
    expect(() => one(y, { fmin: 1200, nBins: 40, librosa: '1.0' })).toThrow(/Nyquist/)
    expect(() => one(y, { librosa: '0.12' as never })).toThrow(/librosa/)
  })
})
