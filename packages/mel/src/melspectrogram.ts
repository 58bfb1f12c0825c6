import { MelPlan } from '@dsp/native'
import type { AsyncOptions, SignalData, SignalInput } from '@dsp/signal'
import { DspError, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { asSpectrogram, compute, computeAsync, computeBatch, computeBatchAsync, type Planner } from './compute.js'
import {
  type MelFromSpectrogramOptions,
  type MelspectrogramOptions,
  melFromSpectrogramOptionSpecs,
  melspectrogramOptionSpecs,
} from './options.js'
import { bankParameters, melParameters, planFor, resolveRated, warnOfEmptyFilters, withBank } from './plan.js'

const planner =
  (owner: string): Planner<MelspectrogramOptions> =>
  (options, sampleRate) => {
    const resolved = resolveRated(owner, melspectrogramOptionSpecs, options, sampleRate)
    const parameters = melParameters(resolved)
    const plan = planFor(parameters, () => MelPlan.mel(parameters))
    warnOfEmptyFilters(plan.emptyFilters(), parameters.bank)
    return { plan, rows: resolved.nMels }
  }

/**
 * The mel spectrogram, as `librosa.feature.melspectrogram` computes it: the sums of triangular filters over `|STFT|^power`.
 * Everything is computed in float64 and rounded once.
 * @param y - `[..., samples]`, float32 or float64; a strided view is copied once. An `Audio` brings its rate.
 * @param options - See {@link MelspectrogramOptions}.
 * @returns `[..., nMels, frames]`, at least 0. `frames` is `1 + samples / hopLength` (rounded down) for an even `nFft` where
 *   frames are centred, else `1 + (samples - nFft) / hopLength`. Same element type as `y`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for an empty signal, `ERR_DSP_ARGUMENT` for options
 *   that cannot be: `fmin` not below `fmax`, `fmax` above half the rate, an `nFft` longer than the signal where frames are
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
  return compute(planner('melspectrogram'), y, options)
}

/**
 * {@link melspectrogram} on all cores, off the main thread; the same bits. The signal is copied before the function returns.
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
  return computeAsync(planner('melspectrogramAsync'), y, options)
}

/**
 * {@link melspectrogram} of many signals of any lengths, on all cores; the same bits as one call for each.
 * @param signals - One channel each, `[samples]`, all of one element type and one rate.
 * @param options - See {@link MelspectrogramOptions}.
 * @returns One `[nMels, frames]` a signal, in order.
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
  return computeBatch(planner('melspectrogramBatch'), signals, options)
}

/**
 * {@link melspectrogramBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link melspectrogramBatch}.
 * @param options - See {@link MelspectrogramOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[nMels, frames]` a signal, in order.
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
  return computeBatchAsync(planner('melspectrogramBatchAsync'), signals, options)
}

/**
 * The mel spectrogram of a spectrogram that is there already, as `librosa.feature.melspectrogram(S=S)`: the filters' sums over it.
 * @param s - `[..., bins, frames]`, magnitudes or powers, used as they are.
 * @param options - See {@link MelFromSpectrogramOptions}.
 * @returns `[..., nMels, frames]`. Same element type as `s`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for what is no spectrogram, `ERR_DSP_ARGUMENT` for
 *   options that cannot be, e.g. an `nFft` that does not have that many bins.
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
  const { data, bins, frames, leading } = asSpectrogram(s)
  const resolved = resolveOptions('melspectrogramFromSpectrogram', melFromSpectrogramOptionSpecs, options)
  const nFft = resolved.nFft ?? 2 * (bins - 1)
  if (nFft < 1 || Math.floor(nFft / 2) + 1 !== bins) {
    throw DspError.argument('nFft', `${2 * bins - 2} or ${2 * bins - 1} for the ${bins} bins of S`, nFft)
  }
  const parameters = bankParameters({ ...resolved, nFft })
  const result = withBank(parameters, (bank) => bank.apply(data, frames))
  return tensor(result as T, [...leading, resolved.nMels, frames])
}
