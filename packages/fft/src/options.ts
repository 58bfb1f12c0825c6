import { type OptionSpec, type OptionSpecs, option } from '@dsp/tensor'

/** The option of `rfft`, `irfft`, `fft` and `ifft`; its name and meaning are numpy's. */
export interface FftOptions {
  /**
   * Length of the transform, at least 1: rows are cut or padded with zeros to it. Default (null): the length of the last
   * axis; for `irfft` twice the number of bins less 2. Padding may not make a batch larger than 2^22 values and 64 times
   * the input.
   */
  readonly n: number | null
}

/** {@link FftOptions} by name, type, range and default. */
export const fftOptionSpecs: OptionSpecs<FftOptions> = {
  n: option.nullable(option.integer(1, { min: 1 })),
}

/** The windows there are. */
export type WindowName = 'hann' | 'hamming' | 'blackman' | 'povey' | 'kaiser' | 'rectangular'

const WINDOW_NAMES = ['hann', 'hamming', 'blackman', 'povey', 'kaiser', 'rectangular'] as const

/** A window by name, or its own values. */
export type WindowSpec = WindowName | Float64Array | Float32Array | readonly number[]

/** The options of `window`. */
export interface WindowOptions {
  /**
   * True: for spectral analysis, one period of a sequence that could go on (scipy's `fftbins`). False: symmetric, with equal
   * ends, for filter design and for Kaldi's windows. Default true.
   */
  readonly periodic: boolean
  /** Shape of the `kaiser` window, 0 to 700; the others do not read it. Default 12, as in torch. */
  readonly beta: number
}

const beta = option.number(12, { min: 0, max: 700 })

/** {@link WindowOptions} by name, type, range and default. */
export const windowOptionSpecs: OptionSpecs<WindowOptions> = { periodic: option.boolean(true), beta }

/** Padding at the edges if frames are centred; numpy's names. */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric'

/** The options of `stft`: librosa's names and defaults. */
export interface StftOptions {
  /** Length of the transform in samples, 1 to 4,194,304. Default 2048. */
  readonly nFft: number
  /** Samples between frames, at least 1. Default (null): a quarter of `winLength`, rounded down. */
  readonly hopLength: number | null
  /**
   * Length of the window in samples, 1 to `nFft`; a shorter one is centred in the frame, with zeros around it. Default
   * (null): the length of a `window` given as values, else `nFft`.
   */
  readonly winLength: number | null
  /** A window's name (then it is periodic), or `winLength` values. Default `hann`. */
  readonly window: WindowSpec
  /** Shape of the `kaiser` window, 0 to 700. Default 12. */
  readonly beta: number
  /** True: frame `f` is centred at sample `f * hopLength`. False: it begins there. Default true. */
  readonly center: boolean
  /** Padding at the edges if frames are centred. Default `constant`: zeros. */
  readonly padMode: PadMode
}

const common = {
  hopLength: option.nullable(option.integer(1, { min: 1 })),
  winLength: option.nullable(option.integer(1, { min: 1 })),
  // Custom values are checked where they are used; by name it is one of these.
  window: option.enum(WINDOW_NAMES, 'hann') as OptionSpec<WindowSpec>,
  beta,
  center: option.boolean(true),
} satisfies Partial<OptionSpecs<StftOptions>>

/** {@link StftOptions} by name, type, range and default. */
export const stftOptionSpecs: OptionSpecs<StftOptions> = {
  nFft: option.integer(2048, { min: 1 }),
  ...common,
  padMode: option.enum(['constant', 'edge', 'reflect', 'symmetric'], 'constant'),
}

/** The options of `istft`: librosa's names and defaults. They should be those of the `stft` that it undoes. */
export interface IstftOptions extends Omit<StftOptions, 'nFft' | 'padMode'> {
  /** Length of the transform in samples. Default (null): twice the number of bins less 2; an odd length must be given. */
  readonly nFft: number | null
  /** Samples of the result, at least 1: it is cut or padded with zeros. Default (null): all that the frames cover. */
  readonly length: number | null
}

/** {@link IstftOptions} by name, type, range and default. */
export const istftOptionSpecs: OptionSpecs<IstftOptions> = {
  nFft: option.nullable(option.integer(1, { min: 1 })),
  ...common,
  length: option.nullable(option.integer(1, { min: 1 })),
}
