import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { decodeAudioSync } from '@dsp/audio'
import { DspError, tensor } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { Recognizer } from '../src/index.js'
import { golden, here, LOG_PROBABILITY_TOLERANCE } from './golden.js'

const clips = golden.clips.map((clip) => here(`../demo/${clip}`))

describe.each(Object.keys(golden.models))('%s from audio', (model) => {
  it('finds what sherpa-onnx finds, alone and in a batch', async () => {
    const recognizer = await Recognizer.load(here(`golden/${model}`), { batchSize: 2 })
    const batch = await recognizer.transcribeBatch(clips)
    const answers = golden.models[model]!
    for (const [i, clip] of clips.entries()) {
      const alone = await recognizer.transcribe(clip)
      for (const [{ tokens, text }, answer] of [
        [alone, answers.single[i]!],
        [batch[i]!, answers.batched[i]!],
      ] as const) {
        expect(tokens.map((token) => token.token)).toEqual(answer.tokens)
        expect(text).toBe(answer.text.replaceAll(/ +/g, ' ').trim())
        tokens.forEach((token, k) => {
          expect(token.start).toBeCloseTo(answer.timestamps[k]!, 3)
          if (answer.durations.length > 0) expect(token.duration).toBeCloseTo(answer.durations[k]!, 3)
          if (answer.logProbs.length === 0) return
          expect(Math.abs(Math.log(token.confidence) - answer.logProbs[k]!)).toBeLessThan(LOG_PROBABILITY_TOLERANCE)
        })
      }
    }
    await recognizer.release()
  })
})

describe.each(['icefall-transducer', 'nemo-rnnt', 'nemo-tdt'])('%s with a blank penalty', (model) => {
  it('finds what sherpa-onnx finds', async () => {
    const recognizer = await Recognizer.load(here(`golden/${model}`), { blankPenalty: golden.blankPenalty })
    const { tokens } = await recognizer.transcribe(clips.at(-1)!)
    const answer = golden.models[model]!.penalized!
    expect(answer.tokens).not.toEqual(golden.models[model]!.single.at(-1)!.tokens)
    expect(tokens.map((token) => token.token)).toEqual(answer.tokens)
    await recognizer.release()
  })
})

describe('Recognizer', () => {
  const load = (options = {}) => Recognizer.load(here('golden/icefall-transducer'), options)
  const expectError = async (work: Promise<unknown>, code: string, ...parts: string[]) => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(DspError)
    expect(error).toMatchObject({ code })
    for (const part of parts) expect((error as Error).message).toContain(part)
  }

  it('gives words in order with times inside the audio and confidences', async () => {
    const recognizer = await load()
    const { words, seconds, rtf } = await recognizer.transcribe(clips[0]!)
    expect(words.length).toBeGreaterThan(2)
    words.forEach((word, i) => {
      expect(word.start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0)
      expect(word.end).toBeGreaterThan(word.start)
      expect(word.end).toBeLessThanOrEqual(seconds + 0.04)
      expect(word.confidence).toBeGreaterThan(0)
      expect(word.confidence).toBeLessThanOrEqual(1)
    })
    expect(rtf).toBeGreaterThan(0)
  })

  it('takes a URL, bytes, samples, stereo and views alike', async () => {
    const recognizer = await load()
    const { text } = await recognizer.transcribe(clips[0]!)
    const { samples, sampleRate } = decodeAudioSync(clips[0]!)
    const { data } = samples
    const stereo = new Float32Array(2 * data.length)
    stereo.set(data)
    stereo.set(data, data.length)
    const reversed = { data: data.slice().reverse(), shape: [data.length], stride: [-1], offset: data.length - 1 }
    for (const input of [
      pathToFileURL(clips[0]!),
      new Uint8Array(readFileSync(clips[0]!)),
      { samples, sampleRate },
      { samples: tensor(stereo, [2, data.length]), sampleRate },
      { samples: reversed, sampleRate },
      { samples: Float64Array.from(data), sampleRate },
    ]) {
      expect((await recognizer.transcribe(input)).text).toBe(text)
    }
  })

  it('answers in the order of the inputs, whatever their lengths', async () => {
    const recognizer = await load({ batchSize: 3 })
    const inputs = [clips[2]!, clips[0]!, clips[1]!, clips[2]!]
    const batch = await recognizer.transcribeBatch(inputs)
    for (const [i, input] of inputs.entries()) {
      expect(batch[i]!.text).toBe((await recognizer.transcribe(input)).text)
    }
    expect(await recognizer.transcribeBatch([])).toEqual([])
  })

  it('cuts long audio and keeps the times', async () => {
    const recognizer = await load({ maxSeconds: 2 })
    const one = decodeAudioSync(clips[0]!)
    const { data } = one.samples
    const three = new Float32Array(3 * data.length)
    for (let i = 0; i < 3; i++) three.set(data, i * data.length)
    const { tokens, seconds } = await recognizer.transcribe({ samples: three, sampleRate: one.sampleRate })
    expect(seconds).toBeCloseTo((3 * data.length) / 16000, 6)
    const starts = tokens.map((token) => token.start)
    expect(starts).toEqual([...starts].sort((a, b) => a - b))
    expect(starts.at(-1)!).toBeGreaterThan((2 * data.length) / 16000)
  })

  it('is aborted by its signal', async () => {
    const recognizer = await load()
    await expectError(recognizer.transcribe(clips[0]!, { signal: AbortSignal.abort() }), 'ERR_DSP_ABORTED')
    const controller = new AbortController()
    const work = recognizer.transcribeBatch([...clips, ...clips, ...clips], { signal: controller.signal })
    setTimeout(() => controller.abort(), 1)
    await expectError(work, 'ERR_DSP_ABORTED')
  })

  it('recognises the others where one recording fails, if told to', async () => {
    const recognizer = await load()
    const inputs = [clips[0]!, 'no/such/file.wav', clips[1]!, { samples: new Float32Array(3), sampleRate: 16000 }]
    await expectError(recognizer.transcribeBatch(inputs), 'ERR_DSP_IO', 'no/such/file.wav')
    const results = await recognizer.transcribeBatch(inputs, { onError: 'collect' })
    const texts = await recognizer.transcribeBatch([clips[0]!, clips[1]!])
    expect(results[0]).toMatchObject({ text: texts[0]!.text })
    expect(results[2]).toMatchObject({ text: texts[1]!.text })
    expect([results[1], results[3]]).toMatchObject([{ code: 'ERR_DSP_IO' }, { code: 'ERR_DSP_ARGUMENT' }])
    const aborted = { onError: 'collect', signal: AbortSignal.abort() } as const
    await expectError(recognizer.transcribeBatch(inputs, aborted), 'ERR_DSP_ABORTED')
    await expectError(recognizer.transcribeBatch(inputs, { onError: 'skip' } as never), 'ERR_DSP_ARGUMENT', 'onError')
    await expectError(recognizer.transcribeBatch('clip.wav' as never), 'ERR_DSP_ARGUMENT', 'an array', '"clip.wav"')
  })

  it('is released once and says so', async () => {
    const recognizer = await load()
    await recognizer.transcribe(clips[0]!)
    await Promise.all([recognizer.release(), recognizer.release()])
    await recognizer.release()
    for (const use of [
      () => recognizer.transcribe(clips[0]!),
      () => recognizer.transcribeBatch([]),
      () => recognizer.transcribeFeatures(tensor(new Float32Array(800), [10, 80])),
      () => recognizer.transcribeStream([]).next(),
    ]) {
      await expectError(use(), 'ERR_DSP_ARGUMENT', 'the recogniser was released')
    }
  })

  it('refuses audio that it cannot recognise', async () => {
    const recognizer = await load()
    const audio = (samples: ArrayLike<number>, sampleRate = 16000) => ({
      samples: Float32Array.from(samples),
      sampleRate,
    })
    await expectError(recognizer.transcribe(audio([])), 'ERR_DSP_ARGUMENT', 'audio is too short', '80')
    await expectError(recognizer.transcribe(audio([0, 0.1, 0])), 'ERR_DSP_ARGUMENT', '3 samples', '80')
    await expectError(recognizer.transcribe(audio(new Array(4000).fill(Number.NaN))), 'ERR_DSP_NOT_FINITE')
    await expectError(recognizer.transcribe(audio([0, 0], 0)), 'ERR_DSP_ARGUMENT', 'sampleRate')
    await expectError(recognizer.transcribe(audio(new Array(9999).fill(0), 1e9)), 'ERR_DSP_ARGUMENT')
    const swapped = { samples: tensor(new Float32Array(32000), [16000, 2]), sampleRate: 16000 }
    await expectError(recognizer.transcribe(swapped), 'ERR_DSP_ARGUMENT', '2 samples', '[16000, 2]', 'transpose it')
    await expectError(recognizer.transcribe(new Uint8Array(0)), 'ERR_DSP_FORMAT')
    await expectError(recognizer.transcribe(new TextEncoder().encode('not a wav file')), 'ERR_DSP_FORMAT')
    await expectError(recognizer.transcribe('no/such/file.wav'), 'ERR_DSP_IO', 'no/such/file.wav')
    await expectError(recognizer.transcribe(new Float32Array(16000) as never), 'ERR_DSP_ARGUMENT', 'sampleRate')
    await expectError(recognizer.transcribeFeatures(tensor(new Float32Array(79), [1, 79])), 'ERR_DSP_SHAPE', '80')
  })

  it('recognises nothing in silence of any length', async () => {
    const recognizer = await load()
    for (const length of [80, 400, 1000, 16000]) {
      const { text } = await recognizer.transcribe({ samples: new Float32Array(length), sampleRate: 16000 })
      expect(typeof text).toBe('string')
    }
  })

  it('refuses options that it does not have', async () => {
    await expectError(load({ threads: 2 }), 'ERR_DSP_OPTION', 'threads', 'numThreads')
    await expectError(load({ numThreads: -1 }), 'ERR_DSP_ARGUMENT', 'numThreads')
    await expectError(load({ precision: 'int4' }), 'ERR_DSP_ARGUMENT', 'int8')
  })
})
