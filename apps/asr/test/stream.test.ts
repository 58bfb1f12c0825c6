import { decodeAudioSync, resample } from '@dsp/audio'
import { seededRandom } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { Recognizer, type Transcript } from '../src/index.js'
import { cutAtPauses, StreamCutter } from '../src/segments.js'
import { golden, here } from './golden.js'

const random = seededRandom(11)

function* blocks(samples: Float32Array, sampleRate: number, longest: number) {
  for (let start = 0; start < samples.length; ) {
    const end = start + Math.floor(random() * longest)
    yield { samples: samples.subarray(start, end), sampleRate }
    start = end
  }
}

async function all(stream: AsyncIterable<Transcript>): Promise<Transcript[]> {
  const transcripts: Transcript[] = []
  for await (const transcript of stream) transcripts.push(transcript)
  return transcripts
}

/** The demo clips one behind the other. */
const speech = (() => {
  const clips = [...golden.clips, ...golden.clips].map((clip) => decodeAudioSync(here(`../demo/${clip}`)).samples.data)
  const joined = new Float32Array(clips.reduce((sum, clip) => sum + clip.length, 0))
  let end = 0
  for (const clip of clips) {
    joined.set(clip, end)
    end += clip.length
  }
  return joined
})()

describe('cutting at pauses', () => {
  it('is the same in a stream, however its frames come', () => {
    for (let round = 0; round < 60; round++) {
      const bins = 1 + Math.floor(random() * 4)
      const frames = Math.floor(random() * 400)
      const longest = 30 + Math.floor(random() * 80)
      // silence has many moments that are equally quiet
      const data = Float32Array.from({ length: frames * bins }, () => (random() < 0.7 ? -15.94 : random()))
      const whole = cutAtPauses({ data, frames, bins }, longest)
      const cutter = new StreamCutter(bins, longest)
      const parts = []
      for (let start = 0; start < frames; ) {
        const end = Math.min(frames, start + Math.floor(random() * 2.5 * longest))
        parts.push(...cutter.accept(data.subarray(start * bins, end * bins)))
        start = end
      }
      parts.push(...cutter.flush())
      const bounds = (segments: typeof whole) =>
        segments.filter(({ features }) => features.frames > 0).map(({ start, features }) => [start, features.frames])
      expect(bounds(parts)).toEqual(bounds(whole))
      expect(parts.flatMap(({ features }) => [...features.data.subarray(0, features.frames * bins)])).toEqual([...data])
      expect(whole.every(({ features }) => features.frames <= longest)).toBe(true)
    }
  })

  it('cuts in the middle of a pause', () => {
    const data = new Float32Array(200).fill(1)
    data.fill(-9, 80, 110)
    expect(cutAtPauses({ data, frames: 200, bins: 1 }, 110)[0]!.features.frames).toBeGreaterThan(85)
    expect(cutAtPauses({ data, frames: 200, bins: 1 }, 110)[0]!.features.frames).toBeLessThan(105)
  })
})

describe('transcribeStream', () => {
  it.each([
    [16000, 2],
    [16000, 30],
    [22050, 3],
  ])('at %i Hz and stretches of %i s finds what transcribe finds', async (sampleRate, maxSeconds) => {
    const recognizer = await Recognizer.load(here('golden/icefall-transducer'), { maxSeconds })
    const samples =
      sampleRate === 16000 ? speech : resample(speech, { origFreq: 16000, newFreq: sampleRate }).data.slice()
    const whole = await recognizer.transcribe({ samples, sampleRate })
    for (const longest of [100, 5000, 100_000]) {
      const parts = await all(recognizer.transcribeStream(blocks(samples, sampleRate, longest)))
      expect(parts.flatMap((part) => part.tokens)).toEqual(whole.tokens)
      expect(parts.length).toBeGreaterThanOrEqual(Math.floor(whole.seconds / maxSeconds))
      expect(parts.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(whole.seconds, 1)
    }
    await recognizer.release()
  })

  it('takes stereo and silence, and gives nothing for nothing', async () => {
    const recognizer = await Recognizer.load(here('golden/nemo-ctc'))
    expect(await all(recognizer.transcribeStream([]))).toEqual([])
    expect(await all(recognizer.transcribeStream([{ samples: new Float32Array(3), sampleRate: 16000 }]))).toEqual([])
    const stereo = { samples: { data: new Float32Array(64000), shape: [2, 32000] }, sampleRate: 16000 }
    expect(await all(recognizer.transcribeStream([stereo]))).toHaveLength(1)
    await recognizer.release()
  })

  it('rejects invalid audio and a change of rate, and can be aborted', async () => {
    const recognizer = await Recognizer.load(here('golden/icefall-transducer'))
    const block = { samples: new Float32Array(160), sampleRate: 16000 }
    await expect(all(recognizer.transcribeStream([new Float32Array(9)] as never))).rejects.toThrow(/block must be/)
    await expect(all(recognizer.transcribeStream([block, { ...block, sampleRate: 8000 }]))).rejects.toThrow(/16000 Hz/)
    const bad = { samples: new Float32Array(160).fill(Number.NaN), sampleRate: 16000 }
    await expect(all(recognizer.transcribeStream([bad]))).rejects.toMatchObject({ code: 'ERR_DSP_NOT_FINITE' })
    const aborted = recognizer.transcribeStream([block], { signal: AbortSignal.abort() })
    await expect(all(aborted)).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await recognizer.release()
  })
})
