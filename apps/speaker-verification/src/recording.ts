import { type AudioFile, clippedSamples, frameLevels, OnlineMono, readBlocks } from '@dsp/audio'
import { type AudioLike, asSignal, type SignalData } from '@dsp/signal'
import { type Audio, DspError, tensor } from '@dsp/tensor'
import type { RecordingOptions } from './options.js'
import { FRAME, RATE, type Speech } from './speech.js'

/** A recording: a file (a path, a `file:` URL, or its bytes), or samples with their rate. */
export type Recording = AudioFile | Audio<SignalData> | AudioLike

/** Samples per channel decoded at a time. */
const BLOCK = 1 << 16

/** The properties of a recording. */
export interface Survey {
  /** Its length in seconds. */
  readonly seconds: number
  /** The lowest sample rate in it, in Hz. */
  readonly sampleRate: number
  /** The largest number of channels in it. */
  readonly channels: number
  /** The share of clipped samples, from 0 to 1. */
  readonly clipped: number
  /** The level of each frame of the channel in use, in dBFS. */
  readonly levels: readonly number[]
}

/**
 * Reads a recording once, in blocks, to find the levels of its frames and how it was recorded.
 * @param recording - The recording.
 * @param options - The channel to use.
 * @param signal - Cancels the work.
 * @throws DspError as `readBlocks` and `OnlineMono` do.
 */
export async function survey(
  recording: Recording,
  options: RecordingOptions,
  signal: AbortSignal | undefined,
): Promise<Survey> {
  const online = new OnlineMono(RATE, options)
  const levels: number[] = []
  let rest = new Float32Array(0)
  const measure = (samples: Float32Array) => {
    const joined = new Float32Array(rest.length + samples.length)
    joined.set(rest)
    joined.set(samples, rest.length)
    for (const level of frameLevels(joined, FRAME).data) levels.push(level)
    rest = joined.slice(joined.length - (joined.length % FRAME))
  }
  let [channels, clipped, samples] = [1, 0, 0]
  /** Samples per channel at each rate: sums of seconds would drift. */
  const lengths = new Map<number, number>()
  for await (const block of blocksOf(recording, signal)) {
    const { shape, size } = block.samples
    lengths.set(block.sampleRate, (lengths.get(block.sampleRate) ?? 0) + shape.at(-1)!)
    channels = Math.max(channels, shape.length === 2 ? shape[0]! : 1)
    clipped += clippedSamples(block)
    samples += size
    measure(online.accept(block).data)
  }
  measure(online.flush().data)
  const seconds = [...lengths].reduce((sum, [rate, length]) => sum + length / rate, 0)
  const sampleRate = Math.min(...lengths.keys())
  return { seconds, sampleRate, channels, clipped: samples === 0 ? 0 : clipped / samples, levels }
}

/**
 * Reads a recording again and yields the speech in it, one channel at 16 kHz, piece by piece.
 * @param recording - The recording.
 * @param speech - Where speech is.
 * @param options - The channel to use.
 * @param signal - Cancels the work.
 */
export async function* speechOf(
  recording: Recording,
  { parts }: Speech,
  options: RecordingOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array, void, undefined> {
  const online = new OnlineMono(RATE, options)
  let [at, next] = [0, 0]
  function* within(samples: Float32Array): Generator<Float32Array> {
    const end = at + samples.length
    for (; next < parts.length; next++) {
      const [from, to] = parts[next]!
      if (from < end) yield samples.subarray(Math.max(from - at, 0), Math.min(to, end) - at)
      if (to > end) break
    }
    at = end
  }
  for await (const block of blocksOf(recording, signal)) yield* within(online.accept(block).data)
  yield* within(online.flush().data)
}

/** The blocks of a file; samples in memory are one block. */
async function* blocksOf(recording: Recording, signal: AbortSignal | undefined): AsyncGenerator<Audio> {
  if (recording === null || recording === undefined || isBare(recording)) {
    throw DspError.argument('audio', 'a path, a file: URL, the bytes of a file, or { samples, sampleRate }', recording)
  }
  if (typeof recording === 'object' && 'samples' in recording) {
    const { data, shape, sampleRate } = asSignal<SignalData>(recording, 'audio', [1, 2])
    const samples = data instanceof Float32Array ? data : Float32Array.from(data)
    yield { samples: tensor(samples, [...shape]), sampleRate: sampleRate! }
    return
  }
  yield* readBlocks(recording, { blockSize: BLOCK, ...(signal && { signal }) })
}

/** Whether these are samples without a rate. */
function isBare(recording: object | string): boolean {
  return ArrayBuffer.isView(recording) && !(recording instanceof Uint8Array)
}
