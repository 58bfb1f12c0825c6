import { DspError } from '@dsp/tensor'
import { FIRST_CORE_ROW, FRAME_LENGTH, TILE } from './hardware.js'
import { bytesOf, type ResolvedDesignOptions } from './options.js'

/** One buffer descriptor of a column's shim, which frames audio: `frames` rows of 400 samples, a hop apart. */
export interface AieDescriptor {
  /** The first sample that it reads. */
  readonly offset: number
  /** How many frames it reads; its length is 400 times as many samples. */
  readonly frames: number
}

/** What one column does in a run. */
export interface AieColumn {
  /** Its number, from 0. */
  readonly column: number
  /** Rows of its working cores. */
  readonly rows: readonly number[]
  /** The first frame that it takes; the rest follow without a gap. */
  readonly firstFrame: number
  /** How many frames it takes, padding included. */
  readonly frames: number
  /** How often each of its cores calls the kernel. */
  readonly calls: number
  /** The descriptors that read its audio, one after the other. */
  readonly descriptors: readonly AieDescriptor[]
}

/** How a run's frames are split over the array, and what the host must provide. */
export interface AiePlan {
  /** The work of each column. */
  readonly columns: readonly AieColumn[]
  /** Frames of a run, padding included: every core's every call is full. */
  readonly paddedFrames: number
  /** Samples (int16) of the buffer that the host gives: the audio, then zeros. */
  readonly samples: number
  /** Bytes of the buffer that the host gets: `paddedFrames` rows, of which the first `frames` count. */
  readonly outputBytes: number
}

/** Splits the frames into columns, calls and descriptors. */
export function planOf(options: ResolvedDesignOptions): AiePlan {
  const { columns, coresPerColumn, frames, framesPerCall, filters, hopLength, output } = options
  // In a round each core of a column makes one call. Columns differ by one round at most.
  const roundFrames = coresPerColumn * framesPerCall
  const rounds = Math.ceil(frames / roundFrames)
  if (rounds < columns) {
    const expected = `at most ${rounds} for ${frames} frames, of which each column takes ${roundFrames} in a round`
    throw DspError.argument('columns', expected, columns)
  }
  const rows = Array.from({ length: coresPerColumn }, (_, i) => FIRST_CORE_ROW + i)
  let firstFrame = 0
  const work = Array.from({ length: columns }, (_, column): AieColumn => {
    const calls = Math.floor(rounds / columns) + (column < rounds % columns ? 1 : 0)
    const own = { column, rows, firstFrame, frames: calls * roundFrames, calls }
    firstFrame += own.frames
    return { ...own, descriptors: descriptorsOf(own.firstFrame, own.frames, roundFrames, hopLength) }
  })
  return {
    columns: work,
    paddedFrames: firstFrame,
    samples: (firstFrame - 1) * hopLength + FRAME_LENGTH,
    outputBytes: firstFrame * filters * bytesOf(output),
  }
}

/** As few descriptors as read all frames, each a whole number of rounds. */
function descriptorsOf(firstFrame: number, frames: number, roundFrames: number, hop: number): AieDescriptor[] {
  const most = Math.max(1, Math.floor(TILE.shim.size / roundFrames)) * roundFrames
  return Array.from({ length: Math.ceil(frames / most) }, (_, i) => ({
    offset: (firstFrame + i * most) * hop,
    frames: Math.min(most, frames - i * most),
  }))
}
