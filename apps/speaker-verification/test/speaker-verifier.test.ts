import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decodeAudioSync } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { SpeakerVerifier } from '../src/index.js'

const verifier = await SpeakerVerifier.load(undefined, { numThreads: 1 })
afterAll(() => verifier.close())

/** Synthesized clips: two sentences of one voice, one of another. */
const clip = (name: string) => fileURLToPath(new URL(`../demo/${name}.wav`, import.meta.url))
const [anna, annaAgain, ben] = [clip('anna-1'), clip('anna-2'), clip('ben-1')]

describe('SpeakerVerifier', () => {
  it('tells two voices apart', async () => {
    const same = await verifier.verify(anna, annaAgain)
    const different = await verifier.verify(anna, ben)
    expect(same).toMatchObject({ same: true, threshold: verifier.model.threshold })
    expect(different).toMatchObject({ same: false })
    expect(same.score).toBeGreaterThan(different.score)
    expect(same.a.notes).toEqual([])
    expect(same.a).toMatchObject({ shortSpeech: false })
    expect(same.a.speechSeconds).toBeLessThan(same.a.seconds - 0.3)
  })

  it('hears a path, bytes and samples alike', async () => {
    const { vector, model } = (await verifier.embed(anna)).embedding
    expect(vector.shape).toEqual([512])
    expect(model).toBe(verifier.model.identity)
    const bytes = readFileSync(anna)
    expect((await verifier.embed(bytes)).embedding.vector).toEqual(vector)
    expect((await verifier.embed(decodeAudioSync(bytes))).embedding.vector).toEqual(vector)
  })

  it('leaves silence out', async () => {
    const { samples, sampleRate } = decodeAudioSync(anna)
    const padded = new Float32Array(samples.size + 160_000)
    padded.set(samples.data, 80_000)
    const [plain, long] = [await verifier.embed(anna), await verifier.embed({ samples: tensor(padded), sampleRate })]
    expect(long.speechSeconds).toBeCloseTo(plain.speechSeconds, 1)
    expect(long.seconds).toBeCloseTo(plain.seconds + 10, 3)
    expect(verifier.compare(plain, long).score).toBeGreaterThan(0.999)
  })

  it('works on the least speech, and says so', async () => {
    const { samples, sampleRate } = decodeAudioSync(anna)
    const recording = { samples: samples.data.slice(8000, 8000 + 0.4 * sampleRate), sampleRate }
    const { shortSpeech, speechSeconds, notes } = await verifier.embed(recording)
    expect(shortSpeech).toBe(true)
    expect(speechSeconds).toBeGreaterThanOrEqual(0.2)
    expect(notes).toEqual([{ code: 'short-speech', message: expect.stringContaining(`${speechSeconds.toFixed(2)} s`) }])
    const less = { samples: samples.data.slice(8000, 8000 + 0.19 * sampleRate), sampleRate }
    await expect(verifier.embed(less)).rejects.toThrow(/at least 0\.2 s of speech, got 0\.1\d s/)
  })

  it('takes another threshold', async () => {
    const [a, b] = [await verifier.embed(anna), await verifier.embed(ben)]
    expect(verifier.compare(a, b, { threshold: -1 })).toMatchObject({ same: true, threshold: -1 })
    expect(verifier.compare(a, a, { threshold: 1 }).score).toBeCloseTo(1, 6)
    expect(() => verifier.compare(a, b, { threshold: 1.5 })).toThrow(/threshold must be/)
    const other = { ...b, embedding: { ...b.embedding, model: 'another' } }
    expect(() => verifier.compare(a, other)).toThrow(expect.objectContaining({ code: 'ERR_DSP_MODEL' }))
    await expect(verifier.verify(anna, ben, { threshold: 2 })).rejects.toThrow(/threshold must be/)
  })

  it('refuses what it does not know, and stops when it is told to', async () => {
    await expect(verifier.embed(anna, { chanel: 1 } as never)).rejects.toMatchObject({ code: 'ERR_DSP_OPTION' })
    await expect(SpeakerVerifier.load(undefined, { numThreads: -1 })).rejects.toMatchObject({
      code: 'ERR_DSP_ARGUMENT',
    })
    await expect(SpeakerVerifier.load('no-such-folder')).rejects.toMatchObject({ code: 'ERR_DSP_MODEL' })
    const options = { signal: AbortSignal.abort() }
    await expect(verifier.embed(anna, options)).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })
})
