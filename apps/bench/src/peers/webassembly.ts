import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { Absent, type Ready, type Taken } from '../contestant.ts'
import { version } from '../version.ts'
import type { Context } from '../works/context.ts'
import { inProcess } from './in-process.ts'
import type * as work from './webassembly-work.ts'

const require = createRequire(import.meta.url)
const DIST = resolve(require.resolve('@dsp/native-wasm32-wasi/package.json'), '../dist')
const WORK = resolve(import.meta.dirname, '../src/peers/webassembly-work.ts')
const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'

/** Name of one of the functions that are timed. */
export type Name = keyof typeof work.FUNCTIONS

function checkBuilt(): void {
  if (!existsSync(join(DIST, 'browser.js'))) throw new Absent('npm run build:wasm -w native/wasm makes it')
}

/** The WebAssembly build in this process. */
export async function inNode(context: Context, name: Name, samples: Float32Array): Promise<Ready> {
  checkBuilt()
  const binding = join(DIST, 'index.cjs')
  const outfile = join(context.folder, 'webassembly-node.cjs')
  const alias = { '@dsp/native': binding }
  await build({
    entryPoints: [WORK],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias,
    external: [binding],
  })
  const { FUNCTIONS } = require(outfile) as typeof work
  const version_ = version('native-wasm32-wasi')
  return inProcess(
    version_,
    () => FUNCTIONS[name](samples),
    ({ data, shape }) => ({ data, shape }),
  )
}

let opened: Promise<Page> | undefined

/** The WebAssembly build in a page of a headless Chromium, on the page's own thread. */
export async function inChromium(context: Context, name: Name, samples: Float32Array): Promise<Ready> {
  checkBuilt()
  if (!existsSync(CHROMIUM)) throw new Absent(`no Chromium at ${CHROMIUM}; DSP_CHROMIUM names another`)
  opened ??= open(context)
  const page = await opened
  const { shape, data } = await page.evaluate(
    async ([name, samples]) => {
      const { FUNCTIONS } = globalThis as unknown as typeof work
      const input = Float32Array.from(samples)
      const { shape, data } = FUNCTIONS[name](input)
      Object.assign(globalThis, { [name]: () => FUNCTIONS[name](input) })
      return { shape: [...shape], data: Array.from(data) }
    },
    [name, Array.from(samples)] as const,
  )
  return {
    version: version('native-wasm32-wasi'),
    result: { shape, data: Float64Array.from(data) },
    run: (iterations) => page.evaluate(timed, { name, iterations }),
  }
}

/** Runs in the page. */
function timed({ name, iterations }: { name: Name; iterations: number }): Taken {
  const once = (globalThis as unknown as Record<Name, () => unknown>)[name]
  const start = performance.now()
  for (let i = 0; i < iterations; i++) once()
  const ns = (performance.now() - start) * 1e6
  // A page cannot tell the time of its processor.
  return { ns, cpu: 0 }
}

async function open(context: Context): Promise<Page> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { FUNCTIONS } from ${JSON.stringify(WORK)}\nglobalThis.FUNCTIONS = FUNCTIONS`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    outfile: 'work.js',
  })
  const server = await serve({
    '/work.js': outputFiles[0]!.contents,
    '/dsp.wasm': readFileSync(join(DIST, 'dsp.wasm')),
  })
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  context.closing.push({ close: () => void browser.close().then(() => server.close()) })
  const page = await browser.newPage()
  await page.goto(server.url)
  await page.addScriptTag({ url: '/work.js', type: 'module' })
  await page.waitForFunction('globalThis.FUNCTIONS')
  return page
}
