import * as native from '@dsp/native'
import { type AsyncOptions, abortable } from '@dsp/signal'
import { type Audio, guardAsync, type OptionSpecs, option, resolveOptions, tensor } from '@dsp/tensor'
import { warnOfMissing } from './cut-short.js'
import { type AudioInput, asBytes, type ByteStream, isSource, leave, nativeInput, piecesOf, streamOf } from './input.js'

/** Options of {@link readBlocks}. */
export interface BlockOptions {
  /** Samples of each channel in a block, 1 to 16,777,216; the last block may be shorter. Default 4096. */
  readonly blockSize: number
}

/** {@link BlockOptions} by name, type, range and default. */
export const blockOptionSpecs: OptionSpecs<BlockOptions> = {
  blockSize: option.integer(4096, { min: 1, max: 1 << 24 }),
}

/**
 * Decodes audio in blocks, with no more in memory than a block and what the decoder needs: for files of any length and for
 * streams without an end. The samples are those of {@link decodeAudio}, wherever the blocks are cut.
 *
 * Each block has the channels and the rate of its place in the file: where a chained Ogg file goes on with others, the block before
 * is shorter. Samples before a damaged place are given before the error.
 *
 * A path is read as needed. Bytes are copied once. A stream is read a piece at a time, and no further ahead than one block
 * is decoded; a separate decoder thread runs until the loop ends. A stream cannot go back, so an AIFF that describes
 * its samples after them is refused.
 *
 * @param input - A path, a `file:` URL, the file's bytes, a `Blob` or a stream of them.
 * @param options - See {@link BlockOptions}, and an `AbortSignal` as `signal`.
 * @returns Blocks of `[samples]` (one channel) or `[channels, samples]`.
 * @throws DspError as {@link decodeAudio} does, from the loop.
 *
 * @example
 * ```ts
 * import { readBlocks, writeWav } from '@dsp/audio'
 * import { tensor } from '@dsp/tensor'
 * const bytes = writeWav({ samples: tensor(new Float32Array(1000)), sampleRate: 16000 })
 * const lengths = []
 * for await (const block of readBlocks(bytes, { blockSize: 400 })) lengths.push(block.samples.size)
 * lengths // => [400, 400, 200]
 * ```
 */
export async function* readBlocks(
  input: AudioInput,
  options: Partial<BlockOptions> & AsyncOptions = {},
): AsyncGenerator<Audio, void, undefined> {
  const { signal, ...rest } = options
  const { blockSize } = resolveOptions('readBlocks', blockOptionSpecs, rest)
  if (isSource(input)) {
    yield* readStream(input instanceof Blob ? streamOf(input) : input, blockSize, signal)
    return
  }
  const source = nativeInput(input)
  const reader = await abortable(signal, () => native.openAudio(source))
  for (;;) {
    const block = await abortable(signal, () => reader.read(blockSize))
    if (block === null) {
      warnOfMissing(source, reader)
      return
    }
    yield wrap(block)
  }
}

async function* readStream(
  input: ByteStream,
  blockSize: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Audio, void, undefined> {
  const stream = new native.AudioStream(blockSize)
  const pieces = piecesOf(input)
  let ended = false
  try {
    for (;;) {
      const event = await abortable(signal, () => stream.next())
      if (event.block) {
        yield wrap(event.block)
      } else if (event.hungry) {
        const piece = await abortable(signal, () => pieces.next())
        if (piece.done) {
          ended = true
          stream.end()
        } else {
          await guardAsync(async () => stream.push(asBytes(piece.value)))
        }
      } else {
        warnOfMissing(input, stream)
        return
      }
    }
  } finally {
    stream.close()
    if (!ended) leave(pieces)
  }
}

function wrap({ channels, sampleRate, data }: native.AudioBlock): Audio {
  const samples = channels === 1 ? tensor(data) : tensor(data, [channels, data.length / channels])
  return { samples, sampleRate }
}
