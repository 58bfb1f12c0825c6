import { describe, expect, it } from 'vitest'
import { maxAbs, mostlyWithin, relativeL2, sameTexts, sameWords } from '../src/agreement.ts'
import type { Result } from '../src/contestant.ts'

const numbers = (data: number[], shape = [data.length]): Result => ({ shape, data: Float64Array.from(data) })
const texts = (...all: string[]): Result => ({ shape: [all.length], data: new Float32Array(0), texts: all })

describe('transcripts compared by words', () => {
  const heard = (...texts: string[]) => ({ shape: [texts.length], data: new Float32Array(0), texts })
  const said = "And so, my fellow Americans: it's ten words, one two."

  it('ignores case and punctuation, and counts the words that differ', () => {
    const same = sameWords(heard(said, 'B c'), heard("and so my fellow americans it's ten words one two", 'b, C.'))
    expect(same).toEqual({ same: true, text: '2 of 2 transcripts equal, 0 of 12 words differ' })
    const one = sameWords(heard(said), heard(said.replace('fellow ', '')))
    expect(one).toEqual({ same: true, text: '0 of 1 transcripts equal, 1 of 10 words differ' })
  })

  it('refuses other texts, and other numbers of them', () => {
    expect(sameWords(heard(said), heard(said.replace('ten', 'nine').replace('one two', 'one too'))).same).toBe(false)
    expect(sameWords(heard(said), heard('')).same).toBe(false)
    expect(sameWords(heard(said, said), heard(said)).same).toBe(false)
  })
})

describe('maxAbs', () => {
  it('accepts what is within the tolerance and says how far apart', () => {
    expect(maxAbs(0.1)(numbers([1, 2]), numbers([1, 2.05]))).toEqual({ same: true, text: 'max |Δ| 5.0e-2' })
    expect(maxAbs(0)(numbers([1, 2]), numbers([1, 2]))).toEqual({ same: true, text: 'identical' })
  })

  it('refuses another shape, a larger distance, and NaN', () => {
    expect(maxAbs(1)(numbers([1, 2], [2]), numbers([1, 2], [1, 2])).text).toBe('shape 1×2, ours 2')
    expect(maxAbs(0.1)(numbers([1]), numbers([2])).same).toBe(false)
    expect(maxAbs(0.1)(numbers([1, 1]), numbers([Number.NaN, 1])).same).toBe(false)
    expect(maxAbs(0.1)(numbers([1, 1]), numbers([1, Number.NaN])).same).toBe(false)
  })
})

describe('relativeL2', () => {
  it('is relative to the peer', () => {
    expect(relativeL2(1e-3)(numbers([1000, 0]), numbers([1000, 0.5]))).toEqual({
      same: true,
      text: 'relative L2 5.0e-4',
    })
    expect(relativeL2(1e-3)(numbers([1, 0]), numbers([1, 0.5])).same).toBe(false)
    expect(relativeL2(1e-3)(numbers([0]), numbers([0])).same).toBe(true)
    expect(relativeL2(1e-3)(numbers([0]), numbers([Number.NaN])).same).toBe(false)
  })
})

describe('mostlyWithin', () => {
  it('lets one cell in a thousand stand out, and reports it', () => {
    const ours = numbers(new Array(2000).fill(0))
    const theirs = numbers([0.5, ...new Array(1999).fill(1e-4)])
    expect(mostlyWithin(1e-3)(ours, theirs)).toEqual({ same: true, text: 'p99.9 |Δ| 1.0e-4, max 5.0e-1' })
    expect(mostlyWithin(1e-5)(ours, theirs).same).toBe(false)
  })
})

describe('sameTexts', () => {
  it('counts the equal ones and lets one in ten differ', () => {
    expect(sameTexts(texts('A B', 'c'), texts(' a b', 'C '))).toEqual({ same: true, text: '2 of 2 transcripts equal' })
    expect(sameTexts(texts('a', 'b'), texts('a', 'x'))).toEqual({ same: false, text: '1 of 2 transcripts equal' })
    expect(sameTexts(texts('a'), texts('a', 'b')).same).toBe(false)
  })
})
