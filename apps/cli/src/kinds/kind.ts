import type { Audio, OptionSpecs, Tensor } from '@dsp/tensor'
import { named } from '../input.js'
import type { Picture } from '../plot/picture.js'

/** Options by their API names, as `--set` gave them. */
export type Settings = Readonly<Record<string, unknown>>

/** Computed features. */
export interface Features {
  /** The values in the reference's own orientation. */
  readonly values: Tensor<Float32Array> | Tensor<Float64Array>
  /** Whether the last axis holds real and imaginary parts. */
  readonly complex: boolean
  /** What the same computation gives beside the values, by name, for the picture. */
  readonly parts?: Readonly<Record<string, Tensor<Float32Array> | Tensor<Float64Array>>>
}

/** What a picture is made from. */
export interface PictureSource {
  /** The values, computed or read from a file. */
  readonly values: Tensor<Float32Array> | Tensor<Float64Array>
  /** Samples a second of the audio behind them. */
  readonly sampleRate: number
  /** The audio itself, where there is any. */
  readonly audio?: Audio
  /** What was computed beside the values; none where they were read from a file. */
  readonly parts?: Features['parts']
  /** What was given by `--set`. */
  readonly settings: Settings
  /** Name of the file, for the title. */
  readonly name: string
}

/** One kind of features: what `--kind` chooses. To add one, write a file here and a line in the registry. */
export interface Kind {
  /** What `--set` takes. */
  readonly options: OptionSpecs<Record<string, unknown>>
  /** Whether `--complex` means anything. */
  readonly hasComplex: boolean
  /**
   * Computes the features of mono audio `[samples]`.
   * @param audio - Mono audio.
   * @param settings - Options by their API names.
   * @param complex - Complex values instead of magnitudes.
   */
  compute(audio: Audio, settings: Settings, complex: boolean): Features | Promise<Features>
  /**
   * Describes the picture of features.
   * @throws DspError where the values cannot be of this kind.
   */
  picture(source: PictureSource): Picture
}

/**
 * {@link Kind.compute} whose errors name the file.
 * @param kind - The kind.
 * @param path - The file that the audio comes from.
 * @param audio - Mono audio.
 * @param settings - Options by their API names.
 * @param complex - Complex values instead of magnitudes.
 */
export async function computeNamed(
  kind: Kind,
  path: string,
  audio: Audio,
  settings: Settings,
  complex: boolean,
): Promise<Features> {
  try {
    return await kind.compute(audio, settings, complex)
  } catch (error) {
    throw named(path, error)
  }
}
