import { parseArgs } from 'node:util'

/** The groups of works, in the order in which they run. */
export const GROUPS = [
  'fft',
  'fbank',
  'resample',
  'decode',
  'python',
  'browser',
  'browser-threads',
  'asr',
  'whisper-text',
  'q15',
  'hpss',
  'pitch',
  'chroma',
  'mel',
  'whisper',
  'nemo',
  'speaker',
  'three',
  'threads',
  'linear',
  'memory',
  'peak',
] as const

/** A group of works. */
export type Group = (typeof GROUPS)[number]

/** What the command line asks for. */
export interface BenchOptions {
  /** Groups to run. */
  readonly only: readonly Group[]
  /** Seconds to measure each work. */
  readonly seconds: number
  /** Fewest rounds of each work. */
  readonly rounds: number
  /** Threads that each contestant may use. */
  readonly threads: number
  /** Model directory of the ASR work. */
  readonly model: string | undefined
  /** File that gets everything as JSON. */
  readonly json: string | undefined
  /** Whether docs/benchmarks.md is written. */
  readonly markdown: boolean
  /** Whether the READMEs get the figures. */
  readonly write: boolean
  /** JSON of an earlier run that is used instead of a new one. */
  readonly from: string | undefined
  /** Whether music is cut to a few seconds, to see that everything runs. */
  readonly quick: boolean
}

/** A mistake in the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `npm run bench -- [options]

Does the same work with @dsp and with each peer, in turn in one run, and prints how many times longer each peer takes.

  --only LIST     works to run, by comma: ${GROUPS.join(', ')} (default: all)
  --seconds S     seconds to measure each work, over all its contestants (default: 5)
  --rounds N      fewest rounds, however long they take (default: 7)
  --threads N     threads that each contestant may use (default: 1)
  --model DIR     model directory of the asr work (default: the model of apps/asr)
  --json FILE     also write everything as JSON
  --markdown      also write docs/benchmarks.md; what it says of groups that are not run stays
  --write         also write the figures into the READMEs, between <!-- bench:WORK/PEER --> and <!-- /bench -->
  --from FILE     use the JSON of an earlier run instead of measuring
  --quick         a few seconds of music and few calls instead: shows that everything runs, and no more
  --help          this text

Peers that npm does not bring: bash apps/bench/install-peers.sh. Another Python: DSP_BENCH_PYTHON=/path/to/python.
Real audio is read from ../shared/data next to the checkout.
`

/**
 * Reads the command line.
 * @returns The options, or 'help'.
 */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  let values: Record<string, string | boolean | undefined>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        threads: { type: 'string' },
        model: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'boolean' },
        write: { type: 'boolean' },
        from: { type: 'string' },
        quick: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
  if (values.help === true) return 'help'
  for (const name of ['markdown', 'write'])
    if (values.quick === true && values[name] === true)
      throw new UsageError(`--quick gives no results to publish: leave --${name} out`)
  return {
    only: groups(text(values, 'only')),
    seconds: positive('seconds', text(values, 'seconds') ?? '5', false),
    rounds: positive('rounds', text(values, 'rounds') ?? '7', true),
    threads: positive('threads', text(values, 'threads') ?? '1', true),
    model: text(values, 'model'),
    json: text(values, 'json'),
    markdown: values.markdown === true,
    write: values.write === true,
    from: text(values, 'from'),
    quick: values.quick === true,
  }
}

function text(values: Record<string, string | boolean | undefined>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function groups(list: string | undefined): readonly Group[] {
  if (list === undefined) return GROUPS
  const wanted = list.split(',').map((name) => name.trim())
  for (const name of wanted)
    if (!GROUPS.some((group) => group === name))
      throw new UsageError(`--only: no work is named '${name}'; there are ${GROUPS.join(', ')}`)
  return GROUPS.filter((group) => wanted.includes(group))
}

function positive(name: string, given: string, whole: boolean): number {
  const value = Number(given)
  if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
    throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number above 0, not '${given}'`)
  return value
}
