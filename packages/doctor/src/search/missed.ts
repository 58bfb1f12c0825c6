import { wholeFeatures } from '../extract.js'
import type { FrontEnd } from '../front-end.js'
import { logarithm } from '../late.js'
import type { Matrix } from '../matrix.js'
import type { Sound } from '../sound.js'
import { logarithmsOf, rowsAt, type Target } from './target.js'

/** Frames that are added to those which were searched. */
const MOST = 10
/** A difference by less, in spreads of the reference, is rounding. */
const LEAST = 0.02

/** The frames that a front end misses most, of those that it was not judged on: a floor, or an edge, may show only there. */
export function missedFrames(frontEnd: FrontEnd, sound: Sound, reference: Matrix, target: Target): number[] {
  if (logarithm(frontEnd) === 0) return []
  const { data, frames, bins } = wholeFeatures(sound, frontEnd)
  const [searched, off] = [new Set(target.frames), [] as { frame: number; most: number }[]]
  for (let frame = 0; frame < Math.min(frames, reference.frames); frame++) {
    if (searched.has(frame)) continue
    let most = 0
    for (let b = 0; b < target.columns; b++) {
      const size = Math.abs(data[frame * bins + b]! - reference.data[frame * reference.bins + b]!)
      if (size > most) most = size
    }
    if (most > LEAST * target.spread) off.push({ frame, most })
  }
  off.sort((a, b) => b.most - a.most)
  // The worst ones, and others throughout the rest.
  const worst = off.slice(0, MOST / 2)
  const rest = off.slice(MOST / 2)
  const step = Math.max(1, Math.floor(rest.length / (MOST / 2)))
  return [...worst, ...rest.filter((_, i) => i % step === 0).slice(0, MOST / 2)].map(({ frame }) => frame)
}

/** A target with more frames. */
export function withFrames(target: Target, reference: Matrix, more: readonly number[]): Target {
  const frames = Uint32Array.from([...new Set([...target.frames, ...more])].sort((a, b) => a - b))
  const values = rowsAt(reference, frames, target.columns)
  return { ...target, frames, values, logarithms: target.logarithms && logarithmsOf(values, target.columns) }
}
