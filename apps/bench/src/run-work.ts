import { distance } from './agreement.ts'
import { Absent, type Agreement, type Contestant, type Goal, type Ready, type Work } from './contestant.ts'
import { type Budget, interleave } from './interleave.ts'
import { best, median, type Ratio, ratio, type Sample } from './statistics.ts'

/** What became of one contestant. */
export interface Outcome {
  /** Library's name. */
  readonly name: string
  /** How it is called. */
  readonly call: string
  /** Version, if it was there. */
  readonly version?: string
  /** `ours` and `timed` have times; `differs` did other work than ours and was not timed. */
  readonly state: 'ours' | 'timed' | 'absent' | 'differs' | 'failed'
  /** Why there are no times, or how to install it. */
  readonly why?: string
  /** What its work differs in by nature. */
  readonly similar?: string
  /** Comparison of its result with ours. */
  readonly agreement?: Agreement
  /** Largest distance of its result from the one in float64, where the work has one. */
  readonly fromExact?: number
  /** Its signal-to-noise ratio against the one in float64, in decibels, where the work has that instead. */
  readonly decibels?: number
  /** Median wall-clock nanoseconds of one unit. */
  readonly ns?: number
  /** Best wall-clock nanoseconds of one unit. */
  readonly bestNs?: number
  /** How many times longer it took than ours. */
  readonly ratio?: Ratio
  /** The ratio to reach, if there is one. */
  readonly goal?: number
  /** Every sample, for the JSON. */
  readonly samples?: readonly Sample[]
}

/** What became of one work. */
export interface WorkReport {
  /** Short name. */
  readonly id: string
  /** Heading. */
  readonly title: string
  /** What was computed. */
  readonly detail: string
  /** Name of a unit. */
  readonly unit: string
  /** Seconds of audio in a unit, if that has a meaning. */
  readonly audioSeconds?: number
  /** Ours first. */
  readonly outcomes: readonly Outcome[]
}

/** A contestant that runs, and what is known of it so far. */
interface Runner {
  readonly contestant: Contestant
  readonly ready: Ready
  readonly agreement?: Agreement
  readonly fromExact?: number
  readonly decibels?: number
}

/**
 * Prepares every contestant, compares each result with ours, and times those that do the same work.
 * @param work - The work.
 * @param budget - How long to measure.
 * @param log - Receives progress lines, for a terminal.
 */
export async function runWork(work: Work, budget: Budget, log: (line: string) => void): Promise<WorkReport> {
  const { id, title, detail, unit, audioSeconds } = work
  const head = { id, title, detail, unit, ...(audioSeconds !== undefined && { audioSeconds }) }
  const runners: Runner[] = []
  const others = new Map<Contestant, Outcome>()
  try {
    log(`${id}: ${work.ours.name}`)
    const ours = await work.ours.prepare()
    runners.push({ contestant: work.ours, ready: ours })
    for (const peer of work.peers) {
      log(`${id}: ${peer.name}`)
      const entered = await enter(work, peer, ours)
      if ('state' in entered) others.set(peer, entered)
      else runners.push(entered)
    }
    const exact = work.exact?.()
    if (exact !== undefined) {
      for (const [i, runner] of runners.entries()) {
        const { result } = runner.ready
        if (work.decibels !== undefined) {
          runners[i] = { ...runner, decibels: work.decibels(exact, result) }
          continue
        }
        const fromExact = distance(exact, result)
        if (fromExact !== undefined) runners[i] = { ...runner, fromExact }
      }
    }
    log(`${id}: ${runners.length} contestants in turn`)
    const samples = await interleave(
      runners.map((runner) => runner.ready),
      budget,
    )
    const timed = new Map(
      runners.map((runner, i) => [runner.contestant, outcome(work, runner, samples[i]!, samples[0]!)]),
    )
    return { ...head, outcomes: [work.ours, ...work.peers].map((one) => (timed.get(one) ?? others.get(one))!) }
  } finally {
    for (const { ready } of runners) await ready.release?.()
  }
}

async function enter(work: Work, peer: Contestant, ours: Ready): Promise<Runner | Outcome> {
  const { name, call, similar } = peer
  const base = { name, call, ...(similar !== undefined && { similar }), ...goalOf(work.goals, name) }
  let ready: Ready
  try {
    ready = await peer.prepare()
  } catch (error) {
    const message = (error as Error).message
    if (!(error instanceof Absent)) return { ...base, state: 'failed', why: message }
    return { ...base, state: 'absent', why: peer.install === undefined ? message : `${message}: ${peer.install}` }
  }
  if (similar !== undefined) return { contestant: peer, ready }
  const agreement = work.agree(ours.result, ready.result)
  if (agreement.same) return { contestant: peer, ready, agreement }
  await ready.release?.()
  return { ...base, version: ready.version, state: 'differs', agreement, why: 'its result is not ours: not timed' }
}

const goalOf = (goals: readonly Goal[], name: string): { goal?: number } => {
  const goal = goals.find((one) => one.peer === name)
  return goal === undefined ? {} : { goal: goal.ratio }
}

function outcome(work: Work, runner: Runner, samples: readonly Sample[], ours: readonly Sample[]): Outcome {
  const { contestant, ready, agreement, fromExact, decibels } = runner
  const own = contestant === work.ours
  const perUnit = samples.map(({ round, ns, cpu }) => ({ round, ns: ns / work.units, cpu: cpu / work.units }))
  return {
    name: contestant.name,
    call: contestant.call,
    version: ready.version,
    state: own ? 'ours' : 'timed',
    ...(contestant.similar !== undefined && { similar: contestant.similar }),
    ...(agreement !== undefined && { agreement }),
    ...(fromExact !== undefined && { fromExact }),
    ...(decibels !== undefined && { decibels }),
    ns: median(perUnit.map((sample) => sample.ns)),
    bestNs: best(perUnit),
    ...(!own && { ratio: ratio(ours, samples) }),
    ...goalOf(work.goals, contestant.name),
    samples: perUnit,
  }
}
