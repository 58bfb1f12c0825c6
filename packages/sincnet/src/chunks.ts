import type { SpeakerModel } from './model.js'

/** Tokens of a chunk: a minute of speech at 100 frames per second and 9 frames per token. */
const CHUNK_TOKENS = 666

/** A range of tokens, and the frames that the graph sees for them. */
export interface Chunk {
  /** First frame of the input; a multiple of the frames of a token. */
  readonly firstFrame: number
  /** End of the frames of the input. */
  readonly endFrame: number
  /** The tokens that count, counted from the input's first one. */
  readonly start: number
  /** End of the tokens that count. */
  readonly end: number
  /** The next chunk's first token, counted from the recording's beginning. */
  readonly next: number
}

/** How a recording is cut: into chunks with enough context that their tokens are those of the whole. */
export class Chunking {
  readonly #model: SpeakerModel

  constructor(model: SpeakerModel) {
    this.#model = model
  }

  /** Frames of a waveform. */
  frames(samples: number): number {
    const { taps, hop } = this.#model
    return samples < taps ? 0 : 1 + Math.floor((samples - taps) / hop)
  }

  /** Samples that frames up to `end` reach. */
  samples(end: number): number {
    const { taps, hop } = this.#model
    return (end - 1) * hop + taps
  }

  /** Whether a recording of so many frames is one chunk. */
  isOne(frames: number): boolean {
    return this.full(0, frames) === undefined
  }

  /** The chunk from token `first` on, if so many frames are enough for a full one with its context. */
  full(first: number, frames: number): Chunk | undefined {
    const { framesPerToken, contextFrames } = this.#model
    const end = (first + CHUNK_TOKENS) * framesPerToken + contextFrames
    return frames >= end ? this.#chunk(first, first + CHUNK_TOKENS, end) : undefined
  }

  /** The last chunk of a recording of so many frames, from token `first` on; undefined if no token is left. */
  last(first: number, frames: number): Chunk | undefined {
    const tokens = Math.floor(frames / this.#model.framesPerToken)
    return tokens > first ? this.#chunk(first, tokens, frames) : undefined
  }

  /** The first frame that the chunk from token `first` on needs. */
  firstFrame(first: number): number {
    const { framesPerToken, contextFrames } = this.#model
    return Math.max(0, first - Math.ceil(contextFrames / framesPerToken)) * framesPerToken
  }

  #chunk(first: number, next: number, endFrame: number): Chunk {
    const firstFrame = this.firstFrame(first)
    const skipped = firstFrame / this.#model.framesPerToken
    return { firstFrame, endFrame, start: first - skipped, end: next - skipped, next }
  }
}
