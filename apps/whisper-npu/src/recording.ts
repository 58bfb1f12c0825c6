import { type AudioInput as AudioFile, OnlineMono, readBlocks, toMonoAtAsync } from '@dsp/audio'
import type { AudioLike, SignalData } from '@dsp/signal'
import { type Audio, contiguous, DspError } from '@dsp/tensor'
import { RATE } from './front-end.js'

/** What is written down: a file (path or `file:` URL), its bytes, a `Blob` or a stream of them, or samples with their rate. */
export type AudioInput = AudioFile | Audio<SignalData> | AudioLike

/** Samples of a channel that are decoded at a time. */
const BLOCK = 1 << 16

/**
 * Blocks of one channel at 16 kHz; no more of a file is in memory at a time.
 * @param input - The recording.
 * @param signal - Cancels the work.
 */
export async function* monoBlocks(
  input: AudioInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array, void, undefined> {
  if (input === null || input === undefined || (ArrayBuffer.isView(input) && !(input instanceof Uint8Array))) {
    const expected = 'a path, a file: URL, the bytes of a file, a Blob or stream of them, or { samples, sampleRate }'
    throw DspError.argument('audio', expected, input)
  }
  const abort = signal === undefined ? {} : { signal }
  if (typeof input === 'object' && 'samples' in input) {
    const { samples } = await toMonoAtAsync<SignalData>(input, RATE, abort)
    const data = contiguous(samples) as SignalData
    yield data instanceof Float32Array ? data : Float32Array.from(data)
    return
  }
  const online = new OnlineMono(RATE)
  for await (const block of readBlocks(input, { blockSize: BLOCK, ...abort })) yield online.accept(block).data
  yield online.flush().data
}
