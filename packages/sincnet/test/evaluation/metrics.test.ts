import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bootstrapSpeakers,
  type DetCurve,
  detCorners,
  detCurve,
  equalErrorRate,
  minimumCost,
  pairedDifference,
  parseTrials,
  probit,
} from '../../src/index.ts'

/** Trials of both kinds with a few different scores, so that ties are common. */
const scoredTrials = fc
  .array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.boolean()), { minLength: 2, maxLength: 40 })
  .filter((trials) => trials.some(([, same]) => same) && trials.some(([, same]) => !same))
  .map((trials) => ({ scores: trials.map(([score]) => score / 4), targets: trials.map(([, same]) => (same ? 1 : 0)) }))

/** The area below the curve, which a curve and its corners share. */
const area = ({ falseAlarm, miss }: DetCurve) =>
  falseAlarm.reduce(
    (sum, rate, i) => (i === 0 ? 0 : sum + ((rate - falseAlarm[i - 1]!) * (miss[i]! + miss[i - 1]!)) / 2),
    0,
  )

describe('detCurve', () => {
  it('counts what the definition says', () => {
    fc.assert(
      fc.property(scoredTrials, ({ scores, targets }) => {
        const { threshold, falseAlarm, miss } = detCurve(scores, targets)
        expect(Array.from(threshold)).toEqual([Infinity, ...[...new Set(scores)].sort((a, b) => b - a)])
        threshold.forEach((limit, point) => {
          const others = scores.filter((_, i) => targets[i] === 0)
          const same = scores.filter((_, i) => targets[i] === 1)
          expect(falseAlarm[point]).toBeCloseTo(others.filter((score) => score >= limit).length / others.length, 12)
          expect(miss[point]).toBeCloseTo(same.filter((score) => score < limit).length / same.length, 12)
        })
      }),
    )
  })

  it('keeps its shape, EER and minDCF when only corners are kept', () => {
    fc.assert(
      fc.property(scoredTrials, ({ scores, targets }) => {
        const curve = detCurve(scores, targets)
        const corners = detCorners(curve)
        expect(area(corners)).toBeCloseTo(area(curve), 12)
        expect(equalErrorRate(corners).value).toBeCloseTo(equalErrorRate(curve).value, 12)
        const options = { prior: 0.05, missCost: 2 }
        expect(minimumCost(corners, options).value).toBe(minimumCost(curve, options).value)
      }),
    )
  })

  it('does not depend on the order of the trials nor on the scale of the scores', () => {
    fc.assert(
      fc.property(scoredTrials, ({ scores, targets }) => {
        const { value } = equalErrorRate(detCurve(scores, targets))
        const turned = detCurve(scores.map((score) => Math.exp(score)).reverse(), targets.slice().reverse())
        expect(equalErrorRate(turned).value).toBeCloseTo(value, 12)
        // The two errors change places.
        const negated = detCurve(
          scores.map((score) => -score),
          targets.map((target) => 1 - target),
        )
        expect(equalErrorRate(negated).value).toBeCloseTo(value, 12)
      }),
    )
  })

  it('knows the best and the worst verifier, and one that says the same of all', () => {
    const rate = (scores: number[]) => equalErrorRate(detCurve(scores, [1, 1, 0, 0])).value
    expect([rate([4, 3, 2, 1]), rate([1, 2, 3, 4]), rate([1, 1, 1, 1])]).toEqual([0, 1, 0.5])
    expect(minimumCost(detCurve([1, 2, 3, 4], [1, 1, 0, 0]), { prior: 0.01 }).value).toBe(1)
  })

  it('refuses what cannot be measured', () => {
    expect(() => detCurve([1, 2], [1, 1])).toThrow(/targets must be trials of both kinds, got "2 targets of 2 trials"/)
    expect(() => detCurve([], [])).toThrow(/both kinds/)
    expect(() => detCurve([1, Number.NaN], [1, 0])).toThrow(/score 1 is not/)
    expect(() => detCurve([1], [1, 0])).toThrow(/one for each of 2 trials, got 1/)
    expect(() => detCurve([1, 2, 3], [1, 0, 2])).toThrow(/targets must be 0 or 1/)
    const curve = detCurve([1, 0], [1, 0])
    expect(() => minimumCost(curve, { prior: 0 })).toThrow(/options.prior/)
    expect(() => minimumCost(curve, { prior: 0.1, missCost: -1 })).toThrow(/options.missCost/)
    expect(() => probit(1.1)).toThrow(/probability/)
  })
})

describe('bootstrapSpeakers', () => {
  const trials = parseTrials('1 a1 a2\n1 b1 b2\n1 c1 c2\n0 a1 b1\n0 a2 c1\n0 b2 c2')
  const speakers = ['a', 'a', 'b', 'b', 'c', 'c']
  const list = { trials, scores: [0.5, 0.2, 0.8, 0.3, 0.1, 0.6], speakers }

  it('draws the same again with the same seed, and others with another', () => {
    const options = { replicates: 50 }
    expect(bootstrapSpeakers([list], options).replicates).toEqual(bootstrapSpeakers([list], options).replicates)
    expect(bootstrapSpeakers([list], { ...options, seed: 2 }).replicates).not.toEqual(
      bootstrapSpeakers([list], options).replicates,
    )
  })

  it('counts trials as often as their speakers were drawn', () => {
    const trials = parseTrials('1 a1 a2\n1 b1 b2\n1 c1 c2\n0 a1 b1\n0 a2 b2\n0 a2 c1\n0 a1 c2\n0 b1 c1\n0 b2 c2')
    const list = { trials, scores: [0.5, 0.2, 0.8, 0.1, 0.6, 0.3, 0.4, 0.7, 0.9], speakers }
    // Every list that three draws can make, written out.
    const possible = new Set<string>()
    const names = ['a', 'b', 'c']
    for (const x of names) {
      for (const y of names) {
        for (const z of names) {
          const times = (name: string) => [x, y, z].filter((drawn) => drawn === name).length
          const [scores, targets]: [number[], number[]] = [[], []]
          trials.targets.forEach((target, i) => {
            const [one, other] = [speakers[trials.first[i]!]!, speakers[trials.second[i]!]!]
            const count = target === 1 ? times(one) : times(one) * times(other)
            for (let copy = 0; copy < count; copy++) {
              scores.push(list.scores[i]!)
              targets.push(target)
            }
          })
          if (targets.includes(0)) possible.add(area(detCurve(scores, targets)).toFixed(9))
        }
      }
    }
    const { replicates } = bootstrapSpeakers([list], { replicates: 500, measure: area })
    expect(new Set(Array.from(replicates, (value) => value.toFixed(9)))).toEqual(possible)
    expect(possible.size).toBeGreaterThan(3)
  })

  it('draws the same speakers for two lists of them', () => {
    const one = bootstrapSpeakers([list], { replicates: 50 })
    const both = bootstrapSpeakers([list, { ...list, scores: list.scores.map((score) => 2 * score) }], {
      replicates: 50,
    })
    expect(both.replicates).toEqual(one.replicates)
    // So the mean over two seeds of one system is comparable with a single run of another.
    expect(pairedDifference(both, one)).toEqual({ value: 0, low: 0, high: 0 })
  })

  it('compares two systems on the same draws only', () => {
    const system = bootstrapSpeakers([list], { replicates: 50 })
    const shifted = bootstrapSpeakers([{ ...list, scores: list.scores.map((score) => score + 1) }], { replicates: 50 })
    expect(pairedDifference(system, shifted)).toEqual({ value: 0, low: 0, high: 0 })
    expect(() => pairedDifference(system, bootstrapSpeakers([list], { replicates: 50, seed: 2 }))).toThrow(
      /second must be/,
    )
    expect(() => pairedDifference(system, bootstrapSpeakers([list], { replicates: 51 }))).toThrow(/second must be/)
  })

  it('refuses speakers that the labels contradict, and options out of range', () => {
    expect(() => bootstrapSpeakers([])).toThrow(/lists must be one or more/)
    expect(() => bootstrapSpeakers([{ ...list, speakers: ['a', 'b', 'b', 'b', 'c', 'c'] }])).toThrow(/trial 1, 1 a1 a2/)
    expect(() => bootstrapSpeakers([{ ...list, speakers: ['a'] }])).toThrow(/one for each of 6 recordings, got 1/)
    expect(() => bootstrapSpeakers([list], { replicates: 0 })).toThrow(/options.replicates/)
    expect(() => bootstrapSpeakers([list], { confidence: 1 })).toThrow(/options.confidence/)
    expect(() => bootstrapSpeakers([list], { seed: -1 })).toThrow(/options.seed/)
    // Both kinds of trials never have the same speakers drawn: it ends all the same.
    const apart = { trials: parseTrials('1 a1 a2'), scores: [1], speakers: ['a', 'a'] }
    expect(() => bootstrapSpeakers([apart])).toThrow(/two or more/)
  })
})

it('measures a million trials in about a second', () => {
  const count = 1_000_000
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const [a, b] = [i % 1000, 1000 + Math.floor(i / 1000)]
    lines.push(`${(a * 7 + b) % 3 === 0 ? 1 : 0} id${a}/a.wav id${b}/b.wav`)
  }
  const text = new TextEncoder().encode(`${lines.join('\n')}\n`)
  const began = performance.now()
  const trials = parseTrials(text)
  const scores = Float64Array.from(trials.targets, (target, i) => Math.sin(i * 12.9898) + target)
  const { value } = equalErrorRate(detCurve(scores, trials.targets))
  const seconds = (performance.now() - began) / 1000
  expect(trials.files.length).toBe(2000)
  expect(value).toBeGreaterThan(0.2)
  // On a busy machine too; apart from that it is about one.
  expect(seconds).toBeLessThan(15)
  console.log(`10^6 trials: ${seconds.toFixed(2)} s`)
})
