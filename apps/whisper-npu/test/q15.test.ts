import { DspError } from '@dsp/tensor'
import { expect, it } from 'vitest'
import { q15FrontEnd, referenceFrontEnd } from '../src/q15.js'

const speechLike = Float32Array.from({ length: 40_123 }, (_, i) => 0.3 * Math.sin(i ** 1.2 / 50) * Math.cos(i / 4000))

for (const profile of ['whisper', 'whisper-512', 'classic', 'classic-fixed'] as const) {
  for (const output of ['log2-int8', 'log2-int16', 'linear-int8'] as const) {
    it(`computes ${profile}, ${output} on the emulator as the reference does`, async () => {
      const frontEnd = await q15FrontEnd(80, profile, output)
      const features = await frontEnd.features(speechLike, undefined)
      const reference = await referenceFrontEnd(profile, output).features(speechLike, undefined)
      await frontEnd.close()
      expect(features.shape).toEqual([1, 80, 3000])
      expect(features.data).toEqual(reference.data)
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

it('says that accurate runs on the reference, and refuses models of other bands', async () => {
  expect((await q15FrontEnd(80, 'accurate', 'log2-int8')).device).toContain('cpu (bit-exact reference')
  await expect(q15FrontEnd(128, 'whisper', 'log2-int8')).rejects.toBeInstanceOf(DspError)
})
