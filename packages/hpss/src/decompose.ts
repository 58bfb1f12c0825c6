import * as native from '@dsp/native'
import { type AsyncOptions, abortable, asSignal, type SignalData, type SignalInput, splitSignal } from '@dsp/signal'
import { DspError, guard, resolveOptions, show, type Tensor, tensor } from '@dsp/tensor'
import { named, type Separated } from './hpss.js'
import { type DecomposeHpssOptions, decomposeHpssOptionSpecs } from './options.js'
import { maskParameters } from './separate.js'

/**
 * Splits a spectrogram into its harmonic and its percussive part, as `librosa.decompose.hpss` does.
 * @param S - `[..., bins, frames, 2]`, complex as `stft` gives it, or `[..., bins, frames]`, magnitudes; float32 or float64.
 * @param options - See {@link DecomposeHpssOptions}.
 * @returns The parts, each of the shape and element type of `S`; where `mask` is true the masks, `[..., bins, frames]`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for what is no spectrogram, `ERR_DSP_ARGUMENT` for
 *   options that cannot be (`kernelSize` or `margin` below 1, `power` 0) and for negative magnitudes.
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
  const { data, bins, frames, complex, masks, residual, shape } = prepare('decomposeHpss', S, options)
  const parts = guard(() => native.hpssDecompose(data, bins, frames, complex, masks, residual))
  return wrap(parts, shape)
}

/**
 * {@link decomposeHpss} on all cores, off the main thread; the same bits. The spectrogram is copied before the function
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
  const { abort, rest } = splitSignal<Partial<DecomposeHpssOptions>>(options)
  const { data, bins, frames, complex, masks, residual, shape } = prepare('decomposeHpssAsync', S, rest)
  const parts = await abortable(abort, (signal) =>
    native.hpssDecomposeAsync(data, bins, frames, complex, masks, residual, signal),
  )
  return wrap(parts, shape)
}

function prepare(owner: string, S: SignalInput, options: Partial<DecomposeHpssOptions> | undefined) {
  const { data, shape } = asSignal(S, 'S')
  const resolved = resolveOptions(owner, decomposeHpssOptionSpecs, options)
  const complex = resolved.complex ?? (shape.length > 2 && shape.at(-1) === 2)
  const axes = complex ? shape.slice(0, -1) : shape
  if (axes.length < 2 || (complex && shape.at(-1) !== 2)) {
    const expected = complex ? '[..., bins, frames, 2]' : '[..., bins, frames] or [..., bins, frames, 2]'
    throw new DspError(`S must be a spectrogram of shape ${expected}, got ${show(shape)}`, {
      code: 'ERR_DSP_SHAPE',
      argument: 'S',
      expected,
      actual: show(shape),
    })
  }
  const [bins, frames] = axes.slice(-2) as [number, number]
  const { residual, mask } = resolved
  return { data, bins, frames, complex, masks: maskParameters(resolved), residual, shape: mask ? axes : shape }
}

function wrap<T extends SignalData>(parts: readonly SignalData[], shape: readonly number[]): Separated<T> {
  return named(parts.map((part): Tensor<T> => tensor(part as T, shape)))
}
