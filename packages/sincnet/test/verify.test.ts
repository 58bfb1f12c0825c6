import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { enroll, probability, score, verify } from '../src/index.js'

const voice = (...values: number[]) => ({ vector: tensor(Float32Array.from(values)), model: 'm' })
const rule = { threshold: 0.6, calibration: { scale: 10, offset: -5 } }

it('scores by the cosine, whatever the lengths', () => {
  expect(score(voice(1, 0), voice(0, 3))).toBe(0)
  expect(score(voice(2, 0), voice(3, 4))).toBeCloseTo(0.6, 7)
  expect(score(voice(0.1, 0.2), voice(-1, -2))).toBeCloseTo(-1, 12)
  const a = voice(0.123, 0.456)
  expect(score(a, a)).toBeLessThanOrEqual(1)
})

it('decides and tells a probability', () => {
  const found = verify(voice(1, 0), voice(3, 4), rule)
  expect(found).toMatchObject({ threshold: 0.6, same: found.score >= 0.6 })
  expect(found.probability).toBeCloseTo(1 / (1 + Math.exp(-1)), 6)
  expect(verify(voice(1, 0), voice(0, 1), rule)).toMatchObject({ same: false, score: 0 })
  expect(probability(-1, { scale: 1000, offset: 0 })).toBe(0)
  expect(probability(1, { scale: 1000, offset: 0 })).toBe(1)
})

it('enrols by the mean of unit vectors', () => {
  const { vector, model } = enroll([voice(100, 0), voice(0, 0.1)])
  expect([...vector.data].map((x) => x.toFixed(5))).toEqual(['0.70711', '0.70711'])
  expect(model).toBe('m')
  expect(enroll([voice(3, 4)]).vector.data).toEqual(Float32Array.of(0.6, 0.8))
})

it('refuses what cannot be compared', () => {
  const [a, other] = [voice(1, 0), { ...voice(1, 0), model: 'n' }]
  expect(errorOf(() => score(a, other))).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'b' })
  expect(errorOf(() => verify(a, other, rule)).code).toBe('ERR_DSP_MODEL')
  expect(errorOf(() => enroll([a, other]))).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'embeddings[1]' })
  expect(errorOf(() => score(a, voice(1, 0, 0)))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'b' })
  for (const bad of [
    undefined,
    null,
    3,
    {},
    new Float32Array(2),
    tensor(new Float32Array(2)),
    voice(0, 0),
    voice(1, Number.NaN),
  ]) {
    expect(errorOf(() => score(bad as never, a)).argument).toBe('a')
    expect(errorOf(() => score(a, bad as never)).argument).toBe('b')
  }
  expect(errorOf(() => enroll([])).argument).toBe('embeddings')
  expect(errorOf(() => enroll(a as never)).argument).toBe('embeddings')
  expect(errorOf(() => enroll([voice(1, 0), voice(-1, 0)])).actual).toMatch('cancel')
  expect(errorOf(() => verify(a, a, undefined as never)).argument).toBe('rule.threshold')
  expect(errorOf(() => verify(a, a, { threshold: 0 } as never)).argument).toBe('scale')
  expect(errorOf(() => probability(Number.NaN, rule.calibration)).argument).toBe('score')
})
