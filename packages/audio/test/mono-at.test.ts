import { DspError, tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { resample, toMono, toMonoAt, toMonoAtAsync } from '../src/index.js'

const mono = noise(3000)
const stereo = tensor(Float32Array.of(...noise(3000), ...noise(3000)), [2, 3000])

describe('toMonoAt', () => {
  it.each([Float32Array, Float64Array])('averages channels and resamples, in %o', async (Numbers) => {
    const audio = { samples: tensor(Numbers.from(stereo.data), [2, 3000]), sampleRate: 44100 }
    const expected = resample(toMono(audio), { newFreq: 16000 })
    expect(expected.samples.shape).toEqual([Math.ceil((3000 * 160) / 441)])
    expect(toMonoAt(audio, 16000)).toEqual(expected)
    expect(await toMonoAtAsync(audio, 16000)).toEqual(expected)
  })

  it('averages channels at the same rate', async () => {
    const audio = { samples: stereo, sampleRate: 16000 }
    expect(toMonoAt(audio, 16000)).toEqual(toMono(audio))
    expect(await toMonoAtAsync(audio, 16000)).toEqual(toMono(audio))
  })

  it('shares the memory of one channel at the same rate; the Async form copies it', async () => {
    for (const samples of [mono, tensor(mono), tensor(mono, [1, 3000])]) {
      const one = toMonoAt({ samples, sampleRate: 16000 }, 16000)
      expect(one.samples.data).toBe(mono)
      expect(one.samples.shape).toEqual([3000])
      const copied = Float32Array.from(mono)
      const work = toMonoAtAsync({ samples: copied, sampleRate: 16000 }, 16000)
      copied.fill(0)
      expect((await work).samples.data).toEqual(mono)
    }
    const reversed = tensor(mono.slice().reverse()).step(-1)
    expect(toMonoAt({ samples: reversed, sampleRate: 16000 }, 16000).samples.data).toEqual(mono)
  })

  it('gives no samples for none', async () => {
    for (const samples of [new Float32Array(0), tensor(new Float32Array(0), [2, 0])]) {
      const audio = { samples, sampleRate: 44100 }
      const nothing = { samples: tensor(new Float32Array(0)), sampleRate: 16000 }
      expect(toMonoAt(audio, 16000)).toEqual(nothing)
      expect(await toMonoAtAsync(audio, 16000)).toEqual(nothing)
    }
  })

  it.each([
    [{ samples: mono, sampleRate: 16000 }, 0, 'ERR_DSP_ARGUMENT', 'rate'],
    [{ samples: mono, sampleRate: 16000 }, 16000.5, 'ERR_DSP_ARGUMENT', 'rate'],
    [{ samples: mono, sampleRate: 16000 }, undefined, 'ERR_DSP_ARGUMENT', 'rate'],
    [{ samples: mono, sampleRate: 0 }, 16000, 'ERR_DSP_ARGUMENT', 'audio.sampleRate'],
    [mono, 16000, 'ERR_DSP_ARGUMENT', 'audio'],
    [{ samples: new Int16Array(4), sampleRate: 8000 }, 16000, 'ERR_DSP_TYPE', 'audio.samples'],
    [{ samples: tensor(mono, [2, 2, 750]), sampleRate: 8000 }, 16000, 'ERR_DSP_SHAPE', 'audio.samples'],
    [{ samples: new Float32Array(9).fill(Number.NaN), sampleRate: 8000 }, 16000, 'ERR_DSP_NOT_FINITE', 'signal'],
    [null, 16000, 'ERR_DSP_TYPE', 'audio'],
  ])('refuses %# by name', async (audio, rate, code, argument) => {
    const error = await toMonoAtAsync(audio as never, rate as never).then(
      () => undefined,
      (reason: unknown) => reason as DspError,
    )
    expect(error).toBeInstanceOf(DspError)
    expect([error!.code, error!.argument]).toEqual([code, argument])
    expect(() => toMonoAt(audio as never, rate as never)).toThrow(error!.message)
  })

  it('is aborted by a signal', async () => {
    const audio = { samples: mono, sampleRate: 44100 }
    const work = toMonoAtAsync(audio, 16000, { signal: AbortSignal.abort() })
    await expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await expect(toMonoAtAsync(audio, 16000, { signal: 5 as never })).rejects.toMatchObject({ argument: 'signal' })
  })
})
