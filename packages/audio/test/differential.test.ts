import { DspError } from '@dsp/tensor'
import { golden } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { decodeAudioSync, probeAudioSync } from '../src/index.js'

// What parity/differential.py read with libsndfile; of lossy formats there are none in it.
const expected = golden(new URL('./golden/differential.npz', import.meta.url))
const integers = (name: string) => expected.array(name).data as Int32Array
const [bytes, samples] = [expected.array('bytes').data as Uint8Array, expected.numbers('samples')]
const [sizes, shapes, rates] = [integers('sizes'), integers('shapes'), integers('rates')]

describe('reads what libsndfile reads', () => {
  let [at, sampleAt] = [0, 0]
  for (const [i, name] of expected.text('names').entries()) {
    const file = bytes.slice(at, at + sizes[i]!)
    const [channels, length] = [shapes[2 * i]!, shapes[2 * i + 1]!]
    const theirs = samples.subarray(sampleAt, sampleAt + channels * length)
    at += file.length
    sampleAt += theirs.length
    it(name, () => {
      if (channels === 0) {
        expect(() => decodeAudioSync(file)).toThrow(DspError)
        return
      }
      const { samples: ours, sampleRate } = decodeAudioSync(file)
      expect(ours.shape).toEqual(channels === 1 ? [length] : [channels, length])
      expect(sampleRate).toBe(rates[i])
      expect(ours.data.every((x, k) => Object.is(x, theirs[k]) || x === theirs[k])).toBe(true)
      expect(probeAudioSync(file).samples).toBe(length)
    })
  }
})
