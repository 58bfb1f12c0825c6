import { cpus, loadavg, platform, release, totalmem } from 'node:os'

/** The machine of a run, without anything that names it. */
export interface Machine {
  /** Processor's model name. */
  readonly cpu: string
  /** Cores that this system shows. */
  readonly cores: number
  /** Memory in GiB. */
  readonly memory: number
  /** Kernel and its release. */
  readonly system: string
  /** Version of Node.js. */
  readonly node: string
  /** Processes that wanted a processor in the minute before the run, on average. */
  readonly load: number
}

/** Describes this machine now. */
export function describeMachine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}
