import { DspError } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { FRAME, findSpeech, SPEECH_FLOOR, SPEECH_RANGE } from '../src/speech.js'

/** Levels of frames: so many frames at so many decibels, one after the other. */
const levels = (...spans: [frames: number, level: number][]) =>
  spans.flatMap(([frames, level]) => new Array<number>(frames).fill(level))

describe('findSpeech', () => {
  it('keeps loud frames with a margin of five', () => {
    const { parts, seconds } = findSpeech(levels([50, -80], [20, -20], [50, -80]))
    expect(parts).toEqual([[45 * FRAME, 75 * FRAME]])
    expect(seconds).toBeCloseTo(0.4, 10)
  })

  it('keeps pauses up to twice the margin and shortens longer ones to that', () => {
    expect(findSpeech(levels([10, -20], [10, -80], [10, -20])).parts).toEqual([[0, 30 * FRAME]])
    expect(findSpeech(levels([10, -20], [11, -80], [10, -20])).parts).toEqual([
      [0, 15 * FRAME],
      [16 * FRAME, 31 * FRAME],
    ])
  })

  it('takes its threshold from the loudest frame, down to a floor', () => {
    const loudest = -10
    const edge = loudest - SPEECH_RANGE
    expect(findSpeech(levels([1, loudest], [20, edge], [100, edge - 0.1])).seconds).toBeCloseTo(0.42, 10)
    expect(findSpeech(levels([10, -30], [20, SPEECH_FLOOR], [100, SPEECH_FLOOR - 0.1])).seconds).toBeCloseTo(0.6, 10)
  })

  it('keeps all of a recording with a steady background', () => {
    expect(findSpeech(levels([500, -30])).parts).toEqual([[0, 500 * FRAME]])
  })

  it.each([
    [[], 'got 0.00 s in 0.00 s of sound'],
    [levels([500, -200]), 'got 0.00 s in 10.00 s of sound; its loudest frame has -200 dBFS'],
    [levels([9, -20], [100, -90]), 'at least 0.2 s of speech, got 0.18 s in 2.18 s of sound'],
  ])('refuses too little speech, with the figure', (frames, message) => {
    const error = expect.objectContaining({ code: 'ERR_DSP_ARGUMENT', argument: 'audio' })
    expect(() => findSpeech(frames)).toThrow(error)
    expect(() => findSpeech(frames)).toThrow(DspError)
    expect(() => findSpeech(frames)).toThrow(message)
  })

  it('lets 0.2 s pass', () => {
    expect(findSpeech(levels([10, -20], [100, -90])).seconds).toBeCloseTo(0.2, 10)
  })
})
