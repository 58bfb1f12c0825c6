import { melQ15, q15Outputs, q15Profiles } from '@dsp/mel-q15'
import { DspError } from '@dsp/tensor'
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
  return featuresOf(codes, profile, output)
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

it('refuses models of other bands', async () => {
  await expect(q15FrontEnd(128, 'whisper', 'log2-int8')).rejects.toBeInstanceOf(DspError)
})
