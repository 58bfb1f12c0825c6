import * as native from '@dsp/native'
import { type AudioLike, asSignal, type SignalData, type SignalInput } from '@dsp/signal'
import { type Audio, guard, type Tensor, type TensorLike, tensor } from '@dsp/tensor'

/**
 * Mixes channels down to one by their mean (`librosa.to_mono`, `numpy.mean(y, axis=0)`).
 * @param audio - Sound, or samples `[channels, samples]` alone; `[samples]` is returned as it is, copied.
 * @returns The same kind of thing with samples of shape `[samples]`.
 * @throws DspError `ERR_DSP_SHAPE` for more than two axes, `ERR_DSP_TYPE` for samples that are not floats.
 *
 * @example
 * ```ts
 * import { toMono } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const stereo = tensor(Float32Array.of(1, 2, 3, 0, 0, 1), [2, 3])
 * toMono({ samples: stereo, sampleRate: 16000 }).samples.data // => Float32Array.of(0.5, 1, 2)
 * ```
 */
export function toMono<T extends SignalData = Float32Array>(audio: Audio<T> | AudioLike<T>): Audio<T>
/**
 * Mixes the channels of bare samples down to one by their mean.
 * @param samples - `[channels, samples]` or `[samples]`.
 */
export function toMono<T extends SignalData = Float32Array>(samples: TensorLike<T> | T): Tensor<T>
export function toMono<T extends SignalData>(audio: SignalInput<T>): Audio<T> | Tensor<T> {
  const { data, shape, sampleRate } = asSignal(audio, 'audio', [1, 2])
  const rows = shape.length === 2 ? shape[0]! : 1
  const samples = tensor(guard(() => native.toMono(data, rows)) as T)
  return sampleRate === undefined ? samples : { samples, sampleRate }
}
