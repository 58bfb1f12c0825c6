import { toMonoAt, writeWav } from '@dsp/audio'
import { type Audio, tensor } from '@dsp/tensor'
import { noise, sine } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { notesOn } from '../src/notes.js'
import { speechOf, survey } from '../src/recording.js'
import { FRAME, findSpeech } from '../src/speech.js'

const options = { channel: null }

async function gather(pieces: AsyncIterable<Float32Array>): Promise<number[]> {
  const all: number[] = []
  for await (const piece of pieces) for (const sample of piece) all.push(sample)
  return all
}

/** Sounds and pauses by turns, in seconds. */
function turns(seconds: readonly number[], sampleRate: number): Audio {
  const pieces = seconds.map((s, i) => noise(Math.round(s * sampleRate), i + 1, i % 2 === 0 ? 0.3 : 1e-5))
  return { samples: tensor(Float32Array.from(pieces.flatMap((piece) => [...piece]))), sampleRate }
}

describe('a recording', () => {
  it.each([16000, 44100, 8000])('gives the samples of its speech, at %i Hz, wherever blocks are cut', async (rate) => {
    const audio = turns([1.5, 0.9, 4, 0.1, 1, 3, 0.5], rate)
    const { levels, seconds } = await survey(audio, options, undefined)
    expect(seconds).toBeCloseTo(11, 3)
    const speech = findSpeech(levels)
    expect(speech.parts).toHaveLength(3)
    expect(speech.seconds).toBeGreaterThan(6.8)
    expect(speech.seconds).toBeLessThan(7.3)
    const whole = toMonoAt(audio, 16000).samples.data
    const expected = speech.parts.flatMap(([from, to]) => [...whole.subarray(from, to)])
    expect(await gather(speechOf(audio, speech, options, undefined))).toEqual(expected)
    // as a file, it is read in blocks
    const file = writeWav(audio)
    expect((await survey(file, options, undefined)).levels).toEqual(levels)
    expect(await gather(speechOf(file, speech, options, undefined))).toEqual(expected)
  })

  it('tells how it was recorded', async () => {
    const loud = sine(8000, 200, 8000, 2).map((x) => Math.max(-1, Math.min(1, x)))
    const stereo = tensor(Float32Array.of(...loud, ...sine(8000, 200, 8000, 0.1)), [2, 8000])
    const found = await survey({ samples: stereo, sampleRate: 8000 }, options, undefined)
    expect(found).toMatchObject({ seconds: 1, sampleRate: 8000, channels: 2 })
    expect(found.clipped).toBeGreaterThan(0.3)
    expect(found.levels).toHaveLength(16000 / FRAME)
    const notes = notesOn(found, { parts: [], seconds: 0.5 }, options)
    expect(notes.map(({ code }) => code)).toEqual(['short-speech', 'clipped', 'low-rate', 'averaged-channels'])
    expect(notes.map(({ message }) => message).join('\n')).toMatch(
      /only 0\.50 s[\s\S]*32\.5 % of[\s\S]*8000 Hz[\s\S]*2 channels/,
    )
    expect(notesOn(found, { parts: [], seconds: 2 }, { channel: 1 }).map(({ code }) => code)).not.toContain(
      'averaged-channels',
    )
  })

  it('has nothing to note when all is well', async () => {
    const found = await survey(turns([2], 16000), options, undefined)
    expect(notesOn(found, findSpeech(found.levels), options)).toEqual([])
  })

  it('hears one channel of two', async () => {
    const [left, right] = [noise(16000, 1, 0.3), new Float32Array(16000)]
    const audio = { samples: tensor(Float32Array.of(...left, ...right), [2, 16000]), sampleRate: 16000 }
    const { levels } = await survey(audio, { channel: 0 }, undefined)
    expect(await gather(speechOf(audio, findSpeech(levels), { channel: 0 }, undefined))).toEqual([...left])
    const silent = await survey(audio, { channel: 1 }, undefined)
    expect(Math.max(...silent.levels)).toBe(-200)
    await expect(survey(audio, { channel: 2 }, undefined)).rejects.toThrow(/channel must be 0 to 1/)
  })

  it.each([
    [null, 'ERR_DSP_ARGUMENT'],
    [new Float32Array(16000), 'ERR_DSP_ARGUMENT'],
    [{ samples: new Float32Array(9), sampleRate: 0 }, 'ERR_DSP_ARGUMENT'],
    [{ samples: new Float32Array(999).fill(Number.NaN), sampleRate: 16000 }, 'ERR_DSP_NOT_FINITE'],
    [new Uint8Array(0), 'ERR_DSP_FORMAT'],
    ['no-such-file.wav', 'ERR_DSP_IO'],
  ])('refuses what is none (%#)', async (recording, code) => {
    await expect(survey(recording as never, options, undefined)).rejects.toMatchObject({ code })
  })
})
