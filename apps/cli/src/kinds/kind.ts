import type { FeatureInfo, FeatureKind, FeatureOptions, Features, FrameTiming } from '@dsp/features'
import type { Audio, Tensor } from '@dsp/tensor'
import { asUsage, UsageError } from '../failure.js'
import { named } from '../input.js'
import type { Picture } from '../plot/picture.js'

/** Options by their API names, as `--set` gave them. */
export type Settings = Readonly<Record<string, unknown>>

/** What a picture is made from. */
export interface PictureSource {
  /** The values, computed or read from a file. */
  readonly values: Tensor<Float32Array> | Tensor<Float64Array>
  /** Sample rate in Hz of the audio behind them. */
  readonly sampleRate: number
  /** The audio itself, if there is any. */
  readonly audio?: Audio
  /** What was computed besides the values; none where they were read from a file. */
  readonly parts?: Features['parts']
  /** What was given by `--set`. */
  readonly settings: Settings
  /** Name of the file, for the title. */
  readonly name: string
}

/**
 * Describes the picture of features.
 * @throws DspError where the values cannot be of this kind.
 */
export type Draw = (source: PictureSource) => Picture

/** One kind of features: what `--kind` chooses. */
export interface Kind {
  /** What @dsp/features knows of it. */
  readonly info: FeatureInfo
  /** Its picture. */
  readonly picture: Draw
}

/**
 * Computes features on all cores; errors name the file.
 * @param kind - The kind.
 * @param path - The file that the audio comes from.
 * @param audio - Mono audio.
 * @param settings - Options by their API names.
 * @throws UsageError where an option that has no default was not given.
 */
export async function computeNamed(
  { name, options }: FeatureInfo,
  path: string,
  audio: Audio,
  settings: Settings,
): Promise<Features> {
  const missing = Object.entries(options).find(([o, spec]) => spec.default === undefined && settings[o] === undefined)
  if (missing !== undefined) throw new UsageError(`the kind ${name} needs --set ${missing[0]}=VALUE`)
  const { extractAsync } = await import('@dsp/features')
  try {
    return await extractAsync(name, audio, settings as FeatureOptions)
  } catch (error) {
    throw named(path, asUsage(error, options))
  }
}

/** Seconds where the first of so many frames begins and the last one ends: each takes a hop around its centre. */
export function timeSpan({ rate, first }: FrameTiming, frames: number): [number, number] {
  const start = first - 0.5 / rate
  return [start, start + frames / rate]
}

/** Options of a picture's features with all their values, and where the frames lie. */
export type Resolved<K extends FeatureKind> = Pick<Features<K>, 'options' | 'timing'>
