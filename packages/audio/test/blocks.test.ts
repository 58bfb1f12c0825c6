import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Audio, DspError } from '@dsp/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeAudioSync, readBlocks } from '../src/index.js'

const files = new URL('./golden/files/', import.meta.url)
const names = readdirSync(files)
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, files)))

/** All blocks put together, channel after channel. */
async function joined(blocks: AsyncIterable<Audio>, size: number): Promise<Float32Array> {
  const all: Audio[] = []
  for await (const block of blocks) all.push(block)
  const lengths = all.map((block) => block.samples.shape.at(-1)!)
  for (const length of lengths.slice(0, -1)) expect(length).toBe(size)
  const channels = all[0]?.samples.shape.length === 2 ? all[0].samples.shape[0]! : 1
  const total = lengths.reduce((a, b) => a + b, 0)
  const out = new Float32Array(channels * total)
  for (let channel = 0; channel < channels; channel++) {
    let at = channel * total
    for (const [i, { samples }] of all.entries()) {
      out.set(samples.data.subarray(channel * lengths[i]!, (channel + 1) * lengths[i]!), at)
      at += lengths[i]!
    }
  }
  return out
}

/** The bytes in pieces of random lengths. */
async function* pieces(bytes: Uint8Array, cuts: number[]) {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = cuts[i % cuts.length]!
    yield bytes.slice(at, at + size)
    at += size
  }
}

describe('blocks are the one-shot samples', () => {
  for (const name of names) {
    it(name, async () => {
      const whole = decodeAudioSync(bytesOf(name)).samples.data
      const path = fileURLToPath(new URL(name, files))
      expect(await joined(readBlocks(path, { blockSize: 97 }), 97)).toEqual(whole)
      expect(await joined(readBlocks(bytesOf(name), { blockSize: 1000 }), 1000)).toEqual(whole)
      expect(await joined(readBlocks(createReadStream(path), { blockSize: 512 }), 512)).toEqual(whole)
    })
  }

  it('wherever a stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('wav-s24.wav', 'flac-streamed.flac', 'vorbis-mono.ogg', 'mp3-vbr.mp3', 'sphere-ulaw.sph'),
        fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 50, max: 3000 }),
        async (name, cuts, blockSize) => {
          const bytes = bytesOf(name)
          const got = await joined(readBlocks(pieces(bytes, cuts), { blockSize }), blockSize)
          expect(got).toEqual(decodeAudioSync(bytes).samples.data)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a stream', () => {
  it('is told when reading stops', async () => {
    let returned = false
    async function* endless() {
      try {
        yield bytesOf('wav-s16.wav').subarray(0, 44)
        for (;;) yield new Uint8Array(400)
      } finally {
        returned = true
      }
    }
    const lying = endless()
    for await (const block of readBlocks(lying, { blockSize: 50 })) {
      expect(block.samples.shape).toEqual([2, 50])
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(returned).toBe(true)
  })

  it('passes its own failure on', async () => {
    async function* failing() {
      yield bytesOf('wav-s16.wav').subarray(0, 100)
      throw new Error('the line broke')
    }
    await expect(joined(readBlocks(failing()), 4096)).rejects.toThrow('the line broke')
  })

  it('of text, or of nothing, is an error', async () => {
    const text = Readable.from(['some', 'words'])
    await expect(joined(readBlocks(text), 4096)).rejects.toMatchObject({ code: 'ERR_DSP_TYPE' })
    const none = Readable.from([])
    await expect(joined(readBlocks(none), 4096)).rejects.toMatchObject({ code: 'ERR_DSP_FORMAT' })
  })

  it('that hangs can be cancelled', async () => {
    const controller = new AbortController()
    async function* hanging() {
      yield new Uint8Array(0)
      await new Promise(() => {})
    }
    const work = joined(readBlocks(hanging(), { signal: controller.signal }), 4096)
    setTimeout(() => controller.abort(), 20)
    await expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
  })

  it('is checked before it is read', async () => {
    await expect(joined(readBlocks('x.wav', { blockSize: 0 }), 1)).rejects.toBeInstanceOf(DspError)
  })
})
