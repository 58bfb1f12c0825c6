import { extractFrontEnd, type FrontEnd } from '@dsp/doctor'
import type { AudioLike } from '@dsp/signal'

/**
 * How far features of this sound under two front ends are from each other: the largest difference of two values, in parts of their
 * spread where that is more than 1, as it is in spectra without a logarithm; infinity for another shape, and for
 * settings that do not go together, such as a window longer than the transform.
 */
export function distanceOn(audio: AudioLike): (a: FrontEnd, b: FrontEnd) => number {
  return (a, b) => {
    const [left, right] = [extracted(audio, a), extracted(audio, b)]
    if (left === undefined || right === undefined) return Number.POSITIVE_INFINITY
    if (left.frames !== right.frames || left.bins !== right.bins) return Number.POSITIVE_INFINITY
    let [most, squares] = [0, 0]
    for (const [i, value] of left.data.entries()) {
      most = Math.max(most, Math.abs(value - right.data[i]!))
      squares += value * value
    }
    const spread = a.log === 'none' ? Math.max(1, Math.sqrt(squares / left.data.length)) : 1
    return most / spread
  }
}

function extracted(audio: AudioLike, frontEnd: FrontEnd) {
  try {
    return extractFrontEnd(audio, frontEnd)
  } catch {
    return undefined
  }
}
