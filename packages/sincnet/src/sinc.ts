import { SincPlan } from '@dsp/native'
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
import { DspError, resolveOptions, type Tensor } from '@dsp/tensor'
import { sincBands } from './filters.js'
import { type SincBands, type SincOptions, sincOptionSpecs } from './options.js'

/** Designing the filters costs more than filtering a second of speech. */
const plans = new PlanCache<SincPlan>()

/** {@link SincOptions} with bands. */
export type ResolvedSincOptions = SincOptions & SincBands

/** The last bands seen, the most recent first: comparing 160 numbers is faster than writing them into a key. */
const seen: (SincBands & { readonly id: number })[] = []
/** As many as plans are kept. */
const MAX_SEEN = 16
let ids = 0

/** A number that stands for bands in keys. */
function idOf({ low, band }: SincBands): number {
  const equal = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((x, i) => x === b[i])
  const at = seen.findIndex((bands) => equal(bands.low, low) && equal(bands.band, band))
  if (at === 0) return seen[0]!.id
  const [found] = at < 0 ? [{ low: [...low], band: [...band], id: ids++ }] : seen.splice(at, 1)
  seen.unshift(found!)
  seen.length = Math.min(seen.length, MAX_SEEN)
  return found!.id
}

/** The bands of {@link sincBands} at the last rate requested. */
let initial: { readonly sampleRate: number; readonly bands: SincBands } | undefined

function initialBands(sampleRate: number): SincBands {
  if (initial?.sampleRate !== sampleRate) initial = { sampleRate, bands: sincBands({ sampleRate }) }
  return initial.bands
}

/** Checks the options and returns them in the core's form. */
export function sincParameters(
  owner: string,
  given: Partial<SincOptions> | undefined,
  sampleRate?: number,
): ResolvedSincOptions {
  const options = resolveOptions<SincOptions>(owner, sincOptionSpecs, withRate(given, 'sampleRate', sampleRate))
  const { low, band } = options
  if (low !== null && band !== null) return { ...options, low, band }
  if (low !== null || band !== null) {
    throw DspError.argument(low === null ? 'low' : 'band', 'given: low and band go together', null)
  }
  return { ...options, ...initialBands(options.sampleRate) }
}

const algorithm: Algorithm<SincOptions, Tensor<Float32Array>> = {
  plan: (owner, given, { sampleRate }) => {
    const options = sincParameters(owner, given, sampleRate)
    const { low, band, ...rest } = options
    const filters = low.length
    return {
      plan: plans.get({ ...rest, bands: idOf({ low, band }) }, rest.kernelSize, () => new SincPlan(options)),
      wrap: ([data], leading) => perChannel(data as Float32Array, leading, (values) => [filters, values / filters]),
    }
  },
}

/**
 * SincNet's first layer: the waveform through band-pass filters, every `stride` samples. Frame `t` is the correlation with the
 * samples `t * stride` to `t * stride + kernelSize - 1`, as PyTorch's `conv1d` without padding computes it; with `pairs`, the
 * logarithm of the energy of each filter and its partner in quadrature. Computed in float32, on one thread.
 * @param y - `[..., samples]`, float32 or float64, in [-1, 1]; a strided view is copied once.
 * @param options - See {@link SincOptions}. By default 80 filters of 251 samples every 10 ms at 16 kHz.
 * @returns `[..., filters, frames]`, float32; `frames` is `1 + (samples - kernelSize) / stride`, rounded down.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a signal shorter than a filter,
 *   `ERR_DSP_ARGUMENT` and `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { sinc } from '@dsp/sincnet'
 * const tone = new Float32Array(16000).map((_, n) => Math.sin((2 * Math.PI * 1000 * n) / 16000))
 * sinc(tone).shape // => [80, 99]
 * const energies = sinc(tone, { low: [950, 2000], band: [100, 100], pairs: true })
 * energies.shape // => [2, 99]
 * energies.get(0, 50) > energies.get(1, 50) // => true
 * ```
 */
export function sinc(y: SignalInput, options?: Partial<SincOptions>): Tensor<Float32Array> {
  return oneShot(algorithm, 'sinc', y, options)
}

/**
 * {@link sinc} on all cores, off the main thread; bit-identical. The signal is copied before the function returns.
 * @param y - As for {@link sinc}.
 * @param options - See {@link SincOptions}, and an `AbortSignal` as `signal`.
 * @returns `[..., filters, frames]`.
 *
 * @example
 * ```ts
 * import { sincAsync } from '@dsp/sincnet'
 * const frames = await sincAsync(new Float32Array(16000), { signal: AbortSignal.timeout(60_000) })
 * frames.shape // => [80, 99]
 * ```
 */
export function sincAsync(
  y: SignalInput,
  options?: Partial<SincOptions> & AsyncOptions,
): Promise<Tensor<Float32Array>> {
  return oneShotAsync(algorithm, 'sincAsync', y, options)
}

/**
 * {@link sinc} of many signals of any lengths, on all cores; bit-identical to one call per signal.
 * @param signals - One channel each, `[samples]`, all float32 or all float64, all at one rate.
 * @param options - See {@link SincOptions}.
 * @returns One `[filters, frames]` per signal, in order.
 * @throws DspError as {@link sinc} does; its argument names the signal's index.
 *
 * @example
 * ```ts
 * import { sincBatch } from '@dsp/sincnet'
 * const [a, b] = sincBatch([new Float32Array(16000), new Float32Array(8000)], { pairs: true })
 * a.shape // => [80, 99]
 * b.shape // => [80, 49]
 * ```
 */
export function sincBatch(
  signals: readonly SignalInput<SignalData>[],
  options?: Partial<SincOptions>,
): Tensor<Float32Array>[] {
  return batch(algorithm, 'sincBatch', signals, options)
}

/**
 * {@link sincBatch} off the main thread. The signals are copied before the function returns.
 * @param signals - As for {@link sincBatch}.
 * @param options - See {@link SincOptions}, and an `AbortSignal` as `signal`.
 * @returns One `[filters, frames]` per signal, in order.
 *
 * @example
 * ```ts
 * import { sincBatchAsync } from '@dsp/sincnet'
 * const all = await sincBatchAsync([new Float32Array(16000), new Float32Array(8000)])
 * all.map((frames) => frames.shape[1]) // => [99, 49]
 * ```
 */
export function sincBatchAsync(
  signals: readonly SignalInput<SignalData>[],
  options?: Partial<SincOptions> & AsyncOptions,
): Promise<Tensor<Float32Array>[]> {
  return batchAsync(algorithm, 'sincBatchAsync', signals, options)
}
