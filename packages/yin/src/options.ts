import { type OptionSpec, type OptionSpecs, option } from '@dsp/tensor'

/** Padding at the edges if frames are centred; numpy's names (all of `numpy.pad`'s but `empty`). */
export type PadMode =
  | 'constant'
  | 'edge'
  | 'linear_ramp'
  | 'maximum'
  | 'mean'
  | 'median'
  | 'minimum'
  | 'reflect'
  | 'symmetric'
  | 'wrap'

const PAD_MODES = [
  'constant',
  'edge',
  'linear_ramp',
  'maximum',
  'mean',
  'median',
  'minimum',
  'reflect',
  'symmetric',
  'wrap',
] as const

/** The options that `yin` and `pyin` share: librosa's names and defaults. */
export interface PitchOptions {
  /** The lowest frequency looked for, in hertz, above 0. Must be given. At least one of its periods must fit into a frame; two should. */
  readonly fmin: number
  /** The highest frequency looked for, in hertz, above `fmin` and at most half of `sr`. Must be given. */
  readonly fmax: number
  /** Sample rate in Hz, above 0. Default: the signal's own rate if it is an `Audio`, else 22050. */
  readonly sr: number
  /** Length of a frame in samples, 1 to 1,048,576. Default 2048. */
  readonly frameLength: number
  /** Samples between frames, at least 1. Default (null): a quarter of `frameLength`, rounded down. */
  readonly hopLength: number | null
  /** True: frame `f` is centred at sample `f * hopLength`. False: it begins there. Default true. */
  readonly center: boolean
  /** Padding at the edges if frames are centred. Default `constant`: zeros. */
  readonly padMode: PadMode
}

/** The options of `yin`: librosa's names and defaults. */
export interface YinOptions extends PitchOptions {
  /** The first local minimum of the normalised difference below this is the period; without one, the smallest value. Default 0.1. */
  readonly troughThreshold: number
}

/** The options of `pyin`: librosa's names and defaults. */
export interface PyinOptions extends PitchOptions {
  /** Thresholds between 0 and 1 that are tried, 1 to 65,536. Default 100. */
  readonly nThresholds: number
  /** The two shapes, above 0, of the beta distribution that says how probable each threshold is. Default `[2, 18]`. */
  readonly betaParameters: readonly number[]
  /** The decay of the prior over local minima, above 0: larger values favour shorter periods. Default 2. */
  readonly boltzmannParameter: number
  /** The width of a pitch bin in semitones, above 0. Default 0.1, which is 10 cents. */
  readonly resolution: number
  /** The fastest change of pitch in octaves per second, at least 0. Default 35.92. */
  readonly maxTransitionRate: number
  /** The probability of a change between voiced and unvoiced from one frame to the next, 0 to 1. Default 0.01. */
  readonly switchProb: number
  /** The largest probability given to the lowest minimum if none is below a threshold, 0 to 1. Default 0.01. */
  readonly noTroughProb: number
  /** `f0` in unvoiced frames: a number, or null for the best guess. Default NaN. */
  readonly fillNa: number | null
  /**
   * Less probable changes of pitch and voicing from one frame to the next are left out of account, 0 to 1; null for none. Default null, as
   * in librosa 0.11; librosa 1.0's default is 1e-4.
   */
  readonly transitionMinProb: number | null
}

/** Options of which the range of frequencies must be given. */
export type WithRange<O extends PitchOptions> = Partial<O> & Pick<O, 'fmin' | 'fmax'>

const hertz = option.nullable(option.number(0, { min: 0 })) as OptionSpec<number>
const whole = (value: number) => option.integer(value, { min: 1 })
const probability = option.number(0.01, { min: 0, max: 1 })

const shared: OptionSpecs<PitchOptions> = {
  fmin: hertz,
  fmax: hertz,
  sr: option.number(22050, { min: 0 }),
  frameLength: whole(2048),
  hopLength: option.nullable(whole(1)),
  center: option.boolean(true),
  padMode: option.enum(PAD_MODES, 'constant'),
}

/** {@link YinOptions} by name, type, range and default. `fmin` and `fmax` are null there: they have no default. */
export const yinOptionSpecs: OptionSpecs<YinOptions> = { ...shared, troughThreshold: option.number(0.1) }

/** {@link PyinOptions} by name, type, range and default. `fmin` and `fmax` are null there: they have no default. */
export const pyinOptionSpecs: OptionSpecs<PyinOptions> = {
  ...shared,
  nThresholds: whole(100),
  betaParameters: option.array([2, 18], { length: 2, min: 0 }),
  boltzmannParameter: option.number(2, { min: 0 }),
  resolution: option.number(0.1, { min: 0 }),
  maxTransitionRate: option.number(35.92, { min: 0 }),
  switchProb: probability,
  noTroughProb: probability,
  fillNa: option.nullable(option.number(Number.NaN), Number.NaN),
  transitionMinProb: option.nullable(option.number(1e-4, { min: 0, max: 1 })),
}
