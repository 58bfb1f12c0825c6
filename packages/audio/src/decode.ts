import * as native from '@dsp/native'
import { type AsyncOptions, abortable } from '@dsp/signal'
import { type Audio, guard, type OptionSpecs, option, resolveOptions, tensor } from '@dsp/tensor'
import { warnOfMissing } from './cut-short.js'
import { type AudioFile, type AudioInput, gather, isSource, nativeInput } from './input.js'
import { toMono } from './mono.js'
import { MAX_RATE, resample, resampleAsync } from './resample.js'

/** Options of {@link decodeAudio}. */
export interface DecodeOptions {
  /** Rate to resample to, in hertz (as {@link resample} does by default), or null for the file's own. Default null. */
  readonly sampleRate: number | null
  /** Whether the channels are averaged to one. Default false. */
  readonly mono: boolean
}

/** {@link DecodeOptions} by name, type, range and default. */
export const decodeOptionSpecs: OptionSpecs<DecodeOptions> = {
  sampleRate: option.nullable(option.integer(0, { min: 1, max: MAX_RATE })),
  mono: option.boolean(false),
}

/**
 * Decodes a whole audio file to float32 samples in [-1, 1], off the main thread.
 *
 * Reads WAV (RF64 and W64 too: 8 to 32-bit PCM, float32, float64, A-law, mu-law), AIFF and AIFC, AU, CAF, FLAC, Ogg Vorbis, MP3
 * (encoder delay and padding removed) and NIST SPHERE, recognised by their first bytes. Integers of N bits are divided by
 * 2^(N-1). Channel count, rate, sample count and samples equal libsndfile's (`soundfile.read(dtype='float32')`).
 *
 * @param input - A path, a `file:` URL, the file's bytes (copied before the function returns), a `Blob` or a stream of bytes, which
 *   is read to its end.
 * @param options - See {@link DecodeOptions}, and an `AbortSignal` as `signal`.
 * @returns Samples `[samples]` of a one-channel file, or `[channels, samples]`, with their rate.
 * @throws DspError `ERR_DSP_IO` if the file cannot be read; `ERR_DSP_FORMAT` for an empty file, unknown or damaged
 *   data, naming the samples that are missing. What a file that was cut short still holds is returned if that is known
 *   to be all, with a warning `DSP_AUDIO_CUT_SHORT` that says what is missing; see the README for each format. A chained
 *   Ogg file whose links have several rates or channel counts is an error that names the link: read it with
 *   {@link readBlocks}. `ERR_DSP_TOO_LONG` for more than 2^30 samples in all channels, from the header where it tells them.
 *
 * @example
 * ```ts
 * import { decodeAudio, writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(Float32Array.of(0, 0.5, -0.5)), sampleRate: 16000 })
 * const audio = await decodeAudio(bytes, { mono: true })
 * audio.sampleRate // => 16000
 * audio.samples.data // => Float32Array.of(0, 0.5, -0.5)
 * ```
 */
export async function decodeAudio(
  input: AudioInput,
  options: Partial<DecodeOptions> & AsyncOptions = {},
): Promise<Audio> {
  const { signal, ...rest } = options
  const { sampleRate, mono } = resolveOptions('decodeAudio', decodeOptionSpecs, rest)
  const source = isSource(input) ? await gather(input, signal) : nativeInput(input)
  let audio = wrap(source, await abortable(signal, (inner) => native.decodeAudio(source, inner)))
  if (mono) audio = toMono(audio)
  if (sampleRate === null || sampleRate === audio.sampleRate || audio.samples.size === 0) return audio
  return resampleAsync(audio, { newFreq: sampleRate, ...(signal && { signal }) })
}

/**
 * Decodes a whole audio file on the calling thread: {@link decodeAudio} for scripts.
 * @param input - A path, a `file:` URL, or the file's bytes.
 * @param options - See {@link DecodeOptions}.
 * @returns Samples `[samples]` of a one-channel file, or `[channels, samples]`, with their rate.
 * @throws DspError as {@link decodeAudio} does.
 *
 * @example
 * ```ts
 * import { decodeAudioSync, writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(new Float32Array(8), [2, 4]), sampleRate: 8000 })
 * decodeAudioSync(bytes).samples.shape // => [2, 4]
 * ```
 */
export function decodeAudioSync(input: AudioFile, options: Partial<DecodeOptions> = {}): Audio {
  const { sampleRate, mono } = resolveOptions('decodeAudioSync', decodeOptionSpecs, options)
  const source = nativeInput(input)
  let audio = wrap(
    source,
    guard(() => native.decodeAudioSync(source)),
  )
  if (mono) audio = toMono(audio)
  if (sampleRate === null || sampleRate === audio.sampleRate || audio.samples.size === 0) return audio
  return resample(audio, { newFreq: sampleRate })
}

function wrap(source: string | Uint8Array, { info, length, data }: native.DecodedAudio): Audio {
  warnOfMissing(source, info)
  const shape = info.channels === 1 ? [length] : [info.channels, length]
  return { samples: tensor(data, shape), sampleRate: info.sampleRate }
}
