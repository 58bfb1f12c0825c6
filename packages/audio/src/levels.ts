import * as native from '@dsp/native'
import { asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { checkOption, guard, option, type Tensor, tensor } from '@dsp/tensor'

/** Magnitude from which a sample counts as full scale, which for 16-bit sound is the last 33 of 32,768 steps. */
const FULL_SCALE = 0.999
/** Full-scale samples in a row that count as clipping: one or two may come from normalisation. */
const CLIPPED_RUN = 3

/**
 * The level of each frame of a signal, in decibels below full scale: `10 log10(mean(x²))`. A sine of amplitude 1 gives -3 dB, a frame of
 * zeros -200 dB. Frames do not overlap; samples after the last whole frame are left out.
 * @param signal - `[samples]`, float32 or float64, in [-1, 1].
 * @param frameLength - Samples of a frame, 1 to 16,777,216.
 * @returns `[frames]`.
 * @throws DspError `ERR_DSP_NOT_FINITE` for NaN or infinite samples, `ERR_DSP_SHAPE` for more than one axis, `ERR_DSP_ARGUMENT` for a
 *   length out of range.
 *
 * @example
 * ```ts
 * import { frameLevels } from '@dsp/audio'
 * frameLevels(Float32Array.of(0.1, -0.1, 0.1, -0.1, 1, -1, 0), 2).data // => Float32Array.of(-20, -20, 0)
 * ```
 */
export function frameLevels(signal: SignalInput, frameLength: number): Tensor<Float32Array> {
  checkOption('frameLength', option.integer(1, { min: 1, max: 1 << 24 }), frameLength)
  const { data } = asSignal<SignalData>(signal, 'signal', [1])
  return tensor(guard(() => native.frameLevels(data, frameLength)))
}

/**
 * The number of samples that were clipped in the recording: those in runs of three or more at full scale (a magnitude of at least
 * 0.999) with the same sign. Clipping is not recognised in sound that was made quieter afterwards.
 * @param signal - `[samples]` or `[channels, samples]`, float32 or float64, as decoded: averaging and resampling hide clipping.
 * @returns The number of clipped samples in all channels together.
 * @throws DspError `ERR_DSP_SHAPE` for more than two axes, `ERR_DSP_TYPE` for samples that are not floats.
 *
 * @example
 * ```ts
 * import { clippedSamples } from '@dsp/audio'
 * clippedSamples(Float32Array.of(0.5, 1, 1, 1, 1, 0.5, -1, 0)) // => 4
 * ```
 */
export function clippedSamples(signal: SignalInput): number {
  const { data, shape } = asSignal<SignalData>(signal, 'signal', [1, 2])
  return guard(() => native.clippedSamples(data, shape.at(-1)!, FULL_SCALE, CLIPPED_RUN))
}
