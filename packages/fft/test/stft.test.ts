import { type TensorLike, tensor } from '@dsp/tensor'
import { golden, maxAbsError } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type IstftOptions,
  istft,
  istftAsync,
  OnlineStft,
  type StftOptions,
  stft,
  stftAsync,
  stftBatch,
  stftBatchAsync,
  window,
} from '../src/index.js'
import { noise64 } from './naive.js'
import { ISTFT_TOLERANCE, STFT_TOLERANCE } from './tolerance.js'

type Storage = Float32Array | Float64Array

/** The largest difference over the reference's largest magnitude, where `counts` has no zero. */
function relativeError(got: Storage, want: Storage, counts: (i: number) => unknown = () => 1): number {
  const [mine, theirs] = [got, want].map((values) => Array.from(values, (value, i) => (counts(i) ? value : 0)))
  return (
    maxAbsError(mine!, theirs!) /
    (maxAbsError(
      theirs!,
      theirs!.map(() => 0),
    ) || 1)
  )
}

const precision = (data: Storage) => (data instanceof Float32Array ? 'float32' : 'float64')

describe('librosa', () => {
  const reference = golden(new URL('./golden/stft.npz', import.meta.url))
  for (const text of reference.text('cases')) {
    const { name, length, n_fft, hop_length, win_length, pad_mode, ...same } = JSON.parse(text)
    const shared = Object.fromEntries(
      Object.entries({ nFft: n_fft, hopLength: hop_length, winLength: win_length, ...same }).filter(
        ([, value]) => value !== undefined && value !== null,
      ),
    ) as Partial<IstftOptions & StftOptions>
    const y = reference.array(`y_${name}`) as TensorLike<Storage>
    const kind = precision(y.data)
    it(`stft and istft ${kind} [${y.shape.join(', ')}] ${JSON.stringify({ ...shared, pad_mode })}`, () => {
      const want = reference.array(`stft_${name}`)
      const got = stft(y, pad_mode === undefined ? shared : { ...shared, padMode: pad_mode })
      expect(got.shape).toEqual(want.shape)
      expect(relativeError(got.data, want.data as Storage)).toBeLessThanOrEqual(STFT_TOLERANCE[kind])
      const covered = reference.array(`covered_${name}`).data
      const spectrum = want as TensorLike<Storage>
      for (const [back, options] of [
        [reference.array(`istft_${name}`), shared],
        [reference.array(`length_${name}`), { ...shared, length }],
      ] as const) {
        const result = istft(spectrum, options)
        expect(result.shape).toEqual(back.shape)
        const samples = back.shape.at(-1)!
        const error = relativeError(result.data, back.data as Storage, (i) => covered[i % samples])
        expect(error).toBeLessThanOrEqual(ISTFT_TOLERANCE[kind])
      }
    })
  }
})

const anyOptions = fc.record({
  nFft: fc.integer({ min: 1, max: 70 }),
  hopLength: fc.integer({ min: 1, max: 90 }),
  center: fc.boolean(),
  padMode: fc.constantFrom('constant', 'edge', 'reflect', 'symmetric'),
  window: fc.constantFrom('hann', 'hamming', 'blackman', 'povey', 'kaiser', 'rectangular'),
} as const)

describe('forms', () => {
  it('a stream is bit-identical to the one-shot result, however it is split', () => {
    fc.assert(
      fc.property(
        anyOptions,
        fc.integer({ min: 0, max: 600 }),
        fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 20 }),
        (options, length, cuts) => {
          const y = noise64(length, length + 1)
          const fits = length > 0 && (options.center || options.nFft <= length)
          const whole = fits ? stft(y, options) : undefined
          const online = new OnlineStft(options, 'float64')
          for (let round = 0; round < 2; round++) {
            const frames: number[][] = []
            let at = 0
            for (const cut of [...cuts, length]) {
              const block = online.accept(y.subarray(at, at + cut))
              at = Math.min(length, at + cut)
              for (const frame of block) frames.push(values(frame))
            }
            for (const frame of online.flush()) frames.push(values(frame))
            expect(frames.length).toBe(whole?.shape[1] ?? 0)
            frames.forEach((frame, i) => {
              expect(frame).toEqual(values(whole!.pick(null, i, null)))
            })
            expect(online.flush().shape[1]).toBe(0)
            online.reset()
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('works while the same options are in use off the main thread, and plans come and go', async () => {
    const y = Float32Array.from(noise64(3000, 1))
    const own = Float64Array.from({ length: 64 }, (_, i) => 0.5 + i / 200)
    for (const window of ['hann', own] as const) {
      const whole = stft(y, { nFft: 64, window })
      const pending = stftAsync(y, { nFft: 64, window })
      const back = istftAsync(whole, { window })
      expect(stft(y, { nFft: 64, window })).toEqual(whole)
      for (let nFft = 10; nFft < 30; nFft++) stft(y, { nFft })
      expect(await pending).toEqual(whole)
      expect(await back).toEqual(istft(whole, { window }))
    }
  })

  it('is the same in batches and off the main thread', async () => {
    const options = { nFft: 48, hopLength: 13, padMode: 'reflect' } as const
    const signals = [500, 49, 1000].map((length) => Float32Array.from(noise64(length, length)))
    const alone = signals.map((y) => stft(y, options))
    expect(stftBatch(signals, options)).toEqual(alone)
    expect(await stftBatchAsync(signals, options)).toEqual(alone)
    expect(await Promise.all(signals.map((y) => stftAsync(y, options)))).toEqual(alone)
    expect(stftBatch([])).toEqual([])
    const stereo = tensor(noise64(2 * 400, 3), [2, 400])
    const spectra = stft(stereo, options)
    expect(await stftAsync(stereo, options)).toEqual(spectra)
    expect(await istftAsync(spectra, { hopLength: 13 })).toEqual(istft(spectra, { hopLength: 13 }))
    const second = stft(stereo.data.subarray(400), options)
    expect(spectra.data.subarray(spectra.data.length / 2)).toEqual(second.data)
  })

  it('istft(stft(y)) is y', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 80 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 400 }),
        (nFft, parts, length) => {
          const hopLength = Math.floor(nFft / parts)
          // Padded, so that whole frames cover the last samples, too.
          const padded = new Float64Array(length + nFft)
          const y = noise64(length, nFft)
          padded.set(y)
          const back = istft(stft(padded, { nFft, hopLength }), { nFft, hopLength, length })
          expect(maxAbsError(back.data, y)).toBeLessThan(1e-10)
        },
      ),
    )
  })

  it('takes a window as values', () => {
    const y = noise64(300, 1)
    const byName = stft(y, { nFft: 64, winLength: 40, window: 'hamming' })
    const values = window('hamming', 40).data
    expect(stft(y, { nFft: 64, window: values })).toEqual(byName)
    expect(stft(y, { nFft: 64, winLength: 40, window: [...values] })).toEqual(byName)
    expect(() => stft(y, { nFft: 64, winLength: 41, window: values })).toThrow(
      expect.objectContaining({ argument: 'window' }),
    )
  })

  it('says how long a stream waits', () => {
    expect(new OnlineStft({ nFft: 512 }).latencySamples).toBe(256)
    expect(new OnlineStft({ nFft: 512, center: false }).latencySamples).toBe(512)
  })
})

function values(frame: TensorLike<Storage> & { get(...index: number[]): number }): number[] {
  return Array.from({ length: frame.shape[0]! * 2 }, (_, i) => frame.get(i >> 1, i & 1))
}
