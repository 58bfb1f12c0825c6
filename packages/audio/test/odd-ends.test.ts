import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeAudio, decodeAudioSync, probeAudio, readBlocks } from '../src/index.js'

const files = new URL('./golden/files/', import.meta.url)
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, files)))

/** Bytes and texts, one after another. */
function joined(...parts: (Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))))
}

describe('FLAC', () => {
  const bytes = bytesOf('flac-long.flac')
  const whole = decodeAudioSync(bytes).samples.data

  it('keeps its last frame whatever follows it', async () => {
    for (const tail of ['\n', new Uint8Array(1000), joined('TAG', new Uint8Array(125)), 'APETAGEX']) {
      const file = joined(bytes, tail)
      expect((await decodeAudio(file)).samples.data).toEqual(whole)
      expect((await probeAudio(file)).samples).toBe(whole.length)
    }
  })

  it('names the samples of a damaged last frame, after those before it', async () => {
    const file = bytes.slice()
    file[file.length - 1]! ^= 0x55
    await expect(decodeAudio(file)).rejects.toThrow(/the 2500 samples from sample 0 on cannot be read/)
    await expect(probeAudio(file)).rejects.toMatchObject({ code: 'ERR_DSP_FORMAT' })
    const streamed = bytesOf('flac-streamed.flac')
    streamed[streamed.length - 1]! ^= 0x55
    let samples = 0
    const read = async () => {
      for await (const block of readBlocks(streamed, { blockSize: 1000 })) samples += block.samples.size
    }
    await expect(read()).rejects.toThrow(/the 196 samples from sample 2304 on cannot be read/)
    expect(samples).toBe(2304)
  })
})

describe('chained Ogg', () => {
  const [mono, short, stereo] = [bytesOf('vorbis-mono.ogg'), bytesOf('vorbis-short.ogg'), bytesOf('vorbis-stereo.ogg')]

  it('of one kind is one piece', async () => {
    const file = joined(mono, short)
    const parts = [mono, short].map((bytes) => decodeAudioSync(bytes).samples.data)
    expect([...(await decodeAudio(file)).samples.data]).toEqual(parts.flatMap((part) => [...part]))
    const link = { encoding: 'vorbis', channels: 1, sampleRate: 16000 }
    expect(await probeAudio(file)).toEqual({
      ...link,
      format: 'ogg',
      missing: 0,
      samples: 6070,
      seconds: 6070 / 16000,
      links: [
        { ...link, samples: 6000, seconds: 0.375 },
        { ...link, samples: 70, seconds: 70 / 16000 },
      ],
    })
    expect(await probeAudio(mono)).not.toHaveProperty('links')
  })

  it('of two kinds is read as blocks', async () => {
    const file = joined(mono, stereo)
    await expect(decodeAudio(file)).rejects.toThrow(
      /link 2 .*sample 6000.* 2 channels at 44100 Hz .* 1 channels at 16000 Hz/,
    )
    for (const input of [file, new Blob([file]).stream()]) {
      const blocks = []
      for await (const { samples, sampleRate } of readBlocks(input, { blockSize: 4000 })) {
        blocks.push([sampleRate, ...samples.shape])
      }
      const expected = [
        [16000, 4000],
        [16000, 2000],
        [44100, 2, 4000],
        [44100, 2, 2000],
      ] // prettier-ignore
      expect(blocks).toEqual(expected)
    }
    const { links, seconds } = await probeAudio(file)
    expect(links?.map((link) => [link.channels, link.sampleRate, link.samples])).toEqual([
      [1, 16000, 6000],
      [2, 44100, 6000],
    ])
    expect(seconds).toBeCloseTo(6000 / 16000 + 6000 / 44100, 12)
  })
})

describe('MP3', () => {
  const bytes = bytesOf('mp3-cbr.mp3')
  const whole = decodeAudioSync(bytes).samples

  /** The file with another count of frames in its header. */
  function stating(frames: number): Uint8Array {
    const file = bytes.slice()
    new DataView(file.buffer).setUint32(Buffer.from(file).indexOf('Info') + 8, frames)
    return file
  }

  it('joined from two files gives the samples of each', async () => {
    const file = joined(bytes, bytesOf('mp3-id3.mp3'))
    const { samples } = await decodeAudio(file)
    expect(samples.shape).toEqual([2, 2 * 3265])
    expect(samples.data.subarray(0, 3265)).toEqual(whole.data.subarray(0, 3265))
    expect(samples.data.subarray(3265, 2 * 3265)).toEqual(whole.data.subarray(0, 3265))
    expect((await probeAudio(file)).samples).toBe(2 * 3265)
  })

  // ffmpeg 5.1.9 counts so: without a count of frames it does not trim the end.
  it.each([
    [0, 3503],
    [5, 3265],
    [1000, 3503],
  ])('whose header states %i frames has %i samples', async (frames, samples) => {
    expect((await decodeAudio(stating(frames))).samples.shape).toEqual([2, samples])
    expect((await probeAudio(stating(frames))).samples).toBe(samples)
  })

  it('begins behind other bytes', async () => {
    for (const junk of ['\r\n', new Uint8Array(300), joined('ID3\x03\0\0\0\0\0\x02ab', new Uint8Array(99))]) {
      expect((await decodeAudio(joined(junk, bytes))).samples).toEqual(whole)
    }
    expect((await decodeAudio(bytes.subarray(500))).samples.shape[0]).toBe(2)
  })

  it('that changes its channels is an error with the time', async () => {
    await expect(decodeAudio(joined(bytes, bytesOf('mp3-notag.mp3')))).rejects.toThrow(/at 0\.136 s \(sample 3265\)/)
  })

  it('in other forms of MPEG audio, and Opus and Speex, are named', async () => {
    const free = joined(...Array(4).fill(joined(Uint8Array.of(0xff, 0xfb, 0x00, 0xc0), new Uint8Array(500))))
    await expect(decodeAudio(free)).rejects.toThrow(/free-format MP3.*lame --decode/)
  })
})

describe('a file that is cut', () => {
  const flac = Buffer.from(bytesOf('flac-long.flac'))
  const mp3 = bytesOf('mp3-cbr.mp3')
  const plain = bytesOf('mp3-notag.mp3')
  const link = joined(bytesOf('vorbis-mono.ogg'), bytesOf('vorbis-stereo.ogg').subarray(0, 20))
  const after = /its last page or frame is cut, and samples after \d\.\d{3} s are missing/

  it.each([
    ['MP3 with a count', mp3.subarray(0, -300), /it lacks \d+ of the samples per channel that its header states/],
    ['MP3 without one', plain.subarray(0, -10), after],
    ['chained Ogg', link, after],
    [
      'FLAC between two frames',
      flac.subarray(0, flac.lastIndexOf(Uint8Array.of(0xff, 0xf8))),
      /it lacks \d+ of the samples/,
    ],
  ])('warns: %s', async (_, bytes, message) => {
    const read = async (input: Uint8Array | ReadableStream<Uint8Array>) => {
      for await (const _ of readBlocks(input));
    }
    for (const decode of [
      () => decodeAudio(bytes),
      () => read(bytes),
      () => read(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()),
    ]) {
      const warned = once(process, 'warning')
      await decode()
      const [warning] = await warned
      expect(warning.code).toBe('DSP_AUDIO_CUT_SHORT')
      expect(warning.message).toMatch(message)
    }
    const { missing, cutAt } = await probeAudio(bytes)
    expect(missing > 0).toBe(cutAt === undefined)
  })
})
