import { istft, stft } from '@dsp/fft'
import { type TensorLike, tensor } from '@dsp/tensor'
import { maxAbsError, noise } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decomposeHpss,
  decomposeHpssAsync,
  type HpssOptions,
  harmonic,
  harmonicAsync,
  harmonicBatch,
  harmonicBatchAsync,
  hpss,
  hpssAsync,
  hpssBatch,
  hpssBatchAsync,
  medianFilter,
  medianFilterAsync,
  OnlineHpss,
  percussive,
  percussiveAsync,
  percussiveBatch,
  percussiveBatchAsync,
  type Separated,
  softmask,
  softmaskAsync,
} from '../src/index.js'

type Storage = Float32Array | Float64Array

/** Tones and clicks in noise. */
function sound(length: number, seed = 1): Float32Array {
  return noise(length, seed, 0.05).map((v, i) => v + 0.3 * Math.sin(i / 7) + (i % 1777 === 3 ? 0.6 : 0))
}

const parts = (separated: Separated<Storage>) => Object.values(separated) as TensorLike<Storage>[]

const anyOptions: fc.Arbitrary<Partial<HpssOptions>> = fc.record({
  nFft: fc.integer({ min: 4, max: 70 }),
  hopLength: fc.integer({ min: 1, max: 90 }),
  center: fc.boolean(),
  padMode: fc.constantFrom('constant', 'edge', 'reflect', 'symmetric'),
  kernelSize: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })),
  power: fc.constantFrom(1, 2, 3.3, Infinity),
  margin: fc.constantFrom(1, 2, [1, 4] as const),
})

describe('a stream', () => {
  it('is bit-identical to the one-shot result, however it is split', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 0, max: 900 }),
        fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 20 }),
        fc.boolean(),
        (options, length, cuts, residual) => {
          const y = sound(length, length)
          const all = { ...options, residual }
          const fits = length > 0 && (options.center || options.nFft! <= length)
          const whole = fits ? parts(hpss(y, all)) : undefined
          const online = new OnlineHpss(all)
          for (let round = 0; round < 2; round++) {
            const got: number[][] = residual ? [[], [], []] : [[], []]
            const take = (separated: Separated<Storage>) => {
              parts(separated).forEach((part, i) => {
                got[i]!.push(...part.data)
              })
            }
            let at = 0
            for (const cut of [...cuts, length]) {
              take(online.accept(y.subarray(at, at + cut)))
              at = Math.min(length, at + cut)
              expect(at - got[0]!.length).toBeLessThanOrEqual(online.latencySamples)
            }
            if (whole !== undefined || length === 0) {
              take(online.flush())
              got.forEach((part, i) => {
                expect(part).toEqual(whole === undefined ? [] : Array.from(whole[i]!.data))
              })
              expect(online.flush().harmonic.shape).toEqual([0])
              expect(() => online.accept(y)).toThrow(expect.objectContaining({ argument: 'block' }))
            } else {
              expect(() => online.flush()).toThrow(expect.objectContaining({ argument: 'nFft' }))
            }
            online.reset()
          }
        },
      ),
      { numRuns: 120 },
    )
  })

  it('takes float64 where it was made for it', () => {
    const y = Float64Array.from(sound(9000))
    const online = new OnlineHpss({ nFft: 512 }, 'float64')
    const first = online.accept(y.subarray(0, 7000)).percussive.data
    const rest = online.accept(y.subarray(7000)).percussive.data
    const last = online.flush().percussive.data
    expect([...first, ...rest, ...last]).toEqual(Array.from(hpss(y, { nFft: 512 }).percussive.data))
  })

  it('says how far it stays behind', () => {
    expect(new OnlineHpss().latencySamples).toBe(15 * 512 + 2048)
    expect(new OnlineHpss({ kernelSize: [1, 31], nFft: 512, hopLength: 128 }).latencySamples).toBe(512)
    expect(new OnlineHpss({ kernelSize: [4, 31], nFft: 512, hopLength: 128 }).latencySamples).toBe(128 + 512)
  })
})

describe('forms', () => {
  const options = { nFft: 256, kernelSize: [9, 17], margin: [1, 2], residual: true } as const
  const { residual: _, ...alone } = options
  const signals = [5000, 300, 7001].map((length) => sound(length, length))

  it('give the same bits: batches, off the main thread, parts alone', async () => {
    const each = signals.map((y) => hpss(y, options))
    expect(hpssBatch(signals, options)).toEqual(each)
    expect(await hpssBatchAsync(signals, options)).toEqual(each)
    expect(await Promise.all(signals.map((y) => hpssAsync(y, options)))).toEqual(each)
    expect(signals.map((y) => harmonic(y, alone))).toEqual(each.map((all) => all.harmonic))
    expect(harmonicBatch(signals, alone)).toEqual(each.map((all) => all.harmonic))
    expect(await harmonicBatchAsync(signals, alone)).toEqual(each.map((all) => all.harmonic))
    expect(await harmonicAsync(signals[0]!, alone)).toEqual(each[0]!.harmonic)
    expect(signals.map((y) => percussive(y, alone))).toEqual(each.map((all) => all.percussive))
    expect(percussiveBatch(signals, alone)).toEqual(each.map((all) => all.percussive))
    expect(await percussiveBatchAsync(signals, alone)).toEqual(each.map((all) => all.percussive))
    expect(await percussiveAsync(signals[0]!, alone)).toEqual(each[0]!.percussive)
    expect(hpssBatch([])).toEqual([])
    expect(hpssBatch([new Float64Array(500)])[0]!.harmonic.data).toBeInstanceOf(Float64Array)
    const magnitudes = tensor(sound(33 * 60).map(Math.abs), [33, 60])
    expect(await decomposeHpssAsync(magnitudes, { margin: 2 })).toEqual(decomposeHpss(magnitudes, { margin: 2 }))
    expect(await medianFilterAsync(magnitudes, 5, { axis: 0 })).toEqual(medianFilter(magnitudes, 5, { axis: 0 }))
    expect(await softmaskAsync(magnitudes, magnitudes)).toEqual(softmask(magnitudes, magnitudes))
  })

  it('one long signal on all cores has the bits of one thread', async () => {
    const y = sound(400_000)
    for (const margin of [1, 3]) {
      const given = { nFft: 512, hopLength: 128, margin, residual: true }
      expect(await hpssAsync(y, given)).toEqual(hpss(y, given))
    }
  })

  it('any leading axes are channels', () => {
    const y = tensor(sound(2 * 3 * 2000), [2, 3, 2000])
    const got = hpss(y, { nFft: 256 })
    expect(got.harmonic.shape).toEqual([2, 3, 2000])
    const last = hpss(y.data.slice(5 * 2000), { nFft: 256 })
    expect(got.percussive.data.slice(5 * 2000)).toEqual(last.percussive.data)
    const backwards = tensor(sound(2000)).step(-1)
    expect(hpss(backwards)).toEqual(hpss(sound(2000).reverse()))
  })

  it('is transform, decomposition and inverse', () => {
    for (const options of [{}, { margin: [2, 3] }, { power: Infinity }, { mask: true }] as const) {
      const y = Float64Array.from(sound(6000))
      const transform = { nFft: 256, hopLength: 64 }
      const got = hpss(y, { ...transform, ...options })
      const found = decomposeHpss(stft(y, transform), options)
      for (const part of ['harmonic', 'percussive'] as const) {
        const values = found[part]
        const spectrum =
          'mask' in options
            ? tensor(
                Float64Array.from({ length: 2 * values.data.length }, (_, i) => (i % 2 ? 0 : values.data[i / 2]!)),
                [...values.shape, 2],
              )
            : values
        const back = istft(spectrum, { hopLength: 64, length: 6000 })
        expect(maxAbsError(got[part].data, back.data)).toBeLessThan(1e-12)
      }
    }
  })

  it('parts and residual add up to the signal', () => {
    const y = sound(8000)
    for (const margin of [1, 3]) {
      const all = hpss(y, { margin, residual: true })
      const sum = y.map((_, i) => all.harmonic.data[i]! + all.percussive.data[i]! + all.residual!.data[i]!)
      expect(maxAbsError(sum, y)).toBeLessThan(1e-6)
      if (margin === 1)
        expect(
          maxAbsError(
            all.residual!.data,
            y.map(() => 0),
          ),
        ).toBeLessThan(1e-6)
    }
  })

  it('silence stays silence', () => {
    for (const power of [1, 2, Infinity]) {
      for (const margin of [1, 2]) {
        for (const part of parts(hpss(new Float32Array(5000), { power, margin, residual: true }))) {
          expect(part.data.every((v) => v === 0)).toBe(true)
        }
      }
    }
  })
})

describe('medianFilter', () => {
  it('goes along any axis', () => {
    const x = tensor(noise(3 * 4 * 5), [3, 4, 5])
    for (const axis of [0, 1, 2]) {
      const got = medianFilter(x, 4, { axis, mode: 'wrap' })
      expect(medianFilter(x, 4, { axis: axis - 3, mode: 'wrap' })).toEqual(got)
      const order = [axis, ...[0, 1, 2].filter((other) => other !== axis)].reverse() as [number, number, number]
      const turned = medianFilter(x.transpose(...order), 4, { mode: 'wrap' })
      expect(Array.from(medianFilter(got.transpose(...order), 1).data)).toEqual(Array.from(turned.data))
    }
  })

  it('takes windows of rows and columns', () => {
    const x = tensor(noise(2 * 6 * 7), [2, 6, 7])
    expect(medianFilter(x, [1, 5])).toEqual(medianFilter(x, 5))
    expect(medianFilter(x, [5, 1])).toEqual(medianFilter(x, 5, { axis: 1 }))
    expect(
      medianFilter(tensor(Float32Array.of(1, 2, 3, 4), [2, 2]), [2, 2], { mode: 'constant', cval: 9 }).data,
    ).toEqual(Float32Array.of(9, 9, 9, 3))
  })
})
