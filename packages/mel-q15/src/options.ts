import { type MelFilterOptions, melFilterOptionSpecs } from '@dsp/mel'
import { DspError, type OptionSpecs, option, resolveOptions } from '@dsp/tensor'

/** The named banks: see {@link Q15BankOptions}. */
export const q15Profiles = ['classic', 'classic-fixed', 'accurate', 'whisper', 'whisper-512'] as const

/** The name of a bank. */
export type Q15Profile = (typeof q15Profiles)[number]

/** What the filters weigh. */
export type Q15Spectrum = 'magnitude' | 'power'

/**
 * The options of `q15Bank`. Only `profile: 'accurate'` takes all of them, and `whisper` takes `nMels`: the rest of the profiles are
 * fixed, and giving them an option that they do not have is an error.
 */
export interface Q15BankOptions extends Omit<MelFilterOptions, 'dtype'> {
  /**
   * Which bank. Default `whisper`.
   * - `whisper`: Whisper's 80 filters, or with `nMels: 128` those of large-v3, over the powers of a 400-point transform.
   * - `whisper-512`: 80 filters over the magnitudes of a 512-point transform, fitted to Whisper's.
   * - `accurate`: librosa's triangles with edges between bins, as the other options say.
   * - `classic`: the first NPU kernel's bank, bit for bit: HTK, whole bins, 512 points, magnitudes. Filters 0 and 3 are dead, and
   *   all of them sit one bin low.
   * - `classic-fixed`: its edges with true triangles.
   */
  readonly profile: Q15Profile
  /** The sample rate in Hz. Default 16000. */
  readonly sr: number
  /** Length of the transform in samples: 400 and 512 run on the kernel. Default 512. */
  readonly nFft: number
  /** Number of filters; of `whisper` 80 or 128. Default 80. */
  readonly nMels: number
  /** Samples per frame, at most `nFft`: 400 runs on the kernel. Default (null): 400, or `nFft` where that is less. */
  readonly winLength: number | null
  /** What the filters weigh: magnitudes or powers. Default `power`. */
  readonly spectrum: Q15Spectrum
}

const { dtype: _, ...filterSpecs } = melFilterOptionSpecs

/** {@link Q15BankOptions} by name, type, range and default. */
export const q15BankOptionSpecs: OptionSpecs<Q15BankOptions> = {
  profile: option.enum(q15Profiles, 'whisper'),
  ...filterSpecs,
  sr: { ...filterSpecs.sr, default: 16000 },
  nFft: option.integer(512, { min: 1, max: 131070 }),
  nMels: option.integer(80, { min: 1, max: 65535 }),
  winLength: option.nullable(option.integer(400, { min: 1 })),
  spectrum: option.enum(['magnitude', 'power'], 'power'),
}

/** Checks options that include a bank's, and gives them as the core takes them. */
export function bankParameters<O extends Q15BankOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Partial<O> | undefined,
): O & { readonly fmax: number; readonly winLength: number; readonly dtype: 'float64' } {
  const options = resolveOptions<O>(owner, specs, given)
  const { profile, sr, nFft, nMels } = options
  const own = profile === 'whisper' ? ['profile', 'nMels'] : ['profile']
  const foreign = Object.keys(given ?? {}).find((name) => !own.includes(name) && name in q15BankOptionSpecs)
  if (profile !== 'accurate' && foreign !== undefined) {
    throw DspError.argument(
      foreign,
      `left out: the profile ${profile} is fixed (accurate takes it)`,
      given?.[foreign as keyof O],
    )
  }
  if (profile === 'whisper' && nMels !== 80 && nMels !== 128) {
    throw DspError.argument('nMels', '80 or 128, as Whisper has them', nMels)
  }
  const fmax = options.fmax ?? sr / 2
  if (fmax > sr / 2) throw DspError.argument('fmax', `at most half the rate (${sr / 2} Hz)`, fmax)
  return { ...options, fmax, winLength: options.winLength ?? Math.min(400, nFft), dtype: 'float64' }
}

/** A bank's options with the defaults filled in, as `@dsp/native` takes them. */
export type Q15BankParameters = Omit<Q15BankOptions, 'fmax' | 'winLength'> & {
  /** Highest frequency in Hz. */
  readonly fmax: number
  /** Samples in a window. */
  readonly winLength: number
  /** The bank is computed in float64 before it is quantised. */
  readonly dtype: 'float64'
}

/**
 * Checks a bank's options and fills in the defaults, for callers that pass them to `@dsp/native` directly.
 * @param owner - The function that takes the options, named in error messages.
 * @param options - See {@link Q15BankOptions}.
 * @throws DspError `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options, among them options of a profile that is fixed.
 *
 * @example
 * ```ts
 * import { q15BankParameters } from '@dsp/mel-q15'
 * q15BankParameters('load', { profile: 'accurate', sr: 22050 }).fmax // => 11025
 * ```
 */
export function q15BankParameters(owner: string, options?: Partial<Q15BankOptions>): Q15BankParameters {
  return bankParameters(owner, q15BankOptionSpecs, options)
}

/** The formats of the kernel's output: see {@link MelQ15Options}. */
export const q15Outputs = ['log2-int8', 'log2-int16', 'linear-int8'] as const

/** A format of the kernel's output. */
export type Q15Output = (typeof q15Outputs)[number]

/** How audio becomes frames. */
export interface Q15FramingOptions {
  /** Samples between frames, at least 1. Default 160. */
  readonly hopLength: number
  /**
   * True: a frame is centred on its reference sample, `frame * hopLength`, as Whisper's are: the start of the signal is mirrored, its
   * end continues with zeros, and there are `samples / hopLength` frames, rounded down. False: a frame begins there, and only whole
   * frames count. Default true.
   */
  readonly center: boolean
}

/** {@link Q15FramingOptions} by name, type, range and default. */
export const q15FramingOptionSpecs: OptionSpecs<Q15FramingOptions> = {
  hopLength: option.integer(160, { min: 1 }),
  center: option.boolean(true),
}

/** The options of `melQ15`. */
export interface MelQ15Options extends Q15BankOptions, Q15FramingOptions {
  /**
   * `log2-int8`: `round(6 * (log2(m) - lowest))`, 0 to 127, where `lowest` is the bank's (see `Q15Bank`) and m is a filter's
   * magnitude (the square root of its power) in units of
   * the DFT of 16-bit samples. `log2-int16`: `round(256 * log2(m))`, and -32768 for no energy at all. `linear-int8`:
   * `round(m * linearGain / 2 ** 24)`, 0 to 127, which is all zeros in quiet frames: for compatibility with the first kernel
   * only. Default `log2-int8`.
   */
  readonly output: Q15Output
  /** The gain of `linear-int8`, 1 to 65535. Default 127, the first kernel's. */
  readonly linearGain: number
}

/** {@link MelQ15Options} by name, type, range and default. */
export const melQ15OptionSpecs: OptionSpecs<MelQ15Options> = {
  ...q15BankOptionSpecs,
  output: option.enum(q15Outputs, 'log2-int8'),
  linearGain: option.integer(127, { min: 1, max: 65535 }),
  ...q15FramingOptionSpecs,
}
