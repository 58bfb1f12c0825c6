import { optionNames } from '@dsp/native'
import { golden, maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  frequencyResponseOptionSpecs,
  frequencyResponses,
  sinc,
  sincBands,
  sincFilterOptionSpecs,
  sincFilters,
  sincOptionSpecs,
} from '../src/index.js'
import { ENERGY_TOLERANCE, FILTER_TOLERANCE, FRAME_TOLERANCE } from './tolerance.js'

const reference = golden(new URL('./golden/sinc.npz', import.meta.url))
const signal = Float32Array.from(reference.array('signal').data as Int16Array, (sample) => sample / 32768)

it('the core has the options of the specifications', () => {
  expect(optionNames('sinc').sort()).toEqual(Object.keys(sincOptionSpecs).sort())
  expect(optionNames('sincBands').sort()).toEqual([...Object.keys(sincFilterOptionSpecs), 'low', 'band'].sort())
  const responses = [...Object.keys(frequencyResponseOptionSpecs), 'low', 'band']
  expect(optionNames('sincResponses').sort()).toEqual(responses.sort())
})

it('starts from bands evenly spaced in mel', () => {
  const { low, band } = sincBands()
  expect(maxAbsError(low, reference.numbers('start_low'))).toBeLessThan(1e-9)
  expect(maxAbsError(band, reference.numbers('start_band'))).toBeLessThan(1e-9)
})

describe.each([0, 1, 2])('case %i', (n) => {
  const list = (name: string) => Array.from(reference.numbers(`${name}_${n}`))
  const [low, band] = [list('low'), list('band')]
  const [kernelSize, stride] = reference.array(`shape_${n}`).data as Int32Array as unknown as [number, number]
  const everyEighth = (data: Float64Array) =>
    low.flatMap((_, i) => (i % 8 === 0 ? [...data.subarray(i * kernelSize, (i + 1) * kernelSize)] : []))

  it('filters and responses are numpy’s', () => {
    const { real, partner } = sincFilters(low, band, { kernelSize })
    expect(real.shape).toEqual([low.length, kernelSize])
    expect(maxAbsError(everyEighth(real.data), list('real'))).toBeLessThanOrEqual(FILTER_TOLERANCE)
    expect(maxAbsError(everyEighth(partner.data), list('partner'))).toBeLessThanOrEqual(FILTER_TOLERANCE)
    const { magnitudes } = frequencyResponses(low.slice(0, 8), band.slice(0, 8), { kernelSize, nFft: 256 })
    // numpy cuts filters longer than its transform, so only shorter ones compare.
    if (kernelSize <= 256) {
      expect(maxAbsError(magnitudes.data, list('responses'))).toBeLessThanOrEqual(FILTER_TOLERANCE * 100)
    }
  })

  it.each([false, true])('frames are numpy’s and PyTorch’s, pairs: %s', (pairs) => {
    const name = pairs ? 'energies' : 'frames'
    const frames = sinc(signal, { low, band, kernelSize, stride, pairs })
    expect(frames.shape).toEqual(reference.array(`${name}_${n}`).shape)
    const tolerance = pairs ? ENERGY_TOLERANCE : FRAME_TOLERANCE
    expect(maxAbsError(frames.data, list(name))).toBeLessThanOrEqual(tolerance)
    // PyTorch's conv1d in float32 is as far from the truth as ours.
    expect(maxAbsError(frames.data, list(`torch_${name}`))).toBeLessThanOrEqual(2 * tolerance)
    expect(sinc(Float64Array.from(signal), { low, band, kernelSize, stride, pairs })).toEqual(frames)
  })
})
