import { describe, expect, it } from 'vitest'
import { sampleCounts } from '../../src/figures/codec-frames.js'
import { framingOf } from '../../src/figures/framing.js'
import { claimedFrontEnd } from '../../src/figures/front-end.js'
import { parseReport } from '../../src/figures/parse.js'
import type { ReportedSide } from '../../src/figures/report.js'
import { postedCase } from './posted-case.js'

const framed = (side: ReportedSide) => framingOf('Ours', side, claimedFrontEnd(side))
const text = (statements: readonly { sentence: string }[]) => statements.map(({ sentence }) => sentence).join('\n')

describe('frames against samples', () => {
  // The counts of torchaudio (snip and not), librosa, Whisper and python_speech_features for 98,304 samples.
  it.each([
    [612, ['snip']],
    [614, ['mirror', 'floor']],
    [615, ['reflect', 'ceil']],
    [613, ['end']],
    [600, []],
  ])('%d frames of 98,304 samples are %j', (frames, possible) => {
    const found = framed({ samples: 98304, frames }).possible
    expect(possible.every((padding) => found?.includes(padding as never))).toBe(true)
    expect(found?.length === 0).toBe(possible.length === 0)
  })

  it('gives every front end its own count', () => {
    for (const samples of [400, 401, 559, 560, 16000, 98688, 123457]) {
      for (const [padding, frames] of [
        ['snip', 1 + Math.floor((samples - 400) / 160)],
        ['mirror', Math.floor((samples + 80) / 160)],
        ['reflect', 1 + Math.floor(samples / 160)],
      ] as const)
        expect(framed({ samples, frames }).possible).toContain(padding)
    }
  })

  it('says which window snipped frames would need', () => {
    expect(text(framed({ samples: 98304, frames: 614 }).statements)).toContain('a window of 65 to 224 samples')
  })

  it('names a hop that would give the count', () => {
    const { statements, possible } = framed({ samples: 98304, frames: 768 })
    expect(possible).toEqual([])
    expect(text(statements)).toContain('a hop of 128 samples would')
  })

  it('sees a claim that the counts contradict', () => {
    const side = { samples: 98304, frames: 614, frontEnd: { padding: 'snip' } as const }
    expect(text(framed(side).statements)).toContain('contradict the claim of snip_edges=True')
  })

  it('says nothing without both counts', () => {
    expect(framed({ samples: 98304 })).toEqual({ statements: [], possible: undefined })
  })
})

const counts = (a: number, b: number, source?: { format?: 'mp3' | 'aac'; sampleRate?: number }) =>
  sampleCounts({ ours: { samples: a }, theirs: { samples: b }, ...(source && { source }) }, 16000)

describe('samples against samples', () => {
  it('finds the MP3 frames of the posted case', () => {
    const { proven, likely, delay, sourceRate } = sampleCounts(parseReport(postedCase), 16000)
    expect(text(proven)).toContain('MP3 frames of 1,152 samples at 48 kHz')
    expect(text(proven)).toContain('257 and 256')
    expect(text(proven)).toContain('147,456')
    expect(text(likely)).toContain('Ours kept 1 codec frame that the other decoder dropped')
    expect([delay, sourceRate]).toEqual([-384, 48000])
  })

  it('does not call a coincidence proven', () => {
    const { proven, likely } = counts(98788, 98404)
    expect(text(proven)).not.toContain('whole numbers')
    expect(text(likely)).toContain('1 MP3 frame of 1,152 samples at 48 kHz')
  })

  it.each([
    [105000 - 383, 105000 - 766, { format: 'mp3', sampleRate: 48000 }, ''],
    [
      100000 + 401,
      100000,
      { format: 'mp3', sampleRate: 44100 },
      "the delays of LAME's encoder and of the decoder (1,105 samples at 44.1 kHz)",
    ],
    [100000 + 768, 100000, { format: 'aac', sampleRate: 44100 }, ''],
    [100000 + 766, 100000, { format: 'aac', sampleRate: 44100 }, "the delay of Apple's AAC encoder"],
    [100000 + 743, 100000, { format: 'aac', sampleRate: 44100 }, '2 AAC frames of 1,024 samples at 44.1 kHz'],
    [100000 + 1, 100000, undefined, 'the end of a resampler'],
    [100000 + 57, 100000, undefined, ''],
  ] as const)('%d and %d samples of %j', (a, b, source, expected) => {
    const { likely } = counts(a, b, source)
    if (expected === '') expect(likely).toEqual([])
    else expect(text(likely)).toContain(expected)
  })

  it('says that equal counts are equal', () => {
    expect(text(counts(16000, 16000).proven)).toBe('Both had 16,000 samples.')
  })
})
