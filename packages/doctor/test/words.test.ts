import { describe, expect, it } from 'vitest'
import {
  type CauseId,
  causeIds,
  describeSetting,
  differences,
  equivalents,
  type FrontEnd,
  fieldsOf,
  type Layout,
  sentence,
} from '../src/index.js'
import { percent } from '../src/words/numbers.js'
import { kaldi, librosaMfcc, nemo, whisper } from './front-ends.js'

const layout: Layout = { axes: 'frames-bins', reversed: false, dtype: 'float32', swapped: false, before: 0, after: 0 }

/** For each cause one change that is it and nothing else. */
const SINGLE: Record<Exclude<CauseId, 'layout' | 'decoder-delay'>, Partial<FrontEnd>> = {
  channel: { channel: 'left' },
  'sample-rate': { sampleRate: 8000, frameLength: 200, frameShift: 80, fftLength: 256 },
  resampler: { resampler: 'linear' },
  'time-shift': { shift: 37 },
  'sample-scale': { gain: 32768 },
  polarity: { gain: -1 },
  'dc-offset': { dcOffset: 'none' },
  dither: { dither: 3e-5 },
  preemphasis: { framePreemphasis: 0, signalPreemphasis: 0.97 },
  'frame-length': { frameLength: 320 },
  'frame-shift': { frameShift: 200 },
  'snip-edges': { padding: 'mirror' },
  window: { window: 'hann', periodic: true },
  'fft-length': { fftLength: 1024 },
  spectrum: { spectrum: 'magnitude' },
  'fft-scaling': { gain: 1 / 512 },
  'mel-scale': { melScale: 'slaney' },
  'mel-norm': { melNorm: 'slaney' },
  'mel-triangles': { triangles: 'hertz' },
  'low-freq': { lowFreq: 0 },
  'high-freq': { highFreq: 8000 },
  'num-bins': { numBins: 64 },
  vtln: { vtlnWarp: 1.1 },
  log: { log: 'log10' },
  'log-floor': { floor: 1e-10 },
  'energy-column': { energyColumn: 'first' },
  dct: { numCeps: 13, lifter: 22 },
  deltas: { deltas: 2 },
  normalisation: { normalisation: 'per-feature', normalisationDdof: 1 },
}

describe('fieldsOf', () => {
  it('gives every setting to some cause', () => {
    const covered = new Set(causeIds.flatMap((id) => fieldsOf(id)))
    expect(Object.keys({ ...kaldi, ...layout }).filter((field) => !covered.has(field as never))).toEqual([])
  })
})

describe('differences', () => {
  for (const [id, change] of Object.entries(SINGLE))
    it(`names ${id} alone, in both directions`, () => {
      const changed = { ...kaldi, ...change }
      expect(differences(kaldi, changed).map((one) => one.id)).toEqual([id])
      expect(differences(changed, kaldi).map((one) => one.id)).toEqual([id])
    })

  it('finds none between a front end and itself, nor where what differs does nothing', () => {
    expect(differences(kaldi, { ...kaldi })).toEqual([])
    expect(differences(kaldi, { ...kaldi, dctType: 3, lifterType: 'librosa', normalisationDdof: 1 })).toEqual([])
    const spectrum = { ...kaldi, numBins: 0, log: 'none' as const }
    expect(differences(spectrum, { ...spectrum, melScale: 'slaney', topDb: 80, highFreq: 300 })).toEqual([])
  })

  it('is complete: ours with the fields of all differences differs from theirs by nothing', () => {
    for (const ours of [kaldi, whisper, nemo, librosaMfcc])
      for (const theirs of [kaldi, whisper, nemo, librosaMfcc]) {
        const fields = differences(ours, theirs).flatMap((one) => one.fields) as (keyof FrontEnd)[]
        const fixed = { ...ours, ...Object.fromEntries(fields.map((field) => [field, theirs[field]])) }
        expect(differences(fixed, theirs)).toEqual([])
      }
  })

  it('calls a delay a decoder delay only for a codec', () => {
    expect(differences(kaldi, { ...kaldi, shift: 384 }, { codec: true })).toEqual([
      { id: 'decoder-delay', fields: ['shift'] },
    ])
  })

  it('compares layouts if they are given', () => {
    const swapped: Layout = { ...layout, axes: 'bins-frames', dtype: 'float16' }
    expect(differences(kaldi, kaldi, { layouts: [layout, swapped] })).toEqual([
      { id: 'layout', fields: ['axes', 'dtype'] },
    ])
  })

  it('tells scaled transforms from scaled samples within 0.1 %', () => {
    const id = (gain: number, ours = kaldi) => differences(ours, { ...ours, gain }).map((one) => one.id)
    const total = 0.5 * 400
    const hann = { ...whisper, frameLength: 400 }
    for (const value of [512, Math.sqrt(512)])
      for (const gain of [value, 1 / value, Math.sqrt(value), 1 / Math.sqrt(value)]) {
        expect(id(gain)).toEqual(['fft-scaling'])
        expect(id(gain * 1.0009)).toEqual(['fft-scaling'])
        expect(id(gain * 1.0012)).toEqual(['sample-scale'])
        expect(id(-gain)).toEqual(['polarity', 'fft-scaling'])
      }
    for (const gain of [total, 1 / total, Math.sqrt(total), 1 / Math.sqrt(total)])
      expect(id(gain, hann)).toEqual(['fft-scaling'])
    for (const gain of [32768, 32767, 1 / 32768, 2, 10]) expect(id(gain)).toEqual(['sample-scale'])
  })
})

describe('words', () => {
  it('describes every setting of four front ends', () => {
    for (const [name, one] of Object.entries({ kaldi, whisper, nemo, librosaMfcc }))
      expect(Object.fromEntries(causeIds.map((id) => [id, describeSetting(id, one)]))).toMatchSnapshot(name)
  })

  it('says a sentence for every cause', () => {
    const sentences = Object.entries(SINGLE).map(([id, change]) =>
      sentence(id as CauseId, kaldi, { ...kaldi, ...change }, 0.92),
    )
    expect(sentences).toMatchSnapshot()
    for (const one of sentences) expect(one).toMatch(/: this explains 92 % of the difference\.$/)
  })

  it('names codec frames, gains and layouts', () => {
    expect(sentence('decoder-delay', kaldi, { ...kaldi, shift: -384 }, 0.5, { codecFrame: 384 })).toBe(
      'Their audio starts 384 samples (24 ms, 1 whole codec frame) earlier than ours: this explains 50 % of the difference.',
    )
    expect(sentence('sample-scale', kaldi, { ...kaldi, gain: 4 }, 0.5, { peak: 0.25 })).toBe(
      'Their samples are 4 times ours, as for samples normalised to a peak of 1 (0.25): this explains 50 % of the difference.',
    )
    expect(sentence('fft-scaling', { ...kaldi, gain: 1 / 512 }, kaldi, 1)).toBe(
      'Our transform is scaled (spectrum / N (512)), theirs not: this explains 100 % of the difference.',
    )
    expect(sentence('polarity', kaldi, { ...kaldi, gain: -1 }, null)).toBe(
      'Their samples have the opposite sign: this changes no value.',
    )
    const theirs: Layout = { ...layout, axes: 'bins-frames', dtype: 'bfloat16', swapped: true, after: 3 }
    expect(sentence('layout', kaldi, kaldi, 0, { layouts: [layout, theirs] })).toBe(
      'Their axes are [bins, frames], ours [frames, bins]; their values are bfloat16, ours float32; the bytes of their values are in the other order; their frames of padding are 0 before and 3 after the features, ours none. This was undone before anything else was compared.',
    )
    expect(sentence('layout', kaldi, kaldi, 1, { layouts: [layout, { ...layout, reversed: true }] })).toBe(
      'Their columns run from the highest bin to the lowest, ours from the lowest bin to the highest: this explains 100 % of the difference.',
    )
    expect(describeSetting('layout', kaldi, theirs)).toBe(
      '[bins, frames], bfloat16, its 2 bytes in the other order, 3 frames of padding after',
    )
  })

  it('names gains by the audio, and scaling as such', () => {
    expect(describeSetting('sample-scale', { ...kaldi, gain: 4 }, undefined, { peak: 0.25 })).toBe(
      'samples normalised to a peak of 1 (0.25)',
    )
    expect(describeSetting('sample-scale', { ...kaldi, gain: 4 })).toBe('samples x 4')
    expect(describeSetting('fft-scaling', kaldi)).toBe('not scaled')
    expect(describeSetting('fft-scaling', { ...kaldi, gain: 1 / 512 })).toBe('spectrum / N (512)')
  })

  it('says nothing of a limit that both have', () => {
    expect(sentence('log-floor', whisper, { ...whisper, floor: 1e-5 }, 0.5)).toBe(
      'Their floor under the logarithm is max(x, 1e-5), ours max(x, 1e-10): this explains 50 % of the difference.',
    )
    expect(sentence('log-floor', whisper, { ...whisper, topDb: null }, 0.5)).toBe(
      'Their floor under the logarithm is max(x, 1e-10), ours max(x, 1e-10), at most 80 dB below the loudest value: this explains 50 % of the difference.',
    )
  })

  it('mentions frames left out and floors under an energy', () => {
    expect(describeSetting('snip-edges', whisper)).toBe('centred, edges reflected, the last one left out')
    expect(describeSetting('energy-column', { ...kaldi, energyColumn: 'c0', numCeps: 13, energyFloor: 1 })).toBe(
      'raw log energy (at least ln 1) in place of c0',
    )
    expect(differences(whisper, { ...whisper, dropLast: false })).toEqual([{ id: 'snip-edges', fields: ['dropLast'] }])
    expect(differences(kaldi, { ...kaldi, energyFloor: 1 })).toEqual([])
  })

  it('lists what no features can tell apart', () => {
    expect(equivalents('fft-scaling', kaldi, { ...kaldi, gain: 1 / 512 })).toEqual(['sample-scale'])
    expect(equivalents('sample-scale', kaldi, { ...kaldi, gain: 32768 })).toEqual([
      'fft-scaling',
      'int16 samples (x 32767)',
    ])
    expect(equivalents('time-shift', kaldi, { ...kaldi, shift: 5 })).toEqual(['decoder-delay'])
    expect(equivalents('log', kaldi, whisper)).toEqual([])
  })

  it('rounds percentages so that only the whole is 100 %', () => {
    const shares = [Number.NaN, 0, 0.0004, 0.004, 0.056, 0.925, 0.987, 0.994, 0.9994, 0.9996, 1]
    expect(shares.map(percent)).toEqual(
      [
        'less than 0.1 %',
        'less than 0.1 %',
        'less than 0.1 %',
        '0.4 %',
        '5.6 %',
        '93 %',
        '99 %',
        '99.4 %',
        '99.9 %',
      ].concat(['100 %', '100 %']),
    )
  })
})
