import type { Ready, Result, Taken } from '../contestant.ts'

/** The last result of a timed call: as long as it can be seen, no compiler may drop the work. */
const kept: unknown[] = [undefined]

/**
 * A contestant that runs in this Node.js process.
 * @param version - Version of the library.
 * @param work - One iteration.
 * @param result - Shows the value of an iteration as a result to compare.
 */
export async function inProcess<T>(
  version: string,
  work: () => T | Promise<T>,
  result: (value: T) => Result,
): Promise<Ready> {
  const begin = process.hrtime.bigint()
  const first = work()
  const isAsync = first instanceof Promise
  const value = await first
  const firstNs = Number(process.hrtime.bigint() - begin)
  const sync = (iterations: number): Taken => {
    const cpu = process.cpuUsage()
    const start = process.hrtime.bigint()
    for (let i = 0; i < iterations; i++) kept[0] = work()
    return taken(start, cpu)
  }
  const asynchronous = async (iterations: number): Promise<Taken> => {
    const cpu = process.cpuUsage()
    const start = process.hrtime.bigint()
    for (let i = 0; i < iterations; i++) kept[0] = await work()
    return taken(start, cpu)
  }
  return {
    version,
    result: result(value),
    firstNs,
    run: isAsync ? asynchronous : sync,
    release: () => {
      kept[0] = undefined
    },
  }
}

function taken(start: bigint, before: NodeJS.CpuUsage): Taken {
  const ns = Number(process.hrtime.bigint() - start)
  const { user, system } = process.cpuUsage(before)
  return { ns, cpu: (user + system) * 1000 }
}
