import { describe, expect, it } from 'vitest'
import type { Ready } from '../src/contestant.ts'
import { interleave, plan, takesPart } from '../src/interleave.ts'

const budget = { seconds: 1, rounds: 5, slice: 10 }
const MS = 1e6

/** A contestant that takes a fixed time per iteration by its own account, and writes down when it was asked. */
function fake(name: string, iterationMs: number, log: string[] = []): Ready {
  return {
    version: '1',
    result: { shape: [], data: new Float32Array(0) },
    run: (iterations) => {
      log.push(name)
      return { ns: iterations * iterationMs * MS, cpu: iterations * iterationMs * MS }
    },
  }
}

describe('plan', () => {
  it('fills the slice with fast iterations and the budget with rounds', () => {
    const { rounds, turns } = plan([1 * MS, 5 * MS], budget)
    expect(rounds).toBe(50) // 1 s over 2 contestants of 10 ms
    expect(turns).toEqual([
      { iterations: 10, rounds: 50 },
      { iterations: 2, rounds: 50 },
    ])
  })

  it('lets a slow peer sit rounds out, but not below three', () => {
    const { turns } = plan([1 * MS, 50 * MS, 5000 * MS], budget)
    expect(turns[1]).toEqual({ iterations: 1, rounds: 6 }) // 33 rounds of 10 ms are 6 of 50 ms
    expect(turns[2]).toEqual({ iterations: 1, rounds: 3 })
    expect(plan([1 * MS, 12e3 * MS, 30e3 * MS], budget).turns.map(({ rounds }) => rounds)).toEqual([33, 2, 1])
  })

  it('never lets ours sit out, nor runs fewer rounds than asked for', () => {
    const { rounds, turns } = plan([500 * MS, 1 * MS], { ...budget, seconds: 0.01 })
    expect(rounds).toBe(5)
    expect(turns[0]).toEqual({ iterations: 1, rounds: 5 })
  })
})

describe('takesPart', () => {
  it('spreads a contestant over exactly its number of rounds', () => {
    for (let rounds = 1; rounds <= 40; rounds++) {
      for (let mine = 1; mine <= rounds; mine++) {
        const taken = Array.from({ length: rounds }, (_, round) => takesPart(round, mine, rounds)).filter(Boolean)
        expect(taken).toHaveLength(mine)
      }
    }
  })
})

describe('interleave', () => {
  it('runs all in turn and begins each round with another', async () => {
    const log: string[] = []
    const contestants = ['a', 'b', 'c'].map((name) => fake(name, 10, log))
    const samples = await interleave(contestants, { seconds: 0.09, rounds: 3, slice: 10 })
    expect(log.slice(-9).join('')).toBe('abcbcacab')
    expect(samples.map((one) => one.length)).toEqual([3, 3, 3])
  })

  it('gives the time of one iteration with the number of its round', async () => {
    const [ours, slow] = await interleave([fake('ours', 0.5), fake('slow', 40)], { seconds: 0.2, rounds: 4, slice: 10 })
    expect(ours!.every(({ ns }) => ns === 0.5 * MS)).toBe(true)
    expect(slow!.length).toBe(3)
    expect(slow!.every(({ ns }) => ns === 40 * MS)).toBe(true)
    expect(ours!.map(({ round }) => round)).toEqual(expect.arrayContaining(slow!.map(({ round }) => round)))
  })
})
