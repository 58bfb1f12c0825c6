import { decodeAudio } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Whisper, type WhisperOptions } from '../src/index.js'
import { modelOrSkip } from './golden.js'

const JFK =
  /^And so,? my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country\.$/
const RATE = 16000
const folder = await modelOrSkip('tiny.en')

describe.skipIf(folder === undefined)('tiny.en', () => {
  let whisper: Whisper
  beforeAll(async () => {
    whisper = await Whisper.load(folder!, { numThreads: 1 })
  }, 60_000)
  afterAll(() => whisper?.close())

  it('writes down a speech, with times, by the fixed-point front end', async (context) => {
    const heard: number[] = []
    const path = sharedDataOrSkip(context, 'speech/jfk.flac')
    const transcript = await whisper.transcribe(path, { onProgress: (seconds) => heard.push(seconds) })
    expect(transcript.text).toMatch(JFK)
    expect(transcript).toMatchObject({ language: 'en', seconds: 11 })
    expect(transcript.device.features).toContain('emulator (the C kernel on this processor')
    expect(heard).toEqual([11])
    expect(transcript.words.map(({ word }) => word).join(' ')).toBe(transcript.text)
    const country = transcript.words.find(({ word }) => word === 'country')!
    // transformers: 6.36 s
    expect(Math.abs(country.start - 6.36)).toBeLessThan(0.1)
    for (const [i, { start, end, confidence }] of transcript.words.entries()) {
      expect(start).toBeGreaterThanOrEqual(transcript.words[i - 1]?.start ?? 0)
      expect(end).toBeGreaterThan(start)
      expect(confidence).toBeGreaterThan(0)
      expect(confidence).toBeLessThanOrEqual(1)
    }
  })

  it.for<Partial<WhisperOptions>>([
    { frontEnd: 'float' },
    { frontEnd: 'linear' },
    { q15Profile: 'whisper-512' },
    { q15Profile: 'accurate', output: 'log2-int16' },
    { q15Profile: 'classic-fixed' },
  ])('writes the same with %o', async (options, context) => {
    const path = sharedDataOrSkip(context, 'speech/jfk.flac')
    const other = await Whisper.load(folder!, { numThreads: 1, ...options })
    expect((await other.transcribe(path, { timestamps: false, words: false })).text).toMatch(JFK)
    await other.close()
  })

  it('takes a tenth of a second, and silence', async () => {
    const tone = Float32Array.from({ length: RATE / 10 }, (_, i) => Math.sin(i / 5) / 2)
    const { seconds, segments } = await whisper.transcribe({ samples: tensor(tone), sampleRate: RATE })
    expect(seconds).toBe(0.1)
    for (const { end } of segments) expect(end).toBeLessThanOrEqual(0.1)
    const silence = await whisper.transcribe({ samples: tensor(new Float32Array(RATE)), sampleRate: RATE })
    expect(silence).toMatchObject({ text: '', words: [], segments: [] })
    expect(silence.skipped).toEqual([{ start: 0, end: 1, reason: 'silence', probability: 1, text: '' }])
    const one = await whisper.transcribe({ samples: tensor(Float32Array.of(0.5)), sampleRate: RATE })
    expect(one.seconds).toBe(1 / RATE)
  })

  it('leaves out noise and music without speech, says so, and keeps them if asked', async (context) => {
    let state = 1
    const noise = Float32Array.from({ length: 4 * RATE }, () => {
      state = (state * 48271) % 2147483647
      return (state / 2147483647 - 0.5) / 100
    })
    const music = await decodeAudio(sharedDataOrSkip(context, 'music/solo-trumpet.ogg'), {
      mono: true,
      sampleRate: RATE,
    })
    for (const samples of [tensor(noise), music.samples]) {
      const audio = { samples, sampleRate: RATE }
      const { text, segments, words, skipped, seconds } = await whisper.transcribe(audio)
      expect({ text, segments, words }).toEqual({ text: '', segments: [], words: [] })
      expect(skipped).toMatchObject([{ start: 0, end: seconds, reason: 'no-speech' }])
      expect(skipped[0]!.probability).toBeGreaterThan(0.6)
      const kept = await whisper.transcribe(audio, { skipNoSpeech: false })
      expect(kept).toMatchObject({ text: skipped[0]!.text, skipped: [] })
      expect(kept.text).not.toBe('')
    }
  })

  it('keeps a song, of whose words it is sure', async (context) => {
    const path = sharedDataOrSkip(context, 'music/lets-go-fishin.ogg')
    const song = await decodeAudio(path, { mono: true, sampleRate: RATE })
    const audio = { samples: tensor(song.samples.data.slice(0, 30 * RATE)), sampleRate: RATE }
    const { text, skipped } = await whisper.transcribe(audio, { words: false })
    expect(text).toContain('beautiful day')
    expect(skipped).toEqual([])
  })

  it('says what is wrong', async () => {
    const audio = { samples: tensor(new Float32Array(RATE).fill(0.1)), sampleRate: RATE }
    const wrong = (options: object) => expect(whisper.transcribe(audio, options)).rejects
    await wrong({ language: 'de' }).toMatchObject({
      argument: 'language',
      expected: expect.stringContaining('English'),
    })
    await wrong({ task: 'translate' }).toMatchObject({ argument: 'task' })
    await wrong({ lang: 'en' }).toMatchObject({ code: 'ERR_DSP_OPTION' })
    await wrong({ signal: AbortSignal.abort() }).toMatchObject({ code: 'ERR_DSP_ABORTED' })
    const broken = { samples: tensor(Float32Array.of(Number.NaN)), sampleRate: RATE }
    await expect(whisper.transcribe(broken)).rejects.toMatchObject({ code: 'ERR_DSP_NOT_FINITE' })
    await expect(whisper.transcribe(undefined as never)).rejects.toMatchObject({ argument: 'audio' })
    await expect(whisper.transcribe('none.wav')).rejects.toMatchObject({ code: 'ERR_DSP_IO' })
    await expect(Whisper.load(folder!, { threads: 1 } as object)).rejects.toMatchObject({ code: 'ERR_DSP_OPTION' })
  })

  it('is closed once', async () => {
    const other = await Whisper.load(folder!, { numThreads: 1 })
    await other.close()
    await other.close()
    await expect(other.transcribe('speech.wav')).rejects.toMatchObject({ argument: 'whisper' })
  })
})
