import type { Tensor } from 'onnxruntime-node'

/** Features of one stretch of sound: `[frames, bins]`, row-major. */
export interface Matrix {
  readonly data: Float32Array
  readonly frames: number
  readonly bins: number
}

const FIRST_BLOCK = 4
const LARGEST_BLOCK = 32

/** What a decoder found: one entry a token. */
export interface Hypothesis {
  /** Ids of the tokens. */
  readonly tokens: number[]
  /** Encoder frame at which each was emitted. */
  readonly frames: number[]
  /** Natural logarithm of each one's probability. */
  readonly logProbs: number[]
  /** Encoder frames that each one lasts, where the model predicts it (TDT). */
  readonly durations: number[]
}

/** A model that turns features into tokens. */
export interface Decoder {
  /**
   * Recognises several stretches at once.
   * @param batch - Their features.
   * @param signal - Gives the work up.
   */
  decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]>
  /** Frees the networks. */
  release(): Promise<void>
}

/** A hypothesis without tokens. */
export function emptyHypothesis(): Hypothesis {
  return { tokens: [], frames: [], logProbs: [], durations: [] }
}

/** Index of the largest of `count` values from `start`; the first of equals, as `std::max_element` has it. */
export function argmax(values: Float32Array, start: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i
  return best
}

/** Logarithm of the probability that a softmax over `count` scores from `start` gives one of them. */
export function logProbability(values: Float32Array, start: number, count: number, index: number): number {
  const highest = values[start + argmax(values, start, count)]!
  let sum = 0
  for (let i = 0; i < count; i++) sum += Math.exp(values[start + i]! - highest)
  return values[start + index]! - highest - Math.log(sum)
}

/** Joins features to one batch of shape `[batch, frames, bins]`, the short ones filled up at their end. */
export function padBatch(batch: readonly Matrix[], fill: number): { data: Float32Array; frames: number; bins: number } {
  const frames = Math.max(...batch.map((matrix) => matrix.frames))
  const bins = batch[0]!.bins
  if (batch.length === 1) return { data: batch[0]!.data, frames, bins }
  const data = new Float32Array(batch.length * frames * bins).fill(fill)
  batch.forEach((matrix, i) => {
    data.set(matrix.data, i * frames * bins)
  })
  return { data, frames, bins }
}

/** `[batch, rows, columns]` -> `[batch, columns, rows]`. */
export function transpose(data: Float32Array, batch: number, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length)
  const size = rows * columns
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) result[b * size + c * rows + r] = data[b * size + r * columns + c]!
    }
  }
  return result
}

/** Frees what ONNX Runtime holds for tensors that are not needed any more. */
export function dispose(tensors: readonly (Tensor | undefined)[]): void {
  for (const tensor of tensors) tensor?.dispose()
}

/**
 * How many frames to put before the joiner at once. While a model says blank, the prediction network's state stays, so
 * that the scores of many frames are one run; those after the first token are thrown away. The block doubles over blanks
 * and falls back after a token.
 */
export class Block {
  private size = FIRST_BLOCK

  constructor(private readonly limit: number) {}

  /** Frames for the next run, out of those left. */
  next(left: number): number {
    return Math.min(this.size, this.limit, left)
  }

  /** The whole block was blank. */
  blank(): void {
    this.size = Math.min(2 * this.size, LARGEST_BLOCK)
  }

  /** A token came. */
  token(): void {
    this.size = FIRST_BLOCK
  }
}
