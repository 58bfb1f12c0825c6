import type { Recipe } from '@dsp/doctor'
import { describe, expect, it } from 'vitest'
import { toJson, toText } from '../src/doctor/report.js'
import { change, percent, show, verdict } from '../src/doctor/verdict.js'
import { renderDiagnosis } from '../src/plot/diagnosis.js'
import { cause, diagnosis } from './diagnosis.js'
import { pictureOf } from './png.js'

const recipes: Recipe[] = [
  { library: 'torchaudio', code: 'fbank(waveform,\n  num_mel_bins=40)', exact: true, missing: [] },
  { library: 'librosa', code: '# no', exact: false, missing: ['the Povey window', 'its mel scale'] },
]
const unexplained = { explained: false, confidence: 'none', share: 0.31, residual: 4.2 } as const

/** A text without its lines, which end where they are full. */
const prose = (text: string) => text.replace(/\s+/g, ' ')

describe('the report of a diagnosis', () => {
  it('begins with the verdict', () => {
    const first = (more: Parameters<typeof diagnosis>[0]) => toText(diagnosis(more), []).split('\n')[0]
    expect(first({})).toBe('Explained: two settings differ.')
    const one = [cause('log', 'ln', 'log10')]
    expect(first({ causes: one })).toBe('Explained: one setting differs.')
    expect(first({ causes: [], minor: one })).toBe('Explained: one setting differs.')
    expect(first({ causes: [], difference: 1e-6 })).toBe('Equal: nothing differs but rounding.')
    expect(first({ ...unexplained })).toBe('I cannot explain this; the nearest settings leave 4.2 of 6.13.')
    expect(first({ ...unexplained, causes: [] })).toBe(
      'I cannot explain this; no settings that I know come nearer than ours.',
    )
    expect(first({ ...unexplained, confidence: 'likely', share: 0.9995 })).toBe(
      'Mostly explained: two settings differ; this is more than 99.9 % of the difference.',
    )
  })

  it('says everything that a diagnosis holds', () => {
    const minor = [cause('dither', 'none', '1e-5', { sentence: 'A little noise.', equivalent: ['log-floor'] })]
    const text = toText(
      diagnosis({ minor, causes: [cause('log', 'ln', 'log10', { equivalent: ['sample-scale'] })] }),
      recipes,
    )
    for (const part of [
      'Before any fix the features differ by 6.13 (root mean square), after both fixes by 2.1e-6, the noise of the dither.\n',
      '  1. log: Their log is log10, ours ln: this explains 92 % of the difference.\n',
      '     No features can tell this from: sample-scale.\n',
      '- A little noise.\n',
      '  as it is                 6.13  ████████████████████\n',
      '  log       ln → log10      0.4  █\n',
      '- polarity: The polarity cannot be seen in powers.\n',
      'Ruled out: window, dct.\n',
      'Cannot be told from this reference: dither.\n',
      '- counts: 300 frames of 48,240 samples',
      'Options that reproduce the reference\n\n  torchaudio\n    fbank(waveform,\n      num_mel_bins=40)\n\n',
      '  librosa cannot do it: the Povey window; its mel scale.\n',
      'Confidence: certain: what remains is rounding noise.\n214 front ends of kind fbank tried in 3.2 s.',
    ]) {
      expect(prose(text)).toContain(prose(part))
    }
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('calls what remains rounding only where it is', () => {
    const second = (more: Parameters<typeof diagnosis>[0]) => prose(toText(diagnosis(more), []))
    expect(second({})).toContain('after both fixes by 2.1e-6, rounding noise.')
    expect(second({ residual: 3 })).toContain('after both fixes by 3. ')
    const layout = [cause('layout', '[bins, frames]', '[frames, bins]')]
    expect(second({ causes: layout, residual: 1e-3, difference: 1e-3 })).toContain(
      'Only the layout in memory differs; the values differ by 0.001 (root mean square), which is rounding.',
    )
  })

  it('promises no reproduction where there is none', () => {
    const text = prose(toText(diagnosis({ ...unexplained }), recipes))
    expect(text).toContain('69 % of the difference is not explained.')
    expect(text).toContain('What the nearest settings change; not the answer')
    expect(text).not.toContain('fbank(waveform')
    const likely = toText(diagnosis({ ...unexplained, confidence: 'likely', share: 0.93 }), recipes)
    expect(likely).toContain('The nearest options (93 % explained)')
    expect(text).not.toContain('reproduce')
    expect(text).not.toContain('rounding noise')
  })

  it('says at once that time ran out, where nothing was found', () => {
    const findings = [{ stage: 'search', sentence: 'The search ended for want of time.', causes: [] }] as const
    expect(prose(toText(diagnosis({ ...unexplained, findings }), []))).toContain(
      'is not explained. The search ended for want of time. What the nearest settings change',
    )
    expect(toText(diagnosis({ findings }), [])).toContain('- search: The search ended for want of time.')
  })

  it('prints exactly the documented fields as JSON', () => {
    const result = JSON.parse(toJson(diagnosis({ difference: Number.NaN }), recipes))
    expect(Object.keys(result).join()).toBe(
      'explained,share,residual,difference,confidence,kind,causes,minor,harmless,ruledOut,cannotTell,findings,frontEnd,layout,options,tried,seconds',
    )
    expect(Object.keys(result.causes[0]).join()).toBe(
      'id,ours,theirs,explains,explainsRest,residual,equivalent,sentence',
    )
    expect(result.frontEnd.melScale).toBe('slaney')
    expect(result.options).toEqual({ torchaudio: 'fbank(waveform,\n  num_mel_bins=40)', librosa: '# no' })
    expect(result.difference).toBeNull()
  })

  it('leaves out what both have', () => {
    const of = (ours: string, theirs: string) => change(cause('window', ours, theirs))
    expect(of('Povey, symmetric, 400 samples', 'Hann, periodic, 400 samples')).toBe('Povey, symmetric → Hann, periodic')
    expect(of('a, b', 'a')).toBe('a, b → a')
    expect(of('a, b', 'a, b')).toBe('a, b → a, b')
  })

  it('rounds neither to all nor to nothing', () => {
    expect([0, 0.004, 0.92, 0.992, 0.9999, 1].map(percent)).toEqual([
      '0 %',
      'less than 1 %',
      '92 %',
      '99.2 %',
      'more than 99.9 %',
      '100 %',
    ])
    expect([0, 6.134, 2.13e-6, -0.0123, 3.1e8, Infinity, Number.NaN].map(show)).toEqual([
      '0',
      '6.13',
      '2.1e-6',
      '-0.0123',
      '3.1e8',
      'infinity',
      'undefined',
    ])
    expect(verdict(diagnosis({ causes: Array(13).fill(cause('log', 'a', 'b')) }))).toContain('13 settings')
  })
})

describe('the picture of a diagnosis', () => {
  const size = { width: 1600, height: 1200 }

  it('shows a difference before the fixes, and none after them', async () => {
    const picture = await pictureOf(renderDiagnosis(diagnosis(), 'theirs.npy', size))
    expect([picture.width, picture.height]).toEqual([1600, 1200])
    expect(picture.colours).toBeGreaterThan(200)
    const [before, after] = [picture.at(290, 900), picture.at(1270, 900)]
    expect(before[0]).toBeGreaterThan(before[2] + 60)
    expect(after).toEqual([247, 247, 247])
  })

  it('draws what is hard to draw', async () => {
    const nothing = { data: new Float64Array(0), frames: 0, bins: 0 }
    const missing = { data: new Float64Array(6).fill(Number.NaN), frames: 3, bins: 2 }
    const one = { data: Float64Array.of(1), frames: 1, bins: 1 }
    const { reference } = diagnosis()
    for (const oursValues of [nothing, missing, one]) {
      for (const of of [
        { oursValues },
        { oursValues, reference: oursValues, reproduced: oursValues },
        { oursValues, reproduced: reference },
      ]) {
        const many = Array.from({ length: 12 }, () => cause('low-freq', '20 Hz', `${'very '.repeat(60)}long`))
        const more = { ...unexplained, ...of, causes: many, difference: Number.NaN }
        const picture = await pictureOf(renderDiagnosis(diagnosis(more), 'x'.repeat(300), { width: 320, height: 320 }))
        expect(picture.colours).toBeGreaterThan(20)
      }
    }
  })
})
