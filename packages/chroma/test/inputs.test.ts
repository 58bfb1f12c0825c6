import { tensor } from '@dsp/tensor'
import { errorOf } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import * as chroma from '../src/index.js'

const y = new Float32Array(8000).map((_, i) => Math.sin(i / 7))
const every = [
  ['cqt', chroma.cqt],
  ['vqt', chroma.vqt],
  ['hybridCqt', chroma.hybridCqt],
  ['pseudoCqt', chroma.pseudoCqt],
  ['chromaCqt', chroma.chromaCqt],
  ['chromaCens', chroma.chromaCens],
  ['chromaVqt', (y: unknown, o?: object) => chroma.chromaVqt(y as Float32Array, { intervals: 'equal', ...o })],
  ['chromaStft', chroma.chromaStft],
  ['tonnetz', chroma.tonnetz],
  ['piptrack', chroma.piptrack],
  ['estimateTuning', chroma.estimateTuning],
] as readonly (readonly [string, (y: unknown, options?: object) => unknown])[]

/** Another form of a function. */
function formOf(name: string, form: string): (input: unknown, options?: object) => Promise<unknown> {
  const run = (chroma as unknown as Record<string, (input: unknown, options?: object) => Promise<unknown>>)[
    name + form
  ]!
  return (input, options) => run(input, name === 'chromaVqt' ? { intervals: 'equal', ...options } : options)
}

const batchOf = (name: string) => formOf(name, 'Batch') as (signals: readonly unknown[], options?: object) => unknown

const numbers = (result: unknown): number[] => {
  if (typeof result === 'number') return [result]
  const { data, pitches } = result as { data?: Float32Array; pitches?: { data: Float32Array } }
  return [...(data ?? pitches!.data)]
}

describe('piptrack and estimateTuning between frequencies where nothing is', () => {
  const limits = [{ fmax: 100 }, { fmin: 12_000 }, { fmin: 5000, fmax: 300 }, { fmin: 1e9, fmax: -5 }]
  const spectrum = tensor(new Float32Array(1025 * 3).fill(1), [1025, 3])

  it.each(limits)('are zero, as in librosa, in every form: %o', async (options) => {
    const one = [chroma.piptrack(y, options), await chroma.piptrackAsync(y, options)]
    const many = [chroma.piptrackBatch([y], options), await chroma.piptrackBatchAsync([y], options)].flat()
    for (const peaks of [...one, ...many, chroma.piptrackFromSpectrogram(spectrum, options)]) {
      expect([...numbers(peaks), ...peaks.magnitudes.data].every((x) => x === 0)).toBe(true)
    }
    expect(chroma.estimateTuning(y, options)).toBe(0)
    expect(await chroma.estimateTuningAsync(y, options)).toBe(0)
    expect(chroma.estimateTuningBatch([y], options)).toEqual([0])
    expect(await chroma.estimateTuningBatchAsync([y], options)).toEqual([0])
    expect(chroma.estimateTuningFromSpectrogram(spectrum, options)).toBe(0)
  })
})

describe.each(every)('%s', (name, run) => {
  it('refuses NaN, infinity and nothing', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const broken = y.slice()
      broken[77] = bad
      expect(errorOf(() => run(broken))).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'y' })
    }
    expect(errorOf(() => run(new Float32Array(0)))).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
    expect(errorOf(() => run(new Int16Array(5) as never)).code).toBe('ERR_DSP_TYPE')
  })

  it('refuses an option that contradicts the rate of an Audio, in every form', async () => {
    const audio = { samples: y, sampleRate: 16000 }
    const error = { code: 'ERR_DSP_ARGUMENT', argument: 'sr' }
    expect(errorOf(() => run(audio, { sr: 8000 }))).toMatchObject(error)
    expect(errorOf(() => batchOf(name)([y, audio], { sr: 8000 }))).toMatchObject(error)
    await expect(formOf(name, 'Async')(audio, { sr: 8000 })).rejects.toMatchObject(error)
    await expect(formOf(name, 'BatchAsync')([audio], { sr: 8000 })).rejects.toMatchObject(error)
  })

  it('gathers batches: an array in a batch with an Audio takes its rate, other rates and types are refused', () => {
    const run = batchOf(name)
    const audio = { samples: y, sampleRate: 16000 }
    expect(run([audio, y])).toEqual(run([y, y], { sr: 16000 }))
    const error = (second: unknown) => errorOf(() => run([audio, second]))
    const rate = { code: 'ERR_DSP_ARGUMENT', argument: 'signals[1].sampleRate' }
    expect(error({ samples: y, sampleRate: 8000 })).toMatchObject(rate)
    expect(error(Float64Array.from(y))).toMatchObject({ code: 'ERR_DSP_TYPE', argument: 'signals[1]' })
    const broken = error(Float32Array.of(...y, Number.NaN))
    expect(broken).toMatchObject({ code: 'ERR_DSP_NOT_FINITE', argument: 'signals[1]' })
    expect(broken.message).toContain('signals[1]')
  })

  it('refuses a hop of 0, a rate of 0, and options that do not exist', () => {
    expect(errorOf(() => run(y, { hopLength: 0 })).argument).toBe('hopLength')
    expect(errorOf(() => run(y, { sr: 0 })).argument).toBe('sr')
    expect(errorOf(() => run(y, { hop: 5 })).code).toBe('ERR_DSP_OPTION')
  })

  it('is finite for silence, one sample and a signal shorter than a frame', () => {
    for (const length of [1, 2, 100, 6000]) {
      for (const value of [0, 0.5]) {
        try {
          expect(numbers(run(new Float32Array(length).fill(value))).every(Number.isFinite)).toBe(true)
        } catch (error) {
          // Rates that are lowered first want a sample for that, as librosa's do.
          expect(error).toMatchObject({ code: 'ERR_DSP_SHAPE', argument: 'y' })
          expect(length).toBeLessThan(8)
        }
      }
    }
    expect(numbers(run(new Float32Array(6000))).every((x) => x === 0)).toBe(true)
  })
})

describe('invalid options', () => {
  it.each([
    [() => chroma.cqt(y, { fmin: 0 }), 'fmin'],
    [() => chroma.cqToChroma('84' as never), 'nInput'],
    [() => chroma.chromaFilters({ tuning: 2 ** 31 }), 'tuning'],
    [() => chroma.cqt(y, { fmin: -5 }), 'fmin'],
    [() => chroma.cqt(y, { nBins: 0 }), 'nBins'],
    [() => chroma.cqt(y, { nBins: 120 }), 'nBins'],
    [() => chroma.cqt(y, { binsPerOctave: 0 }), 'binsPerOctave'],
    [() => chroma.cqt(y, { sparsity: 1 }), 'sparsity'],
    [() => chroma.cqt(y, { filterScale: 0 }), 'filterScale'],
    [() => chroma.cqt(y, { norm: -1 }), 'norm'],
    [() => chroma.cqt(y, { fmin: 1e-3 }), 'fmin'],
    [() => chroma.cqt(y, { window: 'hanning' as never }), 'window'],
    [() => chroma.cqt(y, { resType: 'kaiser_best' as never }), 'resType'],
    [() => chroma.cqt(y.subarray(0, 3), { fmin: 110, nBins: 24 }), 'y'],
    [() => chroma.vqt(y, { gamma: -1 }), 'gamma'],
    [() => chroma.vqt(y, { intervals: [1, -2] }), 'intervals'],
    [() => chroma.vqt(y, { intervals: [] }), 'intervals'],
    [() => chroma.vqt(y, { intervals: 'ji11' as never }), 'intervals'],
    [() => chroma.chromaVqt(y, {} as never), 'intervals'],
    [() => chroma.chromaCqt(y, { nChroma: 7 }), 'binsPerOctave'],
    [() => chroma.chromaCqt(y, { nOctaves: 10 }), 'nOctaves'],
    [() => chroma.chromaCqt(y, { window: [Number.NaN] }), 'window'],
    [() => chroma.chromaCens(y, { winLenSmooth: 0 }), 'winLenSmooth'],
    [() => chroma.chromaStft(y, { nFft: 1 }), 'nFft'],
    [() => chroma.chromaStft(y, { nFft: 16384, center: false }), 'nFft'],
    [() => chroma.chromaStft(y, { winLength: 4096 }), 'winLength'],
    [() => chroma.estimateTuning(y, { resolution: 0 }), 'resolution'],
    [() => chroma.estimateTuning(y, { nFft: 1, hopLength: 1 }), 'nFft'],
    [() => chroma.piptrack(y, { ref: [1, 2] }), 'ref'],
    [() => chroma.pitchTuning([440, Number.NaN]), 'frequencies'],
    [() => chroma.icqt(tensor(new Float32Array(84 * 3 * 2), [84, 3, 2]), { length: 2 ** 40 }), 'length'],
    [() => chroma.icqt(tensor(new Float32Array(6), [3, 2])), 'C'],
    [() => chroma.chromaCqtFromCqt(y), 'C'],
    [() => chroma.wavelet([440]), 'freqs'],
    [() => chroma.wavelet([440, 220]), 'freqs'],
    [() => chroma.chromaFilters({ octwidth: 0 }), 'octwidth'],
    [() => chroma.cqToChroma(0), 'nInput'],
    [() => new chroma.OnlineChromaStft({}), 'tuning'],
    [() => new chroma.OnlineChromaStft({ tuning: 0, padMode: 'reflect' }), 'padMode'],
  ] as const)('%s', (work, argument) => {
    expect(errorOf(work).argument).toBe(argument)
  })

  it('refuses blocks of another rate or type', () => {
    const online = new chroma.OnlineChromaStft({ tuning: 0, sr: 16000 })
    expect(errorOf(() => online.accept({ samples: y, sampleRate: 8000 })).argument).toBe('block.sampleRate')
    expect(errorOf(() => online.accept(Float64Array.from(y) as never)).code).toBe('ERR_DSP_TYPE')
    expect(online.accept({ samples: y, sampleRate: 16000 }).shape).toEqual([12, 14])
  })

  it('names the signal of a batch', () => {
    expect(errorOf(() => chroma.cqtBatch([y, new Float32Array(0)])).argument).toBe('signals[1]')
    expect(errorOf(() => chroma.cqtBatch(5 as never)).argument).toBe('signals')
    expect(errorOf(() => chroma.cqtBatch(new Array(2))).argument).toBe('signals[0]')
  })

  it('hops that cannot be halved are slow, not wrong', () => {
    const odd = chroma.cqt(y, { hopLength: 255, nBins: 36 })
    const even = chroma.cqt(y, { hopLength: 1020, nBins: 36 })
    const at = (c: typeof odd, bin: number, frame: number) => Math.hypot(c.get(bin, frame, 0), c.get(bin, frame, 1))
    for (let bin = 0; bin < 36; bin++) expect(Math.abs(at(odd, bin, 16) - at(even, bin, 4))).toBeLessThan(0.02)
  })

  it('can be aborted', async () => {
    await expect(chroma.cqtAsync(y, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })
})
