import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { DspError } from '@dsp/tensor'
import { golden, sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { AUDIO_TOLERANCES, decodeAudio, decodeAudioSync, probeAudio, probeAudioSync, readBlocks } from '../src/index.js'

const files = new URL('./golden/files/', import.meta.url)
const expected = golden(new URL('./golden/decode.npz', import.meta.url))
const EDGE = 40
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, files)))

/** Slices of the concatenated expectations, a file at a time. */
function* expectations() {
  const samples = expected.numbers('samples')
  const sums = expected.numbers('sums')
  const shapes = expected.array('shapes').data as Int32Array
  let at = 0
  const rates = expected.array('rates').data as Int32Array
  let sumAt = 0
  for (const [i, name] of expected.text('names').entries()) {
    const [channels, length] = [shapes[2 * i]!, shapes[2 * i + 1]!]
    const kept = Math.min(length, 2 * EDGE)
    yield {
      name,
      channels,
      length,
      kept,
      rate: rates[i]!,
      samples: samples.subarray(at, at + channels * kept),
      sums: sums.subarray(sumAt, sumAt + channels),
    }
    at += channels * kept
    sumAt += channels
  }
}

describe('equals libsndfile (for MP3, in its count, ffmpeg)', () => {
  for (const { name, channels, length, kept, rate, samples, sums } of expectations()) {
    it(name, async () => {
      const audio = await decodeAudio(new URL(name, files))
      expect(audio.sampleRate).toBe(rate)
      expect(audio.samples.shape).toEqual(channels === 1 ? [length] : [channels, length])
      const lossy = /^(vorbis|mp3)/.test(name)
      const { data } = audio.samples
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0
        for (let i = 0; i < length; i++) sum += Math.abs(data[channel * length + i]!)
        expect(Math.abs(sum - sums[channel]!)).toBeLessThanOrEqual(lossy ? length * 1e-6 : 1e-9 * length)
        for (let i = 0; i < kept; i++) {
          const from = kept < length && i >= EDGE ? length - kept + i : i
          const difference = Math.abs(data[channel * length + from]! - samples[channel * kept + i]!)
          expect(difference).toBeLessThanOrEqual(lossy ? AUDIO_TOLERANCES.lossyDecoding : 0)
        }
      }
      const info = await probeAudio(new URL(name, files))
      expect([info.channels, info.sampleRate, info.samples]).toEqual([channels, rate, length])
      expect(decodeAudioSync(bytesOf(name)).samples.data).toEqual(data)
      expect(probeAudioSync(fileURLToPath(new URL(name, files)))).toEqual(info)
    })
  }

  // Counts and checksums as `soundfile.read(path, dtype='float32')` gave them.
  const real: [string, number[], number, number][] = [
    ['speech/jfk.flac', [2, 485100], 44100, 75071.879],
    ['speech/198-209-0000.ogg', [222561], 16000, 4816.386],
    ['music/brahms-hungarian-dance.ogg', [2, 2021760], 44100, 216589.248],
    ['music/solo-trumpet.ogg', [2, 235201], 44100, 15714.766],
  ]
  for (const [name, shape, rate, sum] of real) {
    it(name, async (context) => {
      const audio = await decodeAudio(sharedDataOrSkip(context, name))
      expect(audio.samples.shape).toEqual(shape)
      expect(audio.sampleRate).toBe(rate)
      expect(audio.samples.data.reduce((total, x) => total + Math.abs(x), 0)).toBeCloseTo(sum, 1)
    })
  }
})

describe('options', () => {
  it('mixes down and resamples', async () => {
    const audio = await decodeAudio(bytesOf('wav-s16.wav'), { mono: true, sampleRate: 8000 })
    expect(audio.samples.shape).toEqual([60])
    expect(audio.sampleRate).toBe(8000)
    expect(decodeAudioSync(bytesOf('wav-s16.wav'), { mono: true, sampleRate: 8000 })).toEqual(audio)
  })

  it('can be aborted', async () => {
    const signal = AbortSignal.abort()
    await expect(decodeAudio(bytesOf('wav-s16.wav'), { signal })).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    const late = new AbortController()
    const work = decodeAudio(bytesOf('flac-long.flac'), { signal: late.signal })
    late.abort()
    await expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })
})

describe('input that is not what it claims to be', () => {
  const code = async (input: Parameters<typeof decodeAudio>[0]) => {
    const error = await decodeAudio(input).then(
      () => undefined,
      (e: unknown) => e,
    )
    expect(error).toBeInstanceOf(DspError)
    return (error as DspError).code
  }

  it('is an error', async () => {
    expect(await code(new Uint8Array(0))).toBe('ERR_DSP_FORMAT')
    expect(await code(new TextEncoder().encode('This is a letter, renamed to speech.wav.'))).toBe('ERR_DSP_FORMAT')
    expect(await code('/no/such/file.wav')).toBe('ERR_DSP_IO')
    expect(await code(fileURLToPath(files))).toBe('ERR_DSP_IO')
    expect(await code('')).toBe('ERR_DSP_ARGUMENT')
    expect(await code(new URL('https://example.org/x.wav'))).toBe('ERR_DSP_ARGUMENT')
    expect(await code(3 as never)).toBe('ERR_DSP_TYPE')
    const detached = bytesOf('wav-s16.wav')
    structuredClone(detached, { transfer: [detached.buffer] })
    expect(await code(detached)).toBe('ERR_DSP_ARGUMENT')
  })

  it('is refused where its rate or channels are impossible', async () => {
    for (const [at, value] of [
      [24, 0],
      [24, 1_000_000_000],
      [22, 0],
    ] as const) {
      const bytes = bytesOf('wav-s16.wav')
      new DataView(bytes.buffer).setUint32(at, value, true)
      expect(await code(bytes)).toBe('ERR_DSP_FORMAT')
    }
  })

  it('gives the samples that are there where a header claims 4 GB', async () => {
    const bytes = bytesOf('wav-s16.wav')
    new DataView(bytes.buffer).setUint32(4, 0xffff_fff0, true)
    new DataView(bytes.buffer).setUint32(40, 0xffff_fff0, true)
    expect((await decodeAudio(bytes)).samples.shape).toEqual([2, 120])
    // A FLAC's claim is 36 bits at byte 21.
    const flac = bytesOf('flac-s16.flac')
    new DataView(flac.buffer).setUint32(22, 0xffff_ffff)
    expect((await decodeAudio(flac)).samples.shape).toEqual([2, 120])
  })

  it('gives the samples that are there where a file is cut short, or says which are not', async () => {
    expect((await decodeAudio(bytesOf('wav-s16.wav').subarray(0, 44 + 101))).samples.shape).toEqual([2, 25])
    expect((await decodeAudio(bytesOf('sphere-be16.sph').subarray(0, 1024 + 99))).samples.shape).toEqual([2, 24])
    const flac = bytesOf('flac-streamed.flac')
    await expect(decodeAudio(flac.subarray(0, flac.length / 2))).rejects.toThrow(/the 576 samples from sample 1152 on/)
    const mp3 = bytesOf('mp3-cbr.mp3')
    expect((await decodeAudio(mp3.subarray(0, mp3.length * 0.8))).samples.shape[1]).toBeLessThan(3265)
    // No page of sound is whole.
    const ogg = bytesOf('vorbis-stereo.ogg')
    expect(await code(ogg.subarray(0, ogg.length * 0.8))).toBe('ERR_DSP_FORMAT')
  })

  it('warns of a file that is cut short, however it is read, and says what is missing', async () => {
    const bytes = bytesOf('wav-s16.wav').subarray(0, 44 + 101)
    expect(await probeAudio(bytes)).toMatchObject({ samples: 25, missing: 95 })
    expect(await probeAudio(bytesOf('wav-s16.wav'))).toMatchObject({ samples: 120, missing: 0 })
    const read = async (blocks: AsyncIterable<unknown>) => {
      for await (const _ of blocks);
    }
    const folder = mkdtempSync(join(tmpdir(), 'dsp-audio-'))
    const path = join(folder, 'cut.wav')
    writeFileSync(path, bytes)
    for (const [name, decode] of [
      ['the input', () => decodeAudioSync(bytes)],
      ['the input', () => decodeAudio(bytes)],
      ['the input', () => read(readBlocks(bytes))],
      ['the input', () => read(readBlocks(Readable.from([bytes])))],
      [path, () => decodeAudio(path)],
    ] as const) {
      const warned = once(process, 'warning')
      await decode()
      const [warning] = await warned
      expect(warning.code).toBe('DSP_AUDIO_CUT_SHORT')
      expect(warning.message).toBe(
        `${name} is cut short: it lacks 95 of the samples per channel that its header states`,
      )
    }
    rmSync(folder, { recursive: true })
  })

  it('says where samples are missing in a FLAC file', async (context) => {
    const bytes = new Uint8Array(readFileSync(sharedDataOrSkip(context, 'speech/jfk.flac')))
    for (const part of [0.02, 0.3, 0.9]) {
      const damaged = bytes.slice()
      damaged.fill(0x55, part * bytes.length, part * bytes.length + 40)
      await expect(decodeAudio(damaged)).rejects.toThrow(/damaged.*from sample \d+ on|damaged at sample \d+/)
    }
  })

  it('gives as much of a real file that is cut short as libsndfile does', async (context) => {
    const bytes = new Uint8Array(readFileSync(sharedDataOrSkip(context, 'music/solo-trumpet.ogg')))
    expect((await decodeAudio(bytes.subarray(0, bytes.length * 0.8))).samples.shape).toEqual([2, 171328])
    expect((await decodeAudio(bytes.subarray(0, bytes.length * 0.5))).samples.shape).toEqual([2, 91328])
  })
})
