import { type TensorLike, tensor } from '@dsp/tensor'
import { type Golden, golden, maxAbsError } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { decomposeHpss, hpss, medianFilter, softmask } from '../src/index.js'
import { MASK_TOLERANCE, PEAK_TOLERANCE, RELATIVE_TOLERANCE } from './tolerance.js'

type Storage = Float32Array | Float64Array

const open = (name: string): Golden => golden(new URL(`./golden/${name}.npz`, import.meta.url))
const peak = (values: Storage) =>
  maxAbsError(
    values,
    values.map(() => 0),
  )

/** The largest difference over each value that is not small. */
function relativeError(got: Storage, want: Storage): number {
  const floor = 1e-3 * peak(want)
  return Math.max(0, ...Array.from(want, (w, i) => (Math.abs(w) > floor ? Math.abs(got[i]! / w - 1) : 0)))
}

/** librosa's options in ours. */
function ours({ power, ...options }: Record<string, unknown>): object {
  const camel = Object.entries(options).map(([key, value]) => [
    key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return { ...Object.fromEntries(camel), ...(power === undefined ? {} : { power: power === 'inf' ? Infinity : power }) }
}

describe('librosa.effects.hpss', () => {
  const reference = open('effects')
  for (const text of reference.text('cases')) {
    const { name, single, step, options } = JSON.parse(text)
    const samples = reference.array(`y_${name}`)
    it(`${single ? 'float32' : 'float64'} [${samples.shape.join(', ')}] ${JSON.stringify(options)}`, () => {
      const values = Array.from(samples.data as Int16Array, (v) => v / 32768)
      const y = tensor<Storage>(single ? new Float32Array(values) : new Float64Array(values), samples.shape)
      const got = hpss(y, ours(options)) as unknown as Record<string, TensorLike<Storage>>
      const kind = single ? 'float32' : 'float64'
      const covered = reference.array(`covered_${name}`).data as Uint8Array
      for (const part of ['harmonic', 'percussive']) {
        const length = samples.shape.at(-1)!
        // Samples that no window covers are quotients of rounding errors.
        const sample = (i: number) => i % Math.ceil(length / step)
        const counts = (_: number, i: number) => (covered[sample(i) >> 3]! >> (7 - (sample(i) & 7))) & 1
        const taken = got[part]!.data.filter((_, i) => (i % length) % step === 0)
        const mine = taken.filter(counts) as Storage
        const want = reference.numbers(`${part}_${name}`).filter(counts)
        expect(got[part]!.shape).toEqual(samples.shape)
        expect(maxAbsError(mine, want)).toBeLessThanOrEqual(PEAK_TOLERANCE[kind] * peak(want))
        expect(relativeError(mine, want)).toBeLessThanOrEqual(RELATIVE_TOLERANCE[kind])
      }
    })
  }
})

describe('librosa.decompose.hpss and librosa.util.softmask', () => {
  const reference = open('decompose')
  for (const text of reference.text('cases')) {
    const { name, complex, options, softmask: mask } = JSON.parse(text)
    if (mask !== undefined) {
      it(`softmask ${JSON.stringify(mask)}`, () => {
        const [x, r, want] = ['x', 'r', 'mask'].map((key) => reference.numbers(`${key}_${name}`))
        const given = ours(mask)
        expect(maxAbsError(softmask(x!, r!, given).data, want!)).toBeLessThanOrEqual(MASK_TOLERANCE.float64)
        const [a, b] = [x!, r!].map((values) => Float32Array.from(values))
        expect(maxAbsError(softmask(a!, b!, given).data, want!)).toBeLessThanOrEqual(MASK_TOLERANCE.float32)
      })
      continue
    }
    const S = reference.array(`S_${name}`) as TensorLike<Storage>
    const kind = S.data instanceof Float32Array ? 'float32' : 'float64'
    it(`hpss ${kind} [${S.shape.join(', ')}] ${JSON.stringify(options)}`, () => {
      const got = decomposeHpss(S, { ...ours(options), complex, residual: !options.mask })
      let sum = new Float64Array(got.harmonic.data.length)
      for (const part of ['harmonic', 'percussive'] as const) {
        const want = reference.array(`${part}_${name}`)
        expect(got[part].shape).toEqual(want.shape)
        expect(maxAbsError(got[part].data, want.data as Storage)).toBeLessThanOrEqual(
          MASK_TOLERANCE[kind] * Math.max(1, peak(S.data)),
        )
        sum = sum.map((value, i) => value + got[part].data[i]!)
      }
      if (got.residual !== undefined) {
        const all = sum.map((value, i) => value + got.residual!.data[i]!)
        expect(maxAbsError(all, S.data)).toBeLessThanOrEqual(MASK_TOLERANCE[kind] * peak(S.data))
      }
    })
  }
})

describe('scipy.ndimage.median_filter', () => {
  const reference = open('median')
  for (const text of reference.text('cases')) {
    const { name, size, ...options } = JSON.parse(text)
    const x = reference.array(`x_${name}`) as TensorLike<Float32Array>
    it(`[${x.shape.join(', ')}] ${size} ${JSON.stringify(options)}`, () => {
      const want = reference.numbers(`want_${name}`)
      const double = tensor(Float64Array.from(x.data), x.shape)
      // The same numbers; of two zeros of different sign either may be the middle one.
      expect(maxAbsError(medianFilter(x, size, options).data, want)).toBe(0)
      expect(maxAbsError(medianFilter(double, size, options).data, want)).toBe(0)
    })
  }
})
