import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { DspError } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { type AudioInput, decodeAudio, decodeAudioSync, probeAudio, probeAudioSync, readBlocks } from '../src/index.js'

const url = new URL('./golden/files/flac-s24.flac', import.meta.url)
const path = fileURLToPath(url)
const bytes = new Uint8Array(await readFile(url))

/** Every form of the same file; streams are made each time, since they can be read once. */
const forms: Record<string, () => AudioInput> = {
  'a path': () => path,
  'a URL': () => url,
  'the text of a URL': () => url.href,
  bytes: () => bytes,
  'an ArrayBuffer': () => bytes.buffer,
  'a Buffer': () => Buffer.from(bytes),
  'a Blob': () => new Blob([bytes]),
  'a File': () => new File([bytes], 'x.flac'),
  'a Node.js stream': () => createReadStream(path, { highWaterMark: 1000 }),
  'a web stream': () => new Blob([bytes]).stream(),
  'an async iterable': () =>
    (async function* () {
      yield bytes.subarray(0, 10)
      yield new Uint8Array(0)
      yield bytes.subarray(10)
    })(),
}

const errorOf = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    expect(error).toBeInstanceOf(DspError)
    return error as DspError
  }
  throw new Error('nothing was thrown')
}

describe.each(Object.entries(forms))('%s', (_, form) => {
  it('is decoded, probed and read in blocks alike', async () => {
    const expected = decodeAudioSync(path)
    expect(await decodeAudio(form())).toEqual(expected)
    expect(await probeAudio(form())).toEqual(probeAudioSync(path))
    let samples = 0
    for await (const block of readBlocks(form())) samples += block.samples.shape.at(-1)!
    expect(samples).toBe(expected.samples.shape.at(-1))
  })
})

describe('inputs', () => {
  it.each(['https://example.org/x.wav', 'http://localhost/x.wav', new URL('https://example.org/x.wav')])(
    'from the net are to be fetched first: %s',
    async (input) => {
      for (const call of [decodeAudio, probeAudio, decodeAudioSync, probeAudioSync]) {
        const error = await errorOf(() => call(input))
        expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'input', expected: 'a file: URL' })
        expect(error.message).toContain('fetch it and give its bytes')
      }
      expect(await errorOf(() => readBlocks(input).next())).toMatchObject({ expected: 'a file: URL' })
    },
  )

  it('that are not there say so, and what is no local file', async () => {
    expect(await errorOf(() => decodeAudio('file:///no/such%20file.wav'))).toMatchObject({ code: 'ERR_DSP_IO' })
    expect((await errorOf(() => decodeAudio('file:///no/such%20file.wav'))).message).toContain('/no/such file.wav')
    expect(await errorOf(() => decodeAudio('file://host/x.wav'))).toMatchObject({ code: 'ERR_DSP_ARGUMENT' })
    // a colon alone makes no URL
    expect(await errorOf(() => decodeAudio('https:x.wav'))).toMatchObject({ code: 'ERR_DSP_IO' })
  })

  it('that have to be fetched are not for synchronous calls', async () => {
    for (const call of [decodeAudioSync, probeAudioSync]) {
      const error = await errorOf(() => call(new Blob([bytes]) as never))
      expect(error).toMatchObject({ code: 'ERR_DSP_TYPE' })
      expect(error.message).toContain('not synchronous')
    }
  })

  it("that fail, hang or are somebody else's are errors", async () => {
    const text = Readable.from(['text'])
    expect((await errorOf(() => decodeAudio(text))).message).toContain('set no encoding')
    expect(text.destroyed).toBe(true)
    const locked = new Blob([bytes]).stream()
    locked.getReader()
    expect(await errorOf(() => decodeAudio(locked))).toMatchObject({ expected: 'a stream that nobody else reads' })
    expect(await errorOf(() => readBlocks(locked).next())).toMatchObject({ code: 'ERR_DSP_ARGUMENT' })
    const endless = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) })
    const signal = AbortSignal.timeout(20)
    expect(await errorOf(() => decodeAudio(endless, { signal }))).toMatchObject({ code: 'ERR_DSP_ABORTED' })
    expect(await errorOf(() => decodeAudio(Readable.from([])))).toMatchObject({ code: 'ERR_DSP_FORMAT' })
    expect(await errorOf(() => decodeAudio({ samples: 3 } as never))).toMatchObject({ code: 'ERR_DSP_TYPE' })
  })
})

/** A Blob as browsers give it for a file of 2 GiB or one that has changed: its size is known, and reading it fails. */
function unreadable(size: number): Blob {
  const fail = () => Promise.reject(new Error('not readable'))
  const stream = () => new ReadableStream({ pull: fail })
  return Object.defineProperties(new Blob([]), {
    size: { value: size },
    arrayBuffer: { value: fail },
    stream: { value: stream },
  })
}

describe('a Blob that cannot be read is an error that says what to do', () => {
  const cases = [
    [
      2 ** 31,
      'ERR_DSP_TOO_LONG',
      /2147483648 bytes cannot be read \(not readable\): cut it into files of less than 2 GiB/,
    ],
    [1000, 'ERR_DSP_IO', /1000 bytes cannot be read \(not readable\): choose it again/],
  ] as const
  it.each(cases)('of %i bytes', async (size, code, message) => {
    for (const read of [decodeAudio, probeAudio, (blob: Blob) => readBlocks(blob).next()]) {
      const error = await read(unreadable(size)).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(DspError)
      expect(error).toMatchObject({ code, argument: 'input', message: expect.stringMatching(message) })
    }
  })
})

it('a web stream that cannot be iterated, as in Safari, is read', async () => {
  const stream = new Blob([bytes]).stream()
  const own = new Proxy(stream, {
    has: (target, key) => key !== Symbol.asyncIterator && key in target,
    get: (target, key) => (key === 'getReader' ? () => target.getReader() : Reflect.get(target, key, target)),
  })
  expect((await decodeAudio(own)).samples.data).toEqual(decodeAudioSync(bytes).samples.data)
})
