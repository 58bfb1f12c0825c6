import type { Agreement, Contestant, Result, Work } from '../contestant.ts'
import { type Input, track } from '../inputs.ts'
import { OURS } from '../ours.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** A piece of music at a rate. */
export interface Track extends Input {
  /** Seconds. */
  readonly seconds: number
  /** Hz. */
  readonly rate: number
}

/** The lengths and rates at which librosa's functions are raced. */
export const TRACKS = [
  { seconds: 60, rate: 22050 },
  { seconds: 60, rate: 44100 },
  { seconds: 240, rate: 22050 },
  { seconds: 240, rate: 44100 },
] as const

/** What makes a work of one function of librosa's. */
export interface Recipe {
  /** Name of ours, which is also the short name of the work. */
  readonly name: string
  /** librosa's function, dotted. */
  readonly function: string
  /** What it is, for headings. */
  readonly title: string
  /** librosa's keyword arguments besides the rate. */
  readonly options?: Record<string, unknown>
  /** Whether librosa's takes a rate. */
  readonly rated: boolean
  /** Compares results. */
  agree(ours: Result, theirs: Result): Agreement
  /** Tracks, where not all. */
  readonly tracks?: readonly { readonly seconds: number; readonly rate: number }[]
  /** The goal against librosa on one thread, and where it is set. */
  readonly goal: { readonly ratio: number; readonly seconds: number; readonly rate: number }
  /** Peers besides librosa. */
  peers?(track: Track): Contestant[]
}

/** One work per track, against librosa on one thread, librosa as it comes, and our own Python module. */
export function musicWorks(context: Context, recipe: Recipe): Work[] {
  const { name, title, function: called, rated, goal } = recipe
  const ours = OURS[name]!
  return (recipe.tracks ?? TRACKS).map(({ seconds, rate }) => {
    const input: Track = { ...track(context, seconds, rate), seconds, rate }
    const options = { ...recipe.options, ...(rated && { sr: rate }) }
    const params = { samples: input.path, function: called, options }
    const python = (peer: string, process: Context['python']) => () => process.prepare({ peer, params })
    return {
      id: `${name.replace('_', '-')}-${seconds}-${rate === 22050 ? 22 : 44}`,
      title: `${title} of ${seconds} s of music at ${rate / 1000} kHz`,
      detail: `One channel, float32, librosa's defaults${named(recipe.options)}.`,
      units: 1,
      unit: `${seconds} s`,
      audioSeconds: seconds,
      ours: {
        name: `@dsp/${ours.folder}`,
        call: ours.call,
        prepare: () => inProcess(version(ours.folder), () => ours.sync(input.samples, rate), ours.result),
      },
      peers: [
        { name: 'librosa', call: called, install: INSTALL, prepare: python('librosa', context.python) },
        {
          name: 'librosa, its own threads',
          call: called,
          install: INSTALL,
          prepare: python('librosa', context.freePython),
        },
        {
          name: 'auralis_dsp',
          call: `${called.split('.').at(-1)} (ours, from Python)`,
          install: INSTALL,
          prepare: python('auralis', context.python),
        },
        ...(recipe.peers?.(input) ?? []),
      ],
      agree: recipe.agree,
      goals: seconds === goal.seconds && rate === goal.rate ? [{ peer: 'librosa', ratio: goal.ratio }] : [],
    }
  })
}

function named(options: Record<string, unknown> | undefined): string {
  const pairs = Object.entries(options ?? {}).map(([name, value]) => `${name} ${value}`)
  return pairs.length === 0 ? '' : `, ${pairs.join(', ')}`
}
