import { tensor } from '@dsp/tensor'
import { golden, relativeL2Error } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FftPlan, fft, fftAsync, ifft, ifftAsync, irfft, irfftAsync, RfftPlan, rfft, rfftAsync } from '../src/index.js'
import { naiveFft, naiveRfft, noise64 } from './naive.js'
import { FFT_TOLERANCE } from './tolerance.js'

/** The naive form above rounds, too: it is trusted to this. */
const NAIVE_TOLERANCE = 1e-12

describe('numpy.fft', () => {
  const reference = golden(new URL('./golden/fft.npz', import.meta.url))
  for (const text of reference.text('cases')) {
    const { name, input, n } = JSON.parse(text) as { name: string; input: number; n: number }
    const [real, complex] = [reference.array(`real_${input}`), reference.array(`complex_${input}`)]
    for (const [kind, transform, x] of [
      ['rfft', rfft, real],
      ['irfft', irfft, complex],
      ['fft', fft, complex],
      ['ifft', ifft, complex],
    ] as const) {
      it(`${kind} of [${x.shape.join(', ')}] at n = ${n}`, () => {
        const want = reference.array(`${kind}_${name}`)
        const got = transform(x as never, { n })
        expect(got.shape).toEqual(want.shape)
        const error = relativeL2Error(got.data as Float64Array, want.data as Float64Array)
        expect(error).toBeLessThanOrEqual(FFT_TOLERANCE.float64)
      })
    }
  }
})

const size = fc.integer({ min: 1, max: 200 })
const seed = fc.integer({ min: 1, max: 1_000_000 })

describe('laws', () => {
  it('equals the definition, alone and in batches, in both precisions', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 40 }), seed, (n, rows, seed) => {
        const x = noise64(rows * n, seed)
        const z = noise64(2 * rows * n, seed)
        const single = Float32Array.from(x)
        for (const [i, got, rounded] of [
          [0, rfft(tensor(x, [rows, n])).data, rfft(tensor(single, [rows, n])).data],
          [1, fft(tensor(z, [rows, n, 2])).data, fft(tensor(Float32Array.from(z), [rows, n, 2])).data],
        ] as const) {
          const width = got.length / rows
          for (const row of [0, rows - 1]) {
            const want =
              i === 0 ? naiveRfft(x.slice(row * n, row * n + n)) : naiveFft(z.slice(2 * row * n, 2 * (row + 1) * n))
            const from = row * width
            expect(relativeL2Error(got.subarray(from, from + width), want)).toBeLessThan(NAIVE_TOLERANCE)
            expect(relativeL2Error(rounded.subarray(from, from + width), want)).toBeLessThan(FFT_TOLERANCE.float32)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('inverse(forward(x)) is x', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 30 }), seed, (n, rows, seed) => {
        const x = tensor(noise64(rows * n, seed), [rows, n])
        const z = tensor(noise64(2 * rows * n, seed), [rows, n, 2])
        expect(relativeL2Error(irfft(rfft(x), { n }).data, x.data)).toBeLessThan(FFT_TOLERANCE.float64)
        expect(relativeL2Error(ifft(fft(z)).data, z.data)).toBeLessThan(FFT_TOLERANCE.float64)
      }),
    )
  })

  it('keeps the energy (Parseval)', () => {
    fc.assert(
      fc.property(size, seed, (n, seed) => {
        const z = noise64(2 * n, seed)
        const energy = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0)
        expect(energy(fft(tensor(z, [n, 2])).data) / (n * energy(z))).toBeCloseTo(1, 12)
      }),
    )
  })

  it('is the same by a plan and off the main thread', async () => {
    for (const [rows, n] of [
      [1, 1],
      [3, 12],
      [100, 97],
      [200, 128],
    ] as const) {
      const x = tensor(Float32Array.from(noise64(rows * n, 5)), [rows, n])
      const z = tensor(noise64(2 * rows * n, 5), [rows, n, 2])
      const [real, complex] = [new RfftPlan(n), new FftPlan(n, 'float64')]
      const bins = rfft(x)
      expect(real.forward(x)).toEqual(bins)
      expect(real.inverse(bins)).toEqual(irfft(bins, { n }))
      expect(complex.forward(z)).toEqual(fft(z))
      expect(complex.inverse(z)).toEqual(ifft(z))
      const close = (a: ArrayLike<number>, b: ArrayLike<number>) => expect(relativeL2Error(a, b)).toBeLessThan(1e-6)
      close((await rfftAsync(x)).data, bins.data)
      close((await irfftAsync(bins, { n })).data, irfft(bins, { n }).data)
      close((await fftAsync(z)).data, fft(z).data)
      close((await ifftAsync(z)).data, ifft(z).data)
    }
  })
})

describe('plans', () => {
  it('write into storage of the caller', () => {
    const plan = new RfftPlan(4, 'float64')
    const spectrum = new Float64Array(6)
    const result = plan.forward(Float64Array.of(1, 2, 3, 4), spectrum)
    expect(result.data).toBe(spectrum)
    expect([...spectrum]).toEqual([10, 0, -2, 2, -2, 0])
  })

  it('have any length that the functions have', () => {
    const n = 5_000_000
    const x = Float32Array.from(noise64(n, 3))
    const bytes = ({ data }: { data: ArrayBufferView }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    expect(bytes(new RfftPlan(n).forward(x)).equals(bytes(rfft(x)))).toBe(true)
    // nothing is allocated for a length that no input has
    expect(new RfftPlan(2 ** 32).bins).toBe(2 ** 31 + 1)
    expect(new FftPlan(2 ** 32).n).toBe(2 ** 32)
    expect(() => new RfftPlan(2 ** 32).forward(x)).toThrow(expect.objectContaining({ code: 'ERR_DSP_SHAPE' }))
    expect(() => new RfftPlan(2 ** 32 + 1)).toThrow(expect.objectContaining({ argument: 'n' }))
  })

  it('refuse what they were not made for', () => {
    const plan = new RfftPlan(4)
    const x = new Float32Array(4)
    expect(() => plan.forward(new Float32Array(5))).toThrow(
      expect.objectContaining({ argument: 'x', expected: '4 samples' }),
    )
    expect(() => plan.forward(new Float64Array(4) as never)).toThrow(expect.objectContaining({ code: 'ERR_DSP_TYPE' }))
    expect(() => plan.forward(x, new Float32Array(5))).toThrow(expect.objectContaining({ argument: 'output' }))
    expect(() => plan.inverse(tensor(new Float32Array(4), [2, 2]))).toThrow(expect.objectContaining({ argument: 'x' }))
    const memory = new Float32Array(8)
    expect(() => plan.forward(memory.subarray(0, 4), memory.subarray(2))).toThrow(
      expect.objectContaining({ argument: 'output', expected: "memory separate from the input's" }),
    )
    expect(() => new FftPlan(1e12)).toThrow(expect.objectContaining({ argument: 'n' }))
    expect(() => new FftPlan(4, 'float16' as never)).toThrow(expect.objectContaining({ argument: 'type' }))
  })
})
