import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, withFigures } from '../src/figures.ts'
import type { Report } from '../src/report.ts'

const report = {
  groups: [
    {
      group: 'fbank',
      works: [
        {
          id: 'fbank',
          outcomes: [
            { name: '@dsp/mel-kaldi', state: 'ours', ns: 2.5e6 },
            { name: 'torchaudio', state: 'timed', ratio: { median: 8.96 } },
            { name: 'meyda', state: 'absent' },
            { name: '@dsp/mel-kaldi', state: 'timed', ratio: { median: 1.5 } },
          ],
        },
      ],
    },
  ],
} as unknown as Report

describe('figures', () => {
  const filled = (name: string, old = 'x'): string =>
    withFigures(`| <!-- bench:${name} -->${old}<!-- /bench --> |`, report)

  it('writes speedups and times, over what stood there', () => {
    expect(filled('fbank/torchaudio')).toBe('| <!-- bench:fbank/torchaudio -->8.96<!-- /bench --> |')
    expect(filled('fbank/@dsp/mel-kaldi')).toBe('| <!-- bench:fbank/@dsp/mel-kaldi -->1.50<!-- /bench --> |')
    expect(filled('fbank', '')).toBe('| <!-- bench:fbank -->2.50 ms<!-- /bench --> |')
  })

  it('leaves what the run did not measure', () => {
    for (const name of ['fbank/meyda', 'fbank/nobody', 'resample/soxr'])
      expect(filled(name)).toBe(`| <!-- bench:${name} -->x<!-- /bench --> |`)
    expect(withFigures('no places', report)).toBe('no places')
  })

  it('finds the READMEs', () => {
    const root = join(import.meta.dirname, '../../..')
    expect(documents(root)).toEqual(
      expect.arrayContaining(['README.md', 'packages/fft/README.md'].map((f) => join(root, f))),
    )
  })
})
