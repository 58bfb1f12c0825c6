/** Finds speech by its energy. */
import { DspError } from '@dsp/tensor'

/** Sample rate of everything below, in Hz. */
export const RATE = 16000
/** Samples per frame: 20 ms. */
export const FRAME = 320
/** A frame is speech if it is at most this many decibels quieter than the loudest one, … */
export const SPEECH_RANGE = 40
/** … and no quieter than this, in dBFS. */
export const SPEECH_FLOOR = -60
/** Frames that are kept before and after speech, so that onsets, releases and short pauses stay: 100 ms. */
export const MARGIN_FRAMES = 5
/** With less speech than this, in seconds, there is nothing to compare. */
export const LEAST_SPEECH = 0.2
/** With less speech than this, in seconds, a score is uncertain. */
export const SHORT_SPEECH = 1

/** The parts of a recording in which somebody speaks. */
export interface Speech {
  /** The parts that are kept, as `[from, to]` in samples at 16 kHz, in order and disjoint. */
  readonly parts: readonly (readonly [from: number, to: number])[]
  /** Seconds of frames that are loud enough, without the margins. */
  readonly seconds: number
}

/**
 * Finds speech: frames of 20 ms within {@link SPEECH_RANGE} of the loudest one and above {@link SPEECH_FLOOR}, each with
 * {@link MARGIN_FRAMES} on both sides.
 * @param levels - The level of each frame in decibels.
 * @throws DspError `ERR_DSP_ARGUMENT` if there is less than {@link LEAST_SPEECH} of it.
 */
export function findSpeech(levels: readonly number[]): Speech {
  let loudest = Number.NEGATIVE_INFINITY
  for (const level of levels) loudest = Math.max(loudest, level)
  const threshold = Math.max(loudest - SPEECH_RANGE, SPEECH_FLOOR)
  const parts: [number, number][] = []
  let loud = 0
  for (const [frame, level] of levels.entries()) {
    if (level < threshold) continue
    loud++
    const from = Math.max(0, frame - MARGIN_FRAMES) * FRAME
    const to = Math.min(levels.length, frame + 1 + MARGIN_FRAMES) * FRAME
    const last = parts.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else parts.push([from, to])
  }
  const seconds = secondsOf(loud)
  if (seconds < LEAST_SPEECH) throw tooLittle(seconds, secondsOf(levels.length), loudest)
  return { parts, seconds }
}

function secondsOf(frames: number): number {
  return (frames * FRAME) / RATE
}

function tooLittle(speech: number, whole: number, loudest: number): DspError {
  const expected = `at least ${LEAST_SPEECH} s of speech`
  const actual = `${speech.toFixed(2)} s in ${whole.toFixed(2)} s of sound`
  const why = whole > 0 && loudest < SPEECH_FLOOR ? `; its loudest frame has ${loudest.toFixed(0)} dBFS` : ''
  return new DspError(`the recording must have ${expected}, got ${actual}${why}`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: 'audio',
    expected,
    actual,
  })
}
