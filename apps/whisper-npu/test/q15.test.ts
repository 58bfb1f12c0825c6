import { readFileSync } from 'node:fs'
import { decodeAudio, toMonoAt } from '@dsp/audio'
import { whisperLogMel } from '@dsp/mel'
import { melQ15, q15Outputs, q15Profiles } from '@dsp/mel-q15'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { featuresOf, q15FrontEnd } from '../src/q15.js'

const speechLike = Float32Array.from({ length: 40_123 }, (_, i) => 0.3 * Math.sin(i ** 1.2 / 50) * Math.cos(i / 4000))

/** What the kernel writes where there is no energy. */
const NOTHING = { 'log2-int8': 0, 'log2-int16': -32768, 'linear-int8': 0 } as const

/** The features by the kernel's bit-exact reference, of a window that ends before 30 s. */
function reference(samples: Float32Array, profile: (typeof q15Profiles)[number], output: (typeof q15Outputs)[number]) {
  const heard = new Float32Array((Math.ceil(samples.length / 160) + 2) * 160)
  heard.set(samples)
  const { data } = melQ15(heard, { profile, output })
  const codes = data instanceof Int16Array ? new Int16Array(3000 * 80) : new Int8Array(3000 * 80)
  codes.fill(NOTHING[output], data.length)
  codes.set(data)
  return featuresOf(codes, 80, profile, output)
}

for (const profile of q15Profiles) {
  for (const output of q15Outputs) {
    it(`computes ${profile}, ${output} on the emulator as the reference does`, async () => {
      const frontEnd = await q15FrontEnd(80, profile, output)
      const features = await frontEnd.features(speechLike, undefined)
      await frontEnd.close()
      expect(features.shape).toEqual([1, 80, 3000])
      expect(features.data).toEqual(reference(speechLike, profile, output).data)
      expect(frontEnd.device).toContain('emulator')
    })
  }
}

it('runs windows of several recordings one after the other', async () => {
  const frontEnd = await q15FrontEnd(80, 'whisper', 'log2-int8')
  const halves = [speechLike.subarray(0, 20_000), speechLike.subarray(20_000)]
  const together = await Promise.all(halves.map((half) => frontEnd.features(half, undefined)))
  for (const [i, half] of halves.entries()) {
    expect((await frontEnd.features(half, undefined)).data).toEqual(together[i]!.data)
  }
  await frontEnd.close()
})

it('refuses models of other bands, and banks that have not as many', async () => {
  await expect(q15FrontEnd(64, 'whisper', 'log2-int8')).rejects.toMatchObject({ argument: 'q15Profile' })
  for (const profile of ['whisper-512', 'classic', 'classic-fixed'] as const) {
    await expect(q15FrontEnd(128, profile, 'log2-int8')).rejects.toThrow(
      "the other banks have 80 filters), or frontEnd 'float'",
    )
  }
})

/**
 * dB RMS from Whisper's own features of 128 bands. Those of `whisper` are the limits for 80 bands; the lowest of 128 filters are
 * narrower than a bin of the 512-point transform that `accurate` keeps.
 */
const LIMITS = {
  whisper: { 'log2-int8': 0.35, 'log2-int16': 0.1 },
  accurate: { 'log2-int8': 2.5, 'log2-int16': 2.5 },
} as const

for (const profile of ['whisper', 'accurate'] as const) {
  for (const output of ['log2-int8', 'log2-int16'] as const) {
    it(`has 128 bands near Whisper's own with ${profile}, ${output}`, async (context) => {
      const file = sharedDataOrSkip(context, 'speech/jfk.flac')
      const { samples } = toMonoAt(await decodeAudio(readFileSync(file)), 16000)
      const frontEnd = await q15FrontEnd(128, profile, output)
      const features = await frontEnd.features(samples.data, undefined)
      await frontEnd.close()
      const wanted = whisperLogMel(samples.data, { nMels: 128 })
      expect(features.shape).toEqual([1, 128, 3000])
      const heard = Math.floor(samples.data.length / 160)
      let squares = 0
      for (let m = 0; m < 128; m++) {
        for (let t = 0; t < heard; t++) squares += (40 * (Number(features.data[m * 3000 + t]) - wanted.get(m, t))) ** 2
      }
      const distance = Math.sqrt(squares / (128 * heard))
      console.log(`${profile} of 128 bands, ${output}: ${distance.toFixed(3)} dB`)
      expect(distance).toBeLessThanOrEqual(LIMITS[profile][output])
    })
  }
}
