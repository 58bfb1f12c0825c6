import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PAGE_SCRIPT, repositoryRoot, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { Recognizer } from '../src/index.js'

const root = repositoryRoot()
const app = join(import.meta.dirname, '..')
const model = join(app, 'models/an4')
const sound = join(app, 'demo/help.wav')
const files = () =>
  Object.fromEntries(readdirSync(model).map((name) => [name, new Uint8Array(readFileSync(join(model, name)))]))

describe('a model given as bytes', () => {
  it('recognises what the directory does', async () => {
    const [fromBytes, fromDirectory] = [await Recognizer.load(files()), await Recognizer.load(model)]
    expect(fromBytes.model).toEqual({ ...fromDirectory.model, directory: 'of bytes' })
    const [a, b] = [await fromBytes.transcribe(sound), await fromDirectory.transcribe(sound)]
    expect(a.words).toEqual(b.words)
    expect(b.text).not.toBe('')
    await Promise.all([fromBytes.release(), fromDirectory.release()])
  })

  it('names what is missing', async () => {
    const { 'tokens.txt': _, ...rest } = files()
    await expect(Recognizer.load(rest)).rejects.toThrow(
      /the model directory of bytes has no tokens: expected tokens\.txt/,
    )
    for (const wrong of [{}, { 'tokens.txt': 'text' }, [], 7, null]) {
      await expect(Recognizer.load(wrong as never)).rejects.toThrow(
        /directory must be the path of a directory, or its files/,
      )
    }
  })
})

const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const wasm = join(root, 'native/wasm/dist/dsp.wasm')
const missing = [wasm, CHROMIUM].filter((path) => !existsSync(path))
if (missing.length > 0) console.warn(`SKIPPED: recognition in a page, for want of ${missing.join(' and ')}`)

describe.skipIf(missing.length > 0)('in a page', () => {
  it('recognises what Node.js does', { timeout: 120_000 }, async () => {
    const web = join(root, 'node_modules', 'onnxruntime-web', 'dist')
    const entryPoints = [join(app, 'dist/index.js')]
    const { outputFiles } = await build({ ...PAGE_SCRIPT, entryPoints, logLevel: 'error' })
    const runtime = 'ort-wasm-simd-threaded.wasm'
    const server = await serve({
      '/asr.js': outputFiles[0]!.contents,
      '/dsp.wasm': readFileSync(wasm),
      [`/${runtime}`]: readFileSync(join(web, runtime)),
      '/sound.wav': readFileSync(sound),
      ...Object.fromEntries(Object.entries(files()).map(([name, bytes]) => [`/model/${name}`, bytes])),
    })
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(server.url)
      const words = await page.evaluate(inPage(readdirSync(model)))
      const recognizer = await Recognizer.load(model)
      const { words: expected } = await recognizer.transcribe(sound)
      await recognizer.release()
      expect(words).toEqual(expected.map(({ word, start }) => [word, start]))
    } finally {
      await browser.close()
      server.close()
    }
  })
})

/** Runs in the page, as text: the test runner rewrites imports of functions. */
const inPage = (names: readonly string[]) => `(async () => {
  const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer())
  const named = ${JSON.stringify(names)}.map(async (name) => [name, await bytes('/model/' + name)])
  const { Recognizer } = await import('./asr.js')
  const recognizer = await Recognizer.load(Object.fromEntries(await Promise.all(named)), { numThreads: 1 })
  const { words } = await recognizer.transcribe(await bytes('/sound.wav'))
  return words.map(({ word, start }) => [word, start])
})()`
