import { golden } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  emptyMelFilters,
  fbank,
  fbankOptionSpecs,
  mfccOptionSpecs,
  numFrames,
  spectrogramOptionSpecs,
} from '../src/index.js'
import { type Case, distances, NARROW_FILTERS, ours, quantile, signalOf, TOLERANCE } from './parity.js'

const file = golden(new URL('./golden/torchaudio.npz', import.meta.url))
const cases = file.text('cases').map((text) => JSON.parse(text) as Case)

/** Whether the filters of a case are too narrow for its transform. */
function hasEmptyFilters({ kind, options }: Case): boolean {
  if (kind === 'spectrogram') return false
  const { numCeps: _, cepstralLifter: __, ...bank } = options
  return emptyMelFilters(bank).length > 0
}

describe('torchaudio.compliance.kaldi in float64, random options', () => {
  it('has at least 200 option sets, which touch every option', () => {
    expect(cases.length).toBeGreaterThanOrEqual(200)
    const own = new Set(['preset', 'precision', 'seed', 'dither', 'minDuration', 'htkMode', 'isLibrosa', 'norm'])
    for (const name of ['useSlaneyMelScale', 'floorToIntBin', 'padding']) own.add(name)
    const specs = { fbank: fbankOptionSpecs, mfcc: mfccOptionSpecs, spectrogram: spectrogramOptionSpecs }
    for (const [kind, table] of Object.entries(specs)) {
      const used = new Set(cases.filter((one) => one.kind === kind).flatMap((one) => Object.keys(one.options)))
      expect(Object.keys(table).filter((name) => !own.has(name) && !used.has(name))).toEqual([])
    }
  })

  for (const precision of ['float32', 'float64'] as const) {
    for (const where of ['synthetic', 'recorded'] as const) {
      it(`stays within the tolerance: ${precision}, ${where} signals`, ({ skip }) => {
        const all: number[] = []
        const worst = { plain: 0, narrow: 0 }
        cases.forEach((one, index) => {
          if ((one.source.synthetic !== undefined) !== (where === 'synthetic')) return
          const signal = signalOf(one, file) ?? skip('../shared/data is not beside this checkout')
          const expected = file.array(`case${index}`)
          const features = ours(one, signal, precision)
          expect(features.shape, `case ${index}`).toEqual(expected.shape)
          const apart = distances(features.data, expected.data as Float32Array, one)
          for (const distance of apart) all.push(distance)
          const group = hasEmptyFilters(one) ? 'narrow' : 'plain'
          worst[group] = Math.max(worst[group], ...apart)
        })
        const p999 = quantile(all, 0.999)
        console.log(
          `${precision}, ${where}: ${all.length} cells, p99.9 ${p999.toExponential(2)}, max ${worst.plain.toExponential(2)}, with empty filters ${worst.narrow.toExponential(2)}`,
        )
        expect(worst.plain).toBeLessThanOrEqual(TOLERANCE[precision].max)
        expect(worst.narrow).toBeLessThanOrEqual(NARROW_FILTERS[precision])
        if (where === 'recorded') expect(p999).toBeLessThanOrEqual(TOLERANCE[precision].p999)
      })
    }
  }
})

describe('frame counts', () => {
  const knf = golden(new URL('./golden/knf.npz', import.meta.url))
  it('are those of kaldi-native-fbank for every length from 0 to 2000', () => {
    for (const snipEdges of [true, false]) {
      const expected = knf.array(snipEdges ? 'snipped' : 'mirrored').data as Int32Array
      for (let n = 0; n <= 2000; n++) {
        expect(numFrames(n, { snipEdges })).toBe(expected[n])
        if (n % 7 === 0 && (expected[n] as number) > 0) {
          expect(fbank(new Float32Array(n), { snipEdges }).shape[0]).toBe(expected[n])
        }
      }
    }
  })
})
