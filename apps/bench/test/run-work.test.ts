import { describe, expect, it } from 'vitest'
import { maxAbs } from '../src/agreement.ts'
import { Absent, type Contestant, type Work } from '../src/contestant.ts'
import { runWork } from '../src/run-work.ts'

const budget = { seconds: 0.01, rounds: 3, slice: 1 }

/** A contestant that gives a value, and says that an iteration takes so long. */
const contestant = (name: string, value: number, ms: number, more: Partial<Contestant> = {}): Contestant => ({
  name,
  call: 'run',
  prepare: async () => ({
    version: '1.2.3',
    result: { shape: [1], data: Float64Array.of(value) },
    run: (iterations) => ({ ns: iterations * ms * 1e6, cpu: iterations * ms * 1e6 }),
  }),
  ...more,
})

const work: Work = {
  id: 'w',
  title: 'Some work',
  detail: 'What is done.',
  units: 10,
  unit: 'thing',
  ours: contestant('ours', 1, 1),
  peers: [
    contestant('slower', 1, 4),
    contestant('easier', 2, 0.1),
    contestant('kin', 3, 2, { similar: 'other values' }),
    contestant('gone', 1, 1, { install: 'install it', prepare: () => Promise.reject(new Absent('not there')) }),
    contestant('broken', 1, 1, { prepare: () => Promise.reject(new Error('no')) }),
  ],
  agree: maxAbs(0.1),
  goals: [
    { peer: 'slower', ratio: 5 },
    { peer: 'gone', ratio: 2 },
  ],
}

describe('runWork', () => {
  it('times only what does the same work, or says what differs', async () => {
    const { outcomes } = await runWork(work, budget, () => {})
    expect(outcomes.map(({ name, state }) => [name, state])).toEqual([
      ['ours', 'ours'],
      ['slower', 'timed'],
      ['easier', 'differs'],
      ['kin', 'timed'],
      ['gone', 'absent'],
      ['broken', 'failed'],
    ])
    expect(outcomes[0]!.ns).toBeCloseTo(1e5) // a tenth of the iteration
    expect(outcomes[1]!.ratio!.median).toBeCloseTo(4)
    expect(outcomes[3]!.ratio!.median).toBeCloseTo(2)
    expect(outcomes[4]!.why).toBe('not there: install it')
  })

  it('says how far each is from float64, in the form that the work wants', async () => {
    const exact = () => ({ shape: [1], data: Float64Array.of(1.5) })
    const plain = await runWork({ ...work, exact }, budget, () => {})
    expect(plain.outcomes.map(({ fromExact }) => fromExact).slice(0, 2)).toEqual([0.5, 0.5])
    const decibels = (_: unknown, { data }: { data: ArrayLike<number> }) => 10 * data[0]!
    const heard = await runWork({ ...work, exact, decibels }, budget, () => {})
    expect(heard.outcomes.map((one) => one.decibels)).toEqual([10, 10, undefined, 30, undefined, undefined])
    expect(heard.outcomes[0]!.fromExact).toBeUndefined()
  })

  it('releases everybody, also when the measurement fails', async () => {
    const released: string[] = []
    const tracked = (one: Contestant, fails = false): Contestant => ({
      ...one,
      prepare: async () => {
        const ready = await one.prepare()
        const run = fails ? () => Promise.reject(new Error('died')) : ready.run
        return { ...ready, run, release: () => void released.push(one.name) }
      },
    })
    const [slower, easier] = work.peers as [Contestant, Contestant]
    const failing = { ...work, ours: tracked(work.ours), peers: [tracked(easier), tracked(slower, true)] }
    await expect(runWork(failing, budget, () => {})).rejects.toThrow('died')
    expect(released.sort()).toEqual(['easier', 'ours', 'slower'])
  })
})
