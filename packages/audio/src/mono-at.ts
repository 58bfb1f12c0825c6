import { type AsyncOptions, type AudioLike, asSignal, type SignalData, splitSignal } from '@dsp/signal'
import { type Audio, checkOption, DspError, tensor } from '@dsp/tensor'
import { toMono } from './mono.js'
import { resample, resampleAsync, resampleOptionSpecs } from './resample.js'

/**
 * Converts sound to one channel at a sample rate, as models want it: {@link toMono}, then {@link resample} with its defaults.
 * @param audio - Sound of shape `[samples]` or `[channels, samples]`, float32 or float64, with its rate.
 * @param rate - Sample rate of the result in hertz, a whole number from 1 to 100,000,000.
 * @returns Samples `[samples]` at `rate`. One channel at that rate already is not copied: the result shares its memory. No
 *   samples give no samples.
 * @throws DspError `ERR_DSP_ARGUMENT` for a rate out of range or samples without a rate, `ERR_DSP_SHAPE` for more than two
 *   axes, `ERR_DSP_TYPE` for samples that are not floats, and as {@link resample} does if the rates differ.
 *
 * @example
 * ```ts
 * import { toMonoAt } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const stereo = { samples: tensor(new Float32Array(2 * 44100), [2, 44100]), sampleRate: 44100 }
 * const { samples, sampleRate } = toMonoAt(stereo, 16000)
 * samples.shape // => [16000]
 * sampleRate // => 16000
 * ```
 */
export function toMonoAt<T extends SignalData = Float32Array>(audio: Audio<T> | AudioLike<T>, rate: number): Audio<T> {
  const mono = mixDown(audio, rate)
  return isAt(mono, rate) ? { samples: mono.samples, sampleRate: rate } : resample(mono, { newFreq: rate })
}

/**
 * {@link toMonoAt} off the main thread. The samples are copied before the function returns.
 * @param audio - Sound.
 * @param rate - Sample rate of the result in hertz.
 * @param options - An `AbortSignal` as `signal`.
 */
export async function toMonoAtAsync<T extends SignalData = Float32Array>(
  audio: Audio<T> | AudioLike<T>,
  rate: number,
  options: AsyncOptions = {},
): Promise<Audio<T>> {
  const { abort } = splitSignal(options)
  const mono = mixDown(audio, rate)
  if (isAt(mono, rate)) return { samples: tensor(mono.samples.data.slice() as T), sampleRate: rate }
  return resampleAsync(mono, { newFreq: rate, ...(abort && { signal: abort }) })
}

/** One channel, which shares memory with the input if that has no more. */
function mixDown<T extends SignalData>(audio: Audio<T> | AudioLike<T>, rate: number): Audio<T> {
  checkOption('rate', resampleOptionSpecs.newFreq, rate)
  const { data, shape, sampleRate } = asSignal<T>(audio, 'audio', [1, 2])
  if (sampleRate === undefined)
    throw DspError.argument('audio', 'samples with their rate: { samples, sampleRate }', audio)
  if (shape.length === 2 && shape[0] !== 1) return toMono(audio)
  return { samples: tensor(data), sampleRate }
}

function isAt({ samples, sampleRate }: Audio<SignalData>, rate: number): boolean {
  return sampleRate === rate || samples.size === 0
}
