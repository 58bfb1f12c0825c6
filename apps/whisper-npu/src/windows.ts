import { whisperLogMel } from '@dsp/mel'
import { RATE, WINDOW_SECONDS } from './front-end.js'

/** A stretch of a recording that the encoder hears at a time. */
export interface Window {
  /** One channel at 16 kHz. */
  readonly samples: Float32Array
  /** Its first sample in the recording. */
  readonly start: number
}

/** Samples between two frames of loudness. */
const HOP = 160
const LONGEST = WINDOW_SECONDS * RATE
/** Frames on each side over which loudness is averaged: a pause is longer than a stop consonant. */
const REACH = 10
/** A window is cut in its last third. */
const EARLIEST = Math.floor((2 * LONGEST) / 3)

/**
 * Cuts sound into windows of at most 30 s, however it comes in blocks. Each cut is at the quietest moment (smallest mean of the log-mel
 * energies over 0.2 s) of the last third of a window, so that words stay whole wherever there is a pause. Memory does not grow
 * with the recording.
 */
export class WindowCutter {
  private readonly held = new Float32Array(2 * LONGEST)
  private size = 0
  private start = 0

  private take(count: number): Window {
    const window = { samples: this.held.slice(0, count), start: this.start }
    this.held.copyWithin(0, count, this.size)
    this.size -= count
    this.start += count
    return window
  }

  /**
   * Takes the next samples.
   * @param block - One channel at 16 kHz.
   * @returns The windows that are complete.
   */
  *accept(block: Float32Array): Generator<Window> {
    for (let at = 0; at < block.length; ) {
      const part = block.subarray(at, at + this.held.length - this.size)
      this.held.set(part, this.size)
      this.size += part.length
      at += part.length
      while (this.size > LONGEST) yield this.take(quietest(this.held.subarray(0, LONGEST)))
    }
  }

  /** Ends the recording: what is left. */
  *flush(): Generator<Window> {
    if (this.size > 0) yield this.take(this.size)
  }
}

/** The sample of the last third of a window around which it is quietest. */
function quietest(samples: Float32Array): number {
  const part = samples.subarray(EARLIEST - REACH * HOP)
  const { data, shape } = whisperLogMel(part, { chunkLength: null })
  const frames = shape[1]!
  const loudness = new Float64Array(frames)
  for (const [i, value] of data.entries()) loudness[i % frames]! += value
  let best = frames - REACH - 1
  let least = Number.POSITIVE_INFINITY
  for (let t = frames - REACH - 1; t >= REACH; t--) {
    let sum = 0
    for (let k = t - REACH; k <= t + REACH; k++) sum += loudness[k]!
    if (sum < least) {
      least = sum
      best = t
    }
  }
  return EARLIEST + (best - REACH) * HOP
}
