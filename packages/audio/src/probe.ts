import * as native from '@dsp/native'
import { type AsyncOptions, abortable } from '@dsp/signal'
import { guard } from '@dsp/tensor'
import { type AudioInput, nativeInput } from './input.js'

/** What {@link probeAudio} finds. */
export interface AudioInfo {
  /** Container: `wav rf64 w64 aiff aifc au caf sphere flac ogg` or `mp3`. */
  readonly format: string
  /** How a sample is written: `pcm-u8 pcm-s8 pcm-s16 pcm-s24 pcm-s32 float32 float64 alaw ulaw vorbis mp3`. */
  readonly encoding: string
  /** Number of channels. */
  readonly channels: number
  /** The sample rate in Hz. */
  readonly sampleRate: number
  /** Samples of each channel. */
  readonly samples: number
  /** Length in seconds. */
  readonly seconds: number
  /** Samples of each channel that the header states and the file lacks: 0 unless it was cut short. */
  readonly missing: number
}

/**
 * Tells an audio file's format, channels, rate and length. Only the header is read where it tells the length; where it
 * does not (an MP3 without one, a FLAC that was streamed), the samples are counted.
 * @param input - A path, a `file:` URL, or the file's bytes.
 * @param options - An `AbortSignal` as `signal`.
 * @throws DspError `ERR_DSP_IO` where the file cannot be read; `ERR_DSP_FORMAT` for empty, unknown or damaged data.
 *
 * @example
 * ```ts
 * import { probeAudio, writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(new Float32Array(8000)), sampleRate: 16000 })
 * const { format, encoding, channels, seconds } = await probeAudio(bytes)
 * format // => 'wav'
 * encoding // => 'float32'
 * seconds // => 0.5
 * ```
 */
export async function probeAudio(input: AudioInput, options: AsyncOptions = {}): Promise<AudioInfo> {
  const source = nativeInput(input)
  return wrap(await abortable(options.signal, (inner) => native.probeAudio(source, inner)))
}

/**
 * {@link probeAudio} on the calling thread.
 * @param input - A path, a `file:` URL, or the file's bytes.
 * @throws DspError as {@link probeAudio} does.
 */
export function probeAudioSync(input: AudioInput): AudioInfo {
  const source = nativeInput(input)
  return wrap(guard(() => native.probeAudioSync(source)))
}

function wrap({ samples = 0, ...info }: native.AudioInfo): AudioInfo {
  return { ...info, samples, seconds: samples / info.sampleRate }
}
