import type { Recognizer, Transcript } from '@dsp/asr'
import type { OnlineMono as Mono } from '@dsp/audio'
import { type Audio, DspError, tensor } from '@dsp/tensor'

/** The most samples of one channel that a command holds at a time: 4 GiB of memory. */
const MAX_SAMPLES = 1 << 30
/** Samples of a channel in a block. */
const BLOCK = 1 << 16

/** Whether sound was refused because all of its channels together are too much to be decoded at once. */
export function isTooLong(error: unknown): boolean {
  return error instanceof DspError && error.code === 'ERR_DSP_TOO_LONG'
}

/**
 * Decodes sound block by block, each averaged and resampled as it comes, so that only the result has to fit into memory; the same
 * bits as at once.
 * @param path - The file's name, for messages.
 * @param source - The file.
 * @param rate - Hertz to resample to; default: the file's.
 * @param maxSamples - Samples that the result may have.
 */
export async function readLong(
  path: string,
  source: string | Uint8Array,
  rate: number | undefined,
  maxSamples = MAX_SAMPLES,
): Promise<Audio> {
  const { OnlineMono, readBlocks } = await import('@dsp/audio')
  const pieces: Float32Array[] = []
  let length = 0
  let sampleRate: number | undefined
  let mono: Mono | undefined
  const keep = (samples: Float32Array) => {
    length += samples.length
    if (length > maxSamples) throw tooLong(path)
    pieces.push(samples)
  }
  for await (const block of readBlocks(source, { blockSize: BLOCK })) {
    if (sampleRate !== undefined && block.sampleRate !== sampleRate) {
      const message = `${path} changes its rate from ${sampleRate} to ${block.sampleRate} Hz: cut it there`
      throw new DspError(message, { code: 'ERR_DSP_FORMAT', argument: path })
    }
    sampleRate = block.sampleRate
    mono ??= new OnlineMono(rate ?? sampleRate)
    keep(mono.accept(block).data)
  }
  if (mono !== undefined) keep(mono.flush().data)
  const all = new Float32Array(length)
  let at = 0
  for (const piece of pieces.splice(0)) {
    all.set(piece, at)
    at += piece.length
  }
  return { samples: tensor(all), sampleRate: rate ?? sampleRate ?? 0 }
}

/** Recognises sound block by block. */
export async function transcribeLong(recognizer: Recognizer, source: string | Uint8Array): Promise<Transcript> {
  const { readBlocks } = await import('@dsp/audio')
  const parts: Transcript[] = []
  for await (const part of recognizer.transcribeStream(readBlocks(source, { blockSize: BLOCK }))) parts.push(part)
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
  return {
    text: parts
      .map((part) => part.text)
      .filter((text) => text !== '')
      .join(' '),
    words: parts.flatMap((part) => part.words),
    tokens: parts.flatMap((part) => part.tokens),
    seconds,
    rtf: parts.reduce((sum, part) => sum + part.rtf * part.seconds, 0) / seconds,
    features: recognizer.model.nemo === null ? 'sherpa-onnx' : 'nemo',
    // those of the last part are of the whole
    warnings: parts.at(-1)?.warnings ?? [],
  }
}

function tooLong(path: string): DspError {
  const advice = `give a lower --rate, or cut it first, e.g. into hours: ffmpeg -i ${JSON.stringify(path)} -f segment -segment_time 3600 part%03d.wav`
  return new DspError(`${path} is too long to be worked on at once: ${advice}`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: path,
    expected: `at most ${MAX_SAMPLES} samples`,
  })
}
