import { tensor } from '@dsp/tensor'
import { expect, it } from 'vitest'
import { amplitudeToDb, mfcc, powerToDb } from '../src/index.js'

const channel = (scale: number) => new Float64Array(8000).map((_, i) => scale * (Math.sin(i / 5) + Math.sin(i * i)))
const [loud, quiet] = [channel(1), channel(1e-6)]
const both = tensor(Float64Array.of(...loud!, ...quiet!), [2, 8000])

it('has the floor of all channels as librosa 0.11, of each as librosa 1.0', () => {
  const alone = [loud!, quiet!].flatMap((y) => [...mfcc(y).data])
  expect([...mfcc(both, { librosa: '1.0' }).data]).toEqual(alone)
  expect([...mfcc(both).data]).not.toEqual(alone)
  expect(mfcc(both)).toEqual(mfcc(both, { librosa: '0.11' }))
})

it.each([powerToDb, amplitudeToDb])(
  'decibels of channels have their own reference and floor as in librosa 1.0',
  (toDb) => {
    const s = tensor(Float64Array.of(1, 1e-3, 1e-30, 10, 1e-6, 2e-6, 1e-30, 5e-6), [2, 2, 2])
    for (const ref of ['max', (x: { data: ArrayLike<number> }) => Math.max(...Array.from(x.data)), 2] as const) {
      const parts = [0, 4].map((at) => tensor(s.data.slice(at, at + 4), [2, 2]))
      const alone = parts.flatMap((part) => [...toDb(part, { ref, amin: 1e-20 }).data])
      const young = toDb(s, { ref, amin: 1e-20, librosa: '1.0' })
      expect(young.shape).toEqual([2, 2, 2])
      expect([...young.data]).toEqual(alone)
      expect([...toDb(s, { ref, amin: 1e-20 }).data]).not.toEqual(alone)
    }
    const matrix = tensor(s.data, [2, 4])
    expect(toDb(matrix, { librosa: '1.0' })).toEqual(toDb(matrix))
  },
)
