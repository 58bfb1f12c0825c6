import { DecomposePlan } from '@dsp/native'
import {
  type Algorithm,
  type AsyncOptions,
  asSignal,
  oneShot,
  oneShotAsync,
  perChannel,
  type Signal,
  type SignalData,
  type SignalInput,
} from '@dsp/signal'
import { resolveOptions } from '@dsp/tensor'
import { named, type Separated } from './hpss.js'
import { type DecomposeHpssOptions, decomposeHpssOptionSpecs } from './options.js'

/** The separation of a spectrogram, which is complex or not. */
function algorithm(
  { shape }: Signal,
  options: Partial<DecomposeHpssOptions> | undefined,
): Algorithm<DecomposeHpssOptions, Separated<SignalData>> {
  const complex = options?.complex ?? (shape.length > 2 && shape.at(-1) === 2)
  return {
    input: 'S',
    axes: complex ? 3 : 2,
    plan: (owner, options) => {
      const given = { ...resolveOptions(owner, decomposeHpssOptionSpecs, options), complex }
      const pairs = complex && !given.mask ? [2] : []
      return {
        plan: new DecomposePlan(given),
        transient: true,
        arrays: given.residual ? 3 : 2,
        wrap: (parts, leading, frames) =>
          named(parts.map((part) => perChannel(part, leading, (values) => cells(values, frames, pairs)))),
      }
    },
  }
}

/** The axes of so many values: bins, frames and, if they are complex, the two parts. */
function cells(values: number, frames: number, pairs: readonly number[]): number[] {
  return [values / frames / (pairs[0] ?? 1), frames, ...pairs]
}

/**
 * Splits a spectrogram into its harmonic and its percussive part, as `librosa.decompose.hpss` does.
 * @param S - `[..., bins, frames, 2]`, complex as `stft` gives it, or `[..., bins, frames]`, magnitudes; float32 or float64.
 * @param options - See {@link DecomposeHpssOptions}.
 * @returns The parts, each of the shape and element type of `S`; where `mask` is true the masks, `[..., bins, frames]`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for input that is not a spectrogram, `ERR_DSP_ARGUMENT` for
 *   invalid options (`kernelSize` or `margin` below 1, `power` 0) and for negative magnitudes.
 *
 * @example
 * ```ts
 * import { istft, stft } from '@dsp/fft'
 * import { decomposeHpss } from '@dsp/hpss'
 * const spectrum = stft(new Float32Array(8000).map((_, i) => Math.sin(i / 5)))
 * const { harmonic } = decomposeHpss(spectrum, { margin: 2 })
 * harmonic.shape // => [1025, 16, 2]
 * istft(harmonic, { length: 8000 }).shape // => [8000]
 * decomposeHpss(spectrum, { mask: true }).percussive.shape // => [1025, 16]
 * ```
 */
export function decomposeHpss<T extends SignalData = Float32Array>(
  S: SignalInput<T>,
  options?: Partial<DecomposeHpssOptions>,
): Separated<T> {
  const signal = asSignal(S, 'S')
  return oneShot(algorithm(signal, options), 'decomposeHpss', signal, options) as Separated<T>
}

/**
 * {@link decomposeHpss} on all cores, off the main thread; bit-identical. The spectrogram is copied before the function
 * returns.
 * @param S - As for {@link decomposeHpss}.
 * @param options - See {@link DecomposeHpssOptions}, and an `AbortSignal` as `signal`.
 * @returns The parts.
 *
 * @example
 * ```ts
 * import { decomposeHpssAsync } from '@dsp/hpss'
 * import { tensor } from '@dsp/tensor'
 * const magnitudes = tensor(new Float64Array(2 * 65 * 40), [2, 65, 40])
 * const { percussive } = await decomposeHpssAsync(magnitudes, { kernelSize: [17, 9] })
 * percussive.shape // => [2, 65, 40]
 * ```
 */
export async function decomposeHpssAsync<T extends SignalData = Float32Array>(
  S: SignalInput<T>,
  options?: Partial<DecomposeHpssOptions> & AsyncOptions,
): Promise<Separated<T>> {
  const signal = asSignal(S, 'S')
  return oneShotAsync(algorithm(signal, options), 'decomposeHpssAsync', signal, options) as Promise<Separated<T>>
}
