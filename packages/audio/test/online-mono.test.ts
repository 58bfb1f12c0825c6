import { type Audio, tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { OnlineMono, toMonoAt } from '../src/index.js'

const SAMPLES = 3000
const [left, right] = [noise(SAMPLES, 1), noise(SAMPLES, 2)]

function stereo(from = 0, to = SAMPLES, sampleRate = 44100): Audio {
  const data = Float32Array.of(...left.subarray(from, to), ...right.subarray(from, to))
  return { samples: tensor(data, [2, to - from]), sampleRate }
}

function all(online: OnlineMono, blocks: readonly Audio[]): Float32Array {
  const pieces = [...blocks.map((block) => online.accept(block)), online.flush()]
  return Float32Array.from(pieces.flatMap(({ data }) => [...data]))
}

describe('OnlineMono', () => {
  it('equals toMonoAt, however the recording is cut', () => {
    for (const rate of [16000, 44100]) {
      const expected = toMonoAt(stereo(), rate).samples.data
      const online = new OnlineMono(rate)
      expect(all(online, [stereo()])).toEqual(expected)
      expect(all(online, [stereo(0, 1), stereo(1, 1), stereo(1, 999), stereo(999)])).toEqual(expected)
    }
  })

  it('keeps one channel', () => {
    for (const [channel, samples] of [left, right].entries()) {
      const expected = toMonoAt({ samples: tensor(samples), sampleRate: 44100 }, 16000).samples.data
      expect(all(new OnlineMono(16000, { channel }), [stereo(0, 700), stereo(700)])).toEqual(expected)
      expect(all(new OnlineMono(44100, { channel }), [stereo()])).toEqual(samples)
    }
  })

  it('ends what came before where the rate changes', () => {
    const expected = [stereo(0, 1500), stereo(1500, SAMPLES, 22050), stereo(0, 100, 16000)]
    const parts = expected.flatMap((part) => [...toMonoAt(part, 16000).samples.data])
    expect(all(new OnlineMono(16000), expected)).toEqual(Float32Array.from(parts))
  })

  it('forgets on reset', () => {
    const online = new OnlineMono(16000)
    online.accept(stereo())
    online.reset()
    expect(online.flush().size).toBe(0)
  })

  it('refuses bad input by name', () => {
    expect(() => new OnlineMono(0)).toThrow(/rate must be/)
    expect(() => new OnlineMono(16000, { channel: -1 })).toThrow(/channel must be/)
    expect(() => new OnlineMono(16000, { channel: 2 }).accept(stereo())).toThrow(/channel must be 0 to 1/)
    const mono = { samples: tensor(left), sampleRate: 16000 }
    expect(() => new OnlineMono(16000, { channel: 1 }).accept(mono)).toThrow(/channel must be 0: .* one channel, got 1/)
    const nan = { samples: tensor(new Float32Array(9).fill(Number.NaN)), sampleRate: 8000 }
    expect(() => new OnlineMono(16000).accept(nan)).toThrow(expect.objectContaining({ code: 'ERR_DSP_NOT_FINITE' }))
  })
})
