import { golden, sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { melQ15, type Q15Bank, type Q15BankOptions, q15Bank, q15Profiles, q15Statistics } from '../src/index.js'

/** Of librosa's energies: what Q15 weights may change. */
const ENERGY_TOLERANCE = 0.01

const speech = golden(new URL('../golden/speech.npz', import.meta.url))
const banks = golden(new URL('./golden/banks.npz', import.meta.url))
const samples = Float64Array.from(speech.array('samples').data as Int16Array)

/** Powers or magnitudes of one windowed frame, by the definition. */
function spectrum(start: number, { frame, transform, spectrum }: Q15Bank): Float64Array {
  const windowed = Float64Array.from({ length: frame }, (_, i) => {
    return samples[start + i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frame))
  })
  return Float64Array.from({ length: Math.floor(transform / 2) + 1 }, (_, k) => {
    let [re, im] = [0, 0]
    for (let i = 0; i < frame; i++) {
      const angle = (2 * Math.PI * ((i * k) % transform)) / transform
      re += windowed[i]! * Math.cos(angle)
      im += windowed[i]! * Math.sin(angle)
    }
    return spectrum === 'power' ? re * re + im * im : Math.hypot(re, im)
  })
}

const energy = (bins: Float64Array, { startBin, coefficients, shift }: Q15Bank['filters'][number]) =>
  coefficients.reduce((sum, c, i) => sum + c * bins[startBin + i]!, 0) / 2 ** (15 + shift)

describe('librosa', () => {
  const cases: Partial<Q15BankOptions>[] = JSON.parse(banks.text('cases')[0]!)
  it.each(cases.map((options, i) => [i, JSON.stringify(options), options] as const))('bank %i: %s', (i, _, options) => {
    const bank = q15Bank({ profile: 'accurate', ...options })
    const theirs = banks.numbers(`energies_${i}`)
    for (const [part, start] of [4000, 13000].entries()) {
      const bins = spectrum(start, bank)
      for (const [m, filter] of bank.filters.entries()) {
        const expected = theirs[part * bank.filters.length + m]!
        expect(Math.abs(energy(bins, filter) - expected)).toBeLessThanOrEqual(ENERGY_TOLERANCE * expected)
      }
    }
  })

  it.each(['whisper', 'accurate'] as const)('int8 codes of the %s bank', (profile) => {
    const codes = melQ15(
      samples.map((sample) => sample / 32768),
      { profile },
    ).data
    const { lowest } = q15Bank({ profile })
    const theirs = Int8Array.from(speech.numbers(`energies_${profile}`), (energy) => {
      const octaves = Math.log2(Math.max(energy, 1e-30)) / 2
      return Math.min(127, Math.max(0, Math.round(6 * (octaves - lowest))))
    })
    expect(codes.length).toBe(theirs.length)
    let worst = 0
    for (let frame = 0; frame < codes.length; frame += 80) {
      // 50 dB are 8.3 octaves of magnitude: the 16-bit floor is below them.
      const loudest = Math.max(...(theirs.subarray(frame, frame + 80).values() as Iterable<number>))
      for (let i = frame; i < frame + 80; i++) {
        if ((theirs[i] as number) > loudest - 50) worst = Math.max(worst, Math.abs(codes[i]! - (theirs[i] as number)))
      }
    }
    expect(worst).toBeLessThanOrEqual(1)
  })
})

describe('the first kernel', () => {
  it('has the published edges and weights, bit for bit', () => {
    const bank = q15Bank({ profile: 'classic' })
    const edges = [...(speech.array('classic_edges').data as BigInt64Array)].map(Number)
    expect([...bank.coefficients]).toEqual([...(speech.array('classic_coefficients').data as Int16Array)])
    for (const [i, { startBin, peakBin, endBin, leftWidth, rightWidth, shift }] of bank.filters.entries()) {
      expect([startBin, peakBin, endBin]).toEqual(edges.slice(i, i + 3))
      expect([leftWidth, rightWidth, shift]).toEqual([peakBin - startBin, endBin - peakBin, 0])
    }
  })

  it('has the published totals', () => {
    const { meanOverlap, ...totals } = q15Statistics(q15Bank({ profile: 'classic' }))
    expect(totals).toEqual({
      filters: 80,
      coefficients: 502,
      minWidth: 1,
      maxWidth: 16,
      meanWidth: 6.275,
      lowHz: 0,
      highHz: 7968.75,
      bytes: 1964,
    })
    expect(meanOverlap).toBeCloseTo(3.1266, 4)
    const bank = q15Bank({ profile: 'classic' })
    expect((['pointers', 'offsets', 'offsets-u8'] as const).map((form) => q15Statistics(bank, form).bytes)).toEqual([
      2604, 1964, 1644,
    ])
  })

  it('has two dead filters, which the fixed one has not', () => {
    const dead = (profile: 'classic' | 'classic-fixed') =>
      q15Bank({ profile }).filters.flatMap(({ coefficients }, i) => (coefficients.every((c) => c === 0) ? [i] : []))
    expect(dead('classic')).toEqual([0, 3])
    expect(dead('classic-fixed')).toEqual([])
  })
})

it("the bank whisper is OpenAI's", (context) => {
  const { filters } = q15Bank()
  const theirs = golden(sharedDataOrSkip(context, 'whisper/mel_filters.npz')).numbers('mel_80')
  for (const [m, { startBin, coefficients, shift }] of filters.entries()) {
    const row = theirs.subarray(m * 201, (m + 1) * 201)
    const half = Math.max(...row) / 2 ** 14
    for (const [bin, weight] of row.entries()) {
      const ours = (coefficients[bin - startBin] ?? 0) / 2 ** (15 + shift)
      expect(Math.abs(ours - weight)).toBeLessThanOrEqual(half)
    }
  }
})

it.each(q15Profiles)('slopes of %s are views of the coefficients', (profile) => {
  for (const { coefficients, leftSlope, rightSlope, leftWidth, rightWidth } of q15Bank({ profile }).filters) {
    expect([...leftSlope, ...rightSlope]).toEqual([...coefficients])
    expect([leftSlope.length, rightSlope.length]).toEqual([leftWidth, rightWidth])
  }
})
