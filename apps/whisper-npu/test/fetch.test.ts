import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { download } from '../src/fetch/download.js'
import { fetchModel, modelCache, Whisper } from '../src/index.js'

let cache: string
let server: Server
let url: string
const before = process.env.DSP_CACHE
const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
const sha256 = createHash('sha256').update(content).digest('hex')
/** What the server was asked for, how many bytes it sends, and how it hangs up after these. */
const asked: (string | undefined)[] = []
let patience = Number.POSITIVE_INFINITY
let hangUp = () => {}

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'dsp-cache-'))
  process.env.DSP_CACHE = cache
  server = createServer((request, response) => {
    const { range } = request.headers
    asked.push(range)
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
    if (request.url === '/none') return response.writeHead(404).end()
    if (from >= content.length) return response.writeHead(416).end()
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': content.length - from })
    const part = content.subarray(from, Math.min(content.length, from + patience))
    if (part.length === content.length - from) return response.end(part)
    response.write(part)
    hangUp = () => response.destroy()
    return response
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(cache, { recursive: true, force: true })
  if (before === undefined) delete process.env.DSP_CACHE
  else process.env.DSP_CACHE = before
})

describe('a download', () => {
  const path = () => join(cache, 'file.bin')
  it('goes on where it ended, and appears when it is whole', async () => {
    patience = 40_000
    const first = download(`${url}/file`, path(), sha256, () => hangUp())
    await expect(first).rejects.toThrow()
    expect(existsSync(path())).toBe(false)
    expect(readFileSync(`${path()}.part`).length).toBeGreaterThan(0)
    patience = Number.POSITIVE_INFINITY
    const counts: [number, number][] = []
    await download(`${url}/file`, path(), sha256, (...both) => counts.push(both))
    expect(asked.at(-1)).toMatch(/^bytes=\d+-$/)
    expect(counts.at(-1)).toEqual([content.length, content.length])
    expect(readFileSync(path()).equals(content)).toBe(true)
    expect(existsSync(`${path()}.part`)).toBe(false)
  })

  it('begins again where what was there is wrong, and refuses other bytes', async () => {
    writeFileSync(`${path()}.part`, 'something else')
    await download(`${url}/file`, path(), sha256, () => {})
    expect(readFileSync(path()).equals(content)).toBe(true)
    await expect(download(`${url}/file`, path(), '0'.repeat(64), () => {})).rejects.toThrow('other bytes')
    await expect(download(`${url}/none`, path(), sha256, () => {})).rejects.toThrow('404')
  })
})

describe('a model by its name', () => {
  it('is not fetched offline: the error says where to place it', async () => {
    const error = await fetchModel('base', { offline: true }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'DspError', code: 'ERR_DSP_IO', argument: 'base' })
    expect((error as Error).message).toContain(join(modelCache(), 'base'))
    expect((error as Error).message).toContain('Systran/faster-whisper-base')
    await expect(Whisper.load('base', { offline: true })).rejects.toMatchObject({ code: 'ERR_DSP_IO' })
  })

  it('is refused if a file in the cache is cut, or one byte of it is changed', async () => {
    const folder = join(modelCache(), 'tiny.en')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.json'), '{}')
    const expected = { name: 'DspError', code: 'ERR_DSP_MODEL', message: expect.stringContaining('delete it') }
    await expect(fetchModel('tiny.en')).rejects.toMatchObject(expected)
    // of the right size
    writeFileSync(join(folder, 'config.json'), ' '.repeat(2317))
    await expect(fetchModel('tiny.en')).rejects.toMatchObject(expected)
  })

  it('is one of those that are known', async () => {
    await expect(fetchModel('toString')).rejects.toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'name' })
    await expect(Whisper.load(cache)).rejects.toMatchObject({
      code: 'ERR_DSP_MODEL',
      message: expect.stringContaining('holds no Whisper model'),
    })
    await expect(Whisper.load('')).rejects.toMatchObject({ argument: 'model' })
  })
})
