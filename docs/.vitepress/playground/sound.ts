import { probeAudio, readBlocks, toMono } from '@dsp/audio'
import { type Audio, tensor } from '@dsp/tensor'
import { MAX_SECONDS } from './messages.js'

const BLOCK_SIZE = 1 << 15

/**
 * Sound that is read a block at a time, of one channel, and kept: it may be read again from its start, also while it is still
 * being decoded or recorded.
 */
export class Sound {
  readonly #blocks: Audio[] = []
  readonly #more: () => Promise<Audio | null>
  readonly #cut: () => void
  #growing: Promise<void> | undefined
  #ended = false
  /** Seconds that have arrived. */
  seconds = 0

  /**
   * @param more - Gives the next block, null at the end.
   * @param total - Seconds of all of it, if known.
   * @param cut - Called where the sound is longer than is kept.
   */
  constructor(
    more: () => Promise<Audio | null>,
    readonly total: number | null,
    cut: () => void,
  ) {
    this.#more = more
    this.#cut = cut
  }

  /** Block number `i`; null where the sound has ended before it. */
  async block(i: number): Promise<Audio | null> {
    while (i >= this.#blocks.length) {
      if (this.#ended) return null
      this.#growing ??= this.#grow().finally(() => {
        this.#growing = undefined
      })
      await this.#growing
    }
    return this.#blocks[i]!
  }

  /** The blocks that have arrived. */
  get blocks(): readonly Audio[] {
    return this.#blocks
  }

  async #grow(): Promise<void> {
    const block = await this.#more()
    if (block === null) {
      this.#ended = true
      return
    }
    const mono = toMono(block)
    this.#blocks.push(mono)
    this.seconds += mono.samples.size / mono.sampleRate
    if (this.seconds >= MAX_SECONDS) {
      this.#ended = true
      this.#cut()
    }
  }
}

/** The sound of a file: decoded by @dsp/audio as it is read. */
export async function fileSound(bytes: Uint8Array, cut: () => void): Promise<Sound> {
  const { seconds } = await probeAudio(bytes)
  const blocks = readBlocks(bytes, { blockSize: BLOCK_SIZE })
  return new Sound(async () => (await blocks.next()).value ?? null, seconds, cut)
}

/** Samples that the browser has decoded. */
export function decodedSound(channels: readonly Float32Array[], sampleRate: number, cut: () => void): Sound {
  const length = channels[0]?.length ?? 0
  let at = 0
  const more = async () => {
    if (at >= length) return null
    const pieces = channels.map((samples) => samples.subarray(at, at + BLOCK_SIZE))
    at += BLOCK_SIZE
    const size = pieces[0]!.length
    const data = new Float32Array(size * pieces.length)
    pieces.forEach((piece, i) => {
      data.set(piece, i * size)
    })
    return { samples: tensor(data, [pieces.length, size]), sampleRate }
  }
  return new Sound(more, length / sampleRate, cut)
}

/** The sound of a microphone, whose blocks arrive at a port; null ends it. */
export function microphoneSound(port: MessagePort, sampleRate: number, cut: () => void): Sound & { end(): void } {
  const waiting: (Float32Array | null)[] = []
  let wake = () => {}
  const arrive = (block: Float32Array | null) => {
    waiting.push(block)
    wake()
  }
  port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => arrive(data)
  const more = async () => {
    while (waiting.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    const samples = waiting.shift()!
    return samples === null ? null : { samples: tensor(samples), sampleRate }
  }
  return Object.assign(new Sound(more, null, cut), { end: () => arrive(null) })
}
