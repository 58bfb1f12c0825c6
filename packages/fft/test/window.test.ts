import { golden, maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { type WindowName, window } from '../src/index.js'
import { WINDOW_TOLERANCE } from './tolerance.js'

const reference = golden(new URL('./golden/windows.npz', import.meta.url))

describe('scipy.signal.get_window', () => {
  for (const entry of reference.names.filter((name) => /^[a-z]+_\d+_/.test(name))) {
    it(entry, () => {
      const [name, length, kind] = entry.split('_') as [WindowName, string, string]
      const got = window(name, Number(length), { periodic: kind === 'periodic' })
      expect(maxAbsError(got.data, reference.numbers(entry))).toBeLessThanOrEqual(WINDOW_TOLERANCE)
    })
  }

  for (const entry of reference.names.filter((name) => name.startsWith('beta_'))) {
    it(`kaiser, ${entry}`, () => {
      const got = window('kaiser', 31, { periodic: false, beta: Number(entry.slice(5)) })
      expect(maxAbsError(got.data, reference.numbers(entry))).toBeLessThanOrEqual(WINDOW_TOLERANCE)
    })
  }
})

it('povey is the symmetric Hann window to the power 0.85', () => {
  const hann = window('hann', 400, { periodic: false }).data
  const povey = window('povey', 400, { periodic: false }).data
  expect(
    maxAbsError(
      povey,
      hann.map((w) => w ** 0.85),
    ),
  ).toBeLessThanOrEqual(WINDOW_TOLERANCE)
})

it('rejects invalid arguments', () => {
  expect(() => window('hanning' as never, 4)).toThrow(expect.objectContaining({ argument: 'name' }))
  expect(() => window('hann', -1)).toThrow(expect.objectContaining({ argument: 'length' }))
  expect(() => window('hann', 1e12)).toThrow(expect.objectContaining({ argument: 'length' }))
  expect(() => window('kaiser', 4, { beta: 701 })).toThrow(expect.objectContaining({ argument: 'beta' }))
  expect(() => window('kaiser', 4, { beta: Number.NaN })).toThrow(expect.objectContaining({ argument: 'beta' }))
  expect(() => window('hann', 4, { sym: true } as never)).toThrow(expect.objectContaining({ code: 'ERR_DSP_OPTION' }))
  expect(window('hann', 0).shape).toEqual([0])
})
