import type { FeatureKind, FrameTiming } from '@dsp/features'
import type { OptionSpec } from '@dsp/tensor'
import type { Tick } from '../../../apps/cli/src/plot/ticks.js'

/** A larger file is refused before it is read: its bytes and its samples must fit in the memory of a tab. */
export const MAX_BYTES = 200e6
/** Longer sound is cut there, for the same reason. */
export const MAX_SECONDS = 600

/** The options of a kind by name. */
export type Specs = Readonly<Record<string, OptionSpec<unknown>>>
export type Values = Readonly<Record<string, unknown>>

/** What a kind has to choose from, as @dsp/features tells it. */
export interface KindInfo {
  readonly kind: FeatureKind
  readonly description: string
  readonly options: Specs
  /** The option that is the audio's own rate, which follows the sample rate above. */
  readonly rateOption: string | null
}

/** What to compute. */
export interface Settings {
  readonly kind: FeatureKind
  /** Sample rate in Hz that the sound is brought to first. */
  readonly rate: number
  /** Options that were changed, as text. */
  readonly set: Readonly<Record<string, string>>
}

/** One panel of the picture. */
export interface Track {
  readonly label: string
  /** `heat`: values in colours, `line`: one value per frame. */
  readonly type: 'heat' | 'line'
  readonly rows: number
  /** Marks of the vertical axis, in rows from the bottom edge; of a line, in its own unit. */
  readonly ticks: readonly Tick[]
  /** Unit of the values. */
  readonly unit: string
  /** How colours are laid over values: so much below the loudest, around zero, or from zero; ends of a line's axis. */
  readonly range: { readonly below: number } | 'signed' | 'positive' | readonly [number, number]
}

/** What can be heard. */
export type Part = 'sound' | 'harmonic' | 'percussive'

export type Request =
  | { readonly type: 'open'; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly type: 'decoded'; readonly channels: readonly Float32Array[]; readonly sampleRate: number }
  | { readonly type: 'listen'; readonly sampleRate: number; readonly port: MessagePort }
  | { readonly type: 'stop' }
  | { readonly type: 'compute'; readonly id: number; readonly settings: Settings }
  | { readonly type: 'cancel' }
  | { readonly type: 'time'; readonly id: number; readonly settings: Settings }
  | { readonly type: 'samples'; readonly part: Part }

export type Reply =
  /** The packages are loaded. */
  | { readonly type: 'ready'; readonly kinds: readonly KindInfo[] }
  /** They could not be. */
  | { readonly type: 'failed'; readonly message: string }
  /** A computation begins. `given`: the options that were changed; `all`: every option with its value. */
  | {
      readonly type: 'plan'
      readonly id: number
      readonly given: Values
      readonly all: Values
      readonly tracks: readonly Track[]
      readonly timing: FrameTiming
      /** Seconds of the whole sound, where they are known. */
      readonly total: number | null
      /** Whether columns come only once the sound has ended, and why. */
      readonly whole: string | null
    }
  /** Columns of a track, each from the bottom up, from that column on; what was there before is replaced. */
  | {
      readonly type: 'columns'
      readonly id: number
      readonly track: number
      readonly from: number
      readonly values: Float32Array
    }
  /** So many seconds of sound have taken so many milliseconds. */
  | {
      readonly type: 'progress'
      readonly id: number
      readonly seconds: number
      readonly total: number | null
      readonly ms: number
    }
  | {
      readonly type: 'done'
      readonly id: number
      readonly seconds: number
      readonly ms: number
      readonly cancelled: boolean
    }
  /** The one-shot function over so many seconds: the median of so many runs. */
  | {
      readonly type: 'timed'
      readonly id: number
      readonly ms: number
      readonly seconds: number
      readonly runs: number
    }
  | { readonly type: 'samples'; readonly part: Part; readonly samples: Float32Array; readonly sampleRate: number }
  /** Something worth knowing that is no error. */
  | { readonly type: 'note'; readonly message: string }
  /** @dsp/audio cannot decode the file; the browser may. */
  | { readonly type: 'undecodable'; readonly message: string }
  | { readonly type: 'error'; readonly id: number | null; readonly message: string; readonly argument: string | null }
