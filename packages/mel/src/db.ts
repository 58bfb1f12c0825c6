import { fromDb, toDb } from '@dsp/native'
import { asSignal, type LibrosaVersion, librosaVersion, type SignalData, type SignalInput } from '@dsp/signal'
import {
  checkOption,
  DspError,
  guard,
  type OptionSpecs,
  option,
  resolveOptions,
  type Tensor,
  tensor,
} from '@dsp/tensor'

/** What counts as 0 dB: a value, the largest of all (`max`), or a function of all (librosa's `np.max`, `np.median` …). */
export type DbReference = number | 'max' | ((values: Tensor<SignalData>) => number)

/** The options of `powerToDb` and `amplitudeToDb`: librosa's names and defaults. */
export interface DbOptions {
  /** What counts as 0 dB; a number's sign does not matter. Default 1. */
  readonly ref: DbReference
  /** Above 0: smaller values, and a smaller `ref`, are raised to it. Default 1e-10 for powers, 1e-5 for amplitudes. */
  readonly amin: number
  /** At least 0: the result is at most so far below its largest value. Default 80; null: no limit. */
  readonly topDb: number | null
  /**
   * The version of librosa whose results are given. `ref` and `topDb` look at all values in 0.11; in 1.0, at the last two axes
   * `[bins, frames]`, so that every channel has its own. Default `0.11`.
   */
  readonly librosa: LibrosaVersion
}

/** {@link DbOptions} that a command line could give: without functions. */
export interface PlainDbOptions extends DbOptions {
  /** What counts as 0 dB; a number's sign does not matter. Default 1. */
  readonly ref: number | 'max'
}

/** {@link PlainDbOptions} by name, type, range and default, as `powerToDb` has them. */
export const powerToDbOptionSpecs: OptionSpecs<PlainDbOptions> = {
  ref: option.numberOr(['max'], 1),
  amin: option.number(1e-10, { min: 0 }),
  topDb: option.nullable(option.number(80, { min: 0 }), 80),
  librosa: librosaVersion,
}

/** {@link PlainDbOptions} by name, type, range and default, as `amplitudeToDb` has them. */
export const amplitudeToDbOptionSpecs: OptionSpecs<PlainDbOptions> = {
  ...powerToDbOptionSpecs,
  amin: option.number(1e-5, { min: 0 }),
}

/**
 * Powers to decibels, as `librosa.power_to_db`: `10 log10(S / ref)`. Computed in float64 and rounded once.
 * @param s - Powers of any shape, float32 or float64.
 * @param options - See {@link DbOptions}. `topDb` counts from the largest value of all, or of each channel (`librosa: '1.0'`).
 * @returns Decibels, of the same shape and element type.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty input, `ERR_DSP_ARGUMENT` for invalid
 *   options.
 *
 * @example
 * ```ts
 * import { powerToDb } from '@dsp/mel'
 * powerToDb(new Float64Array([1, 100, 0])).data // => Float64Array.of(0, 20, -60)
 * powerToDb(new Float64Array([1, 100, 10]), { ref: 'max' }).data.map(Math.round) // => Float64Array.of(-20, 0, -10)
 * ```
 */
export function powerToDb<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<DbOptions>,
): Tensor<T> {
  return decibels('powerToDb', s, options, false)
}

/**
 * Amplitudes to decibels, as `librosa.amplitude_to_db`: `20 log10(|S| / ref)`. Computed in float64 and rounded once.
 * @param s - Amplitudes of any shape, float32 or float64; their signs do not matter.
 * @param options - See {@link DbOptions}, as for {@link powerToDb}.
 * @returns Decibels, of the same shape and element type.
 * @throws DspError as {@link powerToDb} does.
 *
 * @example
 * ```ts
 * import { amplitudeToDb } from '@dsp/mel'
 * amplitudeToDb(new Float64Array([1, -10, 0])).data // => Float64Array.of(0, 20, -60)
 * ```
 */
export function amplitudeToDb<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<DbOptions>,
): Tensor<T> {
  return decibels('amplitudeToDb', s, options, true)
}

/** The option of `dbToPower` and `dbToAmplitude`. */
export interface FromDbOptions {
  /** What 0 dB is. Default 1. */
  readonly ref: number
}

/** {@link FromDbOptions} by name, type, range and default. */
export const fromDbOptionSpecs: OptionSpecs<FromDbOptions> = { ref: option.number(1) }

/**
 * Decibels to powers, as `librosa.db_to_power`: `ref * 10^(S / 10)`.
 * @param s - Decibels of any shape, float32 or float64.
 * @param options - See {@link FromDbOptions}.
 * @returns Powers, of the same shape and element type.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty input.
 *
 * @example
 * ```ts
 * import { dbToPower } from '@dsp/mel'
 * dbToPower(new Float64Array([0, 20])).data // => Float64Array.of(1, 100)
 * ```
 */
export function dbToPower<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<FromDbOptions>,
): Tensor<T> {
  return back('dbToPower', s, options, false)
}

/**
 * Decibels to amplitudes, as `librosa.db_to_amplitude`: `|ref| * 10^(S / 20)`.
 * @param s - Decibels of any shape, float32 or float64.
 * @param options - See {@link FromDbOptions}.
 * @returns Amplitudes, of the same shape and element type.
 * @throws DspError as {@link dbToPower} does.
 *
 * @example
 * ```ts
 * import { dbToAmplitude } from '@dsp/mel'
 * dbToAmplitude(new Float64Array([0, 20])).data // => Float64Array.of(1, 10)
 * ```
 */
export function dbToAmplitude<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<FromDbOptions>,
): Tensor<T> {
  return back('dbToAmplitude', s, options, true)
}

function decibels<T extends SignalData>(
  owner: 'powerToDb' | 'amplitudeToDb',
  s: SignalInput<T>,
  options: Partial<DbOptions> | undefined,
  amplitudes: boolean,
): Tensor<T> {
  const { data, shape } = asSignal(s, 'S')
  const specs = amplitudes ? amplitudeToDbOptionSpecs : powerToDbOptionSpecs
  const given = options?.ref
  // A specification cannot describe a function.
  const rest = typeof given === 'function' ? { ...options, ref: 1 } : options
  const { ref, amin, topDb, librosa } = resolveOptions(owner, specs, rest)
  if (amin === 0) throw DspError.argument('amin', 'above 0', amin)
  const decibelsOf = (data: SignalData, shape: readonly number[]): T => {
    const magnitudes = () => tensor(amplitudes ? data.map(Math.abs) : data, [...shape]) as Tensor<SignalData>
    const value = typeof given === 'function' ? checkOption('ref', option.number(1), given(magnitudes())) : ref
    return guard(() => toDb(data, amplitudes, { ref: value, amin, topDb })) as T
  }
  if (librosa === '0.11' || shape.length < 3 || data.length === 0) return tensor(decibelsOf(data, shape), shape)
  const matrix = shape.slice(-2)
  const size = matrix[0]! * matrix[1]!
  const result = data.slice() as T
  for (let at = 0; at < data.length; at += size) {
    result.set(decibelsOf(data.subarray(at, at + size) as T, matrix), at)
  }
  return tensor(result, shape)
}

function back<T extends SignalData>(
  owner: string,
  s: SignalInput<T>,
  options: Partial<FromDbOptions> | undefined,
  amplitudes: boolean,
): Tensor<T> {
  const { data, shape } = asSignal(s, 'S')
  const { ref } = resolveOptions(owner, fromDbOptionSpecs, options)
  return tensor(guard(() => fromDb(data, amplitudes, ref)) as T, shape)
}
