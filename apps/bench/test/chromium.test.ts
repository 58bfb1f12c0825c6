import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { mostlyRelative, mostlyWithin, TOLERANCES } from '../src/agreement.ts'
import type { Result } from '../src/contestant.ts'
import { checkChromium, inChromium } from '../src/peers/chromium.ts'
import { checkBuilt } from '../src/peers/webassembly.ts'
import { BATCH, FUNCTIONS } from '../src/peers/webassembly-work.ts'
import type { Context } from '../src/works/context.ts'

const samples = Float32Array.from({ length: 16000 }, (_, i) => 0.3 * Math.sin(i * (0.06 + 1e-6 * i)))
const closing: { close(): void }[] = []
const context = { closing } as unknown as Context
afterAll(() => {
  for (const one of closing) one.close()
})

const missing = (threads: boolean): string | undefined => {
  try {
    checkChromium()
    checkBuilt({ threads })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe.each([0, 2])('a page of Chromium, %i threads besides its own', (threads) => {
  const why = missing(threads > 0)
  if (why !== undefined) console.warn(`SKIPPED: a page with ${threads} threads: ${why}`)

  it.skipIf(why !== undefined)('computes what the native build does, and times it', async () => {
    const alike = async (
      call: Parameters<typeof inChromium>[1],
      native: Result,
      agree = mostlyWithin(TOLERANCES.fbank),
    ) => {
      const { result, run } = await inChromium(context, call, samples, threads)
      expect(agree(native, result)).toMatchObject({ same: true })
      expect((await run(3)).ns).toBeGreaterThan(0)
    }
    const fbank = FUNCTIONS.fbank(samples)
    await alike('fbank', fbank)
    await alike('fbankAsync', fbank)
    await alike('whisperLogMelAsync', FUNCTIONS.whisper(samples), mostlyWithin(TOLERANCES.whisper))
    await alike('yinAsync', FUNCTIONS.yin(samples), mostlyRelative(TOLERANCES.pitch))
    const data = Float32Array.from({ length: BATCH * fbank.data.length }, (_, i) => fbank.data[i % fbank.data.length]!)
    await alike('fbankBatchAsync', { shape: [BATCH, ...fbank.shape], data })
  })
})

describe('what is not there', () => {
  const without = async (path: string) => {
    vi.resetModules()
    vi.stubEnv('DSP_CHROMIUM', '/usr/bin/chromium')
    vi.doMock('node:fs', async (original) => {
      const fs = await original<typeof import('node:fs')>()
      const existsSync = (file: string) => (/\.wasm$|chromium$/.test(file) ? !file.endsWith(path) : fs.existsSync(file))
      return { ...fs, existsSync }
    })
    const [{ inChromium }, { browserThreadsWorks }] = [
      await import('../src/peers/chromium.ts'),
      await import('../src/works/browser.ts'),
    ]
    return { inPage: (threads: number) => inChromium(context, 'fbankAsync', samples, threads), browserThreadsWorks }
  }
  afterEach(() => {
    vi.doUnmock('node:fs')
    vi.unstubAllEnvs()
    vi.resetModules()
  })

  it('is absent, with what to do about it', async () => {
    const { inPage } = await without('dsp-threads.wasm')
    await expect(inPage(1)).rejects.toMatchObject({
      name: 'Absent',
      message: 'there is no dsp-threads.wasm: npm run build:wasm -w native/wasm -- --threads',
    })
  })

  it.each([
    ['chromium', /no Chromium at .*DSP_CHROMIUM/],
    ['/dsp.wasm', /there is no dsp\.wasm: npm run build:wasm -w native\/wasm$/],
  ])('ends the group without %s', async (path, message) => {
    const { browserThreadsWorks } = await without(path)
    expect(() => browserThreadsWorks(context)).toThrow(message)
  })
})
