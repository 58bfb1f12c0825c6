import { describe, expect, it } from 'vitest'
import { best, median, quantile, ratio, type Sample } from '../src/statistics.ts'

const samples = (...times: [round: number, ns: number, cpu?: number][]): Sample[] =>
  times.map(([round, ns, cpu = ns]) => ({ round, ns, cpu }))

describe('median', () => {
  it('is the middle of an odd count, whatever the order, and changes nothing', () => {
    const values = [9, 1, 5]
    expect(median(values)).toBe(5)
    expect(values).toEqual([9, 1, 5])
  })

  it('is the mean of the middle two of an even count', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5)
  })

  it('is not a number for nothing', () => {
    expect(median([])).toBeNaN()
  })
})

describe('ratio', () => {
  it('pairs times of the same round', () => {
    // The machine was three times slower in round 1, for both: every paired ratio is 4.
    const ours = samples([0, 10], [1, 30], [2, 11])
    const peer = samples([0, 40], [1, 120], [2, 44])
    expect(ratio(ours, peer)).toMatchObject({ median: 4, min: 4, max: 4, best: 4, rounds: 3 })
  })

  it('leaves rounds out in which the peer did not run', () => {
    const ours = samples([0, 10], [1, 20], [2, 10])
    const peer = samples([1, 100])
    expect(ratio(ours, peer)).toMatchObject({ median: 5, best: 10, rounds: 1 })
  })

  it('gives the extremes and the ratio of processor times', () => {
    const ours = samples([0, 10, 10], [1, 10, 10])
    const peer = samples([0, 20, 10], [1, 60, 30])
    expect(ratio(ours, peer)).toEqual({ median: 4, min: 2, max: 6, best: 2, cpu: 2, rounds: 2 })
  })

  it('has no processor ratio if a process cannot measure its processor time', () => {
    expect(ratio(samples([0, 1, 0]), samples([0, 2, 5])).cpu).toBeNaN()
  })
})

describe('best and quantile', () => {
  it('finds the shortest time', () => {
    expect(best(samples([0, 7], [1, 3], [2, 9]))).toBe(3)
    expect(best([])).toBeNaN()
  })

  it('takes the nearest rank', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 1000 - i)
    expect(quantile(values, 0.999)).toBe(999)
    expect(quantile(values, 1)).toBe(1000)
    expect(quantile(values, 0)).toBe(1)
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN()
  })
})
