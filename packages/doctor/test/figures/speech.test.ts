import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAudioSync } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { mix, speechLike } from '../../src/figures/speech.js'
import { extractFrontEnd, frontEndOf, type Matrix } from '../../src/index.js'

/** How far the synthesised speech may be from the median of recordings, in the natural logarithm. */
const BOUNDS = { mean: 1.5, bin: 2.5, std: 0.5, binStd: 1, course: 0.025 }
const SNR = 36

const frontEnd = frontEndOf('fbank', { numMelBins: 80 }, 16000)
const fbank = (samples: Float64Array) => {
  const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length)
  return extractFrontEnd({ samples: tensor(samples.map((x) => x / rms)), sampleRate: 16000 }, frontEnd)
}

function statistics({ data, frames, bins }: Matrix) {
  const of = (values: Float64Array) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    return { mean, std: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) }
  }
  const all = of(data)
  const each = Array.from({ length: bins }, (_, b) =>
    of(Float64Array.from({ length: frames }, (_, f) => data[f * bins + b]!)),
  )
  let course = 0
  for (let i = 0; i + bins < data.length; i++) course += (data[i]! - all.mean) * (data[i + bins]! - all.mean)
  return {
    ...all,
    means: each.map(({ mean }) => mean - all.mean),
    stds: each.map(({ std }) => std),
    course: course / data.length / all.std ** 2,
  }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

describe('speech-like signals', () => {
  it('have the statistics of recordings', (context) => {
    const folder = sharedDataOrSkip(context, 'librispeech/train-clean-100')
    const real = readdirSync(folder)
      .filter((_, i) => i % 10 === 0)
      .map((file) => decodeAudioSync(join(folder, file)).samples.data as Float32Array)
      .map((samples) => statistics(fbank(Float64Array.from(samples))))
    expect(real.length).toBeGreaterThan(20)
    const voices = [false, true].map((high) =>
      statistics(fbank(mix(speechLike({ seconds: 12, sampleRate: 16000, seed: 1, high }), SNR))),
    )
    const mean = (value: (voice: ReturnType<typeof statistics>) => number) =>
      (value(voices[0]!) + value(voices[1]!)) / 2
    const off = (value: (voice: ReturnType<typeof statistics>) => number) =>
      Math.abs(mean(value) - median(real.map(value)))
    expect(off((voice) => voice.mean)).toBeLessThan(BOUNDS.mean)
    expect(off((voice) => voice.std)).toBeLessThan(BOUNDS.std)
    expect(off((voice) => voice.course)).toBeLessThan(BOUNDS.course)
    for (let bin = 0; bin < 80; bin++) {
      expect(
        off(({ means }) => means[bin]!),
        `mean of bin ${bin}`,
      ).toBeLessThan(BOUNDS.bin)
      expect(
        off(({ stds }) => stds[bin]!),
        `deviation of bin ${bin}`,
      ).toBeLessThan(BOUNDS.binStd)
    }
  })

  it('are the same for the same seed, and of unit power', () => {
    const options = { seconds: 1, sampleRate: 16000, seed: 7, high: true }
    const [a, b] = [speechLike(options), speechLike(options)]
    expect(a).toEqual(b)
    expect(speechLike({ ...options, seed: 8 }).voice).not.toEqual(a.voice)
    for (const x of [a.voice, a.room]) expect(x.reduce((sum, v) => sum + v * v, 0) / x.length).toBeCloseTo(1, 9)
  })
})
