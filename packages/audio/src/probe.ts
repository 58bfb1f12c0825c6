import * as native from '@dsp/native'
import { type AsyncOptions, abortable } from '@dsp/signal'
import { guard } from '@dsp/tensor'
import { type AudioFile, type AudioInput, gather, isSource, nativeInput } from './input.js'

/** What {@link probeAudio} finds. */
export interface AudioInfo {
  /** Container: `wav rf64 w64 aiff aifc au caf sphere flac ogg` or `mp3`. */
  readonly format: string
  /** How a sample is written: `pcm-u8 pcm-s8 pcm-s16 pcm-s24 pcm-s32 float32 float64 alaw ulaw vorbis flac mp3`. */
  readonly encoding: string
  /** Number of channels. */
  readonly channels: number
  /** The sample rate in Hz. */
  readonly sampleRate: number
  /** Samples of each channel; of a chained file, those of all links together. */
  readonly samples: number
  /** Length in seconds. */
  readonly seconds: number
  /** Samples of each channel that the header states and the file lacks: 0 unless it was cut short. */
  readonly missing: number
  /** The second after which samples are missing, if the file was cut inside its last page or frame and nothing tells how many. */
  readonly cutAt?: number
  /** The links of a chained Ogg file, in their order; absent where there is only one. */
  readonly links?: readonly AudioLink[]
}

/** One of the sounds that follow each other in a chained Ogg file, such as a recording of internet radio. */
export interface AudioLink {
  /** How a sample is written: `vorbis` or `flac`. */
  readonly encoding: string
  /** Number of channels. */
  readonly channels: number
  /** The sample rate in Hz. */
  readonly sampleRate: number
  /** Samples of each channel. */
  readonly samples: number
  /** Length in seconds. */
  readonly seconds: number
}

/**
 * Reads an audio file's format, channels, rate and length, which are those that {@link decodeAudio} gives. If the header
 * states the length and the file's end agrees, nothing else is read; otherwise (Ogg, MP3, a FLAC that was streamed), the samples
 * are counted without decoding them. Channels, rate and encoding of a chained Ogg file are those of its first link.
 * @param input - A path, a `file:` URL, the file's bytes, a `Blob` or a stream of bytes, which is read to its end.
 * @param options - An `AbortSignal` as `signal`.
 * @throws DspError `ERR_DSP_IO` if the file cannot be read; `ERR_DSP_FORMAT` for empty, unknown or damaged data.
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
  const source = isSource(input) ? await gather(input, options.signal) : nativeInput(input)
  return wrap(await abortable(options.signal, (inner) => native.probeAudio(source, inner)))
}

/**
 * {@link probeAudio} on the calling thread.
 * @param input - A path, a `file:` URL, or the file's bytes.
 * @throws DspError as {@link probeAudio} does.
 */
export function probeAudioSync(input: AudioFile): AudioInfo {
  const source = nativeInput(input)
  return wrap(guard(() => native.probeAudioSync(source)))
}

function wrap({ samples = 0, links: found, cutAt, ...info }: native.AudioInfo): AudioInfo {
  const links = found?.map((link) => ({ ...link, seconds: link.samples / link.sampleRate }))
  const seconds = links ? links.reduce((sum, link) => sum + link.seconds, 0) : samples / info.sampleRate
  return { ...info, samples, seconds, ...(cutAt !== undefined && { cutAt }), ...(links && { links }) }
}
