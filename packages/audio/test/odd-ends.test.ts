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
