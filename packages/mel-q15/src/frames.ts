import { q15Frames as nativeFrames } from '@dsp/native'
import { asSignal, type SignalInput } from '@dsp/signal'
import { guard, resolveOptions, type Tensor, tensor } from '@dsp/tensor'
import { type Q15FramingOptions, q15FramingOptionSpecs } from './options.js'

/** Samples per frame of the kernel. */
const FRAME = 400

/**
 * The kernel's input: frames of 400 samples of 16 bits, as `melQ15` makes them.
 * @param y - `[samples]` in [-1, 1], float32 or float64: `round(32768 * y)`, halves away from zero, saturated.
 * @param options - See {@link Q15FramingOptions}.
 * @returns `[frames, 400]`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinity, `ERR_DSP_SHAPE` for a signal without a frame, `ERR_DSP_ARGUMENT` and
 *   `ERR_DSP_OPTION` for invalid options.
 *
 * @example
 * ```ts
 * import { q15Frames } from '@dsp/mel-q15'
 * q15Frames(new Float32Array(16000)).shape // => [100, 400]
 * q15Frames(new Float32Array(16000), { center: false }).shape // => [98, 400]
 * ```
 */
export function q15Frames(y: SignalInput, options?: Partial<Q15FramingOptions>): Tensor<Int16Array> {
  const parameters = resolveOptions<Q15FramingOptions>('q15Frames', q15FramingOptionSpecs, options)
  const { data } = asSignal(y, 'y', [1])
  const frames = guard(() => nativeFrames(data, parameters))
  return tensor(frames, [frames.length / FRAME, FRAME])
}
