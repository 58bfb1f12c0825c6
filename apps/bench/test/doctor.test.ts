import type { Cause, FrontEnd, Layout } from '@dsp/doctor'
import { frontEndOf } from '@dsp/doctor'
import { describe, expect, it } from 'vitest'
import type { Case, Fault } from '../src/doctor/cases.ts'
import { failed, type Judged, judge } from '../src/doctor/judge.ts'
import { confusions, isRight, totals } from '../src/doctor/summary.ts'

const ours = frontEndOf('fbank', { numMelBins: 80 }, 16000)
const layout: Layout = { axes: 'frames-bins', reversed: false, dtype: 'float32', swapped: false, before: 0, after: 0 }

function fault(
  id: Fault['id'],
  settings: Fault['settings'],
  told = true,
  equivalents: Fault['equivalents'] = [],
): Fault {
  return { id, settings, change: { max: 1, rms: 0.1 }, told, equivalents }
}

function known(...faults: Fault[]): Case {
  const group = (['equal', 'single', 'pair', 'triple'] as const)[faults.length]!
  const settings = Object.assign({}, ...faults.map((one) => one.settings)) as Partial<FrontEnd>
  const theirs = { ...ours, ...settings }
  const files = { audio: 'a.wav', reference: 'r.npy', seconds: 3, made: 'numpy' }
  return { id: 'x', group, kind: 'fbank', options: {}, ...files, ours, theirs, layout, faults }
}

function cause(id: Cause['id'], equivalent: string[] = []): Cause {
  const shares = { explains: 1, explainsRest: 1, residual: 0 }
  return { id, ours: '', theirs: '', ...shares, equivalent, sentence: '' }
}

function found(causes: Cause[], theirs: Partial<FrontEnd> = {}, minor: Cause[] = []): Judged {
  const rest = { explained: true, residual: 0, difference: 1, layout, seconds: 1 }
  return { causes, minor, theirs: { ...ours, ...theirs }, ...rest }
}

const far = () => 1
const scale = fault('mel-scale', { melScale: 'slaney' })
const log = fault('log', { log: 'log10' })

describe('judge', () => {
  it('wants a single fault first', () => {
    const one = known(scale)
    expect(judge(one, found([cause('mel-scale')], { melScale: 'slaney' }), far)).toMatchObject({
      first: true,
      missed: [],
      accused: [],
      wrong: [],
    })
    const second = judge(one, found([cause('log'), cause('mel-scale')], { melScale: 'slaney' }), far)
    expect(second).toMatchObject({ first: false, missed: [], accused: ['log'] })
    expect(isRight(second)).toBe(false)
    const none = judge(one, found([]), far)
    expect(none).toMatchObject({ first: false, missed: ['mel-scale'], wrong: ['melScale'] })
    expect(isRight(none)).toBe(false)
  })

  it('wants all of several, among the minor ones at least', () => {
    const two = known(scale, log)
    const both = judge(two, found([cause('log')], { melScale: 'slaney', log: 'log10' }, [cause('mel-scale')]), far)
    expect(both).toMatchObject({ missed: [], accused: [], wrong: [] })
    expect(isRight(both)).toBe(true)
    const one = judge(two, found([cause('log')], { log: 'log10' }), far)
    expect(one.missed).toEqual(['mel-scale'])
    expect(isRight(one)).toBe(false)
  })

  it('does not count what cannot be told', () => {
    const verdict = judge(
      known(scale, fault('low-freq', { lowFreq: 0 }, false)),
      found([cause('mel-scale')]),
      () => 1e-4,
    )
    expect(verdict).toMatchObject({ faults: ['mel-scale'], missed: [], wrong: [] })
  })

  it('takes an equivalent only if the diagnosis says that it is one', () => {
    const sum = known(fault('channel', { channel: 'sum' }, true, ['sample-scale']))
    expect(judge(sum, found([cause('sample-scale', ['channel'])]), far).missed).toEqual([])
    expect(judge(sum, found([cause('sample-scale')]), far).missed).toEqual(['channel'])
    expect(judge(known(scale), found([cause('mel-norm', ['mel-scale'])]), far).missed).toEqual(['mel-scale'])
  })

  it('accuses nothing of what follows from a fault, and anything where there is none', () => {
    const longer = known(fault('frame-length', { frameLength: 640, fftLength: 1024 }))
    expect(judge(longer, found([cause('frame-length'), cause('fft-length')]), far).accused).toEqual([])
    const verdict = judge(known(), found([], {}, [cause('window')]), far)
    expect(verdict.accused).toEqual(['window'])
    expect(isRight(verdict)).toBe(false)
    expect(isRight(judge(known(), found([]), far))).toBe(true)
  })

  it('compares settings by what they change, and the layout', () => {
    expect(judge(known(scale), found([], { window: 'hann' }), () => 1e-4).wrong).toEqual([])
    expect(judge(known(scale), found([], { melScale: 'slaney', window: 'hann' }), far).wrong).toEqual(['window'])
    const noisy = known(fault('dither', { dither: 1e-4 }))
    expect(judge(noisy, found([], { dither: 1.1e-4 }), far).wrong).toEqual([])
    expect(judge(noisy, found([], { dither: 2e-4 }), () => 0).wrong).toEqual(['dither'])
    const turned = known(fault('layout', { axes: 'bins-frames' }))
    expect(judge({ ...turned, theirs: ours }, found([cause('layout')]), far).wrong).toEqual(['axes'])
  })
})

describe('totals', () => {
  it('counts by group, never rounds up to all, and shows what was taken for what', () => {
    const right = judge(known(scale), found([cause('mel-scale')], { melScale: 'slaney' }), far)
    const wrong = judge(known(scale), found([cause('mel-norm')]), far)
    const all = [...Array.from({ length: 1999 }, () => right), wrong, failed(known(scale, log), 'no')]
    expect(totals(all)).toMatch(/one fault, named first \| 2000 \| 99\.9 % \| ≥ 98 %/)
    expect(totals(all)).toMatch(/two faults, both named \| 1 \| 0\.0 %/)
    expect(confusions(all)).toContain('| mel-scale | mel-norm | 1 |')
    expect(confusions([right])).toBe('Nothing was confused with anything.')
  })
})
