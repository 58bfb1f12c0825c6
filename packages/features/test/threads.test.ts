import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PAGE_SCRIPT, repositoryRoot, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compute, type Results, synthetic } from './webassembly/compute.js'
import { expectEqual } from './webassembly/equal.js'

const wasm = join(repositoryRoot(), 'native/wasm/dist')
const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const missing = [join(wasm, 'dsp-threads.wasm'), CHROMIUM].filter((path) => !existsSync(path))
if (missing.length > 0)
  console.warn(
    `SKIPPED: threads in WebAssembly, for want of ${missing.join(' and ')}: npm run test:threads -w native/wasm`,
  )

const FILES = ['dsp.wasm', 'dsp-threads.wasm', 'threads-worker.js']
const THREADS = 2
/** What each evaluation in a page begins with. */
const LOAD = `globalThis.DSP_THREADS = ${THREADS}; const dsp = await import('./threads.js');`

describe.skipIf(missing.length > 0)('the WebAssembly build with threads', () => {
  const files: Record<string, Uint8Array> = {}
  let browser: Browser
  beforeAll(async () => {
    for (const name of FILES) files[`/${name}`] = readFileSync(join(wasm, name))
    files['/default.js'] = await bundle()
    files['/threads.js'] = await bundle({ '@dsp/native-wasm32-wasi': '@dsp/native-wasm32-wasi/threads' })
    files['/worker.js'] = new TextEncoder().encode(IN_WORKER)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
  })

  /** Does something in a page of its own. */
  async function inPage(work: (page: Page) => Promise<void>, { isolated = true, served = files } = {}): Promise<void> {
    const server = await serve(served, { isolated })
    const page = await browser.newPage()
    try {
      await page.goto(server.url)
      await work(page)
    } finally {
      await page.close()
      server.close()
    }
  }

  it('computes in a page what the default build computes, and what native code does', { timeout: 120_000 }, () =>
    inPage(async (page) => {
      const samples = synthetic()
      const input = `Float32Array.from(${JSON.stringify(Array.from(samples))})`
      const run = async (load: string) => {
        const results = await page.evaluate<Record<string, number[]>>(`(async () => {
          ${load}
          const results = await dsp.compute(${input}, 16000)
          return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, Array.from(values)]))
        })()`)
        return Object.fromEntries(
          Object.entries(results).map(([name, values]) => [name, Float64Array.from(values)]),
        ) as Results
      }
      const threaded = await run(LOAD)
      expectEqual(threaded, await run(`const dsp = await import('./default.js');`))
      expectEqual(threaded, await compute(samples, 16000))
    }),
  )

  it('computes on several threads, while the page responds', { timeout: 120_000 }, () =>
    inPage(async (page) => {
      const { threads, equal, longest, whole, workers } = await page.evaluate<Responsive>(RESPONSIVE)
      expect(threads).toBe(THREADS)
      expect(workers).toBeGreaterThanOrEqual(THREADS)
      expect(equal).toBe(true)
      // The default build would compute all of it in one turn of the event loop.
      expect(longest).toBeLessThan(whole / 2)
    }),
  )

  it('computes in a worker, which waits for the threads, and no longer once one is lost', { timeout: 120_000 }, () =>
    inPage(async (page) => {
      const result = await page.evaluate(`new Promise((resolve, reject) => {
        const worker = new Worker('./worker.js', { type: 'module' })
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = ({ message }) => reject(new Error(message))
      })`)
      expect(result).toEqual({ threads: THREADS, equal: true, code: 'ERR_DSP_INTERNAL' })
    }),
  )

  it('is an error from then on, for calls that wait, too, when it runs out of memory', { timeout: 120_000 }, () =>
    inPage(async (page) => {
      const codes = await page.evaluate(`(async () => {
        ${LOAD}
        const outcome = async (work) => { try { await work() } catch (error) { return error.code } }
        const large = () => dsp.resampleAsync(new Float32Array(2 ** 24), { origFreq: 1000, newFreq: 48000 })
        return [await outcome(large), await outcome(() => dsp.resample(new Float32Array(10), { origFreq: 1, newFreq: 2 }))]
      })()`)
      expect(codes).toEqual(['ERR_DSP_INTERNAL', 'ERR_DSP_INTERNAL'])
    }),
  )

  const refused = `(async () => {
    globalThis.DSP_THREADS = ${THREADS}
    try { await import('./threads.js') } catch (error) { return { ...error, name: error.name, message: error.message } }
  })()`

  it('says what is missing without COOP and COEP headers', () =>
    inPage(
      async (page) => {
        expect(await page.evaluate(refused)).toEqual({
          name: 'DspError',
          code: 'ERR_DSP_NATIVE',
          argument: '@dsp/native-wasm32-wasi',
          expected: 'a cross-origin isolated page',
          actual: 'crossOriginIsolated: false, isSecureContext: true',
          message: expect.stringMatching(/Cross-Origin-Opener-Policy: same-origin.*itself needs no headers/),
        })
      },
      { isolated: false },
    ))

  it('says so in Node.js', () => {
    const error = expect.objectContaining({ name: 'DspError', code: 'ERR_DSP_NATIVE' })
    expect(() => createRequire(import.meta.url)('@dsp/native-wasm32-wasi/threads')).toThrow(error)
  })

  it('says so when its workers cannot be started', () => {
    const { '/threads-worker.js': _, ...served } = files
    return inPage(
      async (page) => {
        expect(await page.evaluate(refused)).toMatchObject({
          code: 'ERR_DSP_NATIVE',
          message: expect.stringMatching(/workers of .* cannot be started/),
        })
      },
      { served },
    )
  })

  it.each([0, 1.5, '2', 65, null])('refuses %s threads', (threads) =>
    inPage(async (page) => {
      const error = await page.evaluate(refused.replace(`= ${THREADS}`, `= ${JSON.stringify(threads)}`))
      expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'DSP_THREADS', actual: String(threads) })
    }),
  )
})

async function bundle(alias: Record<string, string> = {}): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...PAGE_SCRIPT,
    stdin: {
      contents: `export * from './webassembly/compute.js'
        export { resampleAsync, resampleBatch } from '@dsp/audio'
        export { fbankBatch, fbankBatchAsync } from '@dsp/mel-kaldi'
        export * from '@dsp/native-wasm32-wasi'`,
      resolveDir: import.meta.dirname,
    },
    alias,
  })
  return outputFiles[0]!.contents
}

interface Responsive {
  threads: number
  workers: number
  equal: boolean
  longest: number
  whole: number
}

/** Signals of 20 s, and the results of one of them. */
const BATCH = `const signals = Array.from({ length: 24 }, (_, k) => Float32Array.from({ length: 320000 }, (_, i) => Math.sin(i / (9 + k) + 1e-6 * i * i)))
  const same = (a, b) => a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i])`

const RESPONSIVE = `(async () => {
  ${LOAD}
  ${BATCH}
  await dsp.fbankBatchAsync(signals.slice(0, 2))
  let [longest, last] = [0, performance.now()]
  const look = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const start = performance.now()
  const results = []
  for (let i = 0; i < 5; i++) results.push(await dsp.fbankBatchAsync(signals))
  const whole = performance.now() - start
  clearInterval(look)
  const expected = dsp.fbankBatch(signals)
  const equal = results.every((result) => result.every((features, i) => same(features, expected[i])))
  const workers = performance.getEntriesByName(new URL('threads-worker.js', location.href)).length
  return { threads: dsp.threads, equal, longest, whole, workers }
})()`

const IN_WORKER = `${LOAD}
  ${BATCH}
  const together = dsp.fbankBatch(signals)
  const alone = signals.map((signal) => dsp.fbankBatch([signal])[0])
  const equal = together.every((features, i) => same(features, alone[i]))
  let code
  try { dsp.resampleBatch(Array(2).fill(new Float32Array(2 ** 24)), { origFreq: 1000, newFreq: 48000 }) }
  catch (error) { code = error.code }
  postMessage({ threads: dsp.threads, equal, code })`
