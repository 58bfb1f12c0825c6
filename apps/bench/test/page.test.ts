import { describe, expect, it } from 'vitest'
import type { Group } from '../src/options.ts'
import { page } from '../src/page.ts'
import { type GroupReport, plainRest, plainWork, type Report } from '../src/report.ts'
import type { WorkReport } from '../src/run-work.ts'

const work: WorkReport = {
  id: 'w',
  title: 'Some work',
  detail: 'Something.',
  unit: 'minute',
  audioSeconds: 60,
  outcomes: [
    { name: 'ours', call: 'f', version: '1', state: 'ours', ns: 1e5, bestNs: 1e5 },
    {
      name: 'slower',
      call: 'g',
      version: '2',
      state: 'timed',
      agreement: { same: true, text: 'identical' },
      ns: 4e5,
      ratio: { median: 4, min: 3.5, max: 4.5, best: 4, cpu: 4, rounds: 5 },
      goal: 5,
    },
    { name: 'gone', call: 'h', state: 'absent', why: 'not installed', goal: 2 },
  ],
}

const report = (date: string, ...groups: GroupReport[]): Report => ({
  date,
  machine: { cpu: 'Some CPU', cores: 2, memory: 8, system: 'linux 6.1', node: '20.0.0', load: 1.5 },
  threads: 1,
  seconds: 5,
  groups,
})

const memory = ['f', 'g', 'h'].map((name, i) => ({
  folder: i < 2 ? '@dsp/x' : '@dsp/y',
  name,
  calls: 10_000,
  before: 60,
  peak: 90,
  after: [61, 59.5, 75][i]!,
}))
const peaks = [
  {
    call: 'hpss of 240 s',
    ours: { before: 80, peak: 200 },
    python: { before: 60, peak: 160 },
    librosa: { before: 250, peak: 900 },
  },
  { call: 'OnlineHpss', ours: { before: 80, peak: 90 } },
]
const linear = [{ call: 'f', perSecond: [1, 0.5, 0.5, 0.5, 0.5, 0.55] }]

describe('page', () => {
  const first = page(
    report('2026-01-02', { group: 'fft', works: [work] }, { group: 'memory', memory }, { group: 'peak', peaks }),
    '',
  )

  it('shows every contestant, goals, memory, peaks and lengths', () => {
    expect(first).toContain('| Some work | slower | 5× | 4.00× | no |')
    expect(first).toContain('| Some work | gone | 2× | not measured |')
    expect(first).toContain('600,000 times real time')
    expect(first).toContain('| @dsp/x | 2 | 10,000 | +1.0 MiB | f | yes |')
    expect(first).toContain('| @dsp/y | 1 | 10,000 | +15.0 MiB | h | NO: h |')
    expect(first).toContain('| hpss of 240 s | 200 MiB | 120 MiB | 160 MiB | 100 MiB | 900 MiB | 650 MiB | 0.22 |')
    expect(first).toContain('| OnlineHpss | 90 MiB | 10 MiB |')
    expect(page(report('2026-01-02', { group: 'linear', linear }), '')).toContain('| f | 1.00 ms | 500 µs |')
    expect(page(report('2026-01-02', { group: 'linear', linear }), '')).toContain('| 1.10× |')
  })

  it('keeps what it says of groups that are not run, with its date, in the order of the groups', () => {
    const second = page(report('2026-02-03', { group: 'hpss', works: [work] }, { group: 'memory', memory }), first)
    const order = [...second.matchAll(/<!-- group: (\w+) -->/g)].map(([, name]) => name)
    expect(order).toEqual(['fft', 'hpss', 'memory', 'peak'])
    expect(second.match(/2026-01-02/g)).toHaveLength(2)
    expect(second.match(/2026-02-03/g)).toHaveLength(2)
    expect(page(report('2026-02-03'), second)).toBe(second)
  })

  it('says how many threads all contestants had, unless they are named after their own', () => {
    const line = (group: Group) => page(report('2026-01-02', { group, works: [work] }), '').match(/^2026-.*$/m)?.[0]
    expect(line('fft')).toMatch(/before the run; one thread for each contestant, 5 s for each work\.$/)
    for (const group of ['threads', 'browser-threads'] as const)
      expect(line(group)).toMatch(/before the run; 5 s for each work\.$/)
  })

  it('keeps the old section of a group that cannot run, and says so if there was none', () => {
    const failed = { group: 'fft', skipped: 'no data\nat all' } as const
    expect(page(report('2026-02-03', failed), first)).toBe(first)
    expect(page(report('2026-02-03', failed), '')).toContain('Not run: no data; at all.')
  })
})

describe('a terminal', () => {
  it('shows the same', () => {
    for (const { name } of work.outcomes) expect(plainWork(work)).toContain(name)
    expect(plainRest({ group: 'memory', memory })).toContain('+15.0 MiB')
    expect(plainRest({ group: 'peak', peaks })).toContain('0.22')
    expect(plainRest({ group: 'linear', linear })).toContain('1.10×')
    expect(plainRest({ group: 'asr', skipped: 'no model' })).toBe('\nasr: not run: no model\n')
  })
})
