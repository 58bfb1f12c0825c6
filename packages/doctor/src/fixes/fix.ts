import type { CauseId } from '../cause.js'

/** The libraries that the catalogue tells how to set. */
export const fixedLibraries = ['torchaudio', 'kaldi-native-fbank', 'librosa', 'sherpa-onnx', '@dsp'] as const

/** A library that the catalogue tells how to set. */
export type FixedLibrary = (typeof fixedLibraries)[number]

/** What a cause looks like, and how to fix it. */
export interface Fix {
  /** Its name in words. */
  readonly title: string
  /**
   * What features look like that differ by it and nothing else. Numbers are of theirs minus ours in the natural logarithm of power, on
   * clean speech at 16 kHz with 80 filters.
   */
  readonly looksLike: string
  /** How to set it in each library, in Markdown with the real names of options. */
  readonly how: Readonly<Record<FixedLibrary, string>>
}

/** Some of the catalogue. */
export type Fixes<Id extends CauseId> = Readonly<Record<Id, Fix>>

/** sherpa-onnx's extractor is kaldi-native-fbank with most of its options fixed. */
export const fixedInSherpa = (what: string): string => `Fixed: ${what}.`
