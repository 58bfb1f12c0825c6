import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  bootstrapSpeakers,
  cosineScores,
  detCurve,
  type Embeddings,
  equalErrorRate,
  minimumCost,
  normalizeScores,
  parseTrials,
  probit,
  type ScoredTrials,
} from '../../src/index.ts'

/** The reference is float64 too: what differs is the order of sums. */
const TOLERANCE = 1e-9

interface Case {
  trials: string
  scores: number[]
  embeddings: Record<string, number[]>
  cosines: number[]
  cohort: number[][]
  sNorm: number[]
  asNorm5: number[]
  eer: [number, number]
  minDcf: Record<string, [number, number | 'Infinity']>
  interval: [number, number, number]
  replicates: number[]
}
const golden = JSON.parse(readFileSync(new URL('../golden/evaluation.json', import.meta.url), 'utf8')) as {
  cases: Case[]
  mean: [number, number, number]
  cost: [number, number, number]
  probit: [number, number][]
}

const matrix = (rows: number[][]): Embeddings => ({
  data: Float64Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
})
const trialsOf = ({ trials, embeddings }: Case) => parseTrials(trials, { files: Object.keys(embeddings) })
const scored = (from: Case): ScoredTrials => ({
  trials: trialsOf(from),
  scores: from.scores,
  speakers: Object.keys(from.embeddings).map((file) => file.split('/')[0]!),
})

/** Fails unless all numbers are the reference's. */
function same(found: ArrayLike<number>, expected: readonly (number | 'Infinity')[]): void {
  expect(found.length).toBe(expected.length)
  expected.forEach((value, i) => {
    if (value === 'Infinity') expect(found[i]).toBe(Infinity)
    else expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(TOLERANCE * Math.max(1, Math.abs(value)))
  })
}

describe.each(golden.cases.map((from, i) => [i, from] as const))('the Python reference, case %i', (_, from) => {
  const trials = trialsOf(from)
  const embeddings = matrix(Object.values(from.embeddings))
  const cohort = matrix(from.cohort)

  it('gives the same cosines', () => same(cosineScores(trials, embeddings), from.cosines))

  it('gives the same s-norm and AS-norm', () => {
    same(normalizeScores(trials, from.scores, embeddings, cohort), from.sNorm)
    same(normalizeScores(trials, from.scores, embeddings, cohort, { top: 5 }), from.asNorm5)
  })

  it('gives the same EER and minDCF with their thresholds', () => {
    const curve = detCurve(from.scores, trials.targets)
    const { value, threshold } = equalErrorRate(curve)
    same([value, threshold], from.eer)
    for (const [prior, expected] of Object.entries(from.minDcf)) {
      const cost = minimumCost(curve, { prior: Number(prior) })
      same([cost.value, cost.threshold], expected)
    }
  })

  it('gives the same interval over speakers', () => {
    const { value, low, high, replicates } = bootstrapSpeakers([scored(from)], { replicates: 200, seed: 7 })
    same([value, low, high], from.interval)
    same(replicates.subarray(0, 5), from.replicates)
  })
})

it('gives the same interval of a mean over lists and of another measure', () => {
  const lists = golden.cases.map(scored)
  const mean = bootstrapSpeakers(lists.slice(0, 2), { replicates: 100, seed: 3 })
  same([mean.value, mean.low, mean.high], golden.mean)
  const cost = bootstrapSpeakers([lists[1]!], {
    replicates: 100,
    seed: 2 ** 32 - 1,
    confidence: 0.8,
    measure: (curve) => minimumCost(curve, { prior: 0.05 }).value,
  })
  same([cost.value, cost.low, cost.high], golden.cost)
})

it('has the quantiles of the normal distribution', () => {
  same(
    golden.probit.map(([probability]) => probit(probability)),
    golden.probit.map(([, value]) => value),
  )
  expect([probit(0), probit(1)]).toEqual([-Infinity, Infinity])
})
