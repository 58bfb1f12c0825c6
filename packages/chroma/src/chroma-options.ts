import { type StftOptions, stftOptionSpecs } from '@dsp/fft'
import { type LibrosaVersion, librosaVersion } from '@dsp/signal'
import { type OptionSpec, type OptionSpecs, option, type TensorLike } from '@dsp/tensor'
import {
  type FilterWindow,
  filterWindow,
  fmin,
  type Intervals,
  norm,
  positive,
  sr,
  vqtOptionSpecs,
  windowParameter,
} from './options.js'

/** Weights over the bins of a transform: `[bins]`, or `[classes, bins]`. */
export type FoldWindow = readonly number[] | Float64Array | Float32Array | TensorLike<Float64Array | Float32Array>

/** What chroma of a constant-Q transform and what follows from them have in common; librosa's names and defaults. */
export interface CqtChromaOptions {
  /** Sample rate in Hz. Default (null): the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number | null
  /** Samples between frames, at least 1. Default 512. */
  readonly hopLength: number
  /** The lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** Deviation from A440 in fractions of a bin of the transform. Default (null): estimated from the signal. */
  readonly tuning: number | null
  /** Pitch classes, at least 1. Default 12. */
  readonly nChroma: number
  /** Octaves from `fmin` on, at least 1. Default 7. */
  readonly nOctaves: number
  /** Weights that the folding is convolved with: over neighbouring bins, or classes and bins. Default (null): none. */
  readonly window: FoldWindow | null
  /** `full`: from `cqt`; `hybrid`: from `hybridCqt`, which is faster and less exact. Default `full`. */
  readonly cqtMode: 'full' | 'hybrid'
  /** The version of librosa whose results are given; they differ where filters come near the Nyquist frequency. Default `0.11`. */
  readonly librosa: LibrosaVersion
}

/** The options of `chromaCqt`: librosa's names and defaults. */
export interface ChromaCqtOptions extends CqtChromaOptions {
  /** The norm that each frame is divided by: `Infinity`, `-Infinity`, 0, a positive order, or null for none. Default `Infinity`. */
  readonly norm: number | null
  /** Values below it become 0 before frames are normalised; null for none. Default 0. */
  readonly threshold: number | null
  /** Filters per octave, a multiple of `nChroma`; null: as many as classes. Default 36. */
  readonly binsPerOctave: number | null
}

/** The options of `tonnetz` where it computes its own chroma: those of `chromaCqt`. */
export type TonnetzOptions = ChromaCqtOptions

/** The options of `chromaCens`: librosa's names and defaults. */
export interface ChromaCensOptions extends CqtChromaOptions {
  /** Filters per octave, a multiple of `nChroma`. Default 36. */
  readonly binsPerOctave: number
  /** The norm that each frame is divided by, as for `chromaCqt`. Default 2. */
  readonly norm: number | null
  /** Frames that are smoothed over, at least 1; null for no smoothing. Default 41. */
  readonly winLenSmooth: number | null
  /** The window of the smoothing. Default `hann`. */
  readonly smoothingWindow: FilterWindow
  /** The smoothing window's parameter, if it has one. Default 0.5. */
  readonly smoothingWindowParameter: number
}

/** The options of `chromaVqt`: librosa's names and defaults. */
export interface ChromaVqtOptions {
  /** How an octave is divided; every part is a pitch class. Ratios also set `binsPerOctave`. Must be given. */
  readonly intervals: Intervals
  /** Sample rate in Hz. Default (null): the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number | null
  /** Samples between frames, at least 1. Default 512. */
  readonly hopLength: number
  /** The lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** The norm that each frame is divided by, as for `chromaCqt`. Default `Infinity`. */
  readonly norm: number | null
  /** Values below it become 0 before frames are normalised; null for none. Default 0. */
  readonly threshold: number | null
  /** Octaves from `fmin` on, at least 1. Default 7. */
  readonly nOctaves: number
  /** Filters per octave, at least 1. Default 12. */
  readonly binsPerOctave: number
  /** Bandwidth added to every filter's in hertz, at least 0; null: the ear's equivalent rectangular bandwidth. Default 0. */
  readonly gamma: number | null
  /** The version of librosa whose results are given; they differ where filters come near the Nyquist frequency. Default `0.11`. */
  readonly librosa: LibrosaVersion
}

/** The options of `chromaStft`: librosa's names and defaults, those of its filter bank included. */
export interface ChromaStftOptions extends StftOptions {
  /** Sample rate in Hz. Default (null): the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number | null
  /** Samples between frames, at least 1. Default 512 (null: a quarter of `winLength`). */
  readonly hopLength: number | null
  /** The norm that each frame is divided by, as for `chromaCqt`. Default `Infinity`. */
  readonly norm: number | null
  /** Deviation from A440 in fractions of a chroma bin. Default (null): estimated from the signal. */
  readonly tuning: number | null
  /** Pitch classes, at least 1. Default 12. */
  readonly nChroma: number
  /** The octave in the middle of the filters' weighting, counted from 27.5 Hz. Default 5. */
  readonly ctroct: number
  /** Width of that weighting in octaves, above 0; null for none. Default 2. */
  readonly octwidth: number | null
  /** Whether the first class is C; else it is A. Default true. */
  readonly baseC: boolean
}

/** The options of `chromaFilters`: librosa's names and defaults. */
export interface ChromaFilterOptions {
  /** Sample rate in Hz. Default 22050. */
  readonly sr: number
  /** Length of the transform, at least 2. Default 2048. */
  readonly nFft: number
  /** Pitch classes, at least 1. Default 12. */
  readonly nChroma: number
  /** Deviation from A440 in fractions of a chroma bin. Default 0. */
  readonly tuning: number
  /** The octave in the middle of the weighting, counted from 27.5 Hz. Default 5. */
  readonly ctroct: number
  /** Width of that weighting in octaves, above 0; null for none. Default 2. */
  readonly octwidth: number | null
  /** The norm that each column is divided by, as for `chromaCqt`. Default 2. */
  readonly norm: number | null
  /** Whether the first class is C; else it is A. Default true. */
  readonly baseC: boolean
}

/** The options of `cqToChroma`: librosa's names and defaults. */
export interface CqToChromaOptions {
  /** Bins of the transform per octave, a multiple of `nChroma`. Default 12. */
  readonly binsPerOctave: number
  /** Pitch classes, at least 1. Default 12. */
  readonly nChroma: number
  /** The transform's lowest frequency in hertz, above 0. Default (null): C1, 32.70 Hz. */
  readonly fmin: number | null
  /** Weights that the matrix is convolved with. Default (null): none. */
  readonly window: FoldWindow | null
  /** Whether the first class is C; else it is A. Default true. */
  readonly baseC: boolean
}

const nChroma = positive(12)
const threshold = option.nullable(option.number(0), 0)
const fold = option.nullable(option.array([])) as OptionSpec<FoldWindow | null>

const cqtChroma: OptionSpecs<CqtChromaOptions> = {
  sr,
  hopLength: positive(512),
  fmin,
  tuning: option.nullable(option.number(0)),
  nChroma,
  nOctaves: positive(7),
  window: fold,
  cqtMode: option.enum(['full', 'hybrid'], 'full'),
  librosa: librosaVersion,
}

/** {@link ChromaCqtOptions} by name, type, range and default. */
export const chromaCqtOptionSpecs: OptionSpecs<ChromaCqtOptions> = {
  ...cqtChroma,
  norm: norm(Infinity),
  threshold,
  binsPerOctave: option.nullable(positive(36), 36),
}

/** {@link TonnetzOptions} by name, type, range and default. */
export const tonnetzOptionSpecs: OptionSpecs<TonnetzOptions> = chromaCqtOptionSpecs

/** {@link ChromaCensOptions} by name, type, range and default. */
export const chromaCensOptionSpecs: OptionSpecs<ChromaCensOptions> = {
  ...cqtChroma,
  binsPerOctave: positive(36),
  norm: norm(2),
  winLenSmooth: option.nullable(positive(41), 41),
  smoothingWindow: filterWindow,
  smoothingWindowParameter: windowParameter,
}

/** {@link ChromaVqtOptions} by name, type, range and default. */
export const chromaVqtOptionSpecs: OptionSpecs<ChromaVqtOptions> = {
  intervals: vqtOptionSpecs.intervals,
  sr,
  hopLength: positive(512),
  fmin,
  norm: norm(Infinity),
  threshold,
  nOctaves: positive(7),
  binsPerOctave: positive(12),
  gamma: option.nullable(option.number(0, { min: 0 }), 0),
  librosa: librosaVersion,
}

const bank = {
  nChroma,
  ctroct: option.number(5),
  octwidth: option.nullable(option.number(2, { min: Number.MIN_VALUE }), 2),
  baseC: option.boolean(true),
}

/** {@link ChromaStftOptions} by name, type, range and default. */
export const chromaStftOptionSpecs: OptionSpecs<ChromaStftOptions> = {
  ...stftOptionSpecs,
  sr,
  hopLength: option.nullable(positive(512), 512),
  norm: norm(Infinity),
  tuning: option.nullable(option.number(0)),
  ...bank,
}

/** {@link ChromaFilterOptions} by name, type, range and default. */
export const chromaFilterOptionSpecs: OptionSpecs<ChromaFilterOptions> = {
  sr: option.number(22050, { min: Number.MIN_VALUE }),
  nFft: option.integer(2048, { min: 2 }),
  tuning: option.number(0),
  norm: norm(2),
  ...bank,
}

/** {@link CqToChromaOptions} by name, type, range and default. */
export const cqToChromaOptionSpecs: OptionSpecs<CqToChromaOptions> = {
  binsPerOctave: positive(12),
  nChroma,
  fmin,
  window: fold,
  baseC: option.boolean(true),
}
