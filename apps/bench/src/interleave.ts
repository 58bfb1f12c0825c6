import type { Ready, Taken } from './contestant.ts'
import type { Sample } from './statistics.ts'

/** How long to measure. */
export interface Budget {
  /** Seconds to measure one work, over all its contestants. */
  readonly seconds: number
  /** Fewest rounds, however long they take. */
  readonly rounds: number
  /** Milliseconds that one contestant runs in one round, where one iteration is shorter. */
  readonly slice: number
}

/** One contestant's place in the rounds. */
export interface Turn {
  /** Iterations in each of its rounds. */
  readonly iterations: number
  /** How many of the rounds it takes part in. */
  readonly rounds: number
}

/** Fewest rounds of a contestant that is too slow to run in each. */
const MIN_ROUNDS = 3
/** Nanoseconds of an iteration from which on two rounds must do, and one: so long a run is its own average. */
const VERY_LONG = [1e10, 2.5e10] as const
/** Nanoseconds of a first iteration from which on it counts as the warm-up. */
const LONG = 1e9

/**
 * Who runs how often: each contestant fills its slice in every round; one whose single iteration is longer than the slice
 * sits rounds out, so that it gets no more than its share of the time, but runs in three at least (two where an iteration
 * takes ten seconds, one where it takes twenty-five).
 */
export function plan(iterationNs: readonly number[], budget: Budget): { rounds: number; turns: Turn[] } {
  const slice = budget.slice * 1e6
  const share = (budget.seconds * 1e9) / Math.max(1, iterationNs.length)
  const rounds = Math.max(budget.rounds, Math.floor(share / slice))
  const turns = iterationNs.map((ns) => {
    if (ns <= slice) return { iterations: Math.max(1, Math.round(slice / ns)), rounds }
    const fewest = MIN_ROUNDS - VERY_LONG.filter((limit) => ns >= limit).length
    return { iterations: 1, rounds: Math.min(rounds, Math.max(fewest, Math.floor((rounds * slice) / ns))) }
  })
  // Ours is the other half of every pair: it never sits out.
  if (turns[0] !== undefined) turns[0] = { ...turns[0], rounds }
  return { rounds, turns }
}

/** Whether a contestant that takes part in `mine` of `rounds` rounds runs in this one; its rounds are evenly spread. */
export function takesPart(round: number, mine: number, rounds: number): boolean {
  return Math.floor(((round + 1) * mine) / rounds) > Math.floor((round * mine) / rounds)
}

/** Time of one iteration when warm: runs for two slices at least, so that a just-in-time compiler has done its work. */
async function warmUp(ready: Ready, slice: number): Promise<number> {
  if ((ready.firstNs ?? 0) >= LONG) return ready.firstNs!
  let taken: Taken = await ready.run(1)
  let one = taken.ns
  for (let spent = taken.ns, iterations = 1; spent < 2 * slice * 1e6; spent += taken.ns) {
    iterations = Math.max(1, Math.min(iterations * 2, Math.round((slice * 1e6) / Math.max(1, one))))
    taken = await ready.run(iterations)
    one = taken.ns / iterations
  }
  return Math.max(1, one)
}

/**
 * Runs the contestants in turn, round after round, the first contestant being ours. Each round begins with another
 * contestant, so that none is always the one after the slowest.
 * @returns The samples of each contestant, in the order given.
 */
export async function interleave(contestants: readonly Ready[], budget: Budget): Promise<Sample[][]> {
  const times: number[] = []
  for (const contestant of contestants) times.push(await warmUp(contestant, budget.slice))
  const { rounds, turns } = plan(times, budget)
  const samples: Sample[][] = contestants.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < contestants.length; place++) {
      const index = (place + round) % contestants.length
      const turn = turns[index]!
      if (!takesPart(round, turn.rounds, rounds)) continue
      const taken = await contestants[index]!.run(turn.iterations)
      samples[index]!.push({ round, ns: taken.ns / turn.iterations, cpu: taken.cpu / turn.iterations })
    }
  }
  return samples
}
