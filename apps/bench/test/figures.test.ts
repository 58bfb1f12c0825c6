import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, withFigures } from '../src/figures.ts'
import { GROUPS } from '../src/options.ts'
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

  it('writes the table of a group', () => {
    const works = [
      {
        title: 'Frames',
        unit: 'frame',
        audioSeconds: 0.01,
        outcomes: [
          { name: 'ours', call: 'run', state: 'ours', ns: 5e3, decibels: 56.04 },
          {
            name: 'theirs',
            call: 'go',
            state: 'timed',
            ns: 6e3,
            ratio: { median: 1.2, cpu: 1.1 },
            similar: 'other scaling',
          },
          { name: 'nobody', call: 'go', state: 'absent' },
        ],
      },
    ]
    const run = { date: '2026-01-02', threads: 1, machine: { cpu: 'CPU', load: 2 }, groups: [{ group: 'q15', works }] }
    const filled = withFigures('a <!-- bench-table:q15 -->old | <b><!-- /bench-table --> z', run as unknown as Report)
    expect(filled.split('\n')).toEqual([
      'a <!-- bench-table:q15 -->',
      '2026-01-02, CPU, one thread each; 2 processes before the run.',
      '',
      '|  |  | time per frame | real time | speedup | CPU | from float64 |',
      '|---|---|---|---|---|---|---|',
      '| Frames | ours run | 5.00 µs | 2,000× | 1 | 1 | SNR 56.0 dB |',
      '|  | theirs go | 6.00 µs | 1,667× | 1.20× | 1.10× |  |',
      '<!-- /bench-table --> z',
    ])
    const other = '<!-- bench-table:asr -->old<!-- /bench-table -->'
    expect(withFigures(other, run as unknown as Report)).toBe(other)
  })

  it('leaves out what contestants are named after, and the processor time of pages', () => {
    const outcomes = [
      { name: 'without threads', call: 'run', state: 'ours', ns: 6e6 },
      { name: '2 threads', call: 'run', state: 'timed', ns: 3e6, ratio: { median: 0.5, cpu: Number.NaN } },
    ]
    const groups = [{ group: 'browser-threads', works: [{ title: 'Frames', unit: 'frame', outcomes }] }]
    const run = { date: '2026-01-02', threads: 1, machine: { cpu: 'CPU', load: 2 }, groups } as unknown as Report
    const place = '<!-- bench-table:browser-threads --><!-- /bench-table -->'
    expect(withFigures(place, run).split('\n')).toEqual([
      '<!-- bench-table:browser-threads -->',
      '2026-01-02, CPU; 2 processes before the run.',
      '',
      '|  |  | time per frame | speedup |',
      '|---|---|---|---|',
      '| Frames | without threads run | 6.00 ms | 1 |',
      '|  | 2 threads run | 3.00 ms | 0.50× |',
      '<!-- /bench-table -->',
    ])
  })

  it('has places for tables in the documents, each of which is a group', () => {
    const root = join(import.meta.dirname, '../../..')
    const texts = documents(root).map((file) => readFileSync(file, 'utf8'))
    const names = texts.flatMap((text) =>
      [...text.matchAll(/^<!-- bench-table:([^ ]+) -->$/gm)].map(([, name]) => name),
    )
    expect(GROUPS).toEqual(expect.arrayContaining(names))
    expect(names).toEqual(expect.arrayContaining(['browser', 'browser-threads']))
  })

  it('finds the READMEs', () => {
    const root = join(import.meta.dirname, '../../..')
    expect(documents(root)).toEqual(
      expect.arrayContaining(['README.md', 'packages/fft/README.md'].map((f) => join(root, f))),
    )
  })
})
