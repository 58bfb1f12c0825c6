import type { SignalData } from '@dsp/signal'
import type { TensorLike } from '@dsp/tensor'
import { golden } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import * as chroma from '../src/index.js'
import { BANK_TOLERANCE, CENS_FLIPPED, CHROMA_TOLERANCE, CQT_TOLERANCE, PIPTRACK_TOLERANCE } from './tolerance.js'

const file = (name: string) => golden(new URL(`./golden/${name}.npz`, import.meta.url))

interface Case {
  readonly name: string
  readonly function: string
  readonly signal: string
  readonly stereo: boolean
  readonly shape: number[]
  readonly peak: number
  readonly options: Record<string, unknown>
  readonly nInput: number
  readonly nBins: number
  readonly freqs: number[]
}

/** JSON has no infinities. */
const read = (text: string): Case =>
  JSON.parse(text, (_, value) => (value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value))

const signals = file('signals')

function signal({ signal: name, stereo }: Case, type: 'float32' | 'float64'): TensorLike<SignalData> {
  const mono = Float64Array.from(signals.array(name).data as Int16Array, (x) => x / 32768)
  const all = stereo
    ? Float64Array.of(
        ...mono,
        ...mono
          .slice()
          .reverse()
          .map((x) => x / 2),
      )
    : mono
  return {
    data: type === 'float32' ? Float32Array.from(all) : all,
    shape: stereo ? [2, mono.length] : [mono.length],
  }
}

/** Differences from the values that were kept, over the largest one. */
function differences(reference: ReturnType<typeof file>, { name, peak }: Case, got: ArrayLike<number>): number[] {
  const at = reference.array(`at_${name}`).data as Int32Array
  const value = reference.array(`value_${name}`).data as Float32Array
  return Array.from(at, (index, i) => Math.abs(got[index]! - value[i]!) / (peak || 1))
}

// biome-ignore lint/suspicious/noExplicitAny: functions by name
const call = chroma as any

function result(test: Case, y: TensorLike<SignalData>): TensorLike<SignalData> {
  const name = test.function
  if (name === 'pitches' || name === 'magnitudes') return call.piptrack(y, test.options)[name]
  if (name === 'icqt') {
    const { length, ...options } = test.options
    const { nBins: _, ...inverse } = test.options
    return chroma.icqt(chroma.cqt(y, options) as never, inverse)
  }
  const got = call[name](y, test.options)
  return typeof got === 'number' ? { data: Float64Array.of(got), shape: [1] } : got
}

const tolerance = (name: string) =>
  name === 'pitches' || name === 'magnitudes' ? PIPTRACK_TOLERANCE : name === 'estimateTuning' ? 1e-6 : CHROMA_TOLERANCE

/** Whether a result hangs on the tuning, which float32 rounding may move by a step. */
const estimates = ({ function: name, options }: Case) =>
  ['cqt', 'vqt', 'hybridCqt', 'pseudoCqt'].includes(name)
    ? options.tuning === null
    : !['chromaVqt', 'pitches', 'magnitudes'].includes(name) && options.tuning === undefined

for (const [name, limit] of [
  ['transforms', () => CQT_TOLERANCE],
  ['inverses', () => CQT_TOLERANCE],
  ['features', tolerance],
] as const) {
  const reference = file(name)
  describe(`librosa, ${name}`, () => {
    for (const text of reference.text('cases')) {
      const test = read(text)
      for (const type of ['float64', 'float32'] as const) {
        if (type === 'float32' && (estimates(test) || test.function === 'pitches')) continue
        it(`${test.function} ${type} ${test.signal} ${JSON.stringify(test.options)}`, () => {
          const got = result(test, signal(test, type))
          expect(got.shape).toEqual(test.shape)
          expect(got.data).toBeInstanceOf(
            test.function === 'estimateTuning' || type === 'float64' ? Float64Array : Float32Array,
          )
          const errors = differences(reference, test, got.data)
          if (test.function === 'chromaCens') {
            const wrong = errors.filter((error) => !(error <= CHROMA_TOLERANCE)).length
            expect(wrong / errors.length).toBeLessThanOrEqual(CENS_FLIPPED)
          } else {
            expect(Math.max(...errors)).toBeLessThanOrEqual(limit(test.function))
          }
        })
      }
    }
  })
}

describe('librosa, filter banks', () => {
  const reference = file('banks')
  for (const text of reference.text('cases')) {
    const test = read(text)
    it(`${test.function} ${JSON.stringify(test.options)}`, () => {
      let data: ArrayLike<number>
      if (test.function === 'chromaFilters') data = chroma.chromaFilters(test.options).data
      else if (test.function === 'cqToChroma') data = chroma.cqToChroma(test.nInput, test.options).data
      else if (test.function === 'wavelet') data = chroma.wavelet(test.freqs, test.options).filters.data
      else if (test.function === 'constantQ') data = chroma.constantQ(test.options).filters.data
      else if (test.function === 'intervalFrequencies') data = chroma.intervalFrequencies(test.nBins, test.options).data
      else if (test.function === 'pitchTuning') data = [chroma.pitchTuning(test.freqs, test.options)]
      else {
        const { lengths, cutoff } = chroma.waveletLengths(test.freqs, test.options)
        data = [...lengths.data, cutoff]
      }
      expect(data.length).toBe(test.shape.reduce((product, length) => product * length, 1))
      expect(Math.max(...differences(reference, test, data))).toBeLessThanOrEqual(BANK_TOLERANCE)
    })
  }
})
