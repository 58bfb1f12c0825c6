import { tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { tokenTimes } from '../src/alignment.js'
import { applyRules, argmax, logProbability, type Rules } from '../src/rules.js'
import { spansOf } from '../src/segments.js'
import { WindowCutter } from '../src/windows.js'

const RATE = 16000
/** Ten words, the end, two other tokens of which the second forbids time stamps, and time stamps from 13. */
const rules: Rules = { suppressed: [3], suppressedFirst: [4], end: 10, noTimestamps: 12, latestStart: 5 }
const logits = (...liked: [token: number, value: number][]) => {
  const values = new Float32Array(40).fill(-10)
  for (const [token, value] of liked) values[token] = value
  return values
}
const next = (values: Float32Array, written: number[], timestamps: boolean) => {
  applyRules(values, written, rules, timestamps)
  return argmax(values)
}

describe('the rules', () => {
  it('suppress tokens, some of them only at the beginning', () => {
    const liked = () => logits([3, 9], [4, 8], [5, 7])
    expect(next(liked(), [], false)).toBe(5)
    expect(next(liked(), [5], false)).toBe(4)
  })

  it('begin with a time stamp that is not late', () => {
    expect(next(logits([5, 9], [14, 1]), [], true)).toBe(14)
    expect(next(logits([30, 9], [18, 1]), [], true)).toBe(18)
  })

  it('pair time stamps and never go back', () => {
    expect(next(logits([5, 1], [20, 9]), [13], true)).toBe(5)
    expect(next(logits([5, 9], [16, 8], [20, 1]), [13, 5, 18], true)).toBe(20)
    expect(next(logits([18, 9], [19, 1]), [13, 5, 18, 18, 5], true)).toBe(19)
  })

  it('write a time stamp where all of them together are likelier than any word', () => {
    const values = logits([5, 1.5])
    values.fill(0, 20, 30)
    expect(next(values, [13, 6], true)).toBe(20)
  })

  it('give probabilities', () => {
    expect(Math.exp(logProbability(Float32Array.of(0, Math.log(3), Number.NEGATIVE_INFINITY), 1))).toBeCloseTo(0.75, 6)
  })
})

describe('the segments of a window', () => {
  const stamp = (seconds: number) => 100 + Math.round(seconds / 0.02)
  it('lie between time stamps', () => {
    const tokens = [stamp(0), 1, 2, stamp(2), stamp(3), 3, stamp(4)]
    expect(spansOf(tokens, 100, 5)).toEqual({
      spans: [
        { from: 1, to: 3, start: 0, end: 2 },
        { from: 5, to: 6, start: 3, end: 4 },
      ],
      until: 5,
    })
  })

  it('end with the last complete one, from which the rest is heard again', () => {
    const { spans, until } = spansOf([stamp(0), 1, stamp(2), stamp(3), 3, 4], 100, 5)
    expect(spans).toEqual([{ from: 1, to: 2, start: 0, end: 2 }])
    expect(until).toBe(2)
  })

  it('are one without time stamps, and none without words', () => {
    expect(spansOf([1, 2, 3], 100, 5)).toEqual({ spans: [{ from: 0, to: 3, start: 0, end: 5 }], until: 5 })
    expect(spansOf([stamp(1), 2, 3, stamp(4)], 100, 5).spans).toEqual([{ from: 1, to: 3, start: 1, end: 4 }])
    expect(spansOf([], 100, 5)).toEqual({ spans: [], until: 5 })
    expect(spansOf([stamp(0), stamp(0)], 100, 5).spans).toEqual([])
  })
})

describe('the times of tokens', () => {
  it('follow the attention', () => {
    const FRAMES = 60
    const at = [5, 20, 40]
    const rows = at.map((from, i) => {
      const until = at[i + 1] ?? FRAMES
      const weights = Float32Array.from({ length: FRAMES }, (_, t) => (t >= from && t < until ? 1 : 0))
      return tensor(weights, [1, 1, FRAMES])
    })
    const times = tokenTimes(rows, FRAMES)
    expect(times[1]).toBeCloseTo(0.4, 6)
    expect(times[2]).toBeCloseTo(0.8, 6)
    expect(tokenTimes([], FRAMES)).toEqual([])
  })
})

describe('the windows of a recording', () => {
  /** Speech-like noise with a pause, in seconds. */
  const sound = (seconds: number, pauses: [number, number][]) =>
    Float32Array.from({ length: seconds * RATE }, (_, i) => {
      const t = i / RATE
      const quiet = pauses.some(([from, to]) => t >= from && t < to)
      return Math.sin(i * i) * (quiet ? 1e-4 : 0.3)
    })
  const cut = (samples: Float32Array, block: number) => {
    const cutter = new WindowCutter()
    const windows = []
    for (let at = 0; at < samples.length; at += block) windows.push(...cutter.accept(samples.slice(at, at + block)))
    return [...windows, ...cutter.flush()]
  }

  it('are cut in pauses and hold every sample once', () => {
    const samples = sound(50, [[24, 24.6]])
    const windows = cut(samples, 4096)
    expect(windows.map(({ start }) => start / RATE)).toEqual([0, expect.closeTo(24.3, 0)])
    expect(windows.reduce((sum, one) => sum + one.samples.length, 0)).toBe(samples.length)
    for (const { samples: part, start } of windows) expect(part).toEqual(samples.slice(start, start + part.length))
  })

  it('are the same however the sound comes, and never longer than 30 s', () => {
    const samples = sound(100, [[25, 25.3]])
    const whole = cut(samples, samples.length)
    expect(whole.length).toBeGreaterThan(3)
    for (const block of [1000, 65536, 480_000]) expect(cut(samples, block)).toEqual(whole)
    for (const { samples: part } of whole) expect(part.length).toBeLessThanOrEqual(30 * RATE)
  })

  it('are one for what fits into 30 s, and none for nothing', () => {
    expect(cut(sound(30, []), 4096)).toHaveLength(1)
    expect(cut(new Float32Array(0), 1)).toEqual([])
  })
})
