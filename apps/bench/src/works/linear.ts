import { track } from '../inputs.ts'
import { OURS } from '../ours.ts'
import type { Context } from './context.ts'

/** Time of one function on signals of several lengths. */
export interface LinearReport {
  /** Function. */
  readonly call: string
  /** Milliseconds of processor time for one second of signal, in the order of {@link LENGTHS}: the best of some runs. */
  readonly perSecond: readonly number[]
}

/** Seconds of signal. */
export const LENGTHS = [15, 30, 60, 120, 240, 480] as const
const RATE = 22050
/** Milliseconds after which a length is timed no more. */
const ENOUGH = 700

/** Times every function of the music packages at every length, on one thread. */
export function measureLinear(context: Context, log: (line: string) => void): LinearReport[] {
  const signals = LENGTHS.map((seconds) => track(context, seconds, RATE).samples)
  return Object.values(OURS).map(({ call, sync }) => {
    const name = call.split(',')[0]!
    sync(signals[0]!, RATE) // warm
    const perSecond = signals.map((samples, i) => {
      log(`linear: ${name} of ${LENGTHS[i]} s`)
      return best(() => sync(samples, RATE)) / LENGTHS[i]!
    })
    return { call: name, perSecond }
  })
}

/** Milliseconds of processor time of the fastest run, which other programs disturb least: two at least. */
function best(work: () => unknown): number {
  let [fastest, spent, runs] = [Number.POSITIVE_INFINITY, 0, 0]
  while (runs < 2 || spent < ENOUGH) {
    const start = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(start)
    const taken = (user + system) / 1000
    fastest = Math.min(fastest, taken)
    spent += taken
    runs++
  }
  return fastest
}
