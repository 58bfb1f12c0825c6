import { type StftOptions, stftOptionSpecs } from '@dsp/fft'
import { type OptionSpec, type OptionSpecs, option, type TensorLike } from '@dsp/tensor'
import { positive, sr } from './options.js'

/** The options of `piptrack`: librosa's names and defaults. */
export interface PiptrackOptions extends StftOptions {
  /** Sample rate in Hz. Default (null): the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number | null
  /** The lowest frequency of a peak, in hertz. Default 150. */
  readonly fmin: number
  /** Peaks lie below this frequency, in hertz. Default 4000. */
  readonly fmax: number
  /** The part of `ref` that a peak must exceed. Default 0.1. */
  readonly threshold: number
  /**
   * What peaks are measured by. Default (null): each frame's maximum. A number: peaks must exceed it, whatever the threshold.
   * An array, `[frames]` or `[..., frames]`: one value per frame (what librosa takes a function for).
   */
  readonly ref: number | readonly number[] | Float64Array | TensorLike<Float64Array | Float32Array> | null
}

/** The options of `pitchTuning`: librosa's names and defaults. */
export interface PitchTuningOptions {
  /** How fine the result is, in fractions of a bin: above 0, below 1. Default 0.01. */
  readonly resolution: number
  /** Bins of the scale per octave, at least 1. Default 12. */
  readonly binsPerOctave: number
}

/** The options of `estimateTuning`: librosa's names and defaults, those of `piptrack` included. */
export interface EstimateTuningOptions extends PiptrackOptions, PitchTuningOptions {}

/** {@link PiptrackOptions} by name, type, range and default. */
export const piptrackOptionSpecs: OptionSpecs<PiptrackOptions> = {
  ...stftOptionSpecs,
  sr,
  fmin: option.number(150),
  fmax: option.number(4000),
  threshold: option.number(0.1),
  // Values per frame are checked where they are used.
  ref: option.nullable(option.number(0)) as OptionSpec<PiptrackOptions['ref']>,
}

/** {@link PitchTuningOptions} by name, type, range and default. */
export const pitchTuningOptionSpecs: OptionSpecs<PitchTuningOptions> = {
  resolution: option.number(0.01, { min: 0, max: 1 }),
  binsPerOctave: positive(12),
}

/** {@link EstimateTuningOptions} by name, type, range and default. */
export const estimateTuningOptionSpecs: OptionSpecs<EstimateTuningOptions> = {
  ...piptrackOptionSpecs,
  ...pitchTuningOptionSpecs,
}
