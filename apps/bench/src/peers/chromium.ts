import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PAGE_SCRIPT, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { Absent, type Ready, type Result, type Taken } from '../contestant.ts'
import { version } from '../version.ts'
import type { Context } from '../works/context.ts'
import { checkBuilt, DIST, source } from './webassembly.ts'
import type { Call, Sent } from './webassembly-page.ts'

const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'

/** What a run has open. */
interface Opened {
  readonly browser: Browser
  readonly url: string
  /** What the server has, by path. */
  readonly files: Record<string, Uint8Array>
  /** Pages by the number of their threads; that of the build without threads has 0. */
  readonly pages: Map<number, Promise<Page>>
}

const opened = new WeakMap<Context, Promise<Opened>>()

/** Throws {@link Absent} where there is no Chromium. */
export function checkChromium(): void {
  if (!existsSync(CHROMIUM)) throw new Absent(`no Chromium at ${CHROMIUM}; DSP_CHROMIUM names another`)
}

/**
 * The WebAssembly build in a page of a headless Chromium.
 * @param context - What is opened is closed with it.
 * @param call - The function.
 * @param samples - Its input.
 * @param threads - How many threads the build with threads has; 0, the default, is the one without, on the page's own thread.
 */
export async function inChromium(context: Context, call: Call, samples: Float32Array, threads = 0): Promise<Ready> {
  checkChromium()
  checkBuilt({ threads: threads > 0 })
  if (!opened.has(context)) opened.set(context, open(context))
  const all = await opened.get(context)!
  if (!all.pages.has(threads)) all.pages.set(threads, openPage(all, threads))
  const page = await all.pages.get(threads)!
  all.files['/samples.f32'] = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  return {
    version: version('native-wasm32-wasi'),
    result: received(await page.evaluate<Sent>(`script.first('${call}')`)),
    run: (iterations) => page.evaluate<Taken>(`script.timed('${call}', ${iterations})`),
  }
}

function received({ shape, size, base64 }: Sent): Result {
  const { buffer, byteOffset, byteLength } = Buffer.concat(base64.map((text) => Buffer.from(text, 'base64')))
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength)
  return { shape, data: size === 4 ? new Float32Array(bytes) : new Float64Array(bytes) }
}

async function open(context: Context): Promise<Opened> {
  const files: Record<string, Uint8Array> = {}
  // Isolated pages may have threads, and have finer clocks.
  const server = await serve(files, { isolated: true })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  context.closing.push({ close: () => void browser.close().then(() => server.close()) })
  return { browser, url: server.url, files, pages: new Map() }
}

async function openPage({ browser, url, files }: Opened, threads: number): Promise<Page> {
  const needed = threads === 0 ? ['dsp.wasm'] : ['dsp-threads.wasm', 'threads-worker.js']
  for (const name of needed) files[`/${name}`] = readFileSync(join(DIST, name))
  const { outputFiles } = await build({
    ...PAGE_SCRIPT,
    entryPoints: [source('webassembly-page.ts')],
    ...(threads > 0 && { alias: { '@dsp/native-wasm32-wasi': '@dsp/native-wasm32-wasi/threads' } }),
  })
  const script = threads === 0 ? 'default.js' : 'threads.js'
  files[`/${script}`] = outputFiles[0]!.contents
  const page = await browser.newPage()
  await page.goto(url)
  const setting = threads === 0 ? '' : `globalThis.DSP_THREADS = ${threads}`
  await page.evaluate(`(async () => {
    ${setting}
    globalThis.script = await import('./${script}')
  })()`)
  return page
}
