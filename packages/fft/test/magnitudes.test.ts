import { tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { magnitudes, magnitudesAsync, stft } from '../src/index.js'

describe('magnitudes', () => {
  it.each([Float32Array, Float64Array])(
    'are the lengths of complex values, of their element type: %s',
    async (Type) => {
      const spectra = stft<Float32Array | Float64Array>(Type.from(noise(4000, 1, 0.5)), { nFft: 256 })
      const naive = Array.from({ length: spectra.size / 2 }, (_, i) =>
        Math.hypot(spectra.data[2 * i]!, spectra.data[2 * i + 1]!),
      )
      const result = magnitudes<Float32Array | Float64Array>(spectra)
      expect(result.shape).toEqual(spectra.shape.slice(0, 2))
      expect(result.data).toBeInstanceOf(Type)
      for (const [i, value] of result.data.entries()) {
        expect(Math.abs(value - naive[i]!)).toBeLessThanOrEqual(
          (Type === Float32Array ? 2 ** -23 : 2 ** -51) * naive[i]!,
        )
      }
      expect(await magnitudesAsync<Float32Array | Float64Array>(spectra)).toEqual(result)
    },
  )

  it('of a strided view, of none, of one', () => {
    const z = tensor(Float32Array.of(3, 4, 0, 1, 6, 8, 0, 2), [2, 2, 2])
    expect(magnitudes(z.pick(null, 0, null)).data).toEqual(Float32Array.of(5, 10))
    expect(magnitudes(tensor(new Float32Array(0), [0, 2])).shape).toEqual([0])
    expect(magnitudes(Float32Array.of(3, 4)).data).toEqual(Float32Array.of(5))
  })

  it('refuse what is not complex, and what is not finite', async () => {
    expect(() => magnitudes(new Float32Array(3))).toThrow(
      expect.objectContaining({ code: 'ERR_DSP_SHAPE', argument: 'z', expected: '[..., 2]' }),
    )
    expect(() => magnitudes(Float32Array.of(1, Number.NaN))).toThrow(
      expect.objectContaining({ code: 'ERR_DSP_NOT_FINITE', argument: 'z' }),
    )
    expect(() => magnitudes(Int16Array.of(3, 4) as never)).toThrow(expect.objectContaining({ code: 'ERR_DSP_TYPE' }))
    const options = { signal: AbortSignal.abort() }
    await expect(magnitudesAsync(Float32Array.of(3, 4), options)).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await expect(magnitudesAsync(Float32Array.of(3, 4), { window: 1 } as never)).rejects.toMatchObject({
      code: 'ERR_DSP_OPTION',
    })
  })
})
