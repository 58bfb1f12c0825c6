import { DspError } from '@dsp/tensor'
import { golden } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { decodeAudioSync, probeAudioSync } from '../src/index.js'

// What parity/compressed.py read with ffmpeg or libsndfile; where `who` is a reason instead, an error is right.
const expected = golden(new URL('./golden/compressed.npz', import.meta.url))
const integers = (name: string) => expected.array(name).data as Int32Array
const [bytes, samples] = [expected.array('bytes').data as Uint8Array, expected.numbers('samples')]
const [sizes, shapes, rates, who] = [integers('sizes'), integers('shapes'), integers('rates'), expected.text('who')]
/** Of each channel every so many samples are in the golden, from the first on. */
const STEP = 7
/** Between two decoders of MP3 or Vorbis; those of FLAC agree to the bit. */
const TOLERANCE = 2e-5

describe('reads compressed files with odd ends', () => {
  let [at, sampleAt] = [0, 0]
  for (const [i, name] of expected.text('names').entries()) {
    const file = bytes.slice(at, at + sizes[i]!)
    const [channels, length] = [shapes[2 * i]!, shapes[2 * i + 1]!]
    const kept = Math.ceil(length / STEP)
    const theirs = samples.subarray(sampleAt, sampleAt + channels * kept)
    at += file.length
    sampleAt += theirs.length
    if (channels === 0) {
      it(`${name}: an error, ${who[i]}`, () => {
        const said = /^flac twice/.test(name) ? /sample 3000/ : /cannot be read|link 2 .* 0\.188 s|changes from/
        expect(() => decodeAudioSync(file)).toThrow(DspError)
        expect(() => decodeAudioSync(file)).toThrow(said)
      })
      continue
    }
    it(`${name}: as ${who[i]}`, () => {
      const { samples: ours, sampleRate } = decodeAudioSync(file)
      expect(ours.shape).toEqual(channels === 1 ? [length] : [channels, length])
      expect(sampleRate).toBe(rates[i])
      const tolerance = name.startsWith('flac') ? 0 : TOLERANCE
      let largest = 0
      for (let k = 0; k < theirs.length; k++) {
        const [channel, sample] = [Math.floor(k / kept), (k % kept) * STEP]
        largest = Math.max(largest, Math.abs(ours.data[channel * length + sample]! - theirs[k]!))
      }
      expect(largest).toBeLessThanOrEqual(tolerance)
      const info = probeAudioSync(file)
      expect(info.samples).toBe(length)
      const isCut = /^(ogg|mp3) cut by|^mp3 states 1000 frames/.test(name)
      expect(info.missing > 0 || info.cutAt !== undefined).toBe(isCut)
    })
  }
})
