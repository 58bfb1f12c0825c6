import { existsSync, readFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'

/** The machine of a run, without anything that names it. */
export interface Machine {
  /** Processor's model name. */
  readonly cpu: string
  /** The widest vectors that it has and that ours use; undefined if that is not known. */
  readonly simd?: string
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
    ...vectors(),
    cores: all.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}

/** What Linux says of the processor's vectors. */
function vectors(): Pick<Machine, 'simd'> {
  const file = '/proc/cpuinfo'
  if (!existsSync(file)) return {}
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim().split(' '))
  if (['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'].every((flag) => flags.has(flag))) return { simd: 'AVX-512' }
  return flags.has('avx2') && flags.has('fma') ? { simd: 'AVX2' } : {}
}
