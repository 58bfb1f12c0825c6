import { MelBank, MelPlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  batch,
  batchAsync,
  oneShot,
  oneShotAsync,
  PlanCache,
  perChannel,
  type SignalData,
  type SignalInput,
  withRate,
} from '@dsp/signal'
import { DspError, guard, resolveOptions, type Tensor } from '@dsp/tensor'
import {
  type MelFromSpectrogramOptions,
  type MelspectrogramOptions,
  melFromSpectrogramOptionSpecs,
  melspectrogramOptionSpecs,
} from './options.js'
import { bankParameters, melParameters, warnOfEmptyFilters } from './parameters.js'

const plans = new PlanCache<MelPlan>()

const algorithm: Algorithm<MelspectrogramOptions, Tensor<SignalData>> = {
  plan: (owner, options, signal) => {
    const parameters = melParameters(owner, melspectrogramOptionSpecs, options, signal)
    const { nFft, nMels } = parameters
    return {
      plan: plans.get(parameters, nFft, () => warnOfEmptyFilters(new MelPlan(parameters), parameters)),
      wrap: ([data], leading) => perChannel(data!, leading, (values) => [nMels, values / nMels]),
    }
  },
}

const fromSpectrogram: Algorithm<MelFromSpectrogramOptions, Tensor<SignalData>> = {
  input: 'S',
  axes: 2,
  plan: (owner, options, { rows: bins, sampleRate }) => {
    const rated = withRate<MelFromSpectrogramOptions>(options, 'sr', sampleRate)
    const resolved = resolveOptions(owner, melFromSpectrogramOptionSpecs, rated)
    const nFft = resolved.nFft ?? 2 * (bins - 1)
    if (nFft < 1 || Math.floor(nFft / 2) + 1 !== bins) {
      throw DspError.argument('nFft', `${2 * bins - 2} or ${2 * bins - 1} for the ${bins} bins of S`, nFft)
    }
    const parameters = bankParameters({ ...resolved, nFft })
    return {
      plan: guard(() => warnOfEmptyFilters(new MelBank(parameters), parameters)),
      transient: true,
      wrap: ([data], leading, frames) => perChannel(data!, leading, () => [parameters.nMels, frames]),
    }
  },
}

/**
 * The mel spectrogram, as `librosa.feature.melspectrogram` computes it: the sums of triangular filters over `|STFT|^power`.
 * Everything is computed in float64 and rounded once.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once. An `Audio` brings its rate.
 * @param options - See {@link MelspectrogramOptions}.
 * @returns `[..., nMels, frames]`, at least 0. `frames` is `1 + samples / hopLength` (rounded down) for an even `nFft` if
 *   frames are centred, else `1 + (samples - nFft) / hopLength`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` for invalid
 *   options: `fmin` not below `fmax`, `fmax` above half the rate, an `nFft` longer than the signal if frames are
 *   not centred. Filters without any bin are a process warning, see `melFilters`.
 *
 * @example
 * ```ts
 * import { melspectrogram } from '@dsp/mel'
 * const second = new Float32Array(22050).map((_, i) => Math.sin(i / 5))
 * melspectrogram(second).shape // => [128, 44]
 * melspectrogram(second, { nMels: 40, fmax: 8000, power: 1 }).shape // => [40, 44]
 * ```
 */
export function melspectrogram<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<MelspectrogramOptions>,
): Tensor<T> {
  return oneShot(algorithm, 'melspectrogram', y, options) as Tensor<T>
}

/**
 * {@link melspectrogram} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link melspectrogram}.
 * @param options - See {@link MelspectrogramOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., nMels, frames]`.
 *
 * @example
 * ```ts
 * import { melspectrogramAsync } from '@dsp/mel'
 * const mel = await melspectrogramAsync(new Float32Array(22050), { signal: AbortSignal.timeout(60_000) })
 * mel.shape // => [128, 44]
 * ```
 */
export function melspectrogramAsync<T extends SignalData = Float32Array>(
  y: SignalInput<T>,
  options?: Partial<MelspectrogramOptions> & AsyncOptions,
): Promise<Tensor<T>> {
  return oneShotAsync(algorithm, 'melspectrogramAsync', y, options) as Promise<Tensor<T>>
}

/**
 * {@link melspectrogram} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all of one element type and one rate.
 * @param options - See {@link MelspectrogramOptions}.
 * @returns One `[nMels, frames]` per signal, in order.
 * @throws DspError as {@link melspectrogram} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { melspectrogramBatch } from '@dsp/mel'
 * const [a, b] = melspectrogramBatch([new Float32Array(22050), new Float32Array(11025)])
 * a.shape // => [128, 44]
 * b.shape // => [128, 22]
 * ```
 */
export function melspectrogramBatch<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<MelspectrogramOptions>,
): Tensor<T>[] {
  return batch(algorithm, 'melspectrogramBatch', signals, options) as Tensor<T>[]
}

/**
 * {@link melspectrogramBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link melspectrogramBatch}.
 * @param options - See {@link MelspectrogramOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nMels, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { melspectrogramBatchAsync } from '@dsp/mel'
 * const all = await melspectrogramBatchAsync([new Float32Array(22050), new Float32Array(11025)])
 * all.length // => 2
 * ```
 */
export function melspectrogramBatchAsync<T extends SignalData = Float32Array>(
  signals: readonly SignalInput<T>[],
  options?: Partial<MelspectrogramOptions> & AsyncOptions,
): Promise<Tensor<T>[]> {
  return batchAsync(algorithm, 'melspectrogramBatchAsync', signals, options) as Promise<Tensor<T>[]>
}

/**
 * The mel spectrogram of an existing spectrogram, as `librosa.feature.melspectrogram(S=S)`: the filters' sums over it.
 * @param s - `[..., bins, frames]`, magnitudes or powers, used as they are.
 * @param options - See {@link MelFromSpectrogramOptions}.
 * @returns `[..., nMels, frames]`. Same element type as `s`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for input that is not a spectrogram, `ERR_DSP_ARGUMENT` for
 *   invalid options, e.g. an `nFft` that does not have that many bins.
 *
 * @example
 * ```ts
 * import { melspectrogramFromSpectrogram } from '@dsp/mel'
 * import { tensor } from '@dsp/tensor'
 * const powers = tensor(new Float32Array(201 * 10), [201, 10])
 * melspectrogramFromSpectrogram(powers, { sr: 16000, nMels: 80 }).shape // => [80, 10]
 * ```
 */
export function melspectrogramFromSpectrogram<T extends SignalData = Float32Array>(
  s: SignalInput<T>,
  options?: Partial<MelFromSpectrogramOptions>,
): Tensor<T> {
  return oneShot(fromSpectrogram, 'melspectrogramFromSpectrogram', s, options) as Tensor<T>
}
