import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { parseReport } from '../../src/index.js'
import { postedCase } from './posted-case.js'

const said = {
  numBins: undefined,
  lowFreq: 20,
  highFreq: 7600,
  window: 'povey',
  spectrum: 'power',
  framePreemphasis: 0.97,
  dcOffset: 'none',
}

describe('a report in words', () => {
  it('is read whole in the posted case', () => {
    const report = parseReport(postedCase)
    expect(report.notRead).toEqual([])
    expect(report.ours).toMatchObject({ mean: -2.05, std: 3.61, samples: 98688, frames: 615, bins: 80 })
    expect(report.theirs).toMatchObject({ mean: -8.18, std: 3.16, samples: 98304, frames: 614, bins: 80 })
    for (const side of [report.ours, report.theirs]) {
      const { numBins: _, ...settings } = said
      expect(side.frontEnd).toEqual({ ...settings, sampleRate: 16000 })
    }
    expect(report).toMatchObject({ worstBins: [75, 79], correlation: 0.86, difference: 6.13 })
  })

  it.each([
    ['ours mean −2.05; theirs mean -8.18', { ours: { mean: -2.05 }, theirs: { mean: -8.18 } }],
    ['Our features: std. dev. 3.6 and 615 frames', { ours: { std: 3.6, frames: 615 } }],
    [
      'reference: shape (80, 614), n_fft=400, hop 10 ms, window 25 ms',
      { theirs: { frames: 614, bins: 80, frontEnd: { fftLength: 400, frameShift: 160, frameLength: 400 } } },
    ],
    [
      'ours: mean 1\nboth have: no snip_edges, snip_edges=true, slaney, slaney norm, dither 0.1, log10',
      { theirs: { frontEnd: { padding: 'snip', melScale: 'slaney', melNorm: 'slaney', dither: 0.1, log: 'log10' } } },
    ],
    [
      'mean diff 6.13 in the log; max abs diff: 12; source: mp3 at 48 kHz',
      { difference: 6.13, maxDifference: 12, source: { format: 'mp3', sampleRate: 48000 } },
    ],
    ['r = 0.86, worst bins 75–79', { correlation: 0.86, worstBins: [75, 79] }],
    [
      'ours: mean 1e-3, int16 samples, high_freq -400',
      { ours: { mean: 0.001, frontEnd: { gain: 32768, highFreq: -400 } } },
    ],
  ])('reads %s', (text, expected) => {
    const report = parseReport(text)
    expect(report).toMatchObject(expected)
    expect(report.notRead).toEqual([])
  })

  it('keeps what it does not understand', () => {
    expect(parseReport('ours: mean 1, made by the usual script').notRead).toEqual(['made by the usual script'])
  })
})

describe('a report in JSON', () => {
  it('may give settings of both sides once', () => {
    const report = parseReport('{"ours": {"mean": 1, "frontEnd": {"window": "hann"}}, "both": {"lowFreq": 0}}')
    expect(report.ours).toEqual({ mean: 1, frontEnd: { window: 'hann', lowFreq: 0 } })
    expect(report.theirs).toEqual({ frontEnd: { lowFreq: 0 } })
  })

  it.each([
    ['{', 'report'],
    ['{}', 'report'],
    ['it rained', 'report'],
    ['{"our": {}}', 'report'],
    ['{"ours": {"mean": "1"}}', 'report.ours.mean'],
    ['{"ours": {"std": -1}}', 'report.ours.std'],
    ['{"ours": {"frames": 1.5}}', 'report.ours.frames'],
    ['{"ours": {"frontEnd": {"window": "round"}}}', 'report.ours.frontEnd.window'],
    ['{"both": {"windows": 1}}', 'report.both'],
    ['{"both": {"fftLength": 0}}', 'report.both.fftLength'],
    ['{"correlation": 2}', 'report.correlation'],
    ['{"worstBins": [5, 1]}', 'report.worstBins'],
    ['{"source": {"format": "gramophone"}}', 'report.source.format'],
    ['{"both": {"sampleRate": 1e12}}', 'report.both.sampleRate'],
    ['{"source": {"sampleRate": 1e9}}', 'report.source.sampleRate'],
    ['{"notRead": [1], "ours": {"mean": 1}}', 'report.notRead'],
  ])('%s is an error that names %s', (text, argument) => {
    expect(errorOf(() => parseReport(text)).argument).toBe(argument)
  })
})
