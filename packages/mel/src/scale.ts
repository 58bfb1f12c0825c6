import { melConvert, melFrequencies as nativeFrequencies } from '@dsp/native'
import { asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { checkOption, DspError, guard, option, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import {
  type MelFrequencyOptions,
  type MelScaleOptions,
  melFrequencyOptionSpecs,
  melScaleOptionSpecs,
} from './options.js'

/**
 * Frequencies to mels, as `librosa.hz_to_mel`.
 * @param frequencies - Hertz: a number, or a tensor of any shape.
 * @param options - See {@link MelScaleOptions}.
 * @returns Mels, of the same shape and element type.
 * @throws DspError `ERR_DSP_ARGUMENT` for a number that is NaN, `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { hzToMel } from '@dsp/mel'
 * hzToMel(1000) // => 15
 * hzToMel(new Float64Array([200, 6400])).data // => Float64Array.of(3, 42)
 * Math.round(hzToMel(1000, { htk: true })) // => 1000
 * ```
 */
export function hzToMel(frequencies: number, options?: Partial<MelScaleOptions>): number
export function hzToMel<T extends SignalData>(
  frequencies: SignalInput<T>,
  options?: Partial<MelScaleOptions>,
): Tensor<T>
export function hzToMel(
  frequencies: number | SignalInput,
  options?: Partial<MelScaleOptions>,
): number | Tensor<SignalData> {
  return convert('hzToMel', 'frequencies', frequencies, options)
}

/**
 * Mels to frequencies, as `librosa.mel_to_hz`.
 * @param mels - Mels: a number, or a tensor of any shape.
 * @param options - See {@link MelScaleOptions}.
 * @returns Hertz, of the same shape and element type.
 * @throws DspError `ERR_DSP_ARGUMENT` for a number that is NaN, `ERR_DSP_OPTION` for unknown options.
 *
 * @example
 * ```ts
 * import { melToHz } from '@dsp/mel'
 * melToHz(3) // => 200
 * Math.round(melToHz(1000, { melScale: 'kaldi' })) // => 1000
 * ```
 */
export function melToHz(mels: number, options?: Partial<MelScaleOptions>): number
export function melToHz<T extends SignalData>(mels: SignalInput<T>, options?: Partial<MelScaleOptions>): Tensor<T>
export function melToHz(mels: number | SignalInput, options?: Partial<MelScaleOptions>): number | Tensor<SignalData> {
  return convert('melToHz', 'mels', mels, options)
}

/**
 * Frequencies evenly spaced in mel, both ends included, as `librosa.mel_frequencies`.
 * @param nMels - How many, 1 to 1,048,576.
 * @param options - See {@link MelFrequencyOptions}.
 * @returns `[nMels]`, hertz, float64.
 * @throws DspError `ERR_DSP_ARGUMENT` for an invalid count or range.
 *
 * @example
 * ```ts
 * import { melFrequencies } from '@dsp/mel'
 * melFrequencies(4, { fmax: 1000 }).data.map(Math.round) // => Float64Array.of(0, 333, 667, 1000)
 * ```
 */
export function melFrequencies(nMels = 128, options?: Partial<MelFrequencyOptions>): Tensor<Float64Array> {
  checkOption('nMels', option.integer(128, { min: 1, max: 2 ** 20 }), nMels)
  const resolved = resolveOptions('melFrequencies', melFrequencyOptionSpecs, options)
  const { fmin, fmax } = resolved
  if (fmax <= fmin) throw DspError.argument('fmax', `above fmin (${fmin} Hz)`, fmax)
  return tensor(guard(() => nativeFrequencies(nMels, resolved)))
}

function convert(
  owner: 'hzToMel' | 'melToHz',
  name: string,
  values: number | SignalInput,
  options: Partial<MelScaleOptions> | undefined,
): number | Tensor<SignalData> {
  const scale = resolveOptions<MelScaleOptions>(owner, melScaleOptionSpecs, options)
  const toHertz = owner === 'melToHz'
  if (typeof values === 'number') {
    if (Number.isNaN(values)) throw DspError.argument(name, 'a number', values)
    return guard(() => melConvert(Float64Array.of(values), toHertz, scale))[0]!
  }
  const { data, shape } = asSignal(values, name)
  return tensor(
    guard(() => melConvert(data, toHertz, scale)),
    shape,
  )
}
