/**
 * When tokens were said, from the cross-attentions of the heads that follow the speech: normalised over the tokens, smoothed by a
 * median over the frames, averaged over the heads, aligned by dynamic time warping (OpenAI's `timing.py`).
 */
import type { Tensor } from '@dsp/tensor'

/** Frames over which the weights are smoothed. */
const MEDIAN = 7
/** Seconds of an encoder frame. */
export const FRAME_SECONDS = 0.02

/**
 * The time at which each token begins.
 * @param rows - For each token `[heads, 1, frames]`.
 * @param frames - Encoder frames that hold sound; those after it are padding.
 * @returns Seconds, one per token.
 */
export function tokenTimes(rows: readonly Tensor<Float32Array>[], frames: number): number[] {
  if (rows.length === 0 || frames === 0) return rows.map(() => 0)
  const heads = rows[0]!.shape[0]!
  const matrix = new Float64Array(rows.length * frames)
  for (let head = 0; head < heads; head++) {
    const weights = normalized(rows, head, frames)
    for (let token = 0; token < rows.length; token++) {
      const smooth = median(weights.subarray(token * frames, (token + 1) * frames))
      for (let t = 0; t < frames; t++) matrix[token * frames + t]! += smooth[t]! / heads
    }
  }
  return warp(matrix, rows.length, frames).map((frame) => frame * FRAME_SECONDS)
}

/** Mean 0 and deviation 1 over the tokens. */
function normalized(rows: readonly Tensor<Float32Array>[], head: number, frames: number): Float32Array {
  const count = rows.length
  const values = new Float32Array(count * frames)
  const columns = rows.map(({ data, shape }) => data.subarray(head * shape[2]!, head * shape[2]! + frames))
  for (let t = 0; t < frames; t++) {
    let sum = 0
    for (const column of columns) sum += column[t]!
    const mean = sum / count
    let squares = 0
    for (const column of columns) squares += (column[t]! - mean) ** 2
    const deviation = Math.sqrt(squares / count)
    // a frame that all tokens weigh alike says nothing about any of them
    for (let i = 0; i < count; i++) values[i * frames + t] = deviation === 0 ? 0 : (columns[i]![t]! - mean) / deviation
  }
  return values
}

/** The median of seven, mirrored at the edges. */
function median(values: Float32Array): Float32Array {
  const reach = MEDIAN >> 1
  const last = values.length - 1
  if (last < reach) return values
  const result = new Float32Array(values.length)
  const window = new Float32Array(MEDIAN)
  for (let t = 0; t <= last; t++) {
    for (let k = -reach; k <= reach; k++) {
      const at = Math.abs(t + k)
      window[k + reach] = values[at > last ? 2 * last - at : at]!
    }
    result[t] = window.sort()[reach]!
  }
  return result
}

/** Dynamic time warping: the frame at which the cheapest path through the matrix comes to each token. */
function warp(matrix: Float64Array, tokens: number, frames: number): number[] {
  const width = frames + 1
  const cost = new Float32Array((tokens + 1) * width).fill(Number.POSITIVE_INFINITY)
  const trace = new Uint8Array((tokens + 1) * width)
  const [BOTH, TOKEN, FRAME] = [0, 1, 2]
  cost[0] = 0
  for (let i = 1; i <= tokens; i++) {
    for (let t = 1; t <= frames; t++) {
      const at = i * width + t
      const both = cost[at - width - 1]!
      const token = cost[at - width]!
      const frame = cost[at - 1]!
      const step = both < token && both < frame ? BOTH : token < both && token < frame ? TOKEN : FRAME
      cost[at] = (step === BOTH ? both : step === TOKEN ? token : frame) - matrix[(i - 1) * frames + t - 1]!
      trace[at] = step
    }
  }
  const starts = new Array<number>(tokens).fill(0)
  for (let i = tokens, t = frames; i > 0 && t > 0; ) {
    starts[i - 1] = t - 1
    const step = trace[i * width + t]!
    if (step !== FRAME) i--
    if (step !== TOKEN) t--
  }
  return starts
}
